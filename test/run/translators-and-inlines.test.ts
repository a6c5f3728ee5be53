// Names that stand for expressions: inlines with parameters, translators, whole translated records.
//
// Expected values: the D language guide, "Inline Definitions" and "Translators".
import { describe, expect, it } from 'vitest'
import { ENGINES, type Row, runD, traced } from './build.js'

const A = (ticks: number, ...args: number[]): Row => ({ ticks, probe: 100, args })

const POINTS = `
  struct point { int x; int y; char tag[8]; };
  struct seen { int sum; string how; int left_out; char small; };
  translator struct seen < struct point p > { sum = p.x + p.y; how = p.tag; small = p.x; };
  translator struct seen < int n > { sum = n * 10; how = "number"; };
  struct point here;
  struct seen copy;
  int calls;`

describe.each(ENGINES)('%s', (engine) => {
  const run = (text: string, rows: readonly Row[] = []) => traced(runD(text, rows, { engine }))

  it('an inline with parameters computes with its arguments', () => {
    const text = `inline int larger[int a, int b] = a > b ? a : b;
      a { trace(larger[arg0, arg1]); trace(larger[larger[1, arg0], 3]); }`
    expect(run(text, [A(1, 7, 9), A(2, 5, 2)])).toEqual([
      [9n, 7n],
      [5n, 5n],
    ])
  })

  it('an argument is cut to its parameter, the value to the inline', () => {
    const text = `inline char low[uint8_t n] = n + 1;
      a { trace(low[arg0]); }`
    expect(run(text, [A(1, 256 + 5), A(2, 127)])).toEqual([[6n], [-128n]])
  })

  it('a parameter hides a variable of its name, and only there', () => {
    const text = `int n; inline int twice[int n] = n + n;
      a { n = 100; trace(twice[arg0]); trace(n); }`
    expect(run(text, [A(1, 4)])).toEqual([[8n, 100n]])
  })

  it('an inline of a variable is that variable, each time', () => {
    const text = 'int n; inline int now = n; a { n = arg0; trace(now); n++; trace(now); }'
    expect(run(text, [A(1, 4)])).toEqual([[4n, 5n]])
  })

  it('members of a translation are computed from the input at hand', () => {
    const text = `${POINTS} BEGIN { here.x = 3; here.y = 4;
      trace(xlate <struct seen> (here).sum); here.y = 40;
      trace(xlate <struct seen *> (here)->sum); trace((*xlate <struct seen *> (here)).sum);
      trace(xlate <struct seen> (2).sum); trace(xlate <struct seen> (2).how); }`
    expect(run(text)).toEqual([[7n, 43n, 43n, 20n, 'number']])
  })

  it('a member has the type of the output', () => {
    const text = `${POINTS} BEGIN { here.x = 300; trace(xlate <struct seen> (here).small); }`
    expect(run(text)).toEqual([[44n]])
  })

  it('an array has the length of the output, whatever it is computed from', () => {
    const text = `struct out { char name[8]; int pair[2]; };
      int *two;
      translator struct out < int n > { name = "abc"; pair = two; };
      BEGIN { two = (int *)alloca(8); two[1] = 5; trace(sizeof (xlate <struct out> (1).name));
        trace(xlate <struct out> (1).name[2]); trace(xlate <struct out> (1).pair[1]);
        trace(strjoin(xlate <struct out> (1).name, "d")); }`
    expect(run(text)).toEqual([[8n, 99n, 5n, 'abcd']])
  })

  it('an input with effects is computed once', () => {
    const text = `${POINTS} translator struct point < long n > { x = n + n; y = n; };
      BEGIN { calls = 4; trace(xlate <struct point> ((long)calls++).x); trace(calls);
        copy = xlate <struct seen> (calls++); trace(copy.sum); trace(calls); }`
    expect(run(text)).toEqual([[8n, 5n, 50n, 6n]])
  })

  it('a translated record is copied; members without a translation are 0', () => {
    const text = `${POINTS} BEGIN { here.x = 1; here.y = 2; copy.left_out = 9;
      copy = xlate <struct seen> (here); here.x = 50;
      trace(copy.sum); trace(copy.left_out); trace(copy.how); }`
    expect(run(text)).toEqual([[3n, 0n, '']])
  })

  it('an inline may be a translation, of a record or a pointer', () => {
    const text = `${POINTS} inline struct seen it = xlate <struct seen> (arg0);
      inline struct seen *p = xlate <struct seen *> (arg1);
      inline int summed[int n] = (xlate <struct seen> (n)).sum;
      a { trace(it.sum); trace(p->sum); trace(summed[arg0 + 1]); }`
    expect(run(text, [A(1, 2, 3)])).toEqual([[20n, 30n, 30n]])
  })

  it('what runs on the processor is known through the library', () => {
    const text = `a { trace(curlwpsinfo->pr_lwpid == tid); trace(curcpu->cpu_id == cpu);
      trace(xlate <lwpsinfo_t> (curthread).pr_onpro == cpu); trace(chip); trace(pset); }`
    expect(run(text, [A(1)])).toEqual([[1n, 1n, 1n, 0n, 0n]])
  })
})
