// Msr: one model-specific register: its number, its name, whose it is, and what its bits mean.
//
//   0x179  IA32_MCG_CAP  one a thread  [7:0] Count  [8] MCG_CTL_P  [10] MCG_CMCI_P  ...
//
// Holds: fields of one register do not overlap; bits that no field covers are reserved.
import type { Brand } from '../../base/brand.js'

/** The number by which rdmsr and wrmsr name a register. */
export type MsrAddress = Brand<number, 'MsrAddress'>

/** How many of them there are: one for each thread, core, package or node; one for each bank,
 *  which belongs to any of these. */
export type MsrScope = 'thread' | 'core' | 'package' | 'bank' | 'node'

/** Whose manuals describe it. */
export type MsrVendor = 'intel' | 'amd' | 'both'

/** What software may do. A write to a `ro` register is a general protection fault, as is a read
 *  of a `wo` one. `rw0`: only 0 may be written, which clears it. */
export type MsrAccess = 'ro' | 'rw' | 'rw0' | 'wo'

/** Some bits with one meaning. */
export interface MsrField {
  readonly name: string
  readonly high: number
  readonly low: number
  readonly doc: string
  /** Of a number: what it counts, and what one of it is worth. */
  readonly unit?: string
  readonly scale?: number
  /** A number below zero is meant: two's complement. */
  readonly signed?: boolean
  /** Set by hardware until software writes a 0. */
  readonly sticky?: boolean
  /** Numbers that have a name. */
  readonly values?: Readonly<Record<number, string>>
}

/** One register. */
export interface MsrDefinition {
  readonly address: MsrAddress
  readonly name: string
  readonly scope: MsrScope
  readonly vendor: MsrVendor
  readonly access: MsrAccess
  readonly doc: string
  readonly fields: readonly MsrField[]
}

/** What a row of a table may add. */
type FieldMore = Pick<MsrField, 'unit' | 'scale' | 'signed' | 'sticky' | 'values'>

/** A row of a table of fields: its bits as the manuals write them, `7:0` or `63`. */
export type FieldRow = readonly [bits: string, name: string, doc: string, more?: FieldMore]

/** What a register is, besides its fields. */
type Place = readonly [
  address: number,
  name: string,
  scope: MsrScope,
  access?: MsrAccess,
  vendor?: MsrVendor,
]

/** Makes a register of rows. */
export function msr(place: Place, doc: string, rows: readonly FieldRow[]): MsrDefinition {
  const [address, name, scope, access = 'rw', vendor = 'intel'] = place
  return {
    address: address as MsrAddress,
    name,
    scope,
    vendor,
    access,
    doc,
    fields: rows.map(field),
  }
}

function field([bits, name, doc, more]: FieldRow): MsrField {
  const [high = 0, low = high] = bits.split(':').map(Number)
  return { name, high, low, doc, ...more }
}

/** `count` registers of one kind, each made of its place in the row. */
export function family(
  count: number,
  make: (n: number) => MsrDefinition,
): readonly MsrDefinition[] {
  return Array.from({ length: count }, (_, n) => make(n))
}

/** The value of a field in a register's value, as an unsigned number. */
export function fieldBits(value: bigint, { high, low }: MsrField): bigint {
  return BigInt.asUintN(high - low + 1, value >> BigInt(low))
}
