// What Tab offers before the session is open is what it offers once it is.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { connect } from '../../src/cli/connect.js'
import { CurrentMachine } from '../../src/cli/current-machine.js'
import { earlyNames } from '../../src/cli/early-names.js'
import { nameIndexes, nameIndexOn } from '../../src/cli/make-names.js'
import { nameFile } from '../../src/cli/name-files.js'
import { openSession } from '../../src/cli/session.js'
import type { Completion } from '../../src/session/complete.js'
import type { NameIndex } from '../../src/session/name-index.js'

/** What Tab may be pressed behind first, all of it answered at once. */
const FIRST = [
  ...[
    '',
    'mach',
    'pcp',
    'help',
    '# dtr',
    'let x = 1 + do',
    'foo(hel',
    'setTi',
    'nothinglikeit',
    '.',
  ],
  ...['_.', 'machine.', 'pcpus.', 'pcpus[', 'pcpus[0].', 'pcpus[0].msr.', 'pcpus[0].msr.IA32_MCG_'],
  ...['pcpus[0].msr.IA32_MCG_CAP.', 'xen.', 'dom0.', 'dom0.vcpus[0].', 'domains[', "domains['"],
  ...["domains['Dom", 'hostbridge.', 'fma.', 'xm.', 'xl.cr', 'chart.', 'const t = [pcpus[1].'],
  ...[
    "on('",
    "on('xpv:",
    "on('xpv:privcmd:privcmd_HYPERVISOR_domctl:dom-",
    'd`xpv:::x { @ = ',
    'd`B',
    "toString('",
    'esc`event ereport.cpu.',
    'esc`prop error.x@',
    'esc`',
  ],
  ...[
    "toString('",
    "'a\\'b'.",
    "'abc'.",
    '"x".pad',
    'Math.',
    'JSON.st',
    'Object.',
    "''.",
    'let x = Reflect.',
  ],
  ...["rdmsr('IA32_M", "dom0.vcpus[0].rdmsr('", "open('", "fma.inject('", "probes('mc"],
  ...[
    'xm ',
    'xl cr',
    'dtrace ',
    "dtrace -n 'xpv",
    'dtrace -x agg',
    "dtrace -n 'BEGIN { @ = qu",
    'xentrace ',
  ],
  ...['fmadm ', 'fmdump ', 'help x', 'esc ', 'config ', 'rdmsr ', 'psrinfo ', 'lspci '],
]
/** What only the session knows: early nothing is said of it. */
const LATER = [
  '[1, 2].',
  'console.',
  'setTimeout.',
  'toString.',
  'pcpus.toString.',
  'pcpus[0].msr.IA32_MCG_CAP.read().',
  'pcpus[99].',
  'process.',
]

/** Every path of an index. */
function paths({ to, values }: NameIndex): readonly string[] {
  const found: string[] = []
  const seen = new Set<number>()
  const visit = (path: string, place: number): void => {
    if (seen.has(place)) return
    seen.add(place)
    found.push(path)
    for (const [step, next] of Object.entries(values[place]?.to ?? {})) {
      const isName = /^[A-Za-z_$][\w$]*$/.test(step)
      visit(
        isName ? `${path}.${step}` : `${path}[${/^\d+$/.test(step) ? step : `'${step}'`}]`,
        next,
      )
    }
  }
  for (const [name, place] of Object.entries(to)) visit(name, place)
  return found
}

it.each(['xvm-3.1', 'xen-4.17', 'metal'])('on %s', (era) => {
  const index = nameIndexOn(`sim:${era}`)
  const early = withIndex(era, index)
  const texts = [...FIRST, ...paths(index).flatMap((path) => [`${path}.`, `${path}[`, `${path}['`])]
  expect(texts.length).toBeGreaterThan(200)
  const before = texts.map((text) => early(text))
  expect(LATER.filter((text) => early(text) !== undefined)).toEqual([])
  expect(FIRST.filter((_, i) => before[i] === undefined)).toEqual([])

  const current = new CurrentMachine(`sim:${era}`, (spec) => connect(spec), undefined)
  const silent = () => {}
  const { session, close } = openSession(current, {
    write: silent,
    warn: silent,
    columns: () => 80,
  })
  try {
    const known = texts.map((text) => session.complete(text, text.length))
    const wrong = texts.filter((_, i) => JSON.stringify(before[i]) !== JSON.stringify(known[i]))
    expect(wrong.map((text) => [text, early(text), session.complete(text, text.length)])).toEqual(
      [],
    )
    expect(known.filter((found) => found.length > 0).length).toBeGreaterThan(texts.length / 3)
  } finally {
    close()
  }
})

/** Completes from an index as it is read from disk. */
function withIndex(
  era: string,
  index: NameIndex,
): (text: string) => readonly Completion[] | undefined {
  const root = mkdtempSync(join(tmpdir(), 'xpv-names-'))
  try {
    mkdirSync(join(root, 'dist', 'names'), { recursive: true })
    writeFileSync(nameFile(root, `sim:${era}`) ?? '', JSON.stringify(index))
    const early = earlyNames(`sim:${era}`, root)
    if (early === undefined) throw new Error('the index is not found')
    return early
  } finally {
    rmSync(root, { recursive: true })
  }
}

it('the build has written what sessions say now', () => {
  for (const [era, index] of nameIndexes())
    expect(JSON.parse(readFileSync(nameFile('.', `sim:${era}`) ?? '', 'utf8')), era).toEqual(index)
})

it('no name hangs on chance, nor on how large and how fast a host is', () => {
  const there = nameIndexOn('sim:xen-4.17')
  expect(nameIndexOn('sim:xen-4.17,seed=7,memory=16G,hz=2.6G,name=there')).toEqual(there)
  expect(nameIndexOn('sim:xen-4.17,pcpus=2')).not.toEqual(there)
})

it.each([
  ['undefined', undefined, 'xvm-3.1.json'],
  ['sim', 'sim', 'xvm-3.1.json'],
  ['an era', 'sim:metal', 'metal.json'],
  ['a host with other parts', 'sim:metal,pcpus=2', undefined],
  ['parts alone', 'sim,dom0-vcpus=1', undefined],
  ['a seed', 'sim,seed=7', 'xvm-3.1.json'],
  ['much memory', 'sim:metal,seed=7,memory=16G,hz=2.6G,name=there', 'metal.json'],
  ['a recording', 'examples/recordings/idle', undefined],
])('of %s', (_, spec, file) => {
  expect(nameFile('.', spec)?.split('/').pop()).toBe(file)
})

it('without name files nothing is known early', () => {
  expect(earlyNames('sim', '/nowhere')).toBe(undefined)
})
