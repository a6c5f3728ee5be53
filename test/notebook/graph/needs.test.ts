// Which cell needs which, directly or not, case by case: what a reader of the cells would say.
import { expect, it } from 'vitest'
import { type CellGraph, graphOf } from '../../../src/notebook/graph/graph.js'
import { notebook, type TestCell } from './notebook.js'

const allNeeds = (graph: CellGraph, id: string): readonly string[] =>
  graph.slice([id]).filter((other) => other !== id)

/** Each case: cells c1, c2, ... and what some of them need. */
const CASES: readonly {
  readonly name: string
  readonly cells: readonly string[]
  readonly needs: Readonly<Record<string, readonly string[]>>
}[] = [
  {
    name: 'a name is had from who defines it last above',
    cells: ['const a = 1', 'const b = 2', 'a + 1', 'const a = 3', 'a'],
    needs: { c3: ['c1'], c5: ['c4'] },
  },
  {
    name: 'a local is no name of the session',
    cells: ['const a = 1', 'const f = (a) => a + 1', '{ const a = 2; a }', 'f(2)'],
    needs: { c2: [], c3: [], c4: ['c2'] },
  },
  {
    name: 'an assignment comes between',
    cells: ['let n = 1', 'n = 5', 'n++', 'n', 'const m = 1'],
    needs: { c2: ['c1'], c3: ['c1', 'c2'], c4: ['c1', 'c2', 'c3'], c5: [] },
  },
  {
    name: 'methods and members that change their object come between',
    cells: ['const l = [1]', 'l.push(2)', 'l[0] = 7', 'delete l.x', 'l.map(String).sort()', 'l'],
    needs: { c4: ['c1', 'c2', 'c3'], c5: ['c1', 'c2', 'c3', 'c4'], c6: ['c1', 'c2', 'c3', 'c4'] },
  },
  {
    name: 'who shares an object sees it changed',
    cells: ['const l = [1]', 'const same = { l }', 'same.l.push(2)', 'l', 'same.l.length'],
    needs: { c4: ['c1', 'c2', 'c3'], c5: ['c1', 'c2', 'c3'] },
  },
  {
    name: 'a function changes names when it is called, not when it is defined',
    cells: ['let n = 0; function inc() { n++ }', 'n', 'inc()', 'n', 'const f = inc', 'f()', 'n'],
    needs: { c2: ['c1'], c4: ['c1', 'c3'], c5: ['c1'], c7: ['c1', 'c3', 'c5', 'c6'] },
  },
  {
    name: 'a function reads names as they are when it is called',
    cells: ['let n = 0', 'const get = () => n', 'n = 4', 'get()'],
    needs: { c2: [], c4: ['c1', 'c2', 'c3'] },
  },
  {
    name: 'a function may change what it is handed',
    cells: ['const add = (l) => l.push(1)', 'const a = []', 'const b = []', 'add(a)', 'a', 'b'],
    needs: { c5: ['c1', 'c2', 'c4'], c6: ['c3'] },
  },
  {
    name: 'an object may change itself',
    cells: [
      'class C { n = 0; up() { return ++this.n } }',
      'const a = new C()',
      'const b = new C()',
      'a.up()',
      'a.n',
      'b.n',
    ],
    needs: { c3: ['c1'], c5: ['c1', 'c2', 'c4'], c6: ['c1', 'c3'] },
  },
  {
    name: 'a closure keeps count',
    cells: ['const next = (() => { let n = 0; return () => ++n })()', 'next()', 'next()'],
    needs: { c3: ['c1', 'c2'] },
  },
  {
    name: 'a function is there before its line; what was before it is read first',
    cells: ['const a = 1', 'const b = f(); function f() { return 1 }', 'const a = a + 1', 'a'],
    needs: { c2: [], c3: ['c1'], c4: ['c1', 'c3'] },
  },
  {
    name: 'the last value is that of the cell that showed it',
    cells: ['[3, 1]', '_.length', 'const n = 1', '_ + n'],
    needs: { c2: ['c1'], c4: ['c1', 'c2', 'c3'] },
  },
  {
    name: 'patterns, types, imports, enums',
    cells: [
      "import { sep } from 'node:path'",
      'const { a, b: [c = a] } = { a: sep, b: [] as string[] }',
      'enum E { X = 1 }',
      'interface I { n: E }',
      '[c, E.X] satisfies unknown[]',
    ],
    needs: { c2: ['c1'], c4: [], c5: ['c1', 'c2', 'c3'] },
  },
  {
    name: 'code made of text may do anything',
    cells: ['let a = 1', "eval('a = 2')", 'const b = 3', 'a', 'b'],
    needs: { c2: ['c1'], c4: ['c1', 'c2'], c5: ['c1', 'c2', 'c3'] },
  },
]

