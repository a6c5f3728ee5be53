// Every operator computes in a 64-bit register; values are cut where they are recorded or cast, on
// Linux also where a variable holds them.
//
// Expected values: `basics` and `cast-add` are those of the suites of Oracle and of illumos
// (arithmetic/tst.basics, tst.cast-add); `bug-casting` is the result that its expected failure
// complains of. The rest follows libdtrace dt_cg.c of either: dt_cg_arithmetic_op,
// dt_cg_compare_op, dt_cg_asgn_op, dt_cg_typecast, and dt_parser.c (dt_cast).
import { describe, expect, it } from 'vitest'
import { ENGINES, groupsOf, runD, traced } from './build.js'

const DECLARED = `
  int8_t c; uint8_t uc; int16_t s; int i; uint32_t u; int64_t l; uint64_t ul; long long z;`

type Values = readonly bigint[]

/** What one BEGIN traces, by what it does; what it traces on illumos, where that differs. */
const CASES: readonly (readonly [name: string, body: string, linux: Values, illumos?: Values])[] = [
  [
    'basics',
    `i = 1 + 2 + 3; trace(i); i = i * 3; trace(i); i = (i * 3) + i; trace(i);
     i = (i + (i * 3) + i) * i; trace(i); i = i - (i + (i * 3) + i) * i / i * i; trace(i);
     i = i * (i - 3 + 5 / i * i) / i * 6; trace(i); i = i ^ 5; trace(i);`,
    [6n, 18n, 72n, 25920n, 935761216n, 1319599982n, 1319599979n],
    [6n, 18n, 72n, 25920n, 935761216n, -91738734n, -91738729n],
  ],
  [
    'complements are as wide as what holds them',
    `i = 0xdeadbeef; n = ~i; trace(n); ul = 0x00000000deadbeefull; ul = ~ul; trace(ul);`,
    [0x21524110n, 0xffffffff21524110n],
  ],
  [
    'cast-add: sums are recorded in the type of higher rank',
    `uc = -2; c = -3; trace(uc + c); uc = -2; trace(uc + uc); s = -2; trace(s + c);
     u = -2; trace(u + c); i = -3; trace(u + i); l = -2; trace(l + i); ul = -2; trace(ul + l);`,
    [251n, 252n, -5n, 4294967291n, 4294967291n, -5n, (1n << 64n) - 4n],
  ],
  [
    'bug-casting: nothing fills the upper half again',
    `i = 1 << 30; z = i + i; trace(z); z = (long long)(i + i); trace(z);
     z = (long long)1 << 32; trace((i + i) & z); i = 1; z = i << 31; trace(z);
     i = 1 << 30; z = i << 5; trace(z); i = 1; trace((i ^ (i << 31)) > 0);`,
    [1n << 31n, 1n << 31n, 0n, 1n << 31n, 1n << 35n, 1n],
    [1n << 31n, -(1n << 31n), 0n, 1n << 31n, 1n << 35n, 1n],
  ],
  [
    'comparisons take the whole register',
    `u = 0xffffffff; trace(u * 2 > 5000000000); trace(u + 1 == 0); u = 0; trace(u - 1 > 4294967295u);
     trace(u - 1 > 4294967295); i = -1; u = 1; trace(i < u); trace(i < 1);`,
    [1n, 0n, 1n, 0n, 0n, 1n],
  ],
  [
    'the type of the result says the sign of / % and >>',
    `i = -8; u = 3; trace((int64_t)(i / u)); trace((int64_t)(i >> 1)); u = 0; trace((int64_t)((u - 8) >> 60));`,
    [((1n << 64n) - 8n) / 3n, -4n, 15n],
  ],
  [
    'a cast cuts when it narrows or changes the sign',
    `i = 0x7fffffff; trace((int64_t)(int)(i + i)); trace((int64_t)(uint32_t)(i * 3));
     trace((int64_t)(int16_t)(i + i)); i = -1; trace((int64_t)(uint32_t)i); trace((uint64_t)i);
     c = -1; trace((int64_t)(uint16_t)c);`,
    [0xfffffffen, 0x7ffffffdn, -2n, 0xffffffffn, (1n << 64n) - 1n, 0xffffn],
    [-2n, 0x17ffffffdn, -2n, -1n, (1n << 64n) - 1n, 0xffffn],
  ],
  [
    'an assignment yields what was assigned, the variable keeps what it holds',
    `l = (c = 300); trace(l); trace(c); trace(c = 300); l = (uc += 511); trace(l); trace(uc);
     uc = 255; l = ++uc; trace(l); trace(uc); l = uc++; trace(l); l = (a["x"] = 1 << 31); trace(l);`,
    [300n, 44n, 44n, 511n, 255n, 256n, 0n, 0n, 1n << 31n],
    [44n, 44n, 44n, 255n, 255n, 256n, 0n, 256n, 1n << 31n],
  ],
  [
    'a branch keeps its register',
    `u = 1; i = -1; trace((int64_t)(u ? i : u)); trace(u ? i : u);`,
    [-1n, 0xffffffffn],
  ],
  ['a divisor is not cut to the target', `c = 100; l = 256; c /= l; trace(c);`, [0n]],
  [
    'a variable is as wide as its type on Linux, 64 bits wide on illumos',
    `t = 0; t += l + 1000000007; t *= 10; trace(t); trace(t > 5000000000); l = t; trace(l);
     self->n = i; self->n = l * 8; l = self->n; trace(l); uc = 0xbeefcafe; l = uc; trace(l);
     b["k"] = s; i = 65535; b["k"] += i; trace(b["k"]); trace(b["k"] == -1);`,
    [1410065478n, 0n, 1410065478n, -1604378064n, 0xfen, -1n, 1n],
    [1410065478n, 1n, 10000000070n, 80000000560n, 0xfen, -1n, 0n],
  ],
]

