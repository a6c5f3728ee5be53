// Dispatcher: vcpus on pcpus. It keeps runstates, times and work; a policy says who comes next.
//
//   wake(v) -> policy queues it, tickles a pcpu -> schedule(pcpu) -> switch -> its work is used
//
// Holds: a vcpu is on at most one pcpu, a pcpu runs at most one, or idles; who stops on one pcpu
// does not begin on another in the same nanosecond; runstate times add up.
// Source: xen/common/schedule.c (schedule, vcpu_wake, vcpu_sleep_nosync, vcpu_migrate).
import { assert } from '../../../base/assert.js'
import type { Prng } from '../../../base/prng.js'
import type { Kernel } from '../kernel.js'
import { SCHEDULER_KINDS } from '../kinds.js'
import { isIdle, newPcpu, type Pcpu } from './pcpu.js'
import { exclude, include, isIn, membersOf, type PcpuSet, pcpuSet } from './pcpu-set.js'
import type { Choice, Policy, PolicyHost } from './policy.js'
import type { SchedRecords } from './sched-records.js'
import { BLOCKED, canRun, OFFLINE, RUNNABLE, RUNNING, type SchedDomain, type Vcpu } from './vcpu.js'
import {
  dropFirst,
  interruptWork,
  isWorkless,
  leftOfFirst,
  useWork,
  type Work,
} from './work-queue.js'

const ENDS = SCHEDULER_KINDS
const LOOKS = SCHEDULER_KINDS + 1
const TICKS = SCHEDULER_KINDS + 2
const POLICY = SCHEDULER_KINDS + 3
/** From telling a pcpu to look to its looking: an interrupt and the way out of it, at least, and
 *  what it waits behind on average. */
const TICKLE_NS = 900
const DELAY_NS = 450
/** How late a timer of Xen may be (TIMER_SLOP): so pcpus do not keep step. */
const SLOP_NS = 50_000
/** As an idle vcpu's slice is told. */
const NO_END = 0xffff_ffff

/** What the guests of vcpus do by themselves. */
export interface GuestWork {
  /** Gives a vcpu that runs something to do. */
  feed(vcpu: Vcpu): void
  /** A thing of the guest's own (a negative kind) was done. */
  act(vcpu: Vcpu, kind: number, a: number): void
}

/** Pcpus and domains, as plain data that names vcpus by reference. */
export interface DispatcherState {
  readonly pcpus: readonly Pcpu[]
  readonly domains: readonly SchedDomain[]
  readonly idlers: PcpuSet
  readonly policy: unknown
}

/** One host's pcpus and what runs on them. */
export class Dispatcher implements PolicyHost {
  readonly pcpus: Pcpu[]
  readonly idlers: PcpuSet
  readonly domains = new Map<number, SchedDomain>()
  readonly records: SchedRecords
  readonly #kernel: Kernel
  readonly #random: Prng
  readonly #choice: Choice = { wasTickled: false, vcpu: undefined, sliceNs: 0 }
  readonly #policy: Policy
  readonly #guests: GuestWork
  /** On which something is being done that may act on others. */
  #here: Pcpu | undefined

