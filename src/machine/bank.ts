// Bank: one machine-check bank of a pcpu, decoded: what went wrong, how bad it is, where.
//
//   pcpus[1].banks[8]  ->  memory controller: corrected, MC_RD_CH1_ERR, address 0x12345040

import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import type { BankFacts } from './host-access.js'
import type { PcpuId } from './ids.js'
import { mcaCode, mcaLeafClass } from './mca-code.js'
import {
  correctedCount,
  MCI_STATUS,
  type McgCapability,
  type MciSeverity,
  mciSeverity,
  severityMeaning,
} from './mci-status.js'
import { decodeMsr, hex64 } from './msr/msr-value.js'
import { fieldsTable } from './msr-reading.js'
import { propertyTable } from './property-table.js'

/** One bank as it was when it was looked at. */
export class Bank implements ShownAsPage, Described {
  readonly pcpu: PcpuId
  readonly id: number
  readonly unit: string
  readonly scope: BankFacts['scope']
  readonly ctl: bigint
  readonly status: bigint
  readonly addr: bigint
  readonly misc: bigint
  readonly #cap: McgCapability

  constructor(pcpu: PcpuId, facts: BankFacts, cap: McgCapability) {
    this.pcpu = pcpu
    this.id = facts.bank
    this.unit = facts.unit
    this.scope = facts.scope
    this.ctl = facts.ctl
    this.status = facts.status
    this.addr = facts.addr
    this.misc = facts.misc
    this.#cap = cap
  }

  get isEmpty(): boolean {
    return (this.status & MCI_STATUS.VAL) === 0n
  }

  get severity(): MciSeverity | 'none' {
    return this.isEmpty ? 'none' : mciSeverity(this.status, this.#cap.ser)
  }

  /** How many corrected errors it counts; null where the hardware does not count. */
  get correctedErrors(): number | null {
    return this.#cap.cmci && !this.isEmpty ? correctedCount(this.status) : null
  }

  get code(): number {
    return Number(this.status & 0xffffn)
  }

  get what(): string {
    if (this.isEmpty) return 'empty'
    const { compoundName } = mcaCode(this.code)
    const leaf = mcaLeafClass(this.code, (this.status & MCI_STATUS.UC) !== 0n)
    return compoundName === undefined ? leaf : `${leaf}, ${compoundName}`
  }

  /** Where it went wrong; null where the bank does not say. */
  get address(): bigint | null {
    return (this.status & MCI_STATUS.ADDRV) === 0n || this.isEmpty ? null : this.addr
  }

  get isOverflowed(): boolean {
    return !this.isEmpty && (this.status & MCI_STATUS.OVER) !== 0n
  }

  toJSON(): unknown {
    const { pcpu, id, unit, scope, severity, correctedErrors, what, isOverflowed } = this
    const registers = {
      ctl: hex64(this.ctl),
      status: hex64(this.status),
      addr: hex64(this.addr),
      misc: hex64(this.misc),
    }
    return { pcpu, bank: id, unit, scope, severity, correctedErrors, what, isOverflowed, registers }
  }

  [DESCRIBE](): Description {
    const name = `pcpus[${this.pcpu}].banks[${this.id}]`
    return { name, summary: 'a machine-check bank', members: BANK_MEMBERS }
  }

  [DISPLAY](): Page {
    const of = this.unit === '' ? '' : ` (${this.unit}, one a ${this.scope})`
    const title = `bank ${this.id} of pcpu ${this.pcpu}${of}`
    if (this.isEmpty) return page([`${title}: empty`], this.toJSON())
    const status = decodeMsr(`IA32_MC${this.id}_STATUS`, this.status, this.#cap)
    const misc = (this.status & MCI_STATUS.MISCV) === 0n ? undefined : `MISC ${hex64(this.misc)}`
    return page(
      [
        `${title}: ${this.severity}`,
        severityMeaning(this.severity as MciSeverity),
        propertyTable<Bank>(this, { members: BANK_MEMBERS, shown: SHOWN }),
        `STATUS ${hex64(this.status)}`,
        fieldsTable(status.fields.filter(({ raw }) => raw !== 0n)),
        this.address === null ? undefined : `ADDR ${hex64(this.addr)}`,
        misc,
      ],
      this.toJSON(),
    )
  }
}

const SHOWN = ['what', 'correctedErrors', 'isOverflowed'] as const

/** What each property of a bank says. */
const BANK_MEMBERS: MembersOf<Bank> = {
  pcpu: 'the pcpu that was looked at; a bank may belong to several',
  id: 'its number',
  unit: 'the part of the processor it watches',
  scope: 'who shares it: a thread has its own, or a core, or all of a package',
  ctl: 'IA32_MCi_CTL: which errors are signalled',
  status: 'IA32_MCi_STATUS: the error',
  addr: 'IA32_MCi_ADDR: where, when status says that it is valid',
  misc: 'IA32_MCi_MISC: more, when status says that it is valid',
  isEmpty: 'it holds no error',
  severity: 'none, corrected, ucna, srao, srar, uncorrected, fatal',
  correctedErrors: 'corrected errors since it was cleared; none where it does not count',
  code: 'the error code of the architecture',
  what: 'class of the error, and the name the manual gives it',
  address: 'where it went wrong; null where it does not say',
  isOverflowed: 'another error came while it held this one: that one is lost',
}
