// PciRegisterView: one register of one function as it was read: its bits by name.
//
//   hostbridge.at('05:00.0').aer.uncorrectableStatus.set  ->  ['CmpltTO']

import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import { type Table, table } from '../base/table.js'
import { readConfig } from './pci/config-space.js'
import { fieldOf, type PciField, type PciRegister } from './pci/register.js'
import type { PlacedRegister } from './pci/register-map.js'

/** One register, read. */
export class PciRegisterView implements ShownAsPage, Described {
  /** As lspci names it. */
  readonly name: string
  readonly doc: string
  /** Where it stands in configuration space, in bytes. */
  readonly offset: number
  readonly raw: number
  readonly register: PciRegister

  constructor(bytes: Uint8Array, { base, register }: PlacedRegister) {
    this.name = register.name
    this.doc = register.doc
    this.offset = base + register.offset
    this.raw = readConfig(bytes, this.offset, register.bytes) ?? 0
    this.register = register
  }

  /** Names of the single bits that are set. */
  get set(): readonly string[] {
    return this.register.fields
      .filter((field) => field.bits === 1 && this.#valueOf(field) === 1)
      .map(({ name }) => name)
  }

  /** The number in a field; undefined where the register has none of that name. */
  field(name: string): number | undefined {
    const field = this.register.fields.find((each) => each.name === name)
    return field && this.#valueOf(field)
  }

  toTable(): Table {
    const rows = this.register.fields.map((field) => [
      bitsOf(field),
      field.name,
      valueText(field, this.#valueOf(field)),
      field.access,
      field.doc,
    ])
    const columns = [
      { name: 'bits', align: 'right' as const },
      'field',
      'value',
      'access',
      { name: 'meaning', wraps: true },
    ]
    return table(columns, rows)
  }

  toJSON(): unknown {
    const { name, offset, raw } = this
    const fields = this.register.fields.map((field) => [field.name, this.#valueOf(field)])
    return { name, offset, raw, fields: Object.fromEntries(fields) }
  }

  [DESCRIBE](): Description {
    return { name: this.name, summary: this.doc, members: REGISTER_MEMBERS }
  }

  [DISPLAY](): Page {
    const digits = 2 * this.register.bytes
    const value = `0x${this.raw.toString(16).padStart(digits, '0')}`
    const title = `${this.name} [0x${this.offset.toString(16)}] = ${value}: ${this.doc}`
    return page([title, this.toTable()], this.toJSON())
  }

  #valueOf(field: PciField): number {
    return fieldOf({ register: this.register, raw: this.raw }, field.name)
  }
}

/** What each property of a register says. */
const REGISTER_MEMBERS: MembersOf<PciRegisterView> = {
  name: 'as lspci names it',
  doc: 'what it is for',
  offset: 'where it stands in configuration space, in bytes',
  raw: 'all of it as one number',
  register: 'its row in the table of registers: fields, each with its bits and access',
  set: 'names of the single bits that are set',
  field: "the number in a field: field('CorrErr')",
  toTable: 'its fields as a table',
}

function bitsOf({ low, bits }: PciField): string {
  return bits === 1 ? `${low}` : `${low + bits - 1}:${low}`
}

function valueText({ bits }: PciField, value: number): string {
  if (bits === 1) return value === 1 ? '1' : '-'
  return value < 10 ? `${value}` : `0x${value.toString(16)}`
}