describe.each(ENGINES)('%s', (engine) => {
  it.each(CASES)('%s', (_name, body, linux, illumos = linux) => {
    const text = `${DECLARED} int a[string]; int16_t b[string]; BEGIN { ${body} }`
    const on = (dialect: string) =>
      traced(runD(`#pragma D option dialect=${dialect}\n${text}`, [], { engine }))
    expect({ linux: on('linux'), illumos: on('illumos') }).toEqual({
      linux: [linux],
      illumos: [illumos],
    })
  })

  it.each([
    { dialect: 'illumos', rests: [4n, 4n, -4n, -4n, -4n] },
    { dialect: 'linux', rests: [4n, -4n, -4n, 4n, 4n] },
  ])('$dialect: the sign of a rest', ({ dialect, rests }) => {
    const text = `int64_t w; BEGIN { x = 19; y = 5; trace(x % y); trace(x % -y); trace(-x % y);
      trace(-x % -y); w = -19; z = -5; w %= z; trace(w); }`
    const options = new Map([['dialect', dialect]])
    expect(traced(runD(text, [], { engine, options }))).toEqual([rests])
  })

  it('an aggregation takes the whole register, a key as much as its type holds', () => {
    const text = `uint32_t u; int16_t s; BEGIN { u = 3000000000; s = 300;
      @ = sum(u * 1000); @ = sum(u * 1000); @k[s * s] = count(); @k[s * s + 65536] = count(); }`
    const out = runD(text, [], { engine })
    expect(groupsOf(out, 0)).toEqual({ '': { kind: 'sum', sum: 6_000_000_000_000n } })
    expect(groupsOf(out, 1)).toEqual({ 24464: { kind: 'count', count: 2n } })
  })

  it('an element of an array is found by the key as its type holds it', () => {
    const text = `int a[uint8_t]; BEGIN { n = 250; a[n + 10] = 7; trace(a[4]); trace(a[260]); }`
    expect(traced(runD(text, [], { engine }))).toEqual([[7n, 7n]])
  })
})
