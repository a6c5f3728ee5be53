// BankList: the machine-check banks of a pcpu as they were when they were looked at.
//
//   pcpus[1].banks  ->  bank  unit               holds
//                       8     memory controller  corrected: mc, MC_RD_CH1_ERR

import { DESCRIBE, type Described, type Description } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { XpvError } from '../base/error.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import { type Table, table } from '../base/table.js'
import { Bank } from './bank.js'
import type { BanksFacts } from './host-access.js'
import type { PcpuId } from './ids.js'
import { LIST_MEMBERS, LiveList } from './live-list.js'
import { MCI_STATUS, mcgCapability } from './mci-status.js'
import { hex64 } from './msr/msr-value.js'

/** What a bank holds, register by register. */
function registersText({ id, status, addr, misc, address }: Bank): string {
  const where = address === null ? '' : `  ADDR ${hex64(addr)}`
  const more = (status & MCI_STATUS.MISCV) === 0n ? '' : `\n        MISC   ${hex64(misc)}`
  return `bank ${`${id}`.padEnd(2)} STATUS ${hex64(status)}${where}${more}`
}

/** The banks of one pcpu. */
export class BankList extends LiveList<Bank> implements ShownAsPage, Described {
  readonly pcpu: PcpuId
  readonly #facts: BanksFacts

  constructor(pcpu: PcpuId, facts: BanksFacts) {
    super()
    this.pcpu = pcpu
    this.#facts = facts
  }

  ids(): readonly number[] {
    return this.#facts.banks.map(({ bank }) => bank)
  }

  at(id: number): Bank {
    const facts = this.#facts.banks.find(({ bank }) => bank === id)
    if (facts !== undefined) return new Bank(this.pcpu, facts, mcgCapability(this.#facts.mcgCap))
    const last = this.#facts.banks.length - 1
    throw new XpvError('machine.no-bank', `pcpu ${this.pcpu} has no bank ${id}`, `0 to ${last}`)
  }

  toTable(): Table {
    const rows = this.toArray().map((bank) => [
      bank.id,
      bank.unit,
      bank.scope,
      bank.isEmpty ? 'empty' : `${bank.severity}: ${bank.what}`,
      bank.correctedErrors ?? '',
      bank.isOverflowed ? 'yes' : '',
    ])
    const columns = ['bank', 'unit', 'one a', { name: 'holds', wraps: true }, 'corrected', 'lost']
    return table(columns, rows)
  }

  toJSON(): unknown {
    return this.toArray()
  }

  [DESCRIBE](): Description {
    const members = { ...LIST_MEMBERS, pcpu: 'whose they are', toTable: 'all of them as a table' }
    const name = `pcpus[${this.pcpu}].banks`
    return { name, summary: 'the machine-check banks of a pcpu', members }
  }

  [DISPLAY](): Page {
    const { banks, cmci, ser } = mcgCapability(this.#facts.mcgCap)
    const can = [
      `${banks} banks`,
      cmci ? 'counts corrected errors and can announce them' : 'announces no corrected errors',
      ser ? 'can go on after some uncorrected ones' : 'cannot go on after uncorrected ones',
    ]
    const title = `machine-check banks of pcpu ${this.pcpu}: ${can.join('; ')}`
    const held = this.filter((bank) => !bank.isEmpty).map(registersText)
    return page([title, this.toTable(), ...held, this.#facts.note], this.toJSON())
  }
}
