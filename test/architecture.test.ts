// The import table of ARCHITECTURE.md, held by machine. Type imports count. A new arrow needs a
// change here and there, in the same commit, with the reason.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, it } from 'vitest'

/** A room's doors: rooms it may import from (besides itself and base), and whether `node:` is
 *  open to it. */
interface Doors {
  readonly rooms: readonly string[]
  readonly node: boolean
}

/** The longest matching prefix decides which room a file is in. */
const TABLE: Readonly<Record<string, Doors>> = {
  base: { rooms: [], node: false },
  machine: { rooms: [], node: false },
  trace: { rooms: ['machine', 'dtrace/probe'], node: false },
  'dtrace/probe': { rooms: ['machine'], node: false },
  'dtrace/aggregate': { rooms: ['machine'], node: false },
  'dtrace/program': { rooms: ['machine', 'dtrace/probe', 'dtrace/aggregate'], node: false },
  'dtrace/d': {
    rooms: ['machine', 'dtrace/program', 'dtrace/probe', 'dtrace/aggregate'],
    node: false,
  },
  'dtrace/query': {
    rooms: ['machine', 'dtrace/program', 'dtrace/probe', 'dtrace/aggregate'],
    node: false,
  },
  'dtrace/run': {
    rooms: ['machine', 'dtrace/program', 'dtrace/probe', 'dtrace/aggregate'],
    node: false,
  },
  'dtrace/explain': { rooms: ['dtrace/program', 'dtrace/probe', 'dtrace/aggregate'], node: false },
  'dtrace/print': { rooms: ['dtrace/program', 'dtrace/probe', 'dtrace/aggregate'], node: false },
  'fma/event': { rooms: ['machine'], node: false },
  'fma/topo': { rooms: ['machine', 'fma/event'], node: false },
  'fma/telemetry': { rooms: ['machine', 'fma/fmd', 'fma/topo', 'fma/event'], node: false },
  'fma/fmd': { rooms: ['machine', 'fma/topo', 'fma/event', 'fma/message'], node: false },
  'fma/eversholt': { rooms: ['machine', 'fma/fmd', 'fma/topo', 'fma/event'], node: false },
  'fma/agent': {
    rooms: ['machine', 'fma/fmd', 'fma/topo', 'fma/event', 'fma/message'],
    node: false,
  },
  'fma/message': { rooms: ['machine', 'fma/event'], node: false },
  'fma/view': {
    rooms: ['machine', 'fma/fmd', 'fma/topo', 'fma/event', 'fma/message'],
    node: false,
  },
  'fma/rules': { rooms: ['fma/eversholt'], node: false },
  'fma/host': { rooms: ['machine', 'fma'], node: false },
  'fma/explain': { rooms: ['machine', 'fma'], node: false },
  chart: { rooms: [], node: false },
  'backend/sim': { rooms: ['machine'], node: false },
  'backend/replay': { rooms: ['machine', 'trace'], node: true },
  'backend/live': { rooms: ['machine', 'trace'], node: true },
  session: { rooms: ['machine', 'dtrace', 'fma', 'chart'], node: true },
  notebook: { rooms: ['session'], node: true },
  shell: { rooms: ['session', 'config'], node: true },
  jupyter: { rooms: ['session'], node: true },
  config: { rooms: [], node: true },
  cli: {
    rooms: [
      'machine',
      'trace',
      'dtrace',
      'fma',
      'backend',
      'chart',
      'session',
      'notebook',
      'shell',
      'jupyter',
      'config',
      'index.ts',
    ],
    node: true,
  },
  'index.ts': {
    rooms: ['machine', 'dtrace', 'fma', 'backend/sim', 'backend/replay', 'chart'],
    node: false,
  },
}

