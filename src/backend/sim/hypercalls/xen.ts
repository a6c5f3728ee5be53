// Xen: the parts of a hypervisor that its hypercalls act on, and what a hypercall is.
import type { Prng } from '../../../base/prng.js'
import type { Bus, SeenAt } from '../bus.js'
import type { ConsoleRing } from '../console-ring.js'
import type { Domain } from '../domain.js'
import type { Era } from '../era.js'
import type { EventChannels } from '../event-channels.js'
import type { Frames } from '../frames.js'
import type { Grants } from '../grants.js'
import type { HostConfig } from '../host-config.js'
import type { Kernel } from '../kernel.js'
import type { Scheduler } from '../scheduler.js'
import type { CallValues } from '../step.js'
import type { Outcome } from './outcome.js'

/** What hardware answers to the hypercalls that ask it. */
export interface Hardware {
  /** Reads a register on a pcpu for resource_op; undefined where the hypervisor denies it. */
  hypercallRead(pcpu: number, msr: number): bigint | undefined
  /** The mca hypercall (fetch, physcpuinfo, msrinject, mceinject ...). */
  mca?(call: XenCall): Outcome
}

/** What guests are told by the hypervisor. */
export interface Guests {
  /** A domain was let go for the first time: its guest boots. */
  started(domid: number): void
  /** A domain is gone. */
  destroyed(domid: number): void
  /** A global virtual interrupt was raised. */
  virq(virq: number, domid: number): void
}

/** A hypervisor's parts. */
export interface Xen {
  readonly kernel: Kernel
  readonly bus: Bus
  readonly scheduler: Scheduler
  readonly random: Prng
  readonly era: Era
  readonly host: HostConfig
  readonly frames: Frames
  readonly channels: EventChannels
  readonly grants: Grants
  readonly ring: ConsoleRing
  readonly domains: Map<number, Domain>
  readonly hardware: Hardware | undefined
  readonly guests: Guests | undefined
  /** The last id that was given to a domain. */
  rover: number
}

/** One hypercall: who makes it, on what. */
export interface XenCall {
  readonly by: { readonly domid: number; readonly vcpu: number }
  readonly at: SeenAt
  readonly operation: string
  readonly args: CallValues
  readonly more: unknown
}

/** What carries out one sub-operation. */
export type Operation = (xen: Xen, call: XenCall) => Outcome

/** Sub-operations by name. */
export type Operations = Readonly<Record<string, Operation>>

/** An argument as a number; 0 when it was not given. */
export function numberOf(call: XenCall, name: string): number {
  return Number(call.args[name] ?? 0)
}

/** The low 32 bits of an argument of 64. */
export function lowOf(call: XenCall, name: string): number {
  return Number(BigInt.asUintN(32, BigInt(call.args[name] ?? 0)))
}

/** Its high 32 bits. */
export function highOf(call: XenCall, name: string): number {
  return Number(BigInt.asUintN(32, BigInt(call.args[name] ?? 0) >> 32n))
}
