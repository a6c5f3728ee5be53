// D's memory: structures, pointers, scratch, faults with their addresses. Expected values follow
// from C's layout on a little-endian machine and from what both DTraces do at bad addresses.
import { describe, expect, it } from 'vitest'
import type { FaultRecord } from '../../src/dtrace/program/record.js'
import { ENGINES, type Outcome, type Row, runD, traced } from './build.js'

const LINUX = new Map([['dialect', 'linux']])

function fault(out: Outcome): Pick<FaultRecord, 'fault' | 'text' | 'value'> | undefined {
  const found = out.records.find((r) => r.kind === 'fault')
  return found && { fault: found.fault, text: found.text, value: found.value ?? 0n }
}

const values = (out: Outcome) =>
  traced(out).map((row) => row.map((v) => (v instanceof Uint8Array ? [...v] : v)))

describe.each(ENGINES)('%s', (engine) => {
  const run = (text: string, rows: readonly Row[] = [], options = new Map<string, string>()) =>
    runD(text, rows, { engine, options })

  it.each([
    ['a cast hides the end of an array', 'trace(((int *)a)[10]);'],
    ['a pointer knows none', 'p = &a[0]; trace(p[10]);'],
  ])('%s: Linux reads the kernel memory behind it', (_name, action) => {
    const text = `int a[5]; BEGIN { ${action} }`
    expect(values(run(text, [], LINUX))).toEqual([[0n]])
    expect(fault(run(text))).toMatchObject({ text: 'invalid address' })
  })

  it('what lies behind variables is not written to', () => {
    const text = 'int a[5]; BEGIN { p = &a[0]; p[4] = 1; p[10] = 2; }'
    expect(fault(run(text, [], LINUX))).toMatchObject({ text: 'invalid address' })
    expect(fault(run(text))).toMatchObject({ text: 'invalid address' })
  })

  it.each([
    {
      name: 'members of a structure, of the unions in it, of arrays of them',
      text: `struct p { char c; int n; union { short h; uint8_t b[2]; } u; }; struct p v[2];
        BEGIN { v[1].c = -1; v[1].n = 7; v[1].u.h = 0x102; trace(v[1].c); trace(v[1].n);
          trace(v[1].u.b[0]); trace(v[1].u.b[1]); trace(v[0].n); }`,
      rows: [[-1n, 7n, 2n, 1n, 0n]],
    },
    {
      name: 'a bit-field keeps its bits, and the sign of its type',
      text: `struct f { int a : 3; unsigned int b : 5; }; struct f x;
        BEGIN { x.a = 5; x.b = 33; x.a++; trace(x.a); trace(x.b); }`,
      rows: [[-2n, 1n]],
    },
    {
      name: 'x++ yields what was, x += what is before it is cut',
      text: `uint8_t a[2]; BEGIN { a[1] = 255; trace(a[1]++); trace(a[1]); a[1] = 255;
        trace((int)(a[1] += 1)); trace(--a[0]); }`,
      rows: [[255n, 0n, 256n, 255n]],
    },
    {
      name: 'a record as a whole is its bytes',
      text: 'struct s { char c; short h; }; struct s x; BEGIN { x.c = 1; x.h = 0x203; trace(x); }',
      rows: [[[1, 0, 3, 2]]],
    },
    {
      name: 'assigning a structure copies it',
      text: `struct s { int a; int b; }; struct s x; struct s y;
        BEGIN { x.a = 1; x.b = 2; y = x; x.b = 3; trace(y.a); trace(y.b); }`,
      rows: [[1n, 2n]],
    },
    {
      name: 'a record is a key by its bytes, not by where it lies',
      text: `struct s { int a; char b; }; struct s x; struct s y; struct s z;
        BEGIN { x.a = 1; y.a = 1; z.a = 1; z.b = 'z'; v[x] = 5; v[y] += 2; v[z] = 9;
          trace(v[x]); trace(v[y]); trace(v[z]); }`,
      rows: [[7n, 7n, 9n]],
    },
    {
      name: 'scratch memory lasts as long as the clause, and is 0 at first',
      text: `BEGIN { p = (int *)alloca(8); trace(p[1]); p[1] = 9; trace(*(p + 1)); }
        BEGIN { p = (int *)alloca(8); trace(p[1]); }`,
      rows: [[0n, 9n], [0n]],
    },
    {
      name: 'bcopy() from a string, and a string from memory',
      text: 'BEGIN { p = alloca(8); bcopy("hello", p, 4); trace(stringof(p)); trace(strlen(stringof(p))); }',
      rows: [['hell', 4n]],
    },
    {
      name: 'characters of a string by index',
      text: 'BEGIN { s = "ABC"; trace(s[1]); trace("xyz"[2]); }',
      rows: [[66n, 122n]],
    },
    {
      name: 'what strchr() does not find is NULL, and equals no string that is one',
      text: 'BEGIN { trace(strchr("abc", 120) == NULL); trace(strstr("abc", "c") == NULL); }',
      rows: [[1n, 0n]],
    },
  ])('$name', ({ text, rows }) => expect(values(run(text))).toEqual(rows))

  it('a thread and a tuple each have a block of their own', () => {
    const text = `struct s { int n; }; struct s v; self struct s mine; struct s of[int];
      a { v.n = arg0; self->mine = v; of[arg0] = v; }
      b { trace(self->mine.n); trace(of[1].n); trace(of[2].n); }`
    const rows = [
      { ticks: 1, probe: 100, vcpu: 1, args: [1] },
      { ticks: 2, probe: 100, vcpu: 2, args: [2] },
      { ticks: 3, probe: 101, vcpu: 1 },
    ]
    expect(values(run(text, rows))).toEqual([[1n, 1n, 2n]])
  })

  it.each([
    { name: 'NULL', text: 'BEGIN { trace(*(int *)0); }', value: 0n },
    {
      name: 'an address of the kernel',
      text: 'BEGIN { trace(*(int *)-8); }',
      value: 2n ** 64n - 8n,
    },
    { name: 'past NULL', text: 'BEGIN { s = "a"; s = NULL; trace(s[1]); }', value: 1n },
    { name: 'an unset string', text: 'self string s; BEGIN { trace(self->s); }', value: 0n },
    { name: 'a string constant, to be written', text: 'char *p; BEGIN { p = "abc"; *p = 1; }' },
    { name: 'the length of NULL', text: 'BEGIN { trace(strlen(NULL)); }', value: 0n },
    { name: 'memory of a process', text: 'BEGIN { copyin(0x1000, 8); }', value: 0x1000n },
    { name: 'a string of a process', text: 'BEGIN { trace(copyinstr(16)); }', value: 16n },
    {
      name: 'a block that is not there',
      text: 'struct s { int n; int m; }; self struct s v; BEGIN { trace(self->v.m); self->v.m = 1; }',
      value: 4n,
    },
  ])('invalid address: $name', ({ text, value }) => {
    const out = run(text)
    expect(fault(out)).toMatchObject({ fault: 1, text: 'invalid address' })
    if (value !== undefined) expect(fault(out)?.value).toBe(value)
    expect(traced(out)).toEqual([])
  })

  it.each([
    { name: 'scratch memory ends', text: 'BEGIN { alloca(100); n = 8; alloca(n); }', fault: 5 },
    { name: 'a size that is none', text: 'BEGIN { n = -1; alloca(n); }', fault: 5 },
    {
      name: 'a copy beyond its end',
      text: 'BEGIN { p = alloca(8); n = 9; bcopy("abcdefghijk", p, n); }',
      fault: 10,
    },
  ])('on Linux: $name', ({ text, fault: code }) => {
    const out = run(text, [], new Map([...LINUX, ['scratchsize', '104']]))
    expect(fault(out)?.fault).toBe(code)
  })

  it('on Linux NULL equals no string, on illumos it is as good as ""', () => {
    const text = 'self string s; BEGIN { trace(self->s == ""); trace(self->s == NULL); }'
    expect(values(run(text))).toEqual([[1n, 1n]])
    expect(values(run(text, [], LINUX))).toEqual([[0n, 1n]])
  })
})
