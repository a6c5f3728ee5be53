// What a firing does: predicates, the lives of variables, rows, exit, faults and ERROR, in both
// engines.
//
// Expected behaviour: D language guide; facts of illumos dtrace.c (dtrace_probe) on exit and ERROR.
import { describe, expect, it } from 'vitest'
import { ENGINES, groupsOf, type Row, runD, traced } from './build.js'

const A = (ticks: number, more: Partial<Row> = {}): Row => ({ ticks, probe: 100, ...more })
const B = (ticks: number, more: Partial<Row> = {}): Row => ({ ticks, probe: 101, ...more })

describe.each(ENGINES)('%s', (engine) => {
  const run = (text: string, rows: readonly Row[] = [], more: object = {}) =>
    runD(text, rows, { engine, ...more })

  it('clauses of one firing run in program order and share this->', () => {
    const out = run('a { this->x = arg0; } a, b { trace(this->x); }', [
      A(1, { args: [5] }),
      B(2, { args: [6] }),
    ])
    expect(traced(out)).toEqual([[5n], [0n]])
  })

  it('self-> belongs to the thread of the firing', () => {
    const out = run('a { self->x = arg0; } b { trace(self->x); }', [
      A(1, { vcpu: 0, args: [5] }),
      A(2, { vcpu: 1, args: [6] }),
      B(3, { vcpu: 0 }),
      B(4, { vcpu: 1 }),
      B(5, { vcpu: 2 }),
    ])
    expect(traced(out)).toEqual([[5n], [6n], [0n]])
  })

  it('what was never assigned reads as 0 or the empty string', () => {
    const out = run('int g; string s; BEGIN { trace(g); trace(s); x["a"] = 1; trace(x["b"]); }')
    expect(traced(out)).toEqual([[0n, '', 0n]])
  })

  it('an associative array is keyed by its whole tuple', () => {
    const text =
      'BEGIN { x["a", 1] = 1; x["a", 2] = 2; x["b", 1] += 3; x["b", 1]++; } END { trace(x["a", 1]); trace(x["a", 2]); trace(x["b", 1]); trace(x["b", 2]); }'
    expect(traced(run(text))).toEqual([[1n, 2n, 4n, 0n]])
  })

  it('assigning 0 frees an element: arrays do not grow over time', () => {
    const rows = Array.from({ length: 400 }, (_, i) => A(i, { args: [i] }))
    const text = 'a { x[arg0] = 1; x[arg0] = 0; y[arg0] = 1; }'
    const options = new Map([['dynvarsize', '6400']])
    const { records } = run(text, rows, { options })
    // An element takes 72 bytes (a head of 48, a key of 16, an int of 4) and a bucket of 64: 6400
    // bytes have 46 buckets and room for 47 elements. When y has them all, x has none either.
    expect(records).toEqual([{ kind: 'drop', what: 'dynamic', count: 2 * (400 - 47) }])
  })

  it('x++ yields the old value, ++x the new one, and an assignment what was stored', () => {
    const text = 'char c; BEGIN { x = 5; trace(x++); trace(++x); trace(c = 300); }'
    expect(traced(run(text))).toEqual([[5n, 7n, 44n]])
  })

  // Oracle's test/unittest/funcs/strjoin/tst.strjoin-capped-size.d.
  it('a string is cut to strsize where a variable or a subroutine yields it', () => {
    const options = new Map([
      ['strsize', '10'],
      ['dialect', 'linux'],
    ])
    const text = `BEGIN { trace(strjoin(probeprov, probename)); x = "0123456789abc"; trace(x);
      trace(strlen(strjoin(x, x))); @[strjoin(x, x)] = count(); }`
    const out = run(text, [], { options })
    expect(traced(out)).toEqual([['dtraceBEGI', '0123456789', 10n]])
    expect(Object.keys(groupsOf(out))).toEqual(['0123456789'])
  })

  it('strjoin() of what is too long is a fault on illumos, which has strsize for it and its 0', () => {
    const options = new Map([['strsize', '10']])
    const text =
      'BEGIN { trace(strjoin("abcd", "efghi")); } BEGIN { trace(strjoin("abcde", "fghij")); }'
    const out = run(text, [], { options })
    expect(traced(out)).toEqual([['abcdefghi']])
    expect(out.records.at(-1)).toMatchObject({
      kind: 'fault',
      fault: 5,
      text: 'out of scratch space',
    })
  })

  it('a predicate decides for its clause alone', () => {
    const text = 'a /arg0 > 1/ { trace(1); } a /arg0 < 3 && arg0/ { trace(2); } a { trace(3); }'
    const out = run(text, [A(1, { args: [2] }), A(2, { args: [0] })])
    expect(traced(out)).toEqual([[1n], [2n], [3n], [3n]])
  })

  it('&& and || do not look at what they do not need', () => {
    const text =
      'a /arg0 != 0 && 100 / arg0 > 10/ { trace(1); } a /!arg0 || 1 / arg0/ { trace(2); }'
    const out = run(text, [A(1, { args: [0] }), A(2, { args: [5] })])
    expect(out.records.filter((r) => r.kind === 'fault')).toEqual([])
    expect(traced(out)).toEqual([[2n], [1n]])
  })

  it('strings compare byte by byte', () => {
    const text =
      'BEGIN { trace("a" < "b"); trace("ab" > "b"); trace("" == ""); trace("Z" < "a"); trace("\u00e4" > "z"); }'
    expect(traced(run(text))).toEqual([[1n, 0n, 1n, 1n, 1n]])
  })

  it('a string is cut to strsize when it is stored or recorded', () => {
    const options = new Map([['strsize', '4']])
    const text = 'BEGIN { s = "abcdefg"; trace(s); trace("abcdefg"); }'
    expect(traced(run(text, [], { options }))).toEqual([['abcd', 'abcd']])
  })

  it('rows: the default action and every recording action, not counts and assignments', () => {
    const text = 'a {} a { trace(1); } a { @ = count(); } a { x = 1; } a { exit(0); } '
    const { records } = run(text, [A(1)])
    expect(records.map((r) => r.kind === 'firing' && r.epid)).toEqual([1, 2, 5])
  })

  it('EPIDs count clauses on probes, and `id` is the number of the probe', () => {
    const out = run('a, b { trace(epid); } b { trace(epid); trace(id); trace(probename); }', [
      B(1),
      A(2),
    ])
    expect(traced(out)).toEqual([[2n], [3n, 101n, 'b'], [1n]])
  })

  describe('exit()', () => {
    it('lets its clause finish, skips the clauses after it, and END still fires', () => {
      const text =
        'a { trace(1); exit(3); trace(2); } a { trace(9); } b { trace(8); } END { trace(4); }'
      const out = run(text, [A(1), A(2), B(3)])
      expect(traced(out)).toEqual([[1n, 2n], [4n]])
      expect(out.result).toMatchObject({ status: 3, exited: true, interrupted: false })
    })

    it('in BEGIN: no other BEGIN clause runs, the last status counts', () => {
      const out = run('BEGIN { exit(1); } BEGIN { trace(9); } END { exit(0); }', [A(1)])
      expect(traced(out)).toEqual([[], []])
      expect(out.result).toMatchObject({ status: 0, exited: true })
    })
  })

  describe('a fault', () => {
    it('drops its clause, not the others, keeps what was aggregated, and fires ERROR', () => {
      const text = `
        a { @before = count(); trace(1); trace(10 / arg0); @after = count(); }
        a { trace(2); }
        ERROR { trace(arg1); trace(arg2); trace(arg3); trace(arg4); trace(arg5); trace(tid); }`
      const out = run(text, [A(1, { args: [0], vcpu: 3 })])
      expect(out.records[0]).toMatchObject({
        kind: 'fault',
        epid: 1,
        fault: 4,
        action: 4,
        text: 'divide-by-zero',
      })
      expect(traced(out)).toEqual([[1n, 4n, -1n, 4n, 0n, 2147483651n], [2n]])
      expect(groupsOf(out, 0)).toEqual({ '': { kind: 'count', count: 1n } })
      expect(groupsOf(out, 1)).toEqual({})
    })

    it('in a predicate is action 0; modulo by zero is the same fault', () => {
      const out = run('a /arg1 % arg0/ { trace(1); }', [A(1, { args: [0, 5] })])
      expect(out.records).toMatchObject([{ kind: 'fault', fault: 4, action: 0 }])
    })

    // dt_cc.c (dt_compile_agg) records the name of the aggregation as the first part of its key.
    it('counts actions as DTrace does: a name, each key and each printf argument is one', () => {
      const text = 'a { printf("%d %d", 1, 1 / arg0); } b { @[1, 2] = sum(1 / arg0); }'
      const out = run(text, [A(1, { args: [0] }), B(2, { args: [0] })])
      expect(out.records).toMatchObject([{ action: 2 }, { action: 4 }])
    })

    it('is what reading an argument yields that was not recorded, never a 0', () => {
      const out = run('a { trace(arg0); } a { trace(arg1); } a /arg1/ { @ = sum(arg0); }', [
        A(1, { args: [1, undefined] }),
      ])
      expect(traced(out)).toEqual([[1n]])
      expect(out.records.filter((r) => r.kind === 'fault')).toMatchObject([
        { epid: 2, fault: 1, action: 1, text: 'arg1 was not recorded' },
        { epid: 3, fault: 1, action: 0, text: 'arg1 was not recorded' },
      ])
    })

    it('within ERROR is only counted', () => {
      const out = run('a { trace(1 / arg0); } ERROR { trace(1 / arg0); }', [A(1, { args: [0] })])
      expect(out.records).toMatchObject([
        { kind: 'fault', epid: 1 },
        { kind: 'drop', what: 'error-in-error', count: 1 },
      ])
    })

    it('keeps the this-> of its firing', () => {
      const text =
        'a { this->x = 7; trace(1 / arg0); } ERROR { this->x = 1; } a { trace(this->x); }'
      expect(traced(run(text, [A(1, { args: [0] })]))).toEqual([[7n]])
    })
  })

  describe('aggregations', () => {
    it('clear keeps keys, trunc keeps the largest or smallest, normalize only divides', () => {
      const text = `
        BEGIN {
          @a["x"] = sum(5); @a["y"] = sum(7); @a["z"] = sum(6);
          @b["x"] = sum(5); @b["y"] = sum(7); @b["z"] = sum(6);
          @c["x"] = sum(5); @c["y"] = sum(7); @c["z"] = sum(6);
          @d["x"] = sum(5); @e["x"] = sum(5);
          trunc(@a, 2); trunc(@b, -1); clear(@c); trunc(@d); normalize(@e, 2);
        }`
      const out = run(text)
      const sum = (n: bigint) => ({ kind: 'sum', sum: n })
      expect(groupsOf(out, 0)).toEqual({ y: sum(7n), z: sum(6n) })
      expect(groupsOf(out, 1)).toEqual({ x: sum(5n) })
      expect(groupsOf(out, 2)).toEqual({ x: sum(0n), y: sum(0n), z: sum(0n) })
      expect(groupsOf(out, 3)).toEqual({})
      expect(out.result.aggregations[4]).toMatchObject({ normal: 2n })
      expect(groupsOf(out, 4)).toEqual({ x: sum(5n) })
    })

    it('trunc reads its number as signed, normalize as unsigned, in as many bits as it has', () => {
      const text = `
        BEGIN {
          @a[1] = sum(5); @a[2] = sum(7); @a[3] = sum(6);
          @b = sum(1); @c = sum(1);
          trunc(@a, (unsigned char)254); normalize(@b, -5); normalize(@c, (char)-3);
        }`
      const out = run(text)
      const sum = (n: bigint) => ({ kind: 'sum', sum: n })
      expect(groupsOf(out, 0)).toEqual({ 1: sum(5n), 3: sum(6n) })
      expect(out.result.aggregations.map((a) => a.normal)).toEqual([1n, 0xffff_fffbn, 0xfdn])
    })

    it('counting goes on after trunc and clear', () => {
      const text = 'a { @[arg0] = count(); } b { trunc(@, 1); clear(@); }'
      const rows = [1, 1, 2, 3].map((n, i) => A(i, { args: [n] }))
      const out = run(text, [...rows, B(9), A(10, { args: [1] }), A(11, { args: [4] })])
      const count = (n: bigint) => ({ kind: 'count', count: n })
      expect(groupsOf(out)).toEqual({ 1: count(1n), 4: count(1n) })
    })

    it('printa takes a picture; what was never printed is for the end', () => {
      const out = run('a { @x = sum(arg0); @y = count(); } b { printa(@x); }', [
        A(1, { args: [3] }),
        B(2),
        A(3, { args: [4] }),
      ])
      const items = out.records.flatMap((r) => (r.kind === 'firing' ? r.items : []))
      expect(items).toMatchObject([
        { kind: 'printa', aggregations: [{ groups: [{ state: { sum: 3n } }] }] },
      ])
      expect(out.result.unprinted).toEqual([1])
    })

    it('what does not fit into aggsize is dropped and counted', () => {
      const rows = Array.from({ length: 50 }, (_, i) => A(i, { args: [i] }))
      const options = new Map([['aggsize', '240']])
      const out = run('a { @[arg0] = count(); }', rows, { options })
      const kept = Object.keys(groupsOf(out)).length
      expect(kept).toBeGreaterThan(0)
      expect(out.records).toEqual([{ kind: 'drop', what: 'aggregation', count: 50 - kept }])
    })

    it('sums are exact and wrap at 64 bits', () => {
      const text = 'a { @s = sum(arg0); @n = min(arg0); @x = max(arg0); @v = avg(arg0); }'
      const values = [2n ** 63n - 1n, 2n ** 53n + 1n, -5n, 2n ** 53n]
      const rows = values.map((value, i) => A(i, { args: [value] }))
      const out = run(text, rows)
      const sum = BigInt.asIntN(64, 2n ** 63n + 2n ** 54n - 5n)
      expect([0, 1, 2, 3].map((id) => groupsOf(out, id)[''])).toEqual([
        { kind: 'sum', sum },
        { kind: 'min', min: -5n },
        { kind: 'max', max: 2n ** 63n - 1n },
        { kind: 'avg', count: 4n, sum },
      ])
    })
  })
})
