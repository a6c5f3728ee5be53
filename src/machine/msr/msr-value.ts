// MsrValue: what is in a register, field by field, each with what it means.
//
//   decodeMsr('IA32_MCG_CAP', 0x1000c02n)  ->  Count 2 banks, MCG_CMCI_P 1, MCG_TES_P 1, ...
//   encodeMsr('IA32_MCG_CAP', { Count: 2 })  ->  2n
//
// Holds: encode with what decode found gives the value again, but for reserved bits, which are
// those of the value it starts from.
import { DISPLAY, type Displayable, type DisplayBundle } from '../../base/display.js'
import { XpvError } from '../../base/error.js'
import { nearest } from '../../base/nearest.js'
import { type Table, table } from '../../base/table.js'
import { mcaCode } from '../mca-code.js'
import { MCI_STATUS, type McgCapability, mciSeverity, severityMeaning } from '../mci-status.js'
import { MAX_BANKS, MC0_CTL, plainStatus } from './machine-check-registers.js'
import { fieldBits, type MsrDefinition, type MsrField } from './msr.js'
import type { MsrReference } from './msr-reference.js'
import { msrNamed } from './msr-table.js'

/** One field of one value. */
export interface MsrFieldValue {
  readonly field: MsrField
  /** `7:0`, or `63`. */
  readonly bits: string
  readonly raw: bigint
  /** As a person reads it: with its unit, its sign, or the name of the number. */
  readonly text: string
}

/** A register's value, explained. Shows itself as a table of its fields. */
export interface MsrValue extends Displayable {
  readonly msr: MsrDefinition
  readonly value: bigint
  readonly fields: readonly MsrFieldValue[]
  /** What the fields say together: of a bank's status, how bad it is and what happened. */
  readonly notes: readonly string[]
  toTable(): Table
}

/** Explains a value. What the processor can decides what a bank's status means: all, when absent.
 *  Throws `XpvError` `msr.unknown`. */
export function decodeMsr(
  reference: MsrReference,
  value: bigint,
  can?: Pick<McgCapability, 'cmci' | 'tes' | 'ser'>,
): MsrValue {
  const named = msrNamed(reference)
  const isPlain = can !== undefined && !can.cmci && !can.tes && !can.ser
  const msr = isPlain && isBankStatus(named) ? plainStatus(named) : named
  const unsigned = BigInt.asUintN(64, value)
  const fields = msr.fields.map((field) => fieldValue(field, unsigned))
  const notes = isBankStatus(msr) ? statusNotes(unsigned, can?.ser ?? true) : []
  const toTable = (): Table => fieldTable(msr, unsigned, fields)
  return {
    msr,
    value: unsigned,
    fields,
    notes,
    toTable,
    [DISPLAY]: () => display({ msr, value: unsigned, fields, notes }),
  }
}

/** The value in which fields have these numbers; all else is as in `start`. Throws `XpvError`
 *  `msr.unknown`, `msr.field` for a field it does not have or a number that does not fit. */
export function encodeMsr(
  reference: MsrReference,
  fields: Readonly<Record<string, number | bigint | boolean>>,
  start = 0n,
): bigint {
  const msr = msrNamed(reference)
  let value = BigInt.asUintN(64, start)
  for (const [name, given] of Object.entries(fields)) {
    value = withField(value, fieldNamed(msr, name), { msr, given: BigInt(given) })
  }
  return value
}

/** The field of a register somebody means. Throws `XpvError` `msr.field`, with the nearest. */
export function fieldNamed(msr: MsrDefinition, name: string): MsrField {
  const found = msr.fields.find((f) => f.name.toUpperCase() === name.toUpperCase())
  if (found !== undefined) return found
  const names = msr.fields.map((f) => f.name)
  throw new XpvError(
    'msr.field',
    `${msr.name} has no field ${name}`,
    nearest(name, names) ?? names.join(', '),
  )
}