  constructor(parts: {
    readonly kernel: Kernel
    readonly random: Prng
    readonly records: SchedRecords
    readonly pcpus: number
    readonly guests: GuestWork
    readonly policy: (host: PolicyHost) => Policy
  }) {
    this.#kernel = parts.kernel
    this.#random = parts.random
    this.records = parts.records
    this.#guests = parts.guests
    this.pcpus = Array.from({ length: parts.pcpus }, (_, id) => newPcpu(id, parts.pcpus))
    this.idlers = pcpuSet(parts.pcpus, this.pcpus.keys())
    this.#policy = parts.policy(this)
    const { kernel } = parts
    kernel.on(ENDS, (id, stamp) => this.#ends(this.pcpus[id] as Pcpu, stamp))
    kernel.on(LOOKS, (id) => this.#looks(this.pcpus[id] as Pcpu))
    kernel.on(TICKS, (id) => this.#ticks(this.pcpus[id] as Pcpu))
    kernel.on(POLICY, (a) => this.#policy.due(a))
  }

  get now(): number {
    return this.#kernel.now
  }

  /** Lets a policy know of a new vcpu. */
  add(vcpu: Vcpu): void {
    this.#policy.add(vcpu)
  }

  /** Takes a vcpu from where it is, for good. */
  remove(vcpu: Vcpu): void {
    vcpu.up = false
    this.#stop(vcpu)
    this.#policy.remove(vcpu)
  }

  /** Lets a policy know that weights changed. */
  weighed(): void {
    this.#policy.weighed()
  }

  /** It may want to run: it is queued when nothing keeps it from running. `at` is where that is
   *  found out. */
  wake(vcpu: Vcpu, at = this.#here ?? this.pcpuOf(vcpu)): void {
    this.records.woke(at, vcpu)
    if (canRun(vcpu)) {
      if (vcpu.runstate < BLOCKED) return
      this.#become(vcpu, RUNNABLE, at)
      this.#policy.wake(vcpu)
    } else if (!vcpu.blocked && vcpu.runstate === BLOCKED) this.#become(vcpu, OFFLINE, at)
  }

  /** Something keeps it from running; it leaves its pcpu at once. */
  sleep(vcpu: Vcpu): void {
    this.records.slept(this.#here ?? this.pcpuOf(vcpu), vcpu)
    if (!canRun(vcpu)) this.#stop(vcpu)
  }

  /** It waits for an event: sched_op block. */
  block(vcpu: Vcpu): void {
    vcpu.blocked = true
    this.records.blocked(this.pcpuOf(vcpu), vcpu)
    this.#stop(vcpu)
  }

  /** It lets others go first: sched_op yield. */
  yield(vcpu: Vcpu): void {
    if (vcpu.runstate !== RUNNING) return
    vcpu.yielded = true
    this.records.yielded(this.pcpuOf(vcpu), vcpu)
    this.#schedule(this.pcpuOf(vcpu))
    vcpu.yielded = false
  }

  /** It goes to a pcpu on which it may run; the one it leaves wakes it there. */
  move(vcpu: Vcpu): void {
    const left = this.pcpuOf(vcpu)
    vcpu.moving = true
    this.sleep(vcpu)
    vcpu.moving = false
    vcpu.pcpu = this.choosePcpu(vcpu.affinity, vcpu.pcpu)
    this.#policy.moved(vcpu)
    this.wake(vcpu, left)
  }

  /** Of the pcpus allowed and online, the first after `after` to which fewest vcpus are assigned;
   *  idle ones before others. */
  choosePcpu(affinity: PcpuSet, after: number): number {
    const load: number[] = this.pcpus.map((pcpu) => (isIdle(pcpu) ? 0 : 1))
    for (const { vcpus } of this.domains.values()) {
      for (const { pcpu } of vcpus) load[pcpu] = (load[pcpu] as number) + 2
    }
    const count = this.pcpus.length
    const inCircle = membersOf(affinity)
      .filter((id) => this.pcpus[id]?.online === true)
      .sort((a, b) => ((a - after - 1 + count) % count) - ((b - after - 1 + count) % count))
    return inCircle.reduce((best, id) => {
      return best < 0 || (load[id] as number) < (load[best] as number) ? id : best
    }, -1)
  }

  /** Takes a pcpu in or out; who was assigned to it goes elsewhere. */
  setOnline(pcpu: Pcpu, online: boolean): void {
    pcpu.online = online
    if (online) {
      include(this.idlers, pcpu.id)
      this.tickle(pcpu)
      return
    }
    exclude(this.idlers, pcpu.id)
    for (const { vcpus } of this.domains.values()) {
      for (const vcpu of vcpus) if (vcpu.pcpu === pcpu.id) this.move(vcpu)
    }
  }

  /** Puts something before what a vcpu has to do. */
  interrupt(vcpu: Vcpu, rows: readonly Work[]): void {
    const pcpu = this.pcpuOf(vcpu)
    if (pcpu.current !== vcpu) {
      interruptWork(vcpu, rows)
      return
    }
    this.#book(pcpu)
    interruptWork(vcpu, rows)
    this.#arm(pcpu)
  }

  pcpuOf(vcpu: Vcpu): Pcpu {
    return this.pcpus[vcpu.pcpu] as Pcpu
  }

  tickle(pcpu: Pcpu): void {
    exclude(this.idlers, pcpu.id)
    if (pcpu.tickled) return
    pcpu.tickled = true
    const ns = TICKLE_NS + this.#random.exponential(DELAY_NS)
    this.#kernel.schedule(ns, LOOKS, pcpu.id)
  }

  park(vcpu: Vcpu, parked: boolean): void {
    if (vcpu.parked === parked) return
    vcpu.parked = parked
    if (!parked) this.wake(vcpu)
    else if (vcpu.runstate === RUNNING) this.tickle(this.pcpuOf(vcpu))
    else this.sleep(vcpu)
  }

  later(ns: number, a: number): void {
    this.#kernel.schedule(ns, POLICY, a)
  }

  save(): DispatcherState {
    const { pcpus, idlers } = this
    return { pcpus, idlers, domains: [...this.domains.values()], policy: this.#policy.state }
  }

  /** Takes over a state that nobody else has. */
  restore(state: DispatcherState): void {
    this.pcpus.splice(0, this.pcpus.length, ...state.pcpus)
    this.idlers.set(state.idlers)
    this.domains.clear()
    for (const domain of state.domains) this.domains.set(domain.domid, domain)
    this.#policy.restore(state.policy)
  }

  /** One that cannot run leaves its queue or its pcpu. */
  #stop(vcpu: Vcpu): void {
    if (vcpu.runstate === RUNNING) this.#schedule(this.pcpuOf(vcpu))
    else if (vcpu.runstate === RUNNABLE) {
      this.#policy.dequeue(vcpu)
      this.#become(vcpu, OFFLINE, this.#here ?? this.pcpuOf(vcpu))
    }
  }

  /** What runs has used its slice, or what it had to do. */
  #ends(pcpu: Pcpu, stamp: number): void {
    if (pcpu.stamp !== stamp) return
    const vcpu = pcpu.current
    this.#book(pcpu)
    while (!isWorkless(vcpu) && leftOfFirst(vcpu) <= 0) {
      this.#do(pcpu, vcpu)
      if (pcpu.stamp !== stamp) return
    }
    if (isWorkless(vcpu)) this.#guests.feed(vcpu)
    if (this.now >= pcpu.sliceEnd) this.#schedule(pcpu)
    else this.#arm(pcpu)
  }

  #do(pcpu: Pcpu, vcpu: Vcpu): void {
    const { work, head } = vcpu
    const kind = work[head + 1] as number
    const a = work[head + 2] as number
    const b = work[head + 3] as number
    dropFirst(vcpu)
    this.#here = pcpu
    if (kind < 0) this.#guests.act(vcpu, kind, a)
    else this.#kernel.happen(kind, a, b)
    this.#here = undefined
  }

  #looks(pcpu: Pcpu): void {
    if (pcpu.tickled) this.#schedule(pcpu)
  }

  #ticks(pcpu: Pcpu): void {
    pcpu.ticking = false
    if (isIdle(pcpu)) return
    this.#policy.tick(pcpu)
    this.#keepTicking(pcpu)
  }

  /** Ticks of a pcpu are at its own place in the period, whenever it runs somebody. */
  #keepTicking(pcpu: Pcpu): void {
    const { tickNs } = this.#policy
    if (pcpu.ticking || tickNs === 0) return
    pcpu.ticking = true
    const phase = Math.floor((pcpu.id * tickNs) / this.pcpus.length)
    const past = (this.now - phase + tickNs) % tickNs
    this.#kernel.schedule(tickNs - past, TICKS, pcpu.id)
  }

