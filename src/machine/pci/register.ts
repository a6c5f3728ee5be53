// Register: one row of the configuration space table: what decodes a register is what explains it,
// prints it and says what a write does to it.
//
//   DevSta  0x0a  2 bytes  CorrErr [0] rw1c  NonFatalErr [1] rw1c ...
//
// Holds: fields of one register do not overlap; what no field covers is reserved: it reads as it
// is and no write changes it. Field names are those lspci prints.
import { assert } from '../../base/assert.js'
import { putConfig, readConfig } from './config-space.js'

/** What software may do. `ro` only hardware sets it; `rw` software sets it; `rw1c` hardware sets
 *  it and writing a one clears it. With `s` at the end it is sticky: a reset does not change it. */
export type Access = 'ro' | 'rw' | 'rw1c' | 'ros' | 'rws' | 'rw1cs'

/** Some bits of a register with one meaning. */
export interface PciField {
  readonly name: string
  /** Lowest bit. */
  readonly low: number
  /** How many bits. */
  readonly bits: number
  readonly access: Access
  readonly doc: string
}

/** One register; `offset` is from the start of its capability, or of configuration space. */
export interface PciRegister {
  readonly name: string
  readonly offset: number
  readonly bytes: 1 | 2 | 4
  readonly doc: string
  readonly fields: readonly PciField[]
}

/** A row of a table of fields. */
export type FieldRow = readonly [
  name: string,
  low: number,
  bits: number,
  access: Access,
  doc: string,
]

/** Makes a register of rows. */
export function register(
  place: readonly [name: string, offset: number, bytes: 1 | 2 | 4],
  doc: string,
  rows: readonly FieldRow[],
): PciRegister {
  const [name, offset, bytes] = place
  const fields = rows.map(([name, low, bits, access, doc]) => ({ name, low, bits, access, doc }))
  return { name, offset, bytes, doc, fields }
}

/** A register without fields of its own: one number. */
export function plain(
  place: readonly [name: string, offset: number, bytes: 1 | 2 | 4],
  access: Access,
  doc: string,
): PciRegister {
  return register(place, doc, [[place[0], 0, 8 * place[2], access, doc]])
}

/** One register of one function, read. */
export interface RegisterValue {
  readonly register: PciRegister
  readonly raw: number
}

/** Reads a register whose capability begins at `base`; 0 where the bytes are not to be had: ask
 *  for what is there. */
export function readRegister(
  bytes: Uint8Array,
  base: number,
  register: PciRegister,
): RegisterValue {
  const raw = readConfig(bytes, base + register.offset, register.bytes) ?? 0
  return { register, raw }
}

/** The value of one field. */
export function fieldOf({ register, raw }: RegisterValue, name: string): number {
  const { low, bits } = fieldNamed(register, name)
  return bits === 32 ? raw : (raw >>> low) & (2 ** bits - 1)
}

/** Sets one field as the hardware does. */
export function putField(
  bytes: Uint8Array,
  at: { readonly base: number; readonly register: PciRegister },
  name: string,
  value: number,
): void {
  const { raw } = readRegister(bytes, at.base, at.register)
  const mask = maskOf(fieldNamed(at.register, name))
  const shifted = (value << fieldNamed(at.register, name).low) & mask
  putConfig(bytes, at.base + at.register.offset, at.register.bytes, (raw & ~mask) | shifted)
}

/** The bits of a field in its register. */
export function maskOf({ low, bits }: PciField): number {
  return bits === 32 ? 0xffff_ffff : ((2 ** bits - 1) << low) >>> 0
}

function fieldNamed(register: PciRegister, name: string): PciField {
  const field = register.fields.find((f) => f.name === name)
  assert(field !== undefined, `register ${register.name} has no field ${name}`)
  return field
}
