// MsrRead, MsrWrite: what became of one attempt to read or write a register.
//
//   dom0's vcpu 1 reads IA32_MCG_CAP  ->  virtualised, 0x1000c02, executed on pcpu 3
//   the same on xVM Server            ->  gp-fault, executed on pcpu 3
//
// Holds: a value is there only where one was given; the pcpu is the one that executed it, which
// need not be the same for two attempts in a row.

/** Where and when it was executed. */
interface Executed {
  readonly msr: number
  readonly executedOn: number
  /** Nanoseconds since boot. */
  readonly atNs: number
  /** Who decided so, in a sentence. */
  readonly why: string
}

/** `read`: what the hardware holds. `virtualised`: what a hypervisor makes of it, which may have
 *  nothing to do with the hardware. `gp-fault`: a general protection fault. `denied`: a hypercall
 *  that does not read this register. */
export type MsrRead =
  | (Executed & { readonly kind: 'read' | 'virtualised'; readonly value: bigint })
  | (Executed & { readonly kind: 'gp-fault' | 'denied' })

/** `written`: the hardware has it. `virtualised`: the vcpu has it, the hardware does not.
 *  `write-dropped`: nobody has it, and nobody was told. */
export type MsrWrite = Executed & {
  readonly kind: 'written' | 'virtualised' | 'write-dropped' | 'gp-fault' | 'denied'
}
