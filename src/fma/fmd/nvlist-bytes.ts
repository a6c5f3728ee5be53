// Nvlist bytes: an nvlist as bytes, and back, with the type of each member.
//
//   count, then each:  name  type  value
//
// Holds: reading gives what was written: types, order, lists in lists. Bytes that are none throw
// RangeError, and no number of them makes the reader use more memory than they have bytes.

import type { NvList, NvValue } from '../event/nvlist.js'
import type { ByteReader, ByteWriter } from './byte-writer.js'

type Kind = NvValue['kind']

/** A type's number is its place: add at the end only. */
const KINDS: readonly Kind[] = [
  'flag',
  'boolean',
  'byte',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'hrtime',
  'double',
  'string',
  'nvlist',
  'boolean[]',
  'byte[]',
  'int8[]',
  'uint8[]',
  'int16[]',
  'uint16[]',
  'int32[]',
  'uint32[]',
  'int64[]',
  'uint64[]',
  'string[]',
  'nvlist[]',
]

const NUMBERS: ReadonlyMap<Kind, number> = new Map(KINDS.map((kind, i) => [kind, i]))

/** Lists in lists, at most. */
const DEEPEST = 64

/** How one value of a type is written and read. */
interface Codec {
  write(to: ByteWriter, value: never): void
  read(from: ByteReader, depth: number): unknown
}

const codec = <T>(
  write: (to: ByteWriter, value: T) => void,
  read: (from: ByteReader, depth: number) => T,
): Codec => ({ write, read })

const small = codec<number>(
  (to, value) => to.count(value < 0 ? -2 * value - 1 : 2 * value),
  (from) => {
    const value = from.count()
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2
  },
)
const signed = codec<bigint>(
  (to, value) => to.word(value),
  (from) => BigInt.asIntN(64, from.word()),
)

const CODECS: Readonly<Record<string, Codec>> = {
  boolean: codec<boolean>(
    (to, value) => to.byte(value ? 1 : 0),
    (from) => from.byte() === 1,
  ),
  byte: small,
  int8: small,
  uint8: small,
  int16: small,
  uint16: small,
  int32: small,
  uint32: small,
  int64: signed,
  hrtime: signed,
  uint64: codec<bigint>(
    (to, value) => to.word(value),
    (from) => from.word(),
  ),
  double: codec<number>(
    (to, value) => to.double(value),
    (from) => from.double(),
  ),
  string: codec<string>(
    (to, value) => to.string(value),
    (from) => from.string(),
  ),
  nvlist: codec<NvList>(writeNvlist, (from, depth) => readNvlist(from, depth + 1)),
}

/** Writes an nvlist. */
export function writeNvlist(to: ByteWriter, list: NvList): void {
  to.count(list.size)
  for (const [name, member] of list) {
    to.string(name)
    to.byte(NUMBERS.get(member.kind) as number)
    if (member.kind !== 'flag') writeValue(to, member.kind, member.value)
  }
}

function writeValue(to: ByteWriter, kind: Kind, value: unknown): void {
  if (!Array.isArray(value)) {
    CODECS[kind]?.write(to, value as never)
    return
  }
  const { write } = CODECS[kind.slice(0, -2)] as Codec
  to.count(value.length)
  for (const one of value) write(to, one as never)
}

/** Reads an nvlist. Throws RangeError for bytes that are none. */
export function readNvlist(from: ByteReader, depth = 0): NvList {
  if (depth > DEEPEST) throw new RangeError('lists in lists without end')
  const list = new Map<string, NvValue>()
  for (let left = from.count(); left > 0; left--) {
    const name = from.string()
    const kind = KINDS[from.byte()]
    if (kind === undefined) throw new RangeError('a type that is none')
    list.set(name, readValue(from, kind, depth))
  }
  return list
}

function readValue(from: ByteReader, kind: Kind, depth: number): NvValue {
  if (kind === 'flag') return { kind }
  const one = CODECS[kind.endsWith('[]') ? kind.slice(0, -2) : kind] as Codec
  if (!kind.endsWith('[]')) return { kind, value: one.read(from, depth) } as NvValue
  const count = from.count()
  if (count > from.left) throw new RangeError('more elements than bytes')
  const value = Array.from({ length: count }, () => one.read(from, depth))
  return { kind, value } as NvValue
}
