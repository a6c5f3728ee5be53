// GeneralProtectionFault, ResourceOpDenied: how an attempt at a register is refused, each as the
// one who tries meets it: an instruction faults, a hypercall says no.
import { XpvError } from '../base/error.js'

/** An instruction that the processor, or a hypervisor in its place, does not let pass. */
export class GeneralProtectionFault extends XpvError {
  /** The register's number. */
  readonly msr: number
  /** The pcpu on which it was executed. */
  readonly executedOn: number

  constructor(
    of: { readonly msr: number; readonly executedOn: number },
    message: string,
    hint: string,
  ) {
    super('msr.gp-fault', message, hint)
    this.name = 'GeneralProtectionFault'
    this.msr = of.msr
    this.executedOn = of.executedOn
  }
}

/** A hypercall that does not give this register. */
export class ResourceOpDenied extends XpvError {
  readonly msr: number

  constructor(msr: number, message: string, hint?: string) {
    super('msr.denied', message, hint)
    this.name = 'ResourceOpDenied'
    this.msr = msr
  }
}
