// Where members lie. Expected values: libctf's ctf_add_member(): a member begins where the last
// one ended, rounded up to its alignment; a structure ends with its last member and is aligned as
// its first; a bit-field of n bits is an integer of the fewest bytes that hold it and begins on a
// byte of its own.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { layRecord, sizeOf } from '../../src/dtrace/program/layout.js'
import { type DType, INT, integerType } from '../../src/dtrace/program/types.js'
import { programOf } from './tree.js'

function constantsOf(declared: string, ...texts: readonly string[]): readonly bigint[] {
  const traces = texts.map((text) => `trace(${text});`).join(' ')
  const statements = programOf(`${declared} BEGIN { ${traces} }`, 'script').clauses[0]?.statements
  return (statements ?? []).map((s) => {
    if (s.kind !== 'trace' || s.value.kind !== 'int') throw new Error('no constant')
    return s.value.value
  })
}

it.each<[string, bigint]>([
  ['char', 1n],
  ['short', 2n],
  ['int', 4n],
  ['long', 8n],
  ['long long', 8n],
  ['_Bool', 1n],
  ['float', 4n],
  ['double', 8n],
  ['long double', 16n],
  ['char *', 8n],
  ['int (*)(int, char *)', 8n],
  ['int [10]', 40n],
  ['int [3][5]', 60n],
  ['int *[3]', 24n],
  ['int (*)[3]', 8n],
  ['string', 256n],
  ['struct { char c; int i; }', 8n],
  ['struct { int i; char c; }', 5n],
  ['union { char c; int i; short s; }', 4n],
  ['enum { A, B }', 4n],
])('sizeof (%s) is %s', (type, size) => expect(constantsOf('', `sizeof (${type})`)).toEqual([size]))

it.each<[string, string, readonly bigint[], bigint]>([
  ['char a; short b; char c; long d;', 'a b c d', [0n, 2n, 4n, 8n], 16n],
  ['char a[3]; int b; string c; int *d;', 'a b c d', [0n, 4n, 8n, 264n], 272n],
  ['int a; struct { char x; long y; } b; int c;', 'a b c', [0n, 4n, 20n], 24n],
  ['char a; union { char x; long y; } b;', 'a b', [0n, 8n], 16n],
  ['struct { int x; } a[3]; char b;', 'a b', [0n, 12n], 13n],
])('struct { %s }', (members, names, offsets, size) => {
  const texts = names.split(' ').map((name) => `offsetof(struct s, ${name})`)
  const found = constantsOf(`struct s { ${members} };`, ...texts, 'sizeof (struct s)')
  expect(found).toEqual([...offsets, size])
})

it.each<[string, bigint]>([
  ['int a : 1;', 1n],
  ['int a : 1; int b : 3;', 2n],
  ['int a : 12; int b : 10; int c : 3;', 5n],
  ['int a : 20; int b : 3; int c : 12;', 6n],
  ['long a : 32; long long b : 9; int c : 1;', 7n],
  ['char a : 2; short b : 12; long c : 32;', 8n],
  ['int a : 30; int b : 30; int c : 32;', 12n],
  ['char a; int : 0; char b;', 2n],
])('bit-fields %s take %s bytes', (members, size) => {
  expect(constantsOf(`struct s { ${members} };`, 'sizeof (struct s)')).toEqual([size])
})

it('members of nameless structures and unions are found in the whole', () => {
  const declared = 'struct s { int a; struct { char b; short c; }; union { int d; char e[4]; }; };'
  const offsets = [...'abcde'].map((name) => `offsetof(struct s, ${name})`)
  expect(constantsOf(declared, ...offsets)).toEqual([0n, 4n, 6n, 8n, 8n])
})

const member = fc.record({
  type: fc.constantFrom<DType>(
    INT,
    integerType('char', 1, true),
    integerType('short', 2, true),
    integerType('long', 8, false),
  ),
  width: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
})

it('members are aligned, in order, and lie within the whole', () => {
  fc.assert(
    fc.property(fc.array(member, { minLength: 1, maxLength: 9 }), (list) => {
      const fields = list.map(({ type, width }, i) => ({
        name: `m${i}`,
        type,
        ...(width === undefined ? {} : { width }),
      }))
      const { members, bytes } = layRecord('struct', fields)
      let end = 0
      for (const { type, offset } of members) {
        expect(offset % sizeOf(type)).toBe(0)
        expect(offset).toBeGreaterThanOrEqual(end)
        end = offset + sizeOf(type)
      }
      expect(bytes).toBe(end)
      const union = layRecord('union', fields)
      expect(union.members.every((m) => m.offset === 0)).toBe(true)
      expect(union.bytes).toBe(Math.max(...members.map((m) => sizeOf(m.type))))
    }),
  )
})
