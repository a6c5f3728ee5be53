// D's integers: wrap-around, signs, shifts, comparisons, in both engines.
//
// Expected values: C on LP64 for conversions and wrap-around; shift counts as the x86 instructions
// take them.
import { expect, it } from 'vitest'
import type { Expr } from '../../src/dtrace/program/program.js'
import { INT, INT64, UINT, UINT64 } from '../../src/dtrace/program/types.js'
import {
  arg,
  CHAR,
  cast,
  compare,
  ENGINES,
  int,
  math,
  probes,
  program,
  runOn,
  testCatalog,
  trace,
  traced,
  UCHAR,
  USHORT,
} from './build.js'

const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n
const UMAX = 2n ** 64n - 1n

// arg0 to arg2 of the one firing, so that nothing can be folded.
const ARGS = [MIN, -1n, 7n, MAX, 64n, 0x1_2345_6789n]
const [min, minusOne, seven, max, sixtyFour, wide] = ARGS.map((_, i) => arg(i)) as [
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
]
const u64 = (e: Expr): Expr => cast(UINT64, e)
const i32 = (e: Expr): Expr => cast(INT, e)
const u32 = (e: Expr): Expr => cast(UINT, e)

const CASES: readonly (readonly [string, Expr, bigint])[] = [
  ['MAX + 1 wraps to MIN', math(max, '+', int(1, INT64)), MIN],
  ['MIN - 1 wraps to MAX', math(min, '-', int(1, INT64)), MAX],
  ['-MIN is MIN', { kind: 'unary', op: '-', operand: min, type: INT64 }, MIN],
  ['MAX * MAX keeps the low 64 bits', math(max, '*', max), 1n],
  ['0 - 1 is all ones when unsigned', math(int(0, UINT64), '-', u64(int(1))), UMAX],
  ['~7', { kind: 'unary', op: '~', operand: seven, type: INT64 }, -8n],
  ['~7 unsigned', { kind: 'unary', op: '~', operand: u64(seven), type: UINT64 }, UMAX - 7n],
  ['int wraps at 32 bits', math(int(0x7fff_ffff), '+', i32(seven)), -0x7fff_fffan],
  ['unsigned int wraps at 32 bits', math(u32(minusOne), '+', int(2, UINT)), 1n],
  ['int * int keeps the low 32 bits', math(int(0x1_0001), '*', int(0x1_0001)), 0x2_0001n],

  ['-7 / 2 truncates toward zero', math(int(-7, INT64), '/', int(2, INT64)), -3n],
  ['-1 / 7', math(minusOne, '/', seven), 0n],
  ['MIN / -1 wraps', math(min, '/', minusOne), MIN],
  ['MIN % -1', math(min, '%', minusOne), 0n],
  ['-7 % 4 has the sign of the dividend', math(int(-7, INT64), '%', int(4, INT64)), -3n],
  ['7 % -4', math(seven, '%', int(-4, INT64)), 3n],
  ['-1 / 7 unsigned', math(u64(minusOne), '/', u64(seven)), UMAX / 7n],
  ['-1 % 7 unsigned', math(u64(minusOne), '%', u64(seven)), UMAX % 7n],

  ['1 << 63', math(int(1, INT64), '<<', int(63)), MIN],
  ['1 << 64 is 1 << 0', math(int(1, INT64), '<<', sixtyFour), 1n],
  ['1 << -1 is 1 << 63', math(int(1, INT64), '<<', minusOne), MIN],
  ['int 1 << 31', math(int(1), '<<', int(31)), -(2n ** 31n)],
  ['int 1 << 32 leaves nothing of 32 bits', math(int(1), '<<', i32(int(32, INT64))), 0n],
  ['MIN >> 63 is arithmetic', math(min, '>>', int(63)), -1n],
  ['MIN >> 63 unsigned', math(u64(min), '>>', int(63)), 1n],
  ['-1 >> 64 is -1 >> 0', math(minusOne, '>>', sixtyFour), -1n],
  ['int -1 >> 40', math(i32(minusOne), '>>', int(40)), -1n],
  ['unsigned int -1 >> 40', math(u32(minusOne), '>>', int(40)), 0n],

  ['wide & 0xff', math(wide, '&', int(0xff, INT64)), 0x89n],
  ['wide | MIN', math(wide, '|', min), MIN + 0x1_2345_6789n],
  ['-1 ^ MAX', math(minusOne, '^', max), MIN],

  ['(char) 0x89', cast(CHAR, wide), -0x77n],
  ['(unsigned char) 0x89', cast(UCHAR, wide), 0x89n],
  ['(unsigned short) of a wide value', cast(USHORT, wide), 0x6789n],
  ['(int) of a wide value', cast(INT, wide), 0x2345_6789n],
  ['(uint64_t)(int) -1 extends the sign', u64(i32(minusOne)), UMAX],
  ['(uint64_t)(unsigned) -1 does not', u64(u32(minusOne)), 2n ** 32n - 1n],

  ['-1 < 7 signed', compare(minusOne, '<', seven), 1n],
  ['-1 < 7 unsigned', compare(u64(minusOne), '<', u64(seven), false), 0n],
  ['MIN > MAX unsigned', compare(u64(min), '>', u64(max), false), 1n],
  ['MIN < MAX signed', compare(min, '<', max), 1n],
  ['-1 == MAX + MAX + 1 unsigned', compare(u64(minusOne), '==', int(UMAX, UINT64), false), 1n],
]

it.each(ENGINES.flatMap((engine) => CASES.map((c) => [engine, ...c] as const)))(
  '%s: %s',
  (engine, _name, e, value) => {
    const catalog = testCatalog()
    const p = program([{ probes: probes(catalog, 'a'), statements: [trace(e)] }])
    const row = { ticks: 1, probe: 100, args: ARGS }
    expect(traced(runOn(p, [row], { engine, catalog }))).toEqual([[value]])
    // The same in code made for small arguments first.
    const small = { ticks: 0, probe: 101, args: [0, 0, 0] }
    expect(traced(runOn(p, [small, row], { engine, catalog, batch: 1 }))).toEqual([[value]])
  },
)