/** Packages, each in the rooms that may use it; everything else is refused. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  acorn: ['session', 'notebook'],
  'eslint-scope': ['notebook'],
  amaro: ['session'],
  asciichart: ['chart'],
  'string-width': ['chart', 'shell', 'session'],
  picocolors: ['shell'],
  commander: ['cli'],
  diff: ['notebook'],
  marked: ['notebook'],
  yaml: ['notebook'],
  'sql.js': ['fma/telemetry'],
  zeromq: ['jupyter'],
}

const SRC = join(import.meta.dirname, '..', 'src')
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((f) =>
  f.endsWith('.ts'),
)

function roomOf(file: string): string | undefined {
  return Object.keys(TABLE)
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0]
}

function importsOf(file: string): string[] {
  const source = code(readFileSync(join(SRC, file), 'utf8'))
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g
  return [...source.matchAll(pattern)].map((m) => m[1] ?? m[2] ?? m[3] ?? '')
}

/** Why `file` may not import `target`, or undefined when it may. */
function objection(file: string, target: string): string | undefined {
  const room = roomOf(file)
  if (room === undefined) return `${file} is in no room of the table`
  const doors = TABLE[room]
  if (doors === undefined) return `${file} is in no room of the table`
  if (target.startsWith('node:')) {
    return doors.node
      ? undefined
      : `${file} imports ${target}: ${room}/ is pure and is handed such things`
  }
  if (!target.startsWith('.')) {
    const rooms = PACKAGES[target.split('/')[0] ?? '']
    if (rooms?.some((r) => file.startsWith(`${r}/`))) return undefined
    return `${file} imports the package ${target}: PACKAGES does not list it for ${room}/`
  }
  const path = normalize(join(dirname(file), target)).replace(/\.js$/, '.ts')
  const other = roomOf(path)
  if (other === undefined) return `${file} imports ${path}, which is in no room of the table`
  if (other === room || other === 'base') return undefined
  if (doors.rooms.some((r) => other === r || other.startsWith(`${r}/`))) return undefined
  return `${file} imports ${path}: the table has no arrow ${room} -> ${other}`
}

it('every import is an arrow of the table', () => {
  const objections = FILES.flatMap((file) =>
    importsOf(file).flatMap((target) => objection(file, target) ?? []),
  )
  expect(objections).toEqual([])
})

it('the pure core asks for no time, chance or environment', () => {
  const pure = FILES.filter((file) => TABLE[roomOf(file) ?? '']?.node === false)
  const asking = /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|process\.)/
  const found = pure.filter((file) => asking.test(code(readFileSync(join(SRC, file), 'utf8'))))
  expect(found).toEqual([])
})

it('the table refuses what DESIGN refuses', () => {
  expect(objection('base/table.ts', '../machine/ids.js')).toMatch(/no arrow/)
  expect(objection('trace/merge.ts', 'node:fs')).toMatch(/pure/)
  expect(objection('dtrace/run/run.ts', '../../fma/event/x.js')).toMatch(/no arrow/)
  expect(objection('fma/fmd/x.ts', '../../dtrace/run/run.js')).toMatch(/no arrow/)
  expect(objection('session/session.ts', '../backend/replay/open.js')).toMatch(/no arrow/)
  expect(objection('chart/line.ts', 'left-pad')).toMatch(/PACKAGES/)
})

it('ARCHITECTURE.md names files that exist, and every file right below backend/sim', () => {
  const text = readFileSync(join(SRC, '..', 'ARCHITECTURE.md'), 'utf8')
  const named = [...text.matchAll(/`([\w./*-]+\.ts)`/g)].map((m) => m[1] ?? '')
  const isNamed = (name: string, file: string): boolean => {
    const pattern = new RegExp(`(^|/)${name.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`)
    return pattern.test(file)
  }
  const places = [...FILES, ...FILES.map((file) => `src/${file}`), 'test/architecture.test.ts']
  expect(named.filter((name) => !places.some((file) => isNamed(name, file)))).toEqual([])
  const rooms = text.slice(text.indexOf('## The simulated host'), text.indexOf('## A host as'))
  const told = [...rooms.matchAll(/`([\w*-]+\.ts)`/g)].map((m) => m[1] ?? '')
  const sim = FILES.filter((file) => /^backend\/sim\/[^/]+\.ts$/.test(file))
  expect(sim.filter((file) => !told.some((name) => isNamed(name, file)))).toEqual([])
})

/** The source without its comments. */
function code(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}
