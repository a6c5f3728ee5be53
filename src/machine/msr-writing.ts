// MsrWriting: what became of one wrmsr: whether the hardware has the value, a vcpu, or nobody.

import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import type { PcpuId } from './ids.js'
import type { MsrWrite } from './msr/msr-access.js'
import { msrAt } from './msr/msr-table.js'
import { hex64 } from './msr/msr-value.js'
import { nsText } from './quantity.js'

/** A write that was not refused. */
export class MsrWriting implements ShownAsPage, Described {
  /** The register's name; its number where it has none. */
  readonly name: string
  readonly address: number
  readonly value: bigint
  readonly executedOn: PcpuId
  readonly atNs: number
  /** `written` to the hardware; `virtualised`: only the vcpu has it; `write-dropped`: nobody has
   *  it, and nobody was told. */
  readonly became: MsrWrite['kind']
  readonly why: string

  constructor(write: MsrWrite, value: bigint) {
    this.name = msrAt(write.msr)?.name ?? `0x${write.msr.toString(16)}`
    this.address = write.msr
    this.value = value
    this.executedOn = write.executedOn as PcpuId
    this.atNs = write.atNs
    this.became = write.kind
    this.why = write.why
  }

  toJSON(): unknown {
    const { name, address, value, executedOn, atNs, became, why } = this
    return { name, address, value: hex64(value), executedOn, atNs, became, why }
  }

  [DESCRIBE](): Description {
    const summary = 'what became of a write to a register'
    return { name: 'MsrWriting', summary, members: WRITING_MEMBERS }
  }

  [DISPLAY](): Page {
    const { name, value, executedOn, atNs, became, why } = this
    return page(
      [
        `${name} <- ${hex64(value)}: ${OUTCOMES[became]}`,
        `  executed on pcpu ${executedOn} at ${nsText(atNs)}`,
        `  ${why}`,
      ],
      this.toJSON(),
    )
  }
}

const OUTCOMES: Readonly<Record<MsrWrite['kind'], string>> = {
  written: 'the hardware has it',
  virtualised: 'the vcpu has it, the hardware does not',
  'write-dropped': 'dropped: nobody has it, and nobody was told',
  'gp-fault': 'refused by a fault',
  denied: 'denied by the hypervisor',
}

/** What each property of a write says. */
const WRITING_MEMBERS: MembersOf<MsrWriting> = {
  name: "the register's name",
  address: "the register's number",
  value: 'what was written',
  executedOn: 'the pcpu that executed it',
  atNs: 'when, in nanoseconds since boot',
  became: 'written to the hardware, virtualised (only the vcpu has it), or write-dropped',
  why: 'who decided so',
}
