// One character changed in a recording, a cell, a seed, a parameter: exactly the outputs that
// depend on it are reported, and they are those that a check from nothing finds different.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { editDistance } from '../../src/base/nearest.js'
import { makeContext } from '../../src/cli/context.js'
import { check } from '../../src/cli/notebook.js'
import { loadConfig } from '../../src/config/config.js'
import { ROOT } from '../cli/xpv-process.js'

const cell = (language: string, id: string, source: string): string =>
  `\`\`\`${language} xpv #${id}\n${source}\n\`\`\`\n\n`

const SIMULATED = `---
xpv: 1
backend: { machine: sim:xvm-mca, seed: 7 }
params: { who: web1 }
---

${cell('ts', 'before', 'xen.version')}
${cell('sh', 'create', 'xm create web1')}
${cell('ts', 'looks', 'domains.map((domain) => domain.name)')}
${cell('sh', 'probes', 'dtrace -l -n xpv:::dom-create-start')}
${cell('d', 'counts', 'xpv::: { @ = count(); }')}
${cell('ts', 'who', 'params.who')}
${cell('ts', 'pure', '[1, 2].map((n) => n * 2)')}
${cell('ts', 'chance', 'Math.random() < 2')}
${cell('ts', 'run', "machine.run('1s')")}
${cell('ts', 'faulty', 'fma.faulty()')}
${cell('ts', 'guest', 'const guest = domains.web1')}
${cell('ts', 'ran', 'guest.runtimeNs > 0')}
`
/** Cells whose output hangs on what has happened on the machine, from `create` on. */
const AFTER_CREATE = 'create looks counts run faulty ran'.split(' ')

const RECORDED = `---
xpv: 1
backend: { machine: recording }
inputs:
  - { path: recording/idle.xt, sha256: ${'a0'.repeat(32)}, bytes: 1 }
  - { path: mcelog.bin, sha256: ${'a0'.repeat(32)}, bytes: 1 }
---

${cell('ts', 'counts', "on('xdt:::').by('probename').count()")}
${cell('ts', 'log', "(await fma.diagnose('mcelog.bin', { every: '10s' })).log('error')")}
${cell('ts', 'rows', "const rows = on('xdt:::').count().rows()")}
${cell('ts', 'uses', 'rows.length')}
${cell('ts', 'pure', '1 + 1')}
`

let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xpv-character-'))
  const examples = join(ROOT, 'examples', 'recordings')
  cpSync(join(examples, 'idle'), join(folder, 'recording'), { recursive: true })
  cpSync(join(examples, 'machine-checks', 'mcelog-ce.bin'), join(folder, 'mcelog.bin'))
  mkdirSync(join(folder, 'notebooks'))
  cpSync(join(ROOT, 'notebooks', LESSON), join(folder, LESSON))
  writeFileSync(join(folder, 'sim.xpv.md'), SIMULATED)
  writeFileSync(join(folder, 'rec.xpv.md'), RECORDED)
  for (const name of ['sim.xpv.md', 'rec.xpv.md', LESSON]) {
    await checked(name, true)
    expect(await checked(name)).toEqual([])
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Cells of the lesson that see what its exercise did. */
const AFTER_EXERCISE =
  'vcpus-in-all asked asked-in-d calls register instruction fault faulty explain seed'.split(' ')

const LESSON = '01-the-prompt-and-the-machine.xpv.md'

/** The cells in which a check finds anything, in order. */
async function checked(name: string, update = false): Promise<readonly string[]> {
  let told = ''
  const write = (text: string): void => {
    told += text
  }
  const out = { write, warn: () => {}, flush: () => {} }
  const config = loadConfig({ flags: { types: 'off' }, environment: {}, folder })
  const signal = new AbortController().signal
  const context = { ...makeContext({ config, json: true, out, signal }), allow: ['all'] }
  await check([join(folder, name)], { update, params: [] }, context)
  const [{ drifts, error }] = JSON.parse(told) as [
    { error?: unknown; drifts: readonly { readonly kind: string; readonly what: string }[] },
  ]
  expect(error).toBeUndefined()
  return [...new Set(drifts.flatMap(({ kind, what }) => (kind === 'input' ? [] : [what])))]
}

/** What is found when one character of a file is another; the file is as it was then. */
async function foundWith(name: string, file: string, from: string, to: string) {
  const path = join(folder, file)
  const bytes = readFileSync(path)
  try {
    const text = bytes.toString('latin1')
    expect(text.split(from), 'the text has it once').toHaveLength(2)
    expect(editDistance(from, to)).toBe(1)
    writeFileSync(
      path,
      text.replace(from, () => to),
      'latin1',
    )
    return await checked(name)
  } finally {
    writeFileSync(path, bytes)
  }
}

it.each([
  { what: 'a cell that looks', from: 'xen.version', to: 'xen.versiom', found: ['before'] },
  { what: 'another', from: 'domain.name', to: 'domain_.name', found: ['looks'] },
  { what: 'a command that looks', from: '-l -n xpv', to: '-l -n xpw', found: ['probes'] },
  { what: 'a program', from: '@ = count()', to: '@a = count()', found: ['counts'] },
  { what: 'a cell without the machine', from: '[1, 2]', to: '[1, 3]', found: ['pure'] },
  { what: 'a cell that lets time pass', from: '1s', to: '2s', found: ['run', 'faulty', 'ran'] },
  { what: 'a blank where time passes', from: 'xm create', to: 'xm  create', found: AFTER_CREATE },
  { what: 'the parameter', from: 'who: web1', to: 'who: web2', found: ['who'] },
  {
    what: 'the seed',
    from: 'seed: 7',
    to: 'seed: 8',
    found: ['before', ...AFTER_CREATE.slice(0, 3), 'chance', ...AFTER_CREATE.slice(3)],
  },
  { what: 'prose', from: '\n\n\n```d', to: '\n\n```d', found: [] },
])('on a simulated machine: $what', async ({ from, to, found }) => {
  expect(await foundWith('sim.xpv.md', 'sim.xpv.md', from, to)).toEqual(found)
})

it('a byte of a recording, and a byte of another input', async () => {
  const recording = readFileSync(join(folder, 'recording/idle.xt')).toString('latin1')
  const middle = recording.slice(20_000, 20_032)
  const other = `${String.fromCharCode(middle.charCodeAt(0) ^ 1)}${middle.slice(1)}`
  const found = await foundWith('rec.xpv.md', 'recording/idle.xt', middle, other)
  expect(found).toEqual(['counts', 'uses'])
  const log = readFileSync(join(folder, 'mcelog.bin')).toString('latin1')
  const last = `${log.slice(0, -1)}${String.fromCharCode(log.charCodeAt(log.length - 1) ^ 1)}`
  expect(await foundWith('rec.xpv.md', 'mcelog.bin', log, last)).toEqual(['log'])
})

it.each([
  {
    what: 'a look',
    from: '#version\nxen.version',
    to: '#version\nxen.versiom',
    found: ['version'],
  },
  {
    what: 'an exercise that acts',
    from: "xl.create('db1', { memoryMiB: 256",
    to: "xl.create('db1', { memoryMiB: 257",
    found: AFTER_EXERCISE,
  },
])('of a lesson: $what', async ({ from, to, found }) => {
  expect(await foundWith(LESSON, LESSON, from, to)).toEqual(found)
})
