// FmaEreport: one error report at the prompt, its members by name.
//
//   fma.ereports.at(-1)   fma.ereports.map(({ payload }) => payload.IA32_MCi_ADDR)
//
// Holds: it says what fmdump -eV says, numbers of 64 bits as bigint; a part is its FMRI.
import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import { type Cell, type Table, table } from '../base/table.js'
import { type Ereport, ereportFromNvlist } from '../fma/event/ereport.js'
import { fmriFromNvlist, printFmri } from '../fma/event/fmri.js'
import { type NvList, type NvValue, stringMember } from '../fma/event/nvlist.js'
import { momentText } from '../fma/explain/moment-text.js'
import { partName, withoutPath } from '../fma/explain/part-name.js'
import type { Topology } from '../fma/topo/topology.js'

/** What a member of an ereport holds. */
export type PayloadValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly PayloadValue[]
  | { readonly [name: string]: PayloadValue }

/** One ereport. */
export class FmaEreport implements ShownAsPage, Described {
  readonly #ereport: Ereport
  readonly #topology: Topology

  constructor(logged: NvList, topology: Topology) {
    this.#ereport = ereportFromNvlist(logged)
    this.#topology = topology
  }

  get class(): string {
    return this.#ereport.class
  }

  /** Nanoseconds since 1970. */
  get timeNs(): bigint | null {
    return this.#ereport.timeNs ?? null
  }

  get ena(): bigint {
    return this.#ereport.ena
  }

  get detector(): string {
    return printFmri(this.#ereport.detector)
  }

  /** Who noticed, as people call it. */
  get by(): string {
    return partName(this.#ereport.detector, this.#topology)
  }

  get payload(): { readonly [name: string]: PayloadValue } {
    return plainList(this.#ereport.payload)
  }

  toJSON(): unknown {
    const { class: name, timeNs, ena, detector, payload } = this
    return { class: name, timeNs, ena, detector, payload }
  }

  [DESCRIBE](): Description {
    return { name: 'fma.ereports[0]', summary: 'one error report', members: MEMBERS }
  }

  [DISPLAY](): Page {
    const { timeNs, ena, payload } = this.#ereport
    const when = timeNs === undefined ? 'at a time not known' : momentText(timeNs)
    const rows = [...payload].map(([name, value]) => [name, this.#shown(value)])
    const members = table(
      [
        { name: 'member', isKey: true },
        { name: 'value', wraps: true },
      ],
      [['ena', hex(ena)], ...rows],
    )
    return page([`${this.class}  ${when}`, `noticed by ${this.by}`, members], this.toJSON())
  }

  /** A value as fmdump prints it; a part as people call it. */
  #shown(value: NvValue): Cell {
    if (value.kind === 'nvlist[]') return value.value.map((each) => this.#part(each)).join(', ')
    if (value.kind === 'nvlist') return this.#part(value.value)
    const plain = plainValue(value)
    return [plain].flat().map(printed).join(' ')
  }

  #part(list: NvList): string {
    const isFmri = stringMember(list, 'scheme') !== undefined
    return isFmri ? partName(fmriFromNvlist(list), this.#topology) : JSON.stringify(plainList(list))
  }
}

const MEMBERS: MembersOf<FmaEreport> = {
  class: 'what kind of error was noticed',
  timeNs: 'when, in nanoseconds since 1970; null where its source did not say',
  ena: 'the same in all reports of one incident',
  detector: 'who noticed, as an FMRI; that is not yet what is broken',
  by: 'who noticed, as people call it',
  payload: 'what its class adds, by name: payload.IA32_MCi_STATUS',
}

/** Ereports in a list that shows itself as a table. */
export class FmaEreports extends Array<FmaEreport> implements ShownAsPage {
  /** What `map` of it makes is a plain array. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  /** Those that are kept, as a list that shows itself like this one. */
  override filter(keep: (each: FmaEreport, at: number, all: FmaEreport[]) => unknown): FmaEreports {
    return FmaEreports.from(super.filter(keep)) as FmaEreports
  }

  toTable(): Table {
    const columns = [{ name: 'time', isKey: true }, { name: 'class', isKey: true }, 'by']
    const rows = [...this].map((each) => [
      each.timeNs === null ? null : momentText(each.timeNs),
      each.class,
      withoutPath(each.by),
    ])
    return { ...table(columns, rows), empty: 'none' }
  }

  [DISPLAY](): Page {
    return page([this.toTable()], [...this])
  }
}

function plainList(list: NvList): { readonly [name: string]: PayloadValue } {
  return Object.freeze(
    Object.fromEntries([...list].map(([name, value]) => [name, plainValue(value)])),
  )
}

function plainValue(value: NvValue): PayloadValue {
  switch (value.kind) {
    case 'flag':
      return true
    case 'nvlist':
      return partOrList(value.value)
    case 'nvlist[]':
      return value.value.map(partOrList)
    default:
      return value.value
  }
}

/** A part is its FMRI, any other list an object. */
function partOrList(list: NvList): PayloadValue {
  const isFmri = stringMember(list, 'scheme') !== undefined
  return isFmri ? printFmri(fmriFromNvlist(list)) : plainList(list)
}

const hex = (number: bigint | number): string => `0x${number.toString(16)}`

function printed(value: PayloadValue): string {
  return typeof value === 'bigint' || typeof value === 'number' ? hex(value) : String(value)
}
