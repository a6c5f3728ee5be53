// The integer types D knows by name, and the rule that picks one of two: shared by the D compiler,
// the query builder and toD(), so that all three agree on the type of every expression.
//
//   typeNamed('uint_t')        -> unsigned, 4 bytes, an alias of `unsigned`
//   promote(uint_t, int64_t)   -> int64_t
//
// Holds: data model LP64. Source: the D language guide, "Types"; libdtrace dt_open.c (intrinsics
// and typedefs in order of definition) and dt_parser.c (dt_type_promote).
import { assert } from '../../base/assert.js'
import type { OptionDialect } from './options.js'
import {
  type DType,
  INT,
  type IntegerDType,
  integerType,
  pointerTo,
  RecordDType,
  STRING,
  VOID,
} from './types.js'

export type IntegerType = IntegerDType

/** Base types in the order DTrace defines them: between two of equal rank the later one wins. */
const BASES: readonly (readonly [name: string, bytes: 1 | 2 | 4 | 8, signed: boolean])[] = [
  ['signed', 4, true],
  ['unsigned', 4, false],
  ['char', 1, true],
  ['short', 2, true],
  ['int', 4, true],
  ['long', 8, true],
  ['long long', 8, true],
  ['signed char', 1, true],
  ['signed short', 2, true],
  ['signed int', 4, true],
  ['signed long', 8, true],
  ['signed long long', 8, true],
  ['unsigned char', 1, false],
  ['unsigned short', 2, false],
  ['unsigned int', 4, false],
  ['unsigned long', 8, false],
  ['unsigned long long', 8, false],
  ['_Bool', 1, false],
]

/** Names that stand for a base type: DTrace's own, those of Solaris, of Linux and of the Xen
 *  interface. */
const ALIASES: readonly (readonly [base: string, names: string])[] = [
  ['signed char', 'int8_t __s8'],
  ['short', 'int16_t __s16'],
  ['int', 'int32_t id_t pid_t processorid_t psetid_t zoneid_t projid_t taskid_t poolid_t'],
  ['int', 'daddr32_t clockid_t boolean_t __s32'],
  ['long', 'int64_t intptr_t ssize_t ptrdiff_t time_t clock_t off_t daddr_t'],
  ['unsigned char', 'uint8_t uchar_t __u8'],
  ['unsigned short', 'uint16_t ushort_t ushort domid_t __u16'],
  [
    'unsigned',
    'uint32_t uint_t uint uid_t gid_t mode_t evtchn_port_t grant_ref_t minor_t major_t ipaddr_t',
  ],
  ['unsigned', '__u32'],
  ['unsigned long', 'uint64_t ulong_t ulong uintptr_t size_t dev_t ino_t cpumask_t pfn_t mfn_t'],
  ['unsigned long', 'xen_pfn_t xen_ulong_t caddr_t'],
  ['long long', 'longlong_t hrtime_t offset_t __s64'],
  ['unsigned long long', 'u_longlong_t __u64'],
  ['_Bool', 'bool'],
]

interface NamedType {
  readonly type: IntegerType
  readonly base: string
  readonly order: number
}

const NAMED: ReadonlyMap<string, NamedType> = nameTypes()

function nameTypes(): ReadonlyMap<string, NamedType> {
  const named = new Map<string, NamedType>()
  for (const [order, [base, bytes, signed]] of BASES.entries())
    named.set(base, { type: integerType(base, bytes, signed), base, order })
  for (const [base, names] of ALIASES) {
    const of = named.get(base)
    if (of === undefined) continue
    const { bytes, signed } = of.type
    for (const name of names.split(' '))
      named.set(name, { ...of, type: integerType(name, bytes, signed) })
  }
  return named
}

/** The type a name stands for: `string`, `void`, an integer type, a structure, a pointer to any of
 *  these or to a type of which only the name is known. Undefined for a name D does not know. */