function withField(
  value: bigint,
  field: MsrField,
  { msr, given }: { readonly msr: MsrDefinition; readonly given: bigint },
): bigint {
  const width = field.high - field.low + 1
  const held = field.signed === true ? BigInt.asIntN(width, given) : BigInt.asUintN(width, given)
  if (held !== given) {
    throw new XpvError(
      'msr.field',
      `${given} does not fit into ${field.name} of ${msr.name}`,
      `it has ${width} bit${width === 1 ? '' : 's'}`,
    )
  }
  const low = BigInt(field.low)
  const mask = BigInt.asUintN(width, -1n) << low
  return (value & ~mask) | (BigInt.asUintN(width, given) << low)
}

function fieldValue(field: MsrField, value: bigint): MsrFieldValue {
  const raw = fieldBits(value, field)
  const { high, low } = field
  return { field, bits: high === low ? `${high}` : `${high}:${low}`, raw, text: textOf(field, raw) }
}

function textOf(field: MsrField, raw: bigint): string {
  const named = field.values?.[Number(raw)]
  if (named !== undefined) return named
  if (field.high === field.low) return raw === 1n ? 'yes' : 'no'
  if (field.unit === undefined) return raw < 10n ? `${raw}` : `0x${raw.toString(16)}`
  const number = field.signed === true ? BigInt.asIntN(field.high - field.low + 1, raw) : raw
  if (field.unit === 'bytes' && field.scale !== undefined) {
    return `0x${(number * BigInt(field.scale)).toString(16)}`
  }
  const scaled = field.scale === undefined ? number : Number(number) * field.scale
  const text = typeof scaled === 'number' ? String(Number(scaled.toFixed(4))) : String(scaled)
  return `${text} ${text === '1' ? oneOf(field.unit) : field.unit}`
}

/** The unit of one: `error` of `errors`, `degree Celsius`; a symbol stays. */
const oneOf = (unit: string): string => unit.replace(/^([a-z]+)s\b/, '$1')

function isBankStatus(msr: MsrDefinition): boolean {
  const place = msr.address - MC0_CTL
  return place >= 0 && place < 4 * MAX_BANKS && place % 4 === 1
}

function statusNotes(status: bigint, ser: boolean): readonly string[] {
  if ((status & MCI_STATUS.VAL) === 0n) return ['the bank is empty']
  const { leafClass, compoundName } = mcaCode(Number(status & 0xffffn))
  const code = `0x${(status & 0xffffn).toString(16).padStart(4, '0')}`
  const what = compoundName === undefined ? leafClass : `${leafClass}, ${compoundName}`
  return [severityMeaning(mciSeverity(status, ser)), `code ${code}: ${what}`]
}

function fieldTable(msr: MsrDefinition, value: bigint, fields: readonly MsrFieldValue[]): Table {
  const rows = fields.map((f) => [f.bits, f.field.name, f.raw, f.text, f.field.doc])
  const columns = [
    { name: 'bits', align: 'right' as const },
    'field',
    { name: 'raw', align: 'right' as const },
    'value',
    'meaning',
  ]
  return { ...table(columns, rows), title: `${msr.name} = ${hex64(value)}` }
}

function display(of: {
  readonly msr: MsrDefinition
  readonly value: bigint
  readonly fields: readonly MsrFieldValue[]
  readonly notes: readonly string[]
}): DisplayBundle {
  const { msr, value, fields, notes } = of
  const bits = width(fields.map((f) => f.bits))
  const name = width(fields.map((f) => f.field.name))
  const text = width(fields.map((f) => f.text))
  const lines = fields.map((f) =>
    [f.bits.padStart(bits), f.field.name.padEnd(name), f.text.padEnd(text), f.field.doc].join('  '),
  )
  const address = `0x${msr.address.toString(16)}`
  const head = `${msr.name} (${address}) = ${hex64(value)}: ${msr.doc}, one a ${msr.scope}`
  return { 'text/plain': [head, ...lines.map((l) => `  ${l}`), ...notes].join('\n') }
}

const width = (texts: readonly string[]): number => Math.max(0, ...texts.map((t) => t.length))

/** A value as sixteen hexadecimal digits. */
export function hex64(value: bigint): string {
  return `0x${BigInt.asUintN(64, value).toString(16).padStart(16, '0')}`
}
