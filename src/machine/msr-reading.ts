// MsrReading: one register read once: the value, its fields, on which pcpu it was executed, who
// answered.
//
//   dom0.vcpus[0].rdmsr('IA32_MCG_CAP')  ->  0x1000c02: 2 banks, ...; made up; executed on pcpu 3
//
// Holds: a reading says where it was executed; two in a row need not agree in that.

import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import { type Table, table } from '../base/table.js'
import type { MsrRoute } from './host-access.js'
import type { PcpuId } from './ids.js'
import type { McgCapability } from './mci-status.js'
import type { MsrRead } from './msr/msr-access.js'
import { msrAt } from './msr/msr-table.js'
import { decodeMsr, hex64, type MsrFieldValue } from './msr/msr-value.js'
import { nsText } from './quantity.js'

/** An attempt that gave a value. */
export type MsrReadDone = MsrRead & { readonly value: bigint }

/** A register's value, where it was executed, and what it means. */
export class MsrReading implements ShownAsPage, Described {
  /** The register's name; its number where it has none. */
  readonly name: string
  readonly address: number
  readonly value: bigint
  readonly executedOn: PcpuId
  readonly atNs: number
  /** Whether the hardware holds this value, or a hypervisor made it up. */
  readonly isReal: boolean
  readonly why: string
  readonly route: MsrRoute
  readonly fields: readonly MsrFieldValue[]
  readonly notes: readonly string[]

  constructor(read: MsrReadDone, route: MsrRoute, can: McgCapability) {
    const definition = msrAt(read.msr)
    const decoded = definition && decodeMsr(read.msr, read.value, can)
    this.name = definition?.name ?? hex(read.msr)
    this.address = read.msr
    this.value = read.value
    this.executedOn = read.executedOn as PcpuId
    this.atNs = read.atNs
    this.isReal = read.kind === 'read'
    this.why = read.why
    this.route = route
    this.fields = decoded?.fields ?? []
    this.notes = decoded?.notes ?? []
  }

  /** The number in a field; undefined where the register has none of that name. */
  field(name: string): bigint | undefined {
    return this.fields.find(({ field }) => field.name === name)?.raw
  }

  toTable(): Table {
    return fieldsTable(this.fields)
  }

  toJSON(): unknown {
    const { name, address, value, executedOn, atNs, isReal, why } = this
    const fields = Object.fromEntries(this.fields.map((f) => [f.field.name, String(f.raw)]))
    return { name, address, value: hex64(value), executedOn, atNs, isReal, why, fields }
  }

  [DESCRIBE](): Description {
    return { name: 'MsrReading', summary: 'a register that was read once', members: MEMBERS }
  }

  [DISPLAY](): Page {
    const { name, address, value, executedOn, atNs } = this
    const number = name.startsWith('0x') ? '' : ` (${hex(address)})`
    const where = `${routeText(this.route)}, executed on pcpu ${executedOn} at ${nsText(atNs)}`
    const whose = this.isReal ? "the hardware's own value" : 'made up by the hypervisor'
    return page(
      [
        `${name}${number} = ${hex64(value)}`,
        `  ${where}`,
        `  ${whose}: ${this.why}`,
        this.fields.length === 0 ? undefined : this.toTable(),
        ...this.notes,
      ],
      this.toJSON(),
    )
  }
}

const MEMBERS: MembersOf<MsrReading> = {
  name: "the register's name",
  address: "the register's number",
  value: 'its 64 bits, unsigned',
  executedOn: 'the pcpu that executed it: the next one may be executed on another',
  atNs: 'when, in nanoseconds since boot',
  isReal: 'whether the hardware holds this value; else a hypervisor made it up',
  why: 'who decided what was to be seen',
  route: 'which of the three ways it came',
  fields: 'its fields, each with its bits, number, text and meaning',
  notes: 'what the fields say together',
  field: "the number in a field: field('Count')",
  toTable: 'the fields as a table',
}

/** Fields of a register as a table: bits, name, value, meaning. */
export function fieldsTable(fields: readonly MsrFieldValue[]): Table {
  const columns = [
    { name: 'bits', align: 'right' as const },
    'field',
    { name: 'value', wraps: true },
    { name: 'meaning', wraps: true },
  ]
  return table(
    columns,
    fields.map((f) => [f.bits, f.field.name, f.text, f.field.doc]),
  )
}

/** Which way it came, in words. */
function routeText(route: MsrRoute): string {
  switch (route.kind) {
    case 'vcpu':
      return `rdmsr in vcpu ${route.vcpu} of domain ${route.domid}`
    case 'hypercall':
      return `by hypercall, of pcpu ${route.pcpu}`
    case 'metal':
      return `rdmsr of the operating system, bound to pcpu ${route.pcpu}`
    case 'hardware':
      return `in the hardware of pcpu ${route.pcpu}`
  }
}

const hex = (n: number): string => `0x${n.toString(16)}`
