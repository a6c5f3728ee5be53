// Scheduler: one host's pcpus, the vcpus on them and the guests inside, under the credit scheduler
// of the era.
//
//   addDomain, raise, unpause  ->  vcpus run, block, wake, move  ->  records on the bus
//   work(dom 0, vcpu 1, 5000 ns, kind)  ->  ... when it had them on a pcpu ...  ->  kind
//
// Holds: a vcpu runs on at most one pcpu, a pcpu runs at most one; runstate times add up to the
// time since the vcpu was made; a pinned vcpu runs nowhere else; work queued is work used and left;
// same seed, same records. Source: sched/dispatcher.ts, credit.ts, credit2.ts.
import { assert } from '../../base/assert.js'
import { Prng } from '../../base/prng.js'
import { DOMID_IDLE } from '../../machine/ids.js'
import type { Bus, SeenAt } from './bus.js'
import { type Era, isMetal } from './era.js'
import { type GuestName, guestNamed } from './guest-model.js'
import type { HostConfig } from './host-config.js'
import type { Kernel } from './kernel.js'
import { HYPERVISOR_KINDS } from './kinds.js'
import { processorNamed } from './processor.js'
import { CreditPolicy } from './sched/credit.js'
import { Credit2Policy } from './sched/credit2.js'
import { Dispatcher, type DispatcherState } from './sched/dispatcher.js'
import { meet, membersOf, pcpuSet } from './sched/pcpu-set.js'
import { SchedRecords } from './sched/sched-records.js'
import {
  newDomain,
  newVcpu,
  RUNNING,
  RUNSTATES,
  type SchedDomain,
  type Vcpu,
} from './sched/vcpu.js'
import { handOver, leftNs, pushWork } from './sched/work-queue.js'
import { Workload, type WorkloadState } from './workload.js'

/** Names of the runstates: it runs, waits for a pcpu, waits for an event, or may not run. */
type Runstate = (typeof RUNSTATES)[number]

/** One vcpu as it is now. Times are nanoseconds. */
export interface VcpuState {
  readonly runstate: Runstate
  /** Where it runs, or is assigned to. */
  readonly pcpu: number
  readonly affinity: readonly number[]
  readonly ns: Readonly<Record<Runstate, number>>
  /** How often it began to run on another pcpu than the last time. */
  readonly migrations: number
  /** When it was made; what was queued on it by then and since, used, and is left. */
  readonly madeAtNs: number
  readonly queuedNs: number
  readonly usedNs: number
  readonly leftNs: number
}

/** A domain's share, and what its guest does. */
export interface DomainOptions {
  /** 256 unless said otherwise: twice as much is twice the time where vcpus compete. */
  readonly weight?: number
  /** Percent of one pcpu that its vcpus may use together; 0, or nothing, is no limit. */
  readonly cap?: number
  /** What its guest does by itself: the era's control domain for domain 0, else 'idle'. */
  readonly guest?: GuestName
  /** False for a guest on virtual hardware: it does not call the hypervisor, but leaves to it. */
  readonly isPv?: boolean
}

/** All of a scheduler, as plain data: copied by `structuredClone`. */
export interface SchedulerState {
  readonly dispatcher: DispatcherState
  readonly workload: WorkloadState
  readonly random: number
}

/** What a scheduler is made of. */
interface SchedulerParts {
  readonly kernel: Kernel
  readonly bus: Bus
  readonly random: Prng
  readonly pcpus: number
  readonly era: Era
  /** Whose processors are others than its era's. */
  readonly host?: Pick<HostConfig, 'processor'>
}

/** Work on a vcpu from which on its guest's kernel uses another one. */
const CROWDED_NS = 4_000_000
const DEFAULT_WEIGHT = 256

/** One host's scheduler. */
export class Scheduler {
  readonly #kernel: Kernel
  readonly #era: Era
  readonly #random: Prng
  readonly #dispatcher: Dispatcher
  readonly #workload: Workload

