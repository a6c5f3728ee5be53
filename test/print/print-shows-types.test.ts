// print() in both dialects. Expected shapes: illumos libdtrace dt_print.c and the public suites'
// rules for it; DTrace for Linux dt_printf.c (dt_print_type).
import { expect, it } from 'vitest'
import { printByPointer } from '../../src/dtrace/print/print-by-pointer.js'
import { printByValue } from '../../src/dtrace/print/print-by-value.js'
import type { TypedValue } from '../../src/dtrace/program/record.js'
import {
  arrayOf,
  CHAR,
  type DType,
  INT,
  integerType,
  type Member,
  pointerTo,
  RecordDType,
  STRING,
  UINT64,
  VOID,
} from '../../src/dtrace/program/types.js'

const memory = (...bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes)

function record(tag: string, bytes: number, members: readonly Member[], align = 8): RecordDType {
  const type = new RecordDType('struct', tag)
  type.complete({ members, bytes, align })
  return type
}

const member = (name: string, type: DType, offset: number, more: Partial<Member> = {}): Member => ({
  name,
  type,
  offset,
  ...more,
})

const STATE: DType = {
  kind: 'int',
  name: 'enum state',
  bytes: 4,
  signed: true,
  enumerators: new Map([
    ['IDLE', 0n],
    ['RUNNING', 1n],
  ]),
}

it.each([
  [{ type: CHAR, value: 97n }, "char 'a'"],
  [{ type: CHAR, value: 4n }, "char '\\004'"],
  [{ type: CHAR, value: 0n }, "char '\\0'"],
  [{ type: CHAR, value: -1n }, "char '\\37777777777'"],
  [{ type: integerType('uint8_t', 1, false), value: 97n }, 'uint8_t 0x61'],
  [{ type: INT, value: -1n }, 'int 0xffffffff'],
  [{ type: integerType('short', 2, true), value: 0n }, 'short 0'],
  [{ type: pointerTo(VOID), value: 0x1234n }, 'void * 0x1234'],
  [{ type: STRING, value: 'web1' }, 'string "web1"'],
  [{ type: STRING, value: '' }, 'string ""'],
  [{ type: STATE, value: 1n }, 'enum state RUNNING'],
  [{ type: STATE, value: 7n }, 'enum state 7'],
  [{ type: arrayOf(INT, 2), value: memory(1, 0, 0, 0, 2, 0, 0, 0) }, 'int [2] [ 0x1, 0x2 ]'],
  [{ type: arrayOf(CHAR, 4), value: memory(97, 98, 0, 9) }, 'char [4] "ab"'],
  [{ type: arrayOf(CHAR, 2), value: memory(97, 98) }, "char [2] [ 'a', 'b' ]"],
  [{ type: arrayOf(arrayOf(CHAR, 2), 2), value: memory(97, 0, 98, 0) }, 'char [2][2] [ "a", "b" ]'],
] satisfies [TypedValue, string][])('illumos: %o is %s', (value, text) => {
  expect(printByValue(value)).toBe(`${text}\n`)
})

it('illumos: text that does not print is an array of all its bytes', () => {
  expect(printByValue({ type: STRING, value: 'a\n' }, 4)).toBe(
    "string [ 'a', '\\012', '\\0', '\\0' ]\n",
  )
})

const FLAGS = record('', 4, [
  member('hvm', INT, 0, { bits: { shift: 0, width: 4 } }),
  member('paused', INT, 0, { bits: { shift: 4, width: 7 } }),
])
const DOMAIN = record('domain', 32, [
  member('id', INT, 0),
  member('name', arrayOf(CHAR, 4), 4),
  member('flags', FLAGS, 8),
  member('next', pointerTo(VOID), 16),
  member('state', STATE, 24),
])

function domain(fields: {
  id?: number
  flags?: number
  next?: number
  state?: number
}): Uint8Array {
  const bytes = new Uint8Array(32)
  const view = new DataView(bytes.buffer)
  view.setInt32(0, fields.id ?? 0, true)
  bytes.set([119, 49, 0, 0], 4)
  view.setUint32(8, fields.flags ?? 0, true)
  view.setUint32(16, fields.next ?? 0, true)
  view.setInt32(24, fields.state ?? 0, true)
  return bytes
}

it('illumos: a structure has a line a member, and no newline after its last brace', () => {
  const value = domain({ id: 3, flags: 0x51, next: 7, state: 1 })
  expect(printByValue({ type: DOMAIN, value })).toBe(
    `struct domain {
    int id = 0x3
    char [4] name = [ "w1" ]
    struct flags = {
        int hvm :4 = 0x1
        int paused :7 = 0x5
    }
    void *next = 0x7
    enum state state = RUNNING
}`,
  )
})

it('illumos: structures in an array stand a level further in', () => {
  const point = record('point', 4, [member('x', INT, 0)])
  const value = memory(5, 0, 0, 0, 6, 0, 0, 0)
  expect(printByValue({ type: arrayOf(point, 2), value })).toBe(
    `struct point [2] [ 
    struct point {
        int x = 0x5
    }, 
    struct point {
        int x = 0x6
    }
]
`,
  )
})

it('illumos: floating-point members have a sign and an exponent', () => {
  const double = record('load', 8, [
    member('average', { kind: 'float', name: 'double', bytes: 8 }, 0),
  ])
  const value = new Uint8Array(Float64Array.of(-1.5).buffer)
  expect(printByValue({ type: double, value })).toContain('double average = -1.5000000e+00\n')
})

const pad = ' '.repeat(44)

it('Linux: an address, then what is not zero there', () => {
  const text = printByPointer({ type: DOMAIN, value: domain({ id: 3, next: 16 }) }, 0xff00n, 99)
  expect(text).toBe(
    `0xff00 = *
${pad}(struct domain) {
${pad} .id = (int)3,
${pad} .name = (char [4]) [
${pad}  (char)'w',
${pad}  (char)'1',
${pad} ],
${pad} .next = (void *)0x10,
${pad}}
`,
  )
})

it('Linux: records in records close with a comma', () => {
  const text = printByPointer({ type: DOMAIN, value: domain({ flags: 0x10, state: 1 }) }, 1n, 99)
  expect(text).toContain(
    `${pad} .flags = (struct) {
${pad}  .paused = (int)1,
${pad} },
${pad} .state = (enum state)RUNNING,
${pad}}
`,
  )
})

it('Linux: dots stand where printsize bytes are over, before what is open closes', () => {
  const inner = record('', 16, [member('low', UINT64, 0), member('high', UINT64, 8)])
  const outer = record('outer', 24, [member('in', inner, 0), member('last', UINT64, 16)])
  const value = memory(...Array.from({ length: 24 }, (_, i) => (i % 8 === 0 ? 9 : 0)))
  expect(printByPointer({ type: outer, value }, 1n, 16)).toBe(
    `0x1 = *
${pad}(struct outer) {
${pad} .in = (struct) {
${pad}  .low = (uint64_t)9,
${pad}  .high = (uint64_t)9,
${pad} ...
${pad} },
${pad}}
`,
  )
})

it('Linux: what is no structure is one line', () => {
  expect(printByPointer({ type: INT, value: -5n }, 1n, 99)).toBe(`0x1 = *\n${pad}(int)-5,\n`)
  const empty = record('none', 8, [member('x', UINT64, 0)])
  expect(printByPointer({ type: empty, value: new Uint8Array(8) }, 1n, 99)).toBe(
    `0x1 = *\n${pad}(struct none) {\n${pad}}\n`,
  )
})
