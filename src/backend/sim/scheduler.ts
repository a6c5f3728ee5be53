// Scheduler: vcpus on pcpus, in the manner of Xen's credit scheduler: slices of 30 ms, credits by
// weight, and who wakes goes first.
//
//   work(dom 0, vcpu 1, 5000 ns, kind)  ->  ... when it has had them on a pcpu ...  ->  kind
//
// Holds: a vcpu is on at most one pcpu, a pcpu has at most one vcpu, and never idles while one
// waits that may run there; the times of runstates add up.
// Source: xen/common/sched/credit.c. Caps are kept but not enforced.
import type { Prng } from '../../base/prng.js'
import type { Bus, SeenAt } from './bus.js'
import { giveCredits, PERIOD_NS, priceOf } from './credits.js'
import type { Era } from './era.js'
import type { Kernel } from './kernel.js'
import { SCHEDULER_KINDS } from './kinds.js'
import { newPcpu, type Pcpu } from './pcpu.js'
import { RunQueue, rank } from './run-queue.js'
import { idleOf, type OnPcpu, SchedulerTrace } from './scheduler-trace.js'
import { newVcpu, type Runstate, type Vcpu, type VcpuState, vcpuState } from './vcpu.js'
import { keyOf, VcpuTable, type VcpuTableState } from './vcpu-table.js'

const DUE = SCHEDULER_KINDS
const LOOK = SCHEDULER_KINDS + 1
const ACCOUNT = SCHEDULER_KINDS + 2
const SLICE_NS = 30_000_000
/** A boost lasts until the next tick at most. */
const TICK_NS = 10_000_000

/** All of a scheduler, as plain data. */
export interface SchedulerState {
  readonly table: VcpuTableState
  readonly pcpus: readonly Pcpu[]
  readonly queue: readonly number[]
  readonly accounting: boolean
}

/** One host's scheduler. */
export class Scheduler {
  readonly #kernel: Kernel
  readonly #trace: SchedulerTrace
  readonly #table = new VcpuTable()
  readonly #pcpus: Pcpu[]
  readonly #queue = new RunQueue()
  #accounting = false

