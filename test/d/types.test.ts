// Types of expressions. Expected values: the D language guide's "Types" and DTrace's rank rule:
// more bits win, unsigned before signed, and of equals the type that is defined later; nothing is
// widened to int first. Constants are folded in 64 bits (libdtrace dt_parser.c, dt_node_op1 and
// dt_node_op2), a shift to the right as unsigned.
import { expect, it } from 'vitest'
import { programOf, tagsOf, traced } from './tree.js'

const DECLARED = `
  char c; unsigned char uc; short s; uint16_t u16; int i; unsigned int ui; long l; unsigned long ul;
  long long ll; int64_t i64; uint64_t u64; int32_t i32; uint_t ut; string str; ulong_t *p;
  BEGIN`
const typeOf = (text: string): string => {
  const source = `${DECLARED} { trace(${text}); }`
  const statement = programOf(source, 'script').clauses[0]?.statements[0]
  return statement?.kind === 'trace' ? statement.value.type.name : ''
}
const constantOf = (text: string): bigint | string | undefined => {
  const expr = traced(`BEGIN { trace(${text}); }`)
  return expr.kind === 'int' || expr.kind === 'string' ? expr.value : undefined
}

it.each([
  ['c + c', 'char'],
  ['c + uc', 'unsigned char'],
  ['uc + s', 'short'],
  ['s * u16', 'uint16_t'],
  ['c + 1', 'int'],
  ['i | ui', 'unsigned int'],
  ['ui - l', 'long'],
  ['l + ul', 'unsigned long'],
  ['l + ll', 'long long'],
  ['ll + l', 'long long'],
  ['i64 + i', 'int64_t'],
  ['i + i32', 'int'],
  ['i32 + i', 'int32_t'],
  ['ut + ui', 'unsigned int'],
  ['u64 % i64', 'uint64_t'],
  ['c << ul', 'char'],
  ['ul >> c', 'unsigned long'],
  ['-c', 'char'],
  ['~u16', 'uint16_t'],
  ['!u64', 'int'],
  ['u64 < i', 'int'],
  ['u64 && l', 'int'],
  ['c ? s : ul', 'unsigned long'],
  ['c ? str : "x"', 'string'],
  ['(c, str)', 'string'],
  ['sizeof (c)', 'size_t'],
  ['strlen(str)', 'size_t'],
  ['timestamp', 'uint64_t'],
  ['arg3', 'int64_t'],
  ['i = l', 'int'],
  ['c++', 'char'],
  ['p', 'ulong_t *'],
])('%s is of type %s', (text, type) => expect(typeOf(text)).toBe(type))

it.each([
  ['2147483647', 'int'],
  ['2147483648', 'long'],
  ['0x7fffffff', 'int'],
  ['0x80000000', 'unsigned int'],
  ['037777777777', 'unsigned int'],
  ['0x100000000', 'long'],
  ['1u', 'unsigned int'],
  ['4294967296u', 'unsigned long'],
  ['1l', 'long'],
  ['1UL', 'unsigned long'],
  ['1ll', 'long long'],
  ['1ull', 'unsigned long long'],
  ['0xffffffffffffffff', 'unsigned long'],
  ['18446744073709551615u', 'unsigned long'],
  ["'a'", 'int'],
])('the constant %s is of type %s', (text, type) => expect(typeOf(text)).toBe(type))

it.each<[string, bigint | string]>([
  ['0x10', 16n],
  ['010', 8n],
  ["'a'", 97n],
  ["'ab'", 0x6162n],
  ["'abcdefgh'", 0x6162636465666768n],
  ["'\\n'", 10n],
  ["'\\x41'", 65n],
  ["'\\101'", 65n],
  ['"a\\tb\\\\\\""', 'a\tb\\"'],
  ['"\\q"', '\\q'],
  ['1 + 2 * 3', 7n],
  ['7 / -2', -3n],
  ['-7 % 3', -1n],
  ['-1 >> 1', (1n << 63n) - 1n],
  ['0xffffffff >> 4', 0xfffffffn],
  ['1 << 31', 1n << 31n],
  ['0x7fffffff + 1', 1n << 31n],
  ['(int)(0x7fffffff + 1)', 1n << 31n],
  ['(long)(0x7fffffff + 1)', 1n << 31n],
  ['(uint32_t)(0x7fffffff + 1)', 1n << 31n],
  ['(short)(0x7fffffff + 1)', 0n],
  ['(uint32_t)(int8_t)-1', (1n << 32n) - 1n],
  ['1u - 2u', (1n << 64n) - 1n],
  ['1u - 2u > 4294967295', 0n],
  ['1u - 2u > 4294967295u', 1n],
  ['1ll << 40', 1n << 40n],
  ['-1 < 1u', 0n],
  ['-1 == 0xffffffff', 0n],
  ['-1ll < 1u', 1n],
  ['(unsigned char)300', 44n],
  ['(char)200', -56n],
  ['(uint64_t)-1', (1n << 64n) - 1n],
  ['~0u', (1n << 64n) - 1n],
  ['-1u', 0xffffffffn],
  ['!0', 1n],
  ['1 ^^ 2', 0n],
  ['sizeof (uint16_t)', 2n],
  ['sizeof (string)', 256n],
  ['sizeof (void *)', 8n],
])('%s is %s', (text, value) => expect(constantOf(text)).toBe(value))

it.each([
  ['18446744073709551615', 'D_INT_OFLOW'],
  ['i + undefined', 'D_IDENT_UNDEF'],
  ['str * 2', 'D_OP_ARITH'],
  ['str & 2', 'D_OP_INT'],
  ['~str', 'D_OP_INT'],
  ['-str', 'D_OP_ARITH'],
  ['str && 1', 'D_OP_SCALAR'],
  ['str == 1', 'D_OP_INCOMPAT'],
  ['1 ? str : 2', 'D_OP_INCOMPAT'],
  ['(int)str', 'D_CAST_INVAL'],
  ['(float)1', 'D_CAST_INVAL'],
  ['i->x', 'D_OP_PTR'],
  ['i.x', 'D_OP_SOU'],
  ['self', 'D_IDENT_BADREF'],
  ['strlen', 'D_IDENT_BADREF'],
  ['i()', 'D_FUNC_IDKIND'],
  ['(i)(1)', 'D_FUNC_IDENT'],
  ['1 ? clear(1) : 2', 'D_OP_ACT'],
  ['*(int)0', 'D_DEREF_NONPTR'],
  ['`hz', 'D_IDENT_UNDEF'],
])('trace(%s) is refused with %s', (text, tag) => {
  const source = `BEGIN { i = 1; str = "a"; } END { trace(${text}); }`
  expect(tagsOf(source)[0]).toBe(tag)
  expect(tagsOf(source)).toHaveLength(1)
})
