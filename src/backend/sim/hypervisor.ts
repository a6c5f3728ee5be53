// Hypervisor: domains, their frames, channels and grants; what the hypercalls of tools and guests
// do to them.
//
//   call(by dom0's vcpu 1, domctl createdomain)  ->  { reply: { result, out }, ns }
//
// Holds: a refused call leaves everything as it was; ids of living domains differ; all randomness
// is the machine's.
// Source: xen 3.1 and 4.17; per hypercall see hypercalls/.
import type { Prng } from '../../base/prng.js'
import { bootLines } from './boot-lines.js'
import type { Bus } from './bus.js'
import { hypercallNumbers } from './call-numbers.js'
import { hypercallWords, TRACE_HYPERCALL, TRACE_SUBCALL } from './call-record.js'
import { ConsoleRing } from './console-ring.js'
import { type Domain, newDomain } from './domain.js'
import { type Era, isMetal } from './era.js'
import { type ChannelsState, EventChannels, VIRQ } from './event-channels.js'
import { FRAMES_PER_MIB, Frames, type FramesState } from './frames.js'
import { Grants, type GrantsState } from './grants.js'
import { type HostConfig, pcpuCount } from './host-config.js'
import { POLL_ENDS } from './hypercalls/guest-ops.js'
import { operationOf } from './hypercalls/table.js'
import type { Guests, Hardware, Xen, XenCall } from './hypercalls/xen.js'
import type { Kernel } from './kernel.js'
import type { Scheduler } from './scheduler.js'
import type { Reply, Step } from './step.js'
import type { VcpuView } from './tool-world.js'

/** What a hypervisor works with. */
export interface HypervisorParts {
  readonly kernel: Kernel
  readonly bus: Bus
  readonly scheduler: Scheduler
  readonly random: Prng
  readonly era: Era
  readonly host: HostConfig
  readonly hardware?: Hardware
  readonly guests: Guests
}

/** All that a hypervisor knows, as plain data. */
export interface HypervisorState {
  readonly domains: readonly Domain[]
  readonly rover: number
  readonly offline: readonly number[]
  readonly faulted: readonly number[]
  /** When pcpus came into service, or went, after boot. */
  readonly changed: readonly (readonly [pcpu: number, atNs: number])[]
  readonly frames: FramesState
  readonly channels: ChannelsState
  readonly grants: GrantsState
  readonly ring: string
}

/** A hypercall's step. */
export type CallStep = Step & { readonly kind: 'call' }

/** Trace record: a domain shut down. */
const TRACE_SHUTDOWN = 0x28007
/** Interrupts that a vcpu of dom0 sends to another: call a function, reschedule. */
const IPIS = 2
const MULTICALL = { ioctl: 0x305000, op: 13, subop: 0 }

/** One host's hypervisor. */
export class Hypervisor implements Xen {
  readonly kernel: Kernel
  readonly bus: Bus
  readonly scheduler: Scheduler
  readonly random: Prng
  readonly era: Era
  readonly host: HostConfig
  readonly hardware: Hardware | undefined
  readonly guests: Guests
  readonly frames: Frames
  readonly channels: EventChannels
  readonly grants = new Grants()
  readonly ring = new ConsoleRing()
  readonly domains = new Map<number, Domain>()
  readonly pcpus: number
  rover = 0
  /** Pcpus that an operating system on metal holds for faulty: offline, all of them. */
  readonly faulted = new Set<number>()
  readonly #offline = new Set<number>()
  readonly #changed = new Map<number, number>()

  constructor(parts: HypervisorParts) {
    this.kernel = parts.kernel
    this.bus = parts.bus
    this.scheduler = parts.scheduler
    this.random = parts.random
    this.era = parts.era
    this.host = parts.host
    this.hardware = parts.hardware
    this.guests = parts.guests
    this.frames = new Frames(parts.host.memoryMiB)
    this.channels = new EventChannels(parts.era.abi.maxPorts)
    this.pcpus = pcpuCount(parts.host)
    parts.kernel.on(POLL_ENDS, (domid, vcpu) => {
      if (this.domains.get(domid)?.vcpus[vcpu] !== undefined) this.scheduler.wake(domid, vcpu)
    })
  }

  get onlineCount(): number {
    return this.pcpus - this.#offline.size
  }

  /** Pcpus that are online, ascending. */
  get onlinePcpus(): readonly number[] {
    return Array.from({ length: this.pcpus }, (_, n) => n).filter((n) => this.isOnline(n))
  }

  /** Makes dom0, as the hypervisor does when it boots. */
  boot(): void {
    const { dom0MemoryMiB, dom0Vcpus } = this.host
    const dom0 = newDomain(0, { type: 'pv', handle: '0'.repeat(32), flags: 0, nowNs: 0 })
    const shared = this.frames.keepFor(0, 8 + 3 * dom0Vcpus) ?? 0
    this.domains.set(0, { ...dom0, sharedInfoFrame: shared, pauseCount: 0, started: true })
    this.frames.populate(0, { extents: dom0MemoryMiB * FRAMES_PER_MIB, order: 0 })
    const made = this.domains.get(0) as Domain
    made.maxPages = this.#mostOfDom0()
    made.maxVcpus = dom0Vcpus
    made.addressSize = 64
    this.scheduler.addDomain(0, dom0Vcpus)
    for (let v = 0; v < dom0Vcpus; v++) {
      made.vcpus.push({ initialised: true, up: true })
      if (isMetal(this.era)) this.scheduler.pin(0, v, [v])
      this.scheduler.raise(0, v)
    }
    this.#bindOfDom0()
    for (const line of bootLines(this.era, this.host)) this.ring.print(line)
  }