  constructor(parts: { kernel: Kernel; bus: Bus; random: Prng; pcpus: number; era: Era }) {
    this.#kernel = parts.kernel
    this.#trace = new SchedulerTrace(parts.bus)
    this.#pcpus = Array.from({ length: parts.pcpus }, newPcpu)
    parts.kernel.on(DUE, (pcpu) => this.#dueOn(pcpu))
    parts.kernel.on(LOOK, (pcpu) => this.#look(pcpu))
    parts.kernel.on(ACCOUNT, () => this.#account())
  }

  /** Makes the vcpus of a domain, offline until they are raised. */
  addDomain(
    domid: number,
    vcpus: number,
    options: { readonly weight?: number; readonly cap?: number } = {},
  ): void {
    const { weight = 256, cap = 0 } = options
    const { now } = this.#kernel
    const affinity = this.#pcpus.map((_, pcpu) => pcpu)
    const made = Array.from({ length: vcpus }, (_, v) =>
      newVcpu(domid, v, { now, pcpu: (domid + v) % this.#pcpus.length, affinity }),
    )
    this.#table.add({ domid, vcpus, weight, cap, paused: 0 }, made)
    this.#trace.added(this.#at(0), domid)
  }

  /** Takes a domain's vcpus from their pcpus, and forgets them. */
  removeDomain(domid: number): void {
    if (this.#table.domain(domid) === undefined) return
    for (const vcpu of this.#table.vcpusOf(domid)) {
      vcpu.online = false
      this.#review(vcpu)
    }
    this.#table.remove(domid)
    this.#trace.removed(this.#at(0), domid)
  }

  /** Stops a domain's vcpus; as often as it is paused, it must be unpaused. */
  pause(domid: number): void {
    this.#pauseBy(domid, 1)
  }

  unpause(domid: number): void {
    this.#pauseBy(domid, -1)
  }

  /** Brings a vcpu up. */
  raise(domid: number, vcpu: number): void {
    const raised = this.#table.of(domid, vcpu)
    raised.online = true
    this.#review(raised)
  }

  /** A guest has something to do, until it blocks. */
  wake(domid: number, vcpu: number): void {
    const woken = this.#table.of(domid, vcpu)
    woken.awake = true
    this.#review(woken)
  }

  block(domid: number, vcpu: number): void {
    const blocked = this.#table.of(domid, vcpu)
    blocked.awake = false
    this.#review(blocked)
  }

  /** Queues time on a vcpu; when it has had it, `kind(a, b)` happens. */
  work(domid: number, vcpu: number, ns: number, kind: number, a = 0, b = 0): void {
    const worker = this.#table.of(domid, vcpu)
    worker.work.push({ ns: Math.max(1, Math.round(ns)), kind, a, b })
    if (worker.runstate !== 'running') this.#review(worker)
    else if (worker.work.length === 1) this.#rearm(worker.pcpu)
  }

  /** Says on which pcpus a vcpu may run; it leaves one it may not. */
  pin(domid: number, vcpu: number, pcpus: readonly number[]): void {
    const pinned = this.#table.of(domid, vcpu)
    pinned.affinity = [...pcpus]
    if (pinned.runstate === 'running' && !pcpus.includes(pinned.pcpu)) this.#yield(pinned.pcpu)
    else if (pinned.runstate === 'runnable') this.#place(pinned)
  }

  /** The pcpu it runs on now. */
  where(domid: number, vcpu: number): number | undefined {
    const known = this.#table.of(domid, vcpu)
    return known.runstate === 'running' ? known.pcpu : undefined
  }

  /** Where something is seen that this vcpu does. */
  place(domid: number, vcpu: number): SeenAt {
    return { pcpu: this.#table.find(domid, vcpu)?.pcpu ?? 0, domid, vcpu }
  }

  state(domid: number, vcpu: number): VcpuState {
    return vcpuState(this.#table.of(domid, vcpu), this.#kernel.now)
  }

  setWeight(domid: number, of: { readonly weight: number; readonly cap: number }): void {
    const domain = this.#table.domain(domid)
    if (domain === undefined) return
    domain.weight = of.weight
    domain.cap = of.cap
  }

  /** Takes a pcpu in or out. False for the last one. Vcpus pinned to it alone may run anywhere. */
  setPcpuOnline(pcpu: number, online: boolean): boolean {
    const known = this.#pcpus[pcpu]
    if (known === undefined) return false
    if (!online && this.#pcpus.every((other, n) => n === pcpu || !other.online)) return false
    known.online = online
    if (!online) this.#freeFrom(pcpu)
    else this.#look(pcpu)
    return true
  }

  save(): SchedulerState {
    return structuredClone({
      table: this.#table.save(),
      pcpus: this.#pcpus,
      queue: this.#queue.list().map((vcpu) => keyOf(vcpu.domid, vcpu.vcpu)),
      accounting: this.#accounting,
    })
  }

  restore(saved: SchedulerState): void {
    const state = structuredClone(saved)
    this.#table.restore(state.table)
    state.pcpus.forEach((pcpu, n) => {
      this.#pcpus[n] = pcpu
    })
    this.#queue.restore(state.queue.flatMap((key) => this.#table.at(key) ?? []))
    this.#accounting = state.accounting
  }

  #pauseBy(domid: number, more: number): void {
    const domain = this.#table.domain(domid)
    if (domain === undefined) return
    domain.paused = Math.max(0, domain.paused + more)
    for (const vcpu of this.#table.vcpusOf(domid)) {
      if (more > 0 && domain.paused === 1) this.#trace.slept(this.#at(vcpu.pcpu), vcpu)
      this.#review(vcpu)
    }
  }

  /** Brings a vcpu's state in line with whether it wants to run. */
  #review(vcpu: Vcpu): void {
    const isUp = vcpu.runstate === 'running' || vcpu.runstate === 'runnable'
    if (this.#table.wants(vcpu) === isUp) {
      if (!isUp) this.#become(vcpu, this.#table.resting(vcpu))
      return
    }
    if (!isUp) this.#wakeUp(vcpu)
    else if (vcpu.runstate === 'running') this.#look(vcpu.pcpu)
    else {
      this.#queue.remove(vcpu)
      this.#become(vcpu, this.#table.resting(vcpu))
    }
  }

  #wakeUp(vcpu: Vcpu): void {
    this.#trace.woke(this.#at(vcpu.pcpu), vcpu)
    this.#become(vcpu, 'runnable')
    vcpu.boosted = vcpu.credits >= 0
    this.#queue.push(vcpu)
    if (!this.#accounting) {
      this.#accounting = true
      this.#kernel.schedule(PERIOD_NS, ACCOUNT)
    }
    this.#place(vcpu)
  }

  /** Finds a pcpu for one that waits: an idle one, its last before others; else one whose vcpu goes
   *  after it. */
  #place(vcpu: Vcpu): void {
    const allowed = [vcpu.pcpu, ...vcpu.affinity].filter(
      (pcpu) => vcpu.affinity.includes(pcpu) && this.#pcpus[pcpu]?.online === true,
    )
    const idle = allowed.find((pcpu) => this.#pcpus[pcpu]?.current === undefined)
    if (idle !== undefined) {
      this.#look(idle)
      return
    }
    const weaker = allowed.find((pcpu) => {
      const running = this.#runningOn(pcpu)
      return running !== undefined && rank(running) > rank(vcpu)
    })
    if (weaker !== undefined) this.#yield(weaker)
  }

  #runningOn(pcpu: number): Vcpu | undefined {
    const key = this.#pcpus[pcpu]?.current
    return key === undefined ? undefined : this.#table.at(key)
  }

  /** The slice or the work of what runs is over. */
  #dueOn(number: number): void {
    const pcpu = this.#pcpus[number] as Pcpu
    pcpu.due = undefined
    const running = this.#runningOn(number)
    if (running === undefined) return
    this.#book(number)
    const first = running.work[0]
    if (first !== undefined && first.ns <= 0) {
      running.work.shift()
      this.#kernel.schedule(0, first.kind, first.a, first.b)
      this.#kernel.schedule(0, LOOK, number)
    } else this.#look(number)
  }

  /** Looks who should be on a pcpu now. */
  #look(number: number): void {
    const pcpu = this.#pcpus[number] as Pcpu
    const running = this.#runningOn(number)
    if (running === undefined) {
      if (pcpu.online) this.#dispatch(number, undefined)
      return
    }
    this.#book(number)
    if (!this.#table.wants(running)) {
      if (running.online) this.#trace.blocked(this.#at(number), running)
      this.#dispatch(number, this.#table.resting(running))
    } else if (this.#kernel.now < pcpu.sliceEnd) this.#rearm(number)
    else if (this.#queue.best(number) !== undefined) this.#yield(number)
    else this.#renew(number, running)
  }

  /** What runs gives way to others. */
  #yield(pcpu: number): void {
    this.#book(pcpu)
    this.#dispatch(pcpu, 'runnable')
  }

  #renew(number: number, running: Vcpu): void {
    const pcpu = this.#pcpus[number] as Pcpu
    const ran = this.#kernel.now - pcpu.since
    pcpu.sliceEnd = this.#kernel.now + SLICE_NS
    this.#trace.stayed(this.#at(number), running, { ran, slice: SLICE_NS })
    this.#rearm(number)
  }

  /** Takes what runs off, into another state, and puts the next one on. */
  #dispatch(number: number, leavesAs: Runstate | undefined): void {
    const pcpu = this.#pcpus[number] as Pcpu
    const leaving = this.#runningOn(number)
    const at = this.#at(number)
    if (leaving !== undefined && leavesAs === 'runnable') {
      leaving.boosted = false
      this.#queue.push(leaving)
    }
    const coming = pcpu.online ? this.#queue.best(number) : undefined
    if (leaving === undefined && coming === undefined) return
    if (coming !== undefined) this.#queue.remove(coming)
    this.#trace.switched(
      at,
      { ...(nameOf(leaving) ?? idleOf(number)), ranNs: this.#kernel.now - pcpu.since },
      { ...(nameOf(coming) ?? idleOf(number)), waitedNs: this.#waited(coming), sliceNs: SLICE_NS },
    )
    if (leaving !== undefined && leaving !== coming) this.#become(leaving, leavesAs ?? 'runnable')
    this.#enter(number, coming)
    if (leaving !== undefined && leavesAs === 'runnable' && leaving !== coming) this.#fill()
  }

  #waited(vcpu: Vcpu | undefined): number {
    return vcpu?.runstate === 'runnable' ? this.#kernel.now - vcpu.since : 0
  }

  #enter(number: number, coming: Vcpu | undefined): void {
    const pcpu = this.#pcpus[number] as Pcpu
    pcpu.current = coming === undefined ? undefined : keyOf(coming.domid, coming.vcpu)
    pcpu.since = this.#kernel.now
    pcpu.booked = this.#kernel.now
    pcpu.sliceEnd = this.#kernel.now + SLICE_NS
    if (coming !== undefined) {
      if (coming.pcpu !== number) coming.migrations++
      coming.pcpu = number
      if (coming.runstate !== 'running') this.#become(coming, 'running')
    }
    this.#rearm(number)
  }

  /** Who had to go may find another pcpu idle. */
  #fill(): void {
    this.#pcpus.forEach(({ online, current }, pcpu) => {
      if (online && current === undefined) this.#look(pcpu)
    })
  }

  /** Books the time that what runs has had. */
  #book(number: number): void {
    const pcpu = this.#pcpus[number] as Pcpu
    const running = this.#runningOn(number)
    const ns = this.#kernel.now - pcpu.booked
    pcpu.booked = this.#kernel.now
    if (running === undefined) return
    const first = running.work[0]
    if (first !== undefined) first.ns -= ns
    running.credits -= priceOf(ns)
    if (this.#kernel.now - pcpu.since >= TICK_NS) running.boosted = false
  }

  /** Sets when a pcpu is looked at next: when its vcpu's work or slice is over. */
  #rearm(number: number): void {
    const pcpu = this.#pcpus[number] as Pcpu
    if (pcpu.due !== undefined) this.#kernel.cancel(pcpu.due)
    pcpu.due = undefined
    const running = this.#runningOn(number)
    if (running === undefined) return
    this.#book(number)
    const left = Math.min(running.work[0]?.ns ?? SLICE_NS, pcpu.sliceEnd - this.#kernel.now)
    pcpu.due = this.#kernel.schedule(left, DUE, number)
  }

  /** Gives credits to those that want to run, as long as there are such. */
  #account(): void {
    this.#pcpus.forEach((_, pcpu) => {
      this.#book(pcpu)
    })
    const active = this.#table.all().filter((v) => this.#table.wants(v) || v.credits < 0)
    this.#accounting = active.length > 0
    if (!this.#accounting) return
    const online = this.#pcpus.filter((pcpu) => pcpu.online).length
    giveCredits(active, (domid) => this.#table.domain(domid)?.weight ?? 0, online)
    this.#kernel.schedule(PERIOD_NS, ACCOUNT)
  }

  #freeFrom(pcpu: number): void {
    const online = this.#pcpus.flatMap((other, n) => (other.online ? [n] : []))
    const stranded = this.#table
      .all()
      .filter(({ affinity }) => !affinity.some((n) => online.includes(n)))
    for (const vcpu of stranded) vcpu.affinity = online
    if (this.#runningOn(pcpu) !== undefined) this.#yield(pcpu)
    this.#fill()
  }

  #become(vcpu: Vcpu, runstate: Runstate): void {
    if (vcpu.runstate === runstate) return
    this.#trace.changed(this.#at(vcpu.pcpu), vcpu, vcpu.runstate, runstate)
    vcpu.ns[vcpu.runstate] += this.#kernel.now - vcpu.since
    vcpu.since = this.#kernel.now
    vcpu.runstate = runstate
  }

  /** A pcpu and what is on it. */
  #at(pcpu: number): SeenAt {
    return { pcpu, ...(nameOf(this.#runningOn(pcpu)) ?? idleOf(pcpu)) }
  }
}

function nameOf(vcpu: Vcpu | undefined): OnPcpu | undefined {
  return vcpu === undefined ? undefined : { domid: vcpu.domid, vcpu: vcpu.vcpu }
}
