// Tame cells: what the prompt runs of a notebook without asking, and what it asks about.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { permitCells } from '../../src/cli/desk-permission.js'
import { parseNotebook } from '../../src/notebook/format.js'
import { whyNotTame } from '../../src/notebook/permission/tame.js'

const world = { declared: new Set(['rows', 'fetch']), isSimulated: false }
const NOTEBOOKS = join(import.meta.dirname, '..', '..', 'notebooks')

describe('code', () => {
  it.each([
    'pcpus[0].banks',
    "on('xpv:::').by('probename').count()",
    'const a = [1, 2].map((x) => x * 2); a',
    'for (const { id } of pcpus) console.log(id)',
    'rows.filter(({ a: b }) => b > 1n)',
    "import { on } from 'xpv'",
    'rows[Math.ceil(0.5 * rows.length) - 1]',
    "open('sim:xen-4.20')",
    "open('examples/recordings/load')",
    'pcpus[0]?',
    'd`BEGIN { trace(1); }`',
    '',
  ])('%s is tame', (source) =>
    expect(whyNotTame({ language: 'ts', source }, world)).toBe(undefined),
  )

  it.each([
    "import fs from 'node:fs'",
    "await import('fs')",
    "import './evil.ts'",
    'process.exit()',
    'globalThis.fetch',
    "fetch('http://x')",
    '((process) => 1)(0); process.exit()',
    "[].constructor.constructor('return process')()",
    "[]['constructor']",
    "[]['con' + 'structor']",
    '[][key]',
    "[]['a' + 'b']",
    '[][key + 1]',
    'const { constructor: C } = on',
    "const { ['x' + 1]: C } = on",
    "Reflect.get(on, 'constructor')",
    "new Function('return 1')",
    "eval('1')",
    "open('/etc/passwd')",
    "open('../../secret')",
    "open('live')",
    "open('ssh://host')",
    "open(['l', 'ive'].join(''))",
    "const p = '/etc/passwd'",
    "const p = '~/x'",
    'const p = `../$' + '{1}`',
    'Object.getPrototypeOf(on)',
    'on.__proto__',
    'import.meta.url',
    'new WebSocket("ws://x")',
    'a b c',
  ])('%s is not', (source) =>
    expect(whyNotTame({ language: 'ts', source }, world)).toMatch(/^(it|its) /),
  )
})

describe('commands and programs', () => {
  it.each([
    ['sh', "# dtrace -n 'xpv::: {}'"],
    ['sh', 'xm create web1'],
    ['sh', 'fmadm faulty'],
    ['sh', 'dtrace -s examples/wake-latency.d'],
    ['d', 'xdt:::hypercall /arg0 > 1/ { @[arg1] = count(); }'],
    ['esc', 'event error.x@cpu;'],
  ] as const)('%s: %s is tame', (language, source) =>
    expect(whyNotTame({ language, source }, world)).toBe(undefined),
  )
  it.each([
    ['sh', 'dtrace -wn \'BEGIN { system("id"); }\''],
    ['sh', 'dtrace -o /etc/x -n BEGIN'],
    ['sh', "dtrace -c 'id' -n BEGIN"],
    ['sh', 'dtrace -s /etc/passwd'],
    ['sh', 'fmdump ../../log'],
    ['sh', 'xentrace out.xt'],
    ['d', '#pragma D option destructive\nBEGIN { system("id"); }'],
    ['d', 'BEGIN { freopen("/etc/x"); }'],
    ['esc', '#include "/etc/passwd"'],
  ] as const)('%s: %s is not', (language, source) =>
    expect(whyNotTame({ language, source }, world)).toMatch(/^(it|its|dtrace) /),
  )
  it('on a simulated machine -c starts what is simulated', () => {
    const cell = { language: 'sh', source: "dtrace -c 'xm create web1' -n 'xpv::: {}'" } as const
    expect(whyNotTame(cell, { ...world, isSimulated: true })).toBe(undefined)
  })
})

it('a cell that is not tame is asked about; not one of our own lessons', async () => {
  const { document } = parseNotebook('```ts xpv #a\nfetch\n```\n\n```ts xpv #b\n1\n```\n')
  const at = (path: string) => ({ path, spec: undefined })
  await permitCells(['b'], document, at('mine.xpv.md'))
  await expect(permitCells(['a', 'b'], document, at('mine.xpv.md'))).rejects.toMatchObject({
    code: 'nb.denied',
    message: expect.stringMatching(/^#a: /),
  })
  await permitCells(['a', 'b'], document, at(join(NOTEBOOKS, '00-the-origin.xpv.md')))
})