it.each(CASES)('$name', ({ cells, needs }) => {
  const graph = graphOf(notebook(cells))
  const found = Object.keys(needs).map((id) => [id, allNeeds(graph, id)])
  expect(Object.fromEntries(found)).toEqual(needs)
})

it('on a recording nobody who only asks the machine is needed by the next', () => {
  const cells = [
    "on('xpv:::').count()",
    'const d = domains',
    'd.length',
    { d: 'BEGIN { exit(0); }' },
  ]
  const graph = graphOf(notebook(cells, { machine: '../capture' }))
  expect(['c1', 'c2', 'c3', 'c4'].map((id) => graph.needs(id))).toEqual([[], [], ['c2'], []])
  expect(graph.asksMachine('c3')).toBe(true)
})

it('on a simulated machine whoever looks needs who acted, and who acts is needed', () => {
  const cells = [{ sh: 'xm create web1' }, 'const n = 1', 'domains.length', { d: 'tick-1s {}' }]
  const graph = graphOf(notebook(cells, { machine: 'sim:xvm-3.1' }))
  expect(graph.needs('c3')).toEqual(['c1'])
  expect(graph.needs('c4')).toEqual(['c1'])
  expect(graph.slice(['c3'])).toEqual(['c1', 'c3'])
  expect(graph.dependents(['c1'])).toEqual(['c3', 'c4'])
})

it('whoever opens another machine is needed by who asks it', () => {
  const cells = [
    'domains',
    "open('other.xt')",
    'domains',
    'domains',
    "open('sim')",
    'domains',
    'domains',
  ]
  const graph = graphOf(notebook(cells, { machine: '../capture' }))
  expect(graph.needs('c4')).toEqual(['c2'])
  expect(graph.needs('c7')).toEqual(['c5'])
  expect(allNeeds(graph, 'c7')).toEqual(['c2', 'c5'])
})

it.each<{ name: string; cells: readonly TestCell[]; acts: readonly string[] }>([
  {
    name: 'by another name',
    cells: ['const guest = domains.web1', 'guest.vcpus[0].pin([1])', 'guest.vcpus[0].affinity'],
    acts: ['c2'],
  },
  {
    name: 'in a function, when it is called',
    cells: ['const wait = () => machine.run("1s")', 'const again = wait', 'again()'],
    acts: ['c3'],
  },
  {
    name: 'a function that is handed what it acts on',
    cells: ['const off = (one) => one.offline()', 'off(pcpus[3])', 'off({ offline() {} })'],
    acts: ['c2'],
  },
  { name: 'a member nobody knows', cells: ['const m = "run"', 'machine[m]("1s")'], acts: ['c2'] },
  { name: 'of a query nothing acts', cells: ["on('xpv:::').count().run()"], acts: [] },
  { name: 'what is no part of the machine', cells: ['process.stdout.write("x")'], acts: [] },
])('acting on the machine: $name', ({ cells, acts }) => {
  const graph = graphOf(notebook(cells, { machine: 'sim:xvm-3.1' }))
  expect(cells.map((_, i) => `c${i + 1}`).filter((id) => graph.movesMachine(id))).toEqual(acts)
})

it('chance and the clock are drawn on: whoever does needs who did before', () => {
  const cells = ['Math.random()', 'Math.max(1)', 'crypto.randomUUID()', 'Date.now()', 'new Date(0)']
  const graph = graphOf(notebook([...cells, 'performance.now()'], { machine: 'sim:xvm-3.1' }))
  const ids = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6']
  expect(ids.map((id) => graph.needs(id))).toEqual([[], [], ['c1'], [], [], ['c4']])
  expect(ids.filter((id) => graph.asksMachine(id))).toEqual(['c4', 'c6'])
  expect(ids.filter((id) => graph.drawsChance(id))).toEqual(['c1', 'c3'])
})

it('diagnosing a file asks no machine; rules are defined by their id', () => {
  const cells = [{ esc: 'engine serd.x;', id: 'mine' }, "fma.diagnose('a.log', { rules: mine })"]
  const graph = graphOf(notebook(cells))
  expect(graph.needs('c2')).toEqual(['mine'])
  expect(graph.asksMachine('c2')).toBe(false)
})
