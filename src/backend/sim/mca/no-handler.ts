// NoHandler: a hypervisor that keeps no record of machine checks. It owns the exception, and ends
// the host where it must; corrected errors stay in their banks until somebody else reads them.
//
// Source: Xen 3.1, xen/arch/x86/cpu/mcheck/p4.c.
import { MCI_STATUS } from '../../../machine/mci-status.js'
import { holding, type McaHandler, type McaHandlerParts } from './handler.js'

/** A hypervisor that only knows how to stop. */
export class NoHandler implements McaHandler {
  readonly #parts: McaHandlerParts

  constructor(parts: McaHandlerParts) {
    this.#parts = parts
  }

  start(): void {}

  poll(): void {}

  cmci(): void {}

  exception(pcpus: readonly number[]): void {
    const { banks } = this.#parts
    const statuses = pcpus.flatMap((pcpu) => holding(banks, pcpu).map(([, state]) => state.status))
    const any = (bit: bigint): boolean => statuses.some((status) => (status & bit) !== 0n)
    if (any(MCI_STATUS.PCC)) this.#parts.panic('CPU context corrupt')
    else if (any(MCI_STATUS.UC)) this.#parts.panic('Unable to continue')
  }

  save(): null {
    return null
  }

  restore(): void {}
}