  /** `random` seeds the scheduler's own sequence: what others draw changes nothing here. */
  constructor(parts: SchedulerParts) {
    const { kernel, era, pcpus, host } = parts
    const { vendor } = processorNamed(host?.processor ?? era.processor)
    this.#kernel = kernel
    this.#era = era
    this.#random = new Prng(parts.random.next())
    const records = new SchedRecords(parts.bus, isMetal(era), vendor)
    this.#workload = new Workload({
      kernel,
      records,
      random: this.#random,
      isLinux: era.dom0 === 'linux',
      dispatcher: () => this.#dispatcher,
    })
    this.#dispatcher = new Dispatcher({
      kernel,
      random: this.#random,
      records,
      pcpus,
      guests: this.#workload,
      policy: (host) =>
        era.scheduler === 'credit2' ? new Credit2Policy(host) : new CreditPolicy(host),
    })
  }

  /** Makes a domain's vcpus: offline until they are raised. */
  addDomain(domid: number, vcpus: number, options: DomainOptions = {}): void {
    const { weight = DEFAULT_WEIGHT, cap = 0, isPv = true } = options
    const model = guestNamed(options.guest ?? this.#usualGuest(domid))
    const domain = newDomain(domid, { weight, cap, model, isPv })
    this.#dispatcher.domains.set(domid, domain)
    this.#dispatcher.records.added(this.#placeOfDom0(), domid)
    for (let v = 0; v < vcpus; v++) this.#addVcpu(domain, v)
  }

  /** Takes a domain's vcpus away, wherever they are. */
  removeDomain(domid: number): void {
    const domain = this.#dispatcher.domains.get(domid)
    if (domain === undefined) return
    for (const vcpu of domain.vcpus) this.#dispatcher.remove(vcpu)
    this.#dispatcher.domains.delete(domid)
    this.#dispatcher.records.removed(this.#placeOfDom0(), domid)
  }

  /** Stops a domain's vcpus, if it has any; it must be unpaused as often. */
  pause(domid: number): void {
    const domain = this.#dispatcher.domains.get(domid)
    if (domain === undefined || ++domain.pauses > 1) return
    for (const vcpu of domain.vcpus) this.#dispatcher.sleep(vcpu)
  }

  unpause(domid: number): void {
    const domain = this.#dispatcher.domains.get(domid)
    if (domain === undefined || domain.pauses === 0 || --domain.pauses > 0) return
    for (const vcpu of domain.vcpus) this.#dispatcher.wake(vcpu)
  }

  /** Brings a vcpu up, or takes it down: VCPUOP_up, VCPUOP_down. What processes had to do on one
   *  that goes down they do on the domain's first. */
  raise(domid: number, vcpu: number): void {
    const raised = this.#of(domid, vcpu)
    raised.up = true
    this.#dispatcher.wake(raised)
  }

  lower(domid: number, vcpu: number): void {
    const lowered = this.#of(domid, vcpu)
    lowered.up = false
    this.#dispatcher.sleep(lowered)
    const first = this.#of(domid, 0)
    if (first === lowered) return
    handOver(lowered, first, (kind) => kind >= HYPERVISOR_KINDS)
    this.#workload.notify(first)
  }

  /** Something happened that a vcpu waits for. */
  wake(domid: number, vcpu: number): void {
    this.#workload.notify(this.#of(domid, vcpu))
  }

  /** A vcpu waits for something; what it has to do is left until it is woken. */
  block(domid: number, vcpu: number): void {
    const blocked = this.#of(domid, vcpu)
    if (!blocked.blocked) this.#dispatcher.block(blocked)
  }

  yield(domid: number, vcpu: number): void {
    this.#dispatcher.yield(this.#of(domid, vcpu))
  }

  /** Where a guest's kernel would go on with a thread of this vcpu: there, or where least is
   *  queued once too much is. */
  lessBusy(domid: number, vcpu: number): number {
    const own = this.#of(domid, vcpu)
    if (leftNs(own) < CROWDED_NS) return vcpu
    const all = (this.#dispatcher.domains.get(domid)?.vcpus ?? []).filter(({ up }) => up)
    return all.reduce((least, other) => (leftNs(other) < leftNs(least) ? other : least), own).vcpu
  }

  /** Queues `ns` of pcpu time on a vcpu, and wakes it; when it was used, `kind(a, b)` happens
   *  there. Several queue up. */
  work(domid: number, vcpu: number, ns: number, kind: number, a = 0, b = 0): void {
    const worker = this.#of(domid, vcpu)
    pushWork(worker, ns, kind, a, b)
    this.#workload.notify(worker)
  }

  /** Says on which pcpus a vcpu may run: some that are online. It leaves one it may not, now. */
  pin(domid: number, vcpu: number, pcpus: readonly number[]): void {
    const pinned = this.#of(domid, vcpu)
    const count = this.#dispatcher.pcpus.length
    const affinity = pcpuSet(count, pcpus)
    assert(meet(affinity, this.#online()), 'a vcpu is pinned to pcpus that are not there')
    pinned.affinity = affinity
    if (!membersOf(affinity).includes(pinned.pcpu)) this.#dispatcher.move(pinned)
  }

  /** The pcpu it runs on now. */
  where(domid: number, vcpu: number): number | undefined {
    const known = this.#of(domid, vcpu)
    return known.runstate === RUNNING ? known.pcpu : undefined
  }

  /** Where something is seen that a vcpu does: the pcpu it runs on or is assigned to. */
  place(domid: number, vcpu: number): SeenAt {
    return { pcpu: this.#find(domid, vcpu)?.pcpu ?? 0, domid, vcpu }
  }

  /** A guest on virtual hardware calls the hypervisor by a number: it leaves for that. */
  called({ pcpu, domid, vcpu }: SeenAt, hypercall: number): void {
    const at = this.#dispatcher.pcpus[pcpu]
    if (at?.current.domid !== domid || at.current.vcpu !== vcpu) return
    this.#dispatcher.records.hvm.called(at, hypercall)
  }

  /** What a pcpu runs now; the idle domain where it runs nothing. */
  running(pcpu: number): SeenAt {
    const { current, idle } = this.#dispatcher.pcpus[pcpu] ?? {}
    if (current === undefined || current === idle) return { pcpu, domid: DOMID_IDLE, vcpu: pcpu }
    return { pcpu, domid: current.domid, vcpu: current.vcpu }
  }

  /** One vcpu as it is now. */
  state(domid: number, vcpu: number): VcpuState {
    const known = this.#of(domid, vcpu)
    const ns = [...known.ns]
    ns[known.runstate] = (ns[known.runstate] ?? 0) + this.#kernel.now - known.since
    const [running = 0, runnable = 0, blocked = 0, offline = 0] = ns
    const begun = known.runstate === RUNNING ? this.#unbookedNs(known) : 0
    return {
      runstate: RUNSTATES[known.runstate] ?? 'offline',
      pcpu: known.pcpu,
      affinity: membersOf(known.affinity),
      ns: { running, runnable, blocked, offline },
      migrations: known.migrations,
      madeAtNs: known.madeAt,
      queuedNs: known.queuedNs,
      usedNs: known.usedNs + begun,
      leftNs: leftNs(known) - begun,
    }
  }

  /** Changes a domain's share. */
  setWeight(domid: number, of: { readonly weight: number; readonly cap: number }): void {
    const domain = this.#dispatcher.domains.get(domid)
    if (domain === undefined) return
    domain.weight = of.weight
    domain.cap = of.cap
    this.#dispatcher.weighed()
    if (of.cap === 0) for (const vcpu of domain.vcpus) this.#dispatcher.park(vcpu, false)
  }

  /** Lets another guest run in a domain, or its usual one; it begins with its boot. */
  setGuest(domid: number, guest: GuestName = this.#usualGuest(domid)): void {
    const domain = this.#dispatcher.domains.get(domid)
    if (domain === undefined) return
    domain.model = guestNamed(guest)
    this.#workload.change(domain.vcpus)
  }

  /** Takes a pcpu in or out: its vcpus go elsewhere; one that could run nowhere else may run
   *  anywhere from then on. False for one that does not exist and for the last one. */
  setPcpuOnline(pcpu: number, online: boolean): boolean {
    const known = this.#dispatcher.pcpus[pcpu]
    if (known === undefined) return false
    if (known.online === online) return true
    const others = this.#dispatcher.pcpus.filter((other) => other.online && other !== known)
    if (!online && others.length === 0) return false
    if (!online) this.#freeFrom(others.map(({ id }) => id))
    this.#dispatcher.setOnline(known, online)
    return true
  }

  /** Nanoseconds since the beginning in which nobody ran on a pcpu. */
  idleNs(pcpu: number): number {
    const { idle } = this.#dispatcher.pcpus[pcpu] ?? {}
    assert(idle !== undefined, `there is no pcpu ${pcpu}`)
    return idle.ns[RUNNING] + (idle.runstate === RUNNING ? this.#kernel.now - idle.since : 0)
  }

  save(): SchedulerState {
    return structuredClone({
      dispatcher: this.#dispatcher.save(),
      workload: this.#workload.save(),
      random: this.#random.state,
    })
  }

  /** Takes over what another scheduler of the same host saved. */
  restore(saved: SchedulerState): void {
    const state = structuredClone(saved)
    this.#dispatcher.restore(state.dispatcher)
    this.#workload.restore(state.workload)
    this.#random.state = state.random
  }

  #usualGuest(domid: number): GuestName {
    return domid === 0 ? `control-${this.#era.dom0}` : 'idle'
  }

  #addVcpu(domain: SchedDomain, vcpu: number): void {
    const dispatcher = this.#dispatcher
    const affinity = pcpuSet(dispatcher.pcpus.length, dispatcher.pcpus.keys())
    const after = domain.vcpus[vcpu - 1]?.pcpu ?? -1
    const pcpu = dispatcher.choosePcpu(affinity, after)
    const made = newVcpu(domain, vcpu, { pcpu, affinity, now: this.#kernel.now })
    domain.vcpus.push(made)
    dispatcher.add(made)
  }

  #unbookedNs(vcpu: Vcpu): number {
    return this.#kernel.now - this.#dispatcher.pcpuOf(vcpu).bookedAt
  }

  #online(): Uint32Array {
    const { pcpus } = this.#dispatcher
    const online = pcpus.filter((pcpu) => pcpu.online).map(({ id }) => id)
    return pcpuSet(pcpus.length, online)
  }

  /** Vcpus that may run on none of these may run anywhere. */
  #freeFrom(remaining: readonly number[]): void {
    const { domains, pcpus } = this.#dispatcher
    const set = pcpuSet(pcpus.length, remaining)
    for (const { vcpus } of domains.values()) {
      for (const vcpu of vcpus) {
        if (!meet(vcpu.affinity, set)) vcpu.affinity = pcpuSet(pcpus.length, pcpus.keys())
      }
    }
  }

  /** Where the tools' calls are made: on dom0's first vcpu. */
  #placeOfDom0(): Dispatcher['pcpus'][number] {
    const { domains, pcpus } = this.#dispatcher
    const pcpu = pcpus[domains.get(0)?.vcpus[0]?.pcpu ?? 0]
    assert(pcpu !== undefined, 'a host has pcpus')
    return pcpu
  }

  #find(domid: number, vcpu: number): Vcpu | undefined {
    return this.#dispatcher.domains.get(domid)?.vcpus[vcpu]
  }

  #of(domid: number, vcpu: number): Vcpu {
    const found = this.#find(domid, vcpu)
    assert(found !== undefined, `domain ${domid} has no vcpu ${vcpu}`)
    return found
  }
}
