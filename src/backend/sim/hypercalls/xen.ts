// Xen: the parts of a hypervisor that its hypercalls act on, and what a hypercall is.

import type { Prng } from '../../../base/prng.js'
import { DOMID_SELF } from '../../../machine/ids.js'
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
import type { VcpuView } from '../tool-world.js'
import { type Outcome, refused } from './outcome.js'

/** What hardware answers to the hypercalls that ask it. */
export interface Hardware {
  /** Reads a register on a pcpu for resource_op; undefined where the hypervisor denies it. */
  hypercallRead(pcpu: number, msr: number): bigint | undefined
  /** The mca hypercall (fetch, physcpuinfo, msrinject, mceinject ...). */
  mca?(call: XenCall): Outcome
}

/** Who is told by the hypervisor what becomes of domains. */
export interface Guests {
  /** A domain was let go for the first time: its guest boots. */
  started(domid: number): void
  /** A domain is gone. */
  destroyed(domid: number): void
  /** A domain shut itself down. */
  shutdown(domid: number, reason: number): void
  /** A virtual interrupt of which there is one a domain reached dom0. */
  virq(virq: number, about: number): void
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
  readonly guests: Guests
  readonly pcpus: number
  /** How many of them are online. */
  readonly onlineCount: number
  /** The last id that was given to a domain. */
  rover: number
  isOnline(pcpu: number): boolean
  setOnline(pcpu: number, online: boolean): boolean
  /** Nanoseconds a domain's vcpus have run. */
  runtimeNs(domain: Domain): number
  vcpu(domain: Domain, vcpu: number): VcpuView
  /** Tells the scheduler a domain's weight and cap. */
  adjust(domain: Domain): void
  /** A domain shut down: its vcpus stop, who waits for it is told. */
  shutdown(domain: Domain, reason: number): void
  /** Raises a virtual interrupt of which there is one a domain: who has bound it is told. */
  raise(virq: number, about: number): void
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

/** What carries out a sub-operation on a domain. */
export type DomainOperation = (xen: Xen, call: XenCall, domain: Domain) => Outcome

/** An operation on the domain that `domid` names: ESRCH where there is none. */
export function onDomain(operation: DomainOperation): Operation {
  return (xen, call) => {
    const domain = xen.domains.get(domidOf(call))
    return domain === undefined ? refused('ESRCH') : operation(xen, call, domain)
  }
}

/** The domain a call names, the caller itself for DOMID_SELF. */
export function domidOf(call: XenCall, name = 'domid'): number {
  const domid = numberOf(call, name)
  return domid === DOMID_SELF ? call.by.domid : domid
}

/** Flags of getdomaininfo: dying, hvm, shutdown, paused, blocked, running, and the reason above. */
export function domainFlags(xen: Xen, domain: Domain): number {
  const vcpus = domain.vcpus.map((_, v) => xen.vcpu(domain, v).state)
  const isRunning = vcpus.includes('running')
  const isBlocked = !isRunning && !vcpus.includes('runnable')
  return (
    (domain.dying ? 1 : 0) |
    (domain.type === 'hvm' ? 2 : 0) |
    (domain.shutdown === undefined ? 0 : 4 | (domain.shutdown << 16)) |
    (domain.pauseCount > 0 ? 8 : 0) |
    (isBlocked ? 16 : 0) |
    (isRunning ? 32 : 0)
  )
}

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
