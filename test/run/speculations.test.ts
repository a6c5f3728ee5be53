// Speculative tracing in both engines: what waits, what comes out, and when there is no room.
//
// Expected behaviour: D language guide, "Speculative Tracing"; facts of illumos dtrace.c
// (dtrace_speculation and its like) and of DTrace for Linux.
import { describe, expect, it } from 'vitest'
import { ENGINES, groupsOf, type Row, runD, traced } from './build.js'

const A = (ticks: number, more: Partial<Row> = {}): Row => ({ ticks, probe: 100, ...more })
const B = (ticks: number, more: Partial<Row> = {}): Row => ({ ticks, probe: 101, ...more })
const C = (ticks: number, more: Partial<Row> = {}): Row => ({ ticks, probe: 102, ...more })

describe.each(ENGINES)('%s', (engine) => {
  const run = (text: string, rows: readonly Row[] = [], options: object = {}) =>
    runD(text, rows, { engine, options: new Map(Object.entries(options)) })
  const drops = ({ records }: ReturnType<typeof run>) =>
    records.flatMap((r) => (r.kind === 'drop' ? [[r.what, r.count]] : []))

  it('records wait for commit(), and come out then, in order', () => {
    const out = run(
      'a { self->s = speculation(); } b { speculate(self->s); trace(arg0); } c { commit(self->s); }',
      [A(1), B(2, { args: [5] }), B(3, { args: [6] }), C(4), C(5)],
    )
    expect(traced(out)).toEqual([[5n], [6n]])
    expect(out.records).toMatchObject([{ timeNs: 4 }, { timeNs: 4 }])
  })

  it('discard() throws them away', () => {
    const out = run(
      'BEGIN { s = speculation(); } BEGIN { speculate(s); trace(1); } END { discard(s); commit(s); }',
    )
    expect(traced(out)).toEqual([])
  })

  it('what nobody commits is not told', () => {
    const out = run('BEGIN { s = speculation(); } BEGIN { speculate(s); trace(1); }')
    expect(out.records).toEqual([])
  })

  it('ids count from 1 to nspec; a buffer is free again after commit() or discard()', () => {
    const text = `BEGIN { a = speculation(); b = speculation(); c = speculation(); }
      BEGIN { commit(a); discard(b); } BEGIN { trace(a); trace(b); trace(c); trace(speculation()); }`
    const out = run(text, [], { nspec: '2' })
    expect(traced(out)).toEqual([[1n, 2n, 0n, 1n]])
    expect(drops(out)).toEqual([['speculation-unavailable', 1]])
  })

  it.each(['speculate(0)', 'speculate(1)', 'speculate(9)', 'speculate(-1)'])(
    '%s without such a speculation ends the clause, silently',
    (call) => {
      const out = run(`BEGIN { x = 1; ${call}; x = 2; trace(9); } END { trace(x); }`)
      expect(traced(out)).toEqual([[1n]])
    },
  )

  it.each([
    ['commit(1)', undefined],
    ['commit(0)', undefined],
    ['discard(0)', undefined],
    ['commit(2)', 'illegal operation'],
    ['commit(-1)', 'illegal operation'],
    ['discard(1024)', 'illegal operation'],
  ])('%s without such a speculation: %s', (call, fault) => {
    const { records } = run(`BEGIN { ${call}; }`)
    expect(records.map((r) => r.kind === 'fault' && r.text)).toEqual(fault ? [fault] : [])
  })

  it('a fault after speculate() loses that record, not those before', () => {
    const out = run(
      `int z; BEGIN { s = speculation(); } BEGIN { speculate(s); trace(1); }
       BEGIN { speculate(s); trace(2); trace(1 / z); } END { commit(s); }`,
    )
    expect(traced(out)).toEqual([[1n]])
  })

  it('printa() and trunc() in a speculation wait with it', () => {
    const out = run(
      `BEGIN { s = speculation(); @ = count(); } BEGIN { speculate(s); printa(@); clear(@); }
       a { @ = count(); } END { commit(s); }`,
      [A(1), A(2)],
    )
    expect(out.records).toMatchObject([
      { items: [{ kind: 'printa', aggregations: [{ groups: [{ state: { count: 3n } }] }] }] },
    ])
    expect(groupsOf(out, 0)).toEqual({ '': { kind: 'count', count: 0n } })
  })

  it('an empty record waits too: speculate() alone is the default action', () => {
    const text = 'BEGIN { s = speculation(); } BEGIN { speculate(s); } END { commit(s); }'
    expect(traced(run(text))).toEqual([[]])
  })

  it('expressions beside speculate() make no row on illumos, and change nothing on Linux', () => {
    const text = 'BEGIN { s = speculation(); } BEGIN { speculate(s); x++; } END { commit(s); }'
    expect(traced(run(text))).toEqual([])
    expect(traced(run(text, [], { dialect: 'linux' }))).toEqual([[]])
  })

  // A record is 12 bytes of head and, at multiples of 8, two values of 8: 32.
  it.each([
    ['32', [[1n, 2n]], 1n],
    ['39', [[1n, 2n]], 1n],
    [
      '64',
      [
        [1n, 2n],
        [3n, 4n],
      ],
      2n,
    ],
    ['24', [], 0n],
  ] as const)('specsize=%s holds so many records', (specsize, recorded, clauses) => {
    const out = run(
      `uint64_t a; BEGIN { s = speculation(); a = 1; }
       BEGIN { speculate(s); trace(a); trace(a + 1); a += 2; n++; }
       BEGIN { speculate(s); trace(a); trace(a + 1); n++; }
       END { commit(s); } END { trace(n); }`,
      [],
      { specsize },
    )
    expect(traced(out)).toEqual([...recorded, [clauses]])
    expect(drops(out)).toEqual(clauses === 2n ? [] : [['speculation', 2 - Number(clauses)]])
  })

  it('drops of a speculation count once it is committed', () => {
    const text = `BEGIN { s = speculation(); } BEGIN { speculate(s); trace("too long"); }`
    expect(drops(run(`${text} END { discard(s); }`, [], { specsize: '8' }))).toEqual([])
    const told = drops(run(`${text} END { commit(s); }`, [], { specsize: '8' }))
    expect(told).toEqual([['speculation', 1]])
  })

  // 16 bytes of head and seven values of 8: 72. What is before the value that is too much still
  // runs.
  it.each([
    ['71', 0n, 1],
    ['72', 1n, 0],
  ] as const)(
    'on Linux, specsize=%s ends a clause where its record is full',
    (specsize, whole, lost) => {
      const out = run(
        `uint64_t v; BEGIN { s = speculation(); }
       BEGIN { speculate(s); trace(v); trace(v); trace(v); trace(v); trace(v); trace(v); m = 1; trace(v); n = 1; }
       END { commit(s); } END { trace(m); trace(n); }`,
        [],
        { specsize, dialect: 'linux' },
      )
      expect(traced(out).at(-1)).toEqual([1n, whole])
      expect(traced(out)).toHaveLength(1 + Number(whole))
      expect(drops(out)).toEqual(lost > 0 ? [['speculation', lost]] : [])
    },
  )
})
