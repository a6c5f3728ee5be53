// Register pages: a model-specific register, and a value of one.
//
//   IA32_MCG_CAP?                                ->  its number, whose it is, each field
//   explain(0x9c0000400001009fn, 'MC4_STATUS')   ->  each field of the value, its code, its ereport
//
// Source: Intel SDM volumes 3 and 4; AMD64 Architecture Programmer's Manual volume 2.
import { type Column, table } from '../../base/table.js'
import { mcaEreportClass } from '../../fma/event/mca-class.js'
import { MAX_BANKS, MC0_CTL, MC0_CTL2 } from '../../machine/msr/machine-check-registers.js'
import type { MsrAccess, MsrDefinition, MsrField } from '../../machine/msr/msr.js'
import type { MsrReference } from '../../machine/msr/msr-reference.js'
import { msrNamed } from '../../machine/msr/msr-table.js'
import { decodeMsr, hex64, type MsrValue } from '../../machine/msr/msr-value.js'
import { Explanation } from './explanation.js'
import { mcacodTable, mcacodTitle } from './mcacod.js'

const ACCESS: Readonly<Record<MsrAccess, string>> = {
  ro: 'read only',
  rw: 'read and written',
  rw0: 'read; written only as 0, which clears it',
  wo: 'written only',
}
const VENDOR = { intel: 'Intel', amd: 'AMD', both: 'Intel and AMD' } as const

const BITS: Column = { name: 'bits', align: 'right' }
const MEANING: Column = { name: 'meaning', wraps: true }

/** The page of a register. Throws `XpvError` `msr.unknown`. */
export function registerPage(reference: MsrReference): Explanation {
  const msr = msrNamed(reference)
  const { name, doc, scope, access, vendor, fields } = msr
  const rows = fields.map((field) => [bitsOf(field), field.name, unitOf(field), meaningOf(field)])
  return new Explanation({
    subject: `${name} (${hex(msr.address)})`,
    parts: [
      `${name} (${hex(msr.address)}): ${doc}`,
      `one a ${scope}; ${ACCESS[access]}; ${VENDOR[vendor]}`,
      fields.length === 0 ? undefined : table([BITS, 'field', 'unit', MEANING], rows),
    ],
    source: sourceOf(msr),
    next: [`pcpus[0].msr.${name}`, `explain(0n, '${name}')`],
    json: { msr },
  })
}

/** The page of a value of a register. Throws `XpvError` `msr.unknown`. */
export function registerValuePage(reference: MsrReference, value: bigint): Explanation {
  const decoded = decodeMsr(reference, value)
  return valuePage(decoded, decoded.msr.name)
}

/** The page of a number as the status of a bank, whichever that is. */
export function bankStatusPage(value: bigint): Explanation {
  return valuePage(decodeMsr(MC0_CTL + 1, value), 'IA32_MCi_STATUS')
}

function valuePage(decoded: MsrValue, name: string): Explanation {
  const { msr, value, fields, notes } = decoded
  const rows = fields.map(({ bits, field, raw, text }) => [bits, field.name, raw, text, field.doc])
  const columns = [BITS, 'field', { name: 'raw', isHex: true, priority: -1 }, 'value', MEANING]
  const code = Number(value & 0xffffn)
  const isStatus = isBankStatus(msr) && value >> 63n === 1n
  const [severity, ...others] = notes
  return new Explanation({
    subject: `${name} = ${hex64(value)}`,
    parts: [
      `${name} = ${hex64(value)}: ${name === msr.name ? msr.doc : 'the error that a bank holds'}`,
      table(columns, rows),
      ...(isStatus
        ? [severity, mcacodTitle(code), mcacodTable(code), `ereport: ${mcaEreportClass(value)}`]
        : [severity, ...others]),
    ],
    source: sourceOf(msr),
    next: isStatus ? [`${mcaEreportClass(value)}?`] : [`${name}?`],
    json: {
      value: hex64(value),
      fields: Object.fromEntries(fields.map(({ field, raw }) => [field.name, raw])),
      notes,
    },
  })
}

/** Whether a register is the status of a bank. */
function isBankStatus({ address }: MsrDefinition): boolean {
  const place = address - MC0_CTL
  return place >= 0 && place < 4 * MAX_BANKS && place % 4 === 1
}

function sourceOf({ name, address, vendor }: MsrDefinition): string {
  const isBank = address >= MC0_CTL && address < MC0_CTL + 4 * MAX_BANKS
  const isControl2 = address >= MC0_CTL2 && address < MC0_CTL2 + MAX_BANKS
  const amd = "AMD64 Architecture Programmer's Manual volume 2"
  if (vendor === 'amd') return `${amd}, and the guides of AMD's processors`
  if (isBank || isControl2 || /MCG_|P5_MC/.test(name))
    return `Intel SDM volume 3, "Machine-Check Architecture"; ${amd}, "Machine Check Architecture"`
  return `Intel SDM volume 4, "Model-Specific Registers"${vendor === 'both' ? `; ${amd}` : ''}`
}

function bitsOf({ high, low }: MsrField): string {
  return high === low ? `${high}` : `${high}:${low}`
}

function unitOf({ unit, scale }: MsrField): string {
  return unit === undefined || scale === undefined ? (unit ?? '') : `${scale} ${unit}`
}

function meaningOf({ doc, values, sticky }: MsrField): string {
  const named = Object.entries(values ?? {}).map(([number, name]) => `${number} ${name}`)
  const list = named.length === 0 ? '' : ` (${named.join(', ')})`
  return `${doc}${list}${sticky === true ? '; stays until a 0 is written' : ''}`
}

const hex = (value: number): string => `0x${value.toString(16)}`