  /** Chooses anew who runs on a pcpu. */
  #schedule(pcpu: Pcpu): void {
    const prev = pcpu.current
    this.#book(pcpu)
    if (prev !== pcpu.idle && !pcpu.online) this.#policy.charge(pcpu)
    const mayGoOn =
      prev !== pcpu.idle && canRun(prev) && pcpu.online && isIn(prev.affinity, pcpu.id)
    const choice = this.#choice
    choice.vcpu = undefined
    choice.wasTickled = pcpu.tickled
    pcpu.tickled = false
    if (pcpu.online) this.#policy.pick(pcpu, mayGoOn ? prev : undefined, choice)
    const next = choice.vcpu ?? pcpu.idle
    if (next === prev) this.#goOn(pcpu, choice)
    else this.#switch(pcpu, next, next === pcpu.idle ? NO_END : choice.sliceNs)
  }

  #goOn(pcpu: Pcpu, { sliceNs, wasTickled }: Choice): void {
    const { current } = pcpu
    if (isIdle(pcpu)) {
      if (pcpu.online && !pcpu.tickled) include(this.idlers, pcpu.id)
      if (wasTickled) this.records.continued(pcpu, this.now - current.since, NO_END)
      return
    }
    this.records.continued(pcpu, this.now - current.since, sliceNs)
    this.#begin(pcpu, sliceNs)
  }

  #switch(pcpu: Pcpu, next: Vcpu, sliceNs: number): void {
    const prev = pcpu.current
    this.#assign(next, pcpu)
    this.records.switched(pcpu, next, {
      ranNs: this.now - prev.since,
      waitedNs: next.runstate === RUNNABLE ? this.now - next.since : 0,
      sliceNs,
    })
    this.#become(prev, restingStateOf(prev, pcpu), pcpu)
    this.records.setCurrent(pcpu, undefined)
    pcpu.current = next
    this.#become(next, RUNNING, pcpu)
    this.records.setCurrent(pcpu, next)
    if (next === pcpu.idle) this.#idle(pcpu)
    else this.#begin(pcpu, sliceNs)
    if (prev === pcpu.idle) return
    if (prev.runstate === RUNNABLE) this.#policy.requeue(prev)
    else this.#policy.rested(prev)
  }

  /** Who comes belongs here from now on. */
  #assign(next: Vcpu, pcpu: Pcpu): void {
    if (next === pcpu.idle) return
    assert(!next.queued && next.runstate === RUNNABLE, 'a vcpu is chosen that does not wait')
    if (next.ranOn >= 0 && next.ranOn !== pcpu.id) next.migrations++
    next.ranOn = pcpu.id
    if (next.pcpu === pcpu.id) return
    next.pcpu = pcpu.id
    this.#policy.moved(next)
  }

  #idle(pcpu: Pcpu): void {
    pcpu.stamp++
    if (pcpu.online && !pcpu.tickled) include(this.idlers, pcpu.id)
  }

  #begin(pcpu: Pcpu, sliceNs: number): void {
    const { current } = pcpu
    exclude(this.idlers, pcpu.id)
    pcpu.bookedAt = this.now
    pcpu.sliceEnd = this.now + sliceNs + this.#random.below(SLOP_NS)
    current.chargedAt = this.now
    if (isWorkless(current)) this.#guests.feed(current)
    this.#keepTicking(pcpu)
    this.#arm(pcpu)
  }

  /** Books the work that what runs has done. */
  #book(pcpu: Pcpu): void {
    const ns = this.now - pcpu.bookedAt
    pcpu.bookedAt = this.now
    if (!isIdle(pcpu)) useWork(pcpu.current, ns)
  }

  #arm(pcpu: Pcpu): void {
    const ns = Math.min(leftOfFirst(pcpu.current), pcpu.sliceEnd - this.now)
    this.#kernel.schedule(ns, ENDS, pcpu.id, ++pcpu.stamp)
  }

  #become(vcpu: Vcpu, runstate: number, at: Pcpu): void {
    if (vcpu.runstate === runstate) return
    this.records.changed(at, vcpu, runstate)
    vcpu.ns[vcpu.runstate as 0] += this.now - vcpu.since
    vcpu.since = this.now
    vcpu.runstate = runstate
  }
}

/** In which state a vcpu leaves its pcpu. */
function restingStateOf(vcpu: Vcpu, pcpu: Pcpu): number {
  if (vcpu === pcpu.idle) return RUNNABLE
  if (vcpu.blocked) return BLOCKED
  return canRun(vcpu) ? RUNNABLE : OFFLINE
}