  /** What dom0 may have: no more than it begins with where the command line says `max:`. */
  #mostOfDom0(): number {
    const isFixed = this.era.toolstack === 'xl'
    return isFixed ? this.host.dom0MemoryMiB * FRAMES_PER_MIB : this.frames.total
  }

  /** Carries out a hypercall; its record is said, its effects are there at once. What it takes is
   *  for the caller to spend. */
  call(
    by: { readonly domid: number; readonly vcpu: number },
    step: CallStep,
  ): { reply: Reply; ns: number } {
    const { hypercall, operation, args } = step
    const at = this.scheduler.place(by.domid, by.vcpu)
    this.#record(step, at)
    const call: XenCall = { by, at, operation, args, more: step.more }
    const { result, out, ns } = operationOf(hypercall, operation, this.era.abi)(this, call)
    return { reply: { result, out }, ns }
  }

  isOnline(pcpu: number): boolean {
    return pcpu >= 0 && pcpu < this.pcpus && !this.#offline.has(pcpu)
  }

  setOnline(pcpu: number, online: boolean): boolean {
    if (!this.scheduler.setPcpuOnline(pcpu, online)) return false
    if (online) this.#offline.delete(pcpu)
    else this.#offline.add(pcpu)
    this.faulted.delete(pcpu)
    this.#changed.set(pcpu, this.kernel.now)
    return true
  }

  /** When a pcpu came into service, or went: nanoseconds since boot. */
  pcpuSince(pcpu: number): number {
    return this.#changed.get(pcpu) ?? 0
  }

  runtimeNs(domain: Domain): number {
    return domain.vcpus.reduce((sum, _, v) => sum + this.vcpu(domain, v).runtimeNs, 0)
  }

  vcpu(domain: Domain, vcpu: number): VcpuView {
    const state = this.scheduler.state(domain.domid, vcpu)
    const isOnline = domain.vcpus[vcpu]?.up === true
    return {
      vcpu,
      isOnline,
      state: isOnline ? state.runstate : 'offline',
      pcpu: state.pcpu,
      runtimeNs: state.ns.running,
      affinity: state.affinity,
    }
  }

  adjust(domain: Domain): void {
    this.scheduler.setWeight(domain.domid, { weight: domain.weight, cap: domain.cap })
  }

  shutdown(domain: Domain, reason: number): void {
    if (domain.shutdown !== undefined) return
    domain.shutdown = reason
    const at = this.scheduler.place(domain.domid, 0)
    this.bus.say(TRACE_SHUTDOWN, at, [domain.domid, 0, reason])
    this.scheduler.pause(domain.domid)
    this.guests.shutdown(domain.domid, reason)
    this.raise(VIRQ.domExc, domain.domid)
  }

  raise(virq: number, about: number): void {
    if (this.channels.virqPort(0, virq) !== undefined) this.guests.virq(virq, about)
  }

  save(): HypervisorState {
    return structuredClone({
      domains: [...this.domains.values()],
      rover: this.rover,
      offline: [...this.#offline],
      faulted: [...this.faulted],
      changed: [...this.#changed],
      frames: this.frames.save(),
      channels: this.channels.save(),
      grants: this.grants.save(),
      ring: this.ring.text(),
    })
  }

  /** Takes over what another hypervisor of the same host knew. */
  restore(saved: HypervisorState): void {
    const state = structuredClone(saved)
    this.domains.clear()
    for (const domain of state.domains) this.domains.set(domain.domid, domain)
    this.rover = state.rover
    this.#offline.clear()
    for (const pcpu of state.offline) this.#offline.add(pcpu)
    this.faulted.clear()
    for (const pcpu of state.faulted) this.faulted.add(pcpu)
    this.#changed.clear()
    for (const [pcpu, atNs] of state.changed) this.#changed.set(pcpu, atNs)
    this.frames.restore(state.frames)
    this.channels.restore(state.channels)
    this.grants.restore(state.grants)
    this.ring.restore(state.ring)
  }

  #record(step: CallStep, at: XenCall['at']): void {
    if (this.domains.get(at.domid)?.type === 'hvm') {
      this.scheduler.called(at, hypercallNumbers(step.hypercall, step.operation).op)
      return
    }
    if (!this.bus.wants(TRACE_HYPERCALL) && !this.bus.wants(TRACE_SUBCALL)) return
    const numbers = hypercallNumbers(step.hypercall, step.operation)
    const words = hypercallWords(numbers, step.args)
    if (step.hypercall === 'memory_op' && this.era.memoryOpInMulticall) {
      this.bus.say(TRACE_HYPERCALL, at, hypercallWords(MULTICALL, { count: 1 }))
      this.bus.say(TRACE_SUBCALL, at, words)
    } else this.bus.say(TRACE_HYPERCALL, at, words)
  }

  /** The channels that dom0's kernel and its daemons have bound by the time tools run. */
  #bindOfDom0(): void {
    for (let vcpu = 0; vcpu < this.host.dom0Vcpus; vcpu++) {
      this.channels.bind(0, { kind: 'virq', virq: VIRQ.timer, vcpu })
      for (let ipi = 0; ipi < IPIS; ipi++) this.channels.bind(0, { kind: 'ipi', vcpu })
    }
    const virqs = [
      VIRQ.console,
      VIRQ.domExc,
      ...(this.era.virtualMca === 'two-banks' || this.era.mca === 'hypervisor' ? [VIRQ.mca] : []),
    ]
    for (const virq of virqs) this.channels.bind(0, { kind: 'virq', virq, vcpu: 0 })
  }
}