export function typeNamed(name: string): DType | undefined {
  const plain = name
    .replace(/\bconst\b|\bvolatile\b/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  if (plain === 'string') return STRING
  if (plain === 'void') return VOID
  if (plain.endsWith('*')) {
    const to = plain.slice(0, -1).trim()
    return pointerTo(typeNamed(to) ?? opaque('struct', '', to))
  }
  return NAMED.get(plain)?.type ?? recordNamed(plain)
}

const RECORDS = new Map<string, RecordDType>()

/** `struct x` where nothing says what is in it. */
function recordNamed(name: string): RecordDType | undefined {
  const [, what, tag] = /^(struct|union) (\w+)$/.exec(name) ?? []
  if (what === undefined || tag === undefined) return undefined
  return opaque(what === 'struct' ? 'struct' : 'union', tag, name)
}

/** A type that nothing is known of but its name: one for each name. */
function opaque(what: 'struct' | 'union', tag: string, name: string): RecordDType {
  const record = RECORDS.get(name) ?? new RecordDType(what, tag, name)
  RECORDS.set(name, record)
  return record
}

/** The integer type of a name that D is known to have. */
export function integerNamed(name: string): IntegerType {
  const type = typeNamed(name)
  assert(type?.kind === 'int', `no integer type is called ${name}`)
  return type
}

/** Whether a single word names a type (`uint_t`, not `unsigned int`). */
export function isTypeWord(word: string): boolean {
  return NAMED.has(word)
}

/** The base type under an alias: `long` for `int64_t`. A name D does not know is its own base. */
export function baseName(type: IntegerType): string {
  const name = type.base ?? type.name
  return NAMED.get(name)?.base ?? name
}

/** The type of an operator's result. Small types are not widened to int first: the one
 *  with more bits wins, unsigned before signed; of two equal ones that which DTrace defines
 *  later. */
export function promote(left: IntegerType, right: IntegerType): IntegerType {
  const [l, r] = [plainInteger(left), plainInteger(right)]
  const difference = rank(l) - rank(r)
  if (difference !== 0) return difference > 0 ? l : r
  return order(l) < order(r) ? r : l
}

/** An enumerator counts as an int. */
function plainInteger(type: IntegerType): IntegerType {
  return type.enumerators === undefined ? type : INT
}

/** Whether both are the same type down to the name. */
export function sameType(a: DType, b: DType): boolean {
  return a.name === b.name && sameRegister(a, b)
}

/** Whether a value of one is a value of the other as it stands: same size and sign. */
function sameRegister(a: DType, b: DType): boolean {
  if (a.kind === 'record' && b.kind === 'record') return a.is(b)
  if (a.kind !== 'int' || b.kind !== 'int') return a.kind === b.kind
  return a.bytes === b.bytes && a.signed === b.signed
}

/** The types that a cast cuts the register to, one after the other. Linux cuts when it narrows or
 *  changes the sign; illumos also takes a wider value for no more than its type holds, but leaves
 *  it alone when nothing but the sign changes. */
export function cutsOfCast(
  from: IntegerType,
  to: IntegerType,
  dialect: OptionDialect,
): readonly IntegerType[] {
  const isWider = to.bytes > from.bytes
  if (dialect === 'illumos') {
    if (isWider) return from.signed ? [from, ...(to.signed || to.bytes === 8 ? [] : [to])] : []
    return to.bytes === from.bytes && to.signed !== from.signed ? [] : [to]
  }
  if (to.bytes === 8 || (to.bytes === from.bytes && to.signed === from.signed)) return []
  return isWider && (to.signed || !from.signed) ? [] : [to]
}

/** The 64-bit register that `value` leaves, read in the sign of `type`. */
export function register(value: bigint, { signed }: { readonly signed: boolean }): bigint {
  return signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value)
}

const rank = (t: IntegerType): number => t.bytes * 8 + (t.signed ? 0 : 1)
const order = (t: IntegerType): number => NAMED.get(t.base ?? t.name)?.order ?? -1
