// Principal buffers in both engines: policies, records that find no room, sizes that cannot be.
//
// Expected behaviour: D language guide, "Buffers and Buffering"; facts of illumos dtrace.c
// (dtrace_buffer_reserve, dtrace_state_go) and of DTrace for Linux.
import { describe, expect, it } from 'vitest'
import { ENGINES, groupsOf, type Row, runD, traced } from './build.js'

const A = (ticks: number, more: Partial<Row> = {}): Row => ({ ticks, probe: 100, ...more })
const numbers = (n: number): Row[] => Array.from({ length: n }, (_, i) => A(i, { args: [i] }))

describe.each(ENGINES)('%s', (engine) => {
  const run = (text: string, rows: readonly Row[], options: object) =>
    runD(text, rows, { engine, options: new Map(Object.entries(options)) })
  const drops = ({ records }: ReturnType<typeof run>) =>
    records.filter((r) => r.kind === 'drop').map(({ what, count, cpu }) => ({ what, count, cpu }))

  // A record of one 64-bit value: 12 bytes of head, then the value at a multiple of 8: 24.
  it('switch: the records of one firing must fit; a clause without room does not run', () => {
    const text = 'a { trace(arg0); } a { trace(arg0); n++; } END { trace(n); }'
    const out = run(text, numbers(3), { bufsize: '40' })
    expect(traced(out)).toEqual([[0n], [1n], [2n], [0n]])
    expect(drops(out)).toEqual([{ what: 'principal', count: 3, cpu: 0 }])
  })

  it('switch: what fits is never dropped, however much there is of it', () => {
    const out = run('a { trace(arg0); }', numbers(500), { bufsize: '24' })
    expect(traced(out)).toHaveLength(500)
    expect(drops(out)).toEqual([])
  })

  it('fill: the run ends when a buffer is full, and END fires', () => {
    const out = run('a { trace(arg0); } END { trace(9); }', numbers(50), {
      bufpolicy: 'fill',
      bufsize: '96',
    })
    // END may need 16 bytes and 8 to align them: three records of 24 bytes are before it.
    expect(traced(out)).toEqual([[0n], [1n], [2n], [9n]])
    expect(out.result).toMatchObject({ status: 0, exited: false })
  })

  it('ring: the last records that fit are told at the end, those of each pcpu apart', () => {
    const rows = numbers(20).map((row, i) => ({ ...row, pcpu: i === 3 ? 1 : 0 }))
    const out = run('a { trace(arg0); }', rows, { bufpolicy: 'ring', bufsize: '50' })
    expect(traced(out)).toEqual([[3n], [18n], [19n]])
    expect(drops(out)).toEqual([])
  })

  it('ring: a record larger than the buffer is a drop', () => {
    const out = run('a { trace(arg0); } a { trace((int)arg0); }', numbers(2), {
      bufpolicy: 'ring',
      bufsize: '16',
    })
    expect(traced(out)).toEqual([[1n]])
    expect(drops(out)).toEqual([{ what: 'principal', count: 2, cpu: 0 }])
  })

  // A page of 4096 bytes; a record is 8 bytes of head, a length of 4, and 2065: rounded, 2080.
  it('on Linux a clause without room runs, and its record is lost', () => {
    const text = 'a { trace("x"); n++; } a { trace("y"); n++; } END { exit(n); }'
    const out = run(text, [A(1)], { dialect: 'linux', bufsize: '4096', strsize: '2048' })
    expect(traced(out)).toEqual([['x'], []])
    expect(out.result.status).toBe(2)
    expect(drops(out)).toEqual([{ what: 'principal', count: 1, cpu: 0 }])
  })

  it('cpu: only firings of that pcpu run', () => {
    const rows = [A(1, { args: [1] }), A(2, { args: [2], pcpu: 1 }), A(3, { args: [3], pcpu: 1 })]
    const out = run('a { @ = sum(arg0); }', rows, { cpu: '1' })
    expect(groupsOf(out, 0)).toEqual({ '': { kind: 'sum', sum: 5n } })
  })

  it('aggsize: groups that find no room are dropped, on a pcpu that is told', () => {
    const out = run('BEGIN { @["a"] = count(); @["b"] = count(); @["c"] = count(); }', [], {
      aggsize: '1024',
      strsize: '512',
    })
    expect(Object.keys(groupsOf(out, 0))).toEqual(['a'])
    expect(drops(out)).toEqual([{ what: 'aggregation', count: 2, cpu: 0 }])
  })

  const TOO_SMALL = 'could not enable tracing: Enabling exceeds size of buffer'
  it.each([
    [{ bufsize: '0' }, 'BEGIN { trace(1); }', TOO_SMALL],
    [{ bufsize: '7' }, 'BEGIN { exit(0); }', TOO_SMALL],
    [{ bufsize: '0' }, 'BEGIN { x = 1; }', undefined],
    [{ bufsize: '63', dialect: 'linux' }, 'BEGIN { exit(0); }', TOO_SMALL],
    [{ bufsize: '64', dialect: 'linux' }, 'BEGIN { exit(0); }', undefined],
    [{ specsize: '7' }, 'BEGIN { speculate(1); }', TOO_SMALL],
    [{ specsize: '0' }, 'BEGIN { commit(1); }', undefined],
    [
      { bufpolicy: 'fill', bufsize: '32', strsize: '64' },
      'END { trace(execname); }',
      'could not enable tracing: END enablings exceed size of principal buffer',
    ],
    [
      { bufsize: '100t', bufresize: 'manual' },
      'BEGIN { exit(0); }',
      'could not enable tracing: Cannot allocate memory',
    ],
    [{ bufsize: '100t' }, 'BEGIN { exit(0); }', undefined],
  ])('%j and %s: %s', (options, text, refusal) => {
    const attempt = (): unknown => run(text, [], options)
    if (refusal === undefined) expect(attempt).not.toThrow()
    else expect(attempt).toThrow(refusal)
  })
})
