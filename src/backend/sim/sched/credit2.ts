// Credit2Policy: Xen's second credit scheduler. Up to 16 pcpus share one queue, the most credit
// first; credit burns while one runs, the faster the smaller its weight; when the next one has
// none left, all get some.
//
//   10 ms of credit; slices of 0.5 to 10 ms, until the next in the queue has more credit
//
// Holds: a vcpu waits in the queue of its pcpu's group; once chosen it runs for a millisecond
// before another may take its place.
// Source: xen/common/sched/credit2.c. Not modelled: balancing by load; groups balance by taking a
// waiting vcpu when they have none.
import { Budgets } from './budgets.js'
import { beginLoad, type Load, type LoadUpdate, newLoad, updateGroup, updateLoad } from './load.js'
import { isIdle, type Pcpu } from './pcpu.js'
import { include, isIn, nextInBoth, type PcpuSet, pcpuSet } from './pcpu-set.js'
import type { Choice, Policy, PolicyHost } from './policy.js'
import { delist, enlist } from './run-list.js'
import type { Vcpu } from './vcpu.js'

/** Pcpus that share a queue at most. */
export const GROUP_PCPUS = 16
const INITIAL_NS = 10_000_000
const CARRYOVER_NS = 500_000
const RESIST_NS = 500_000
const MIN_SLICE_NS = 500_000
const MAX_SLICE_NS = 10_000_000
const RATE_LIMIT_NS = 1_000_000
const LEAST_CREDIT = -10_000_000
const IDLE_CREDIT = -10_000_001
/** Given to who is taken from another pcpu. */
const COMPENSATION_NS = 50_000
/** Idle, and all threads of the core are; told to look. */
const IDLE_FLAGS = 0x1_0100
const TICKLED_FLAG = 0x100_0000
const NO_BUDGET = 0x8000_0000
const RUNQ_POS = 0x22202
const CREDIT_BURN = 0x22203
const TICKLE_CHECK = 0x22205
const TICKLE = 0x22206
const CREDIT_RESET = 0x22207
const RUNQ_ASSIGN = 0x2220a
const TICKLE_NEW = 0x2220d
const MIGRATE = 0x2220f
const RUNQ_CANDIDATE = 0x22214
const SCHEDULE = 0x22215
const RATE_LIMIT = 0x22216
const CANDIDATE_CHECK = 0x22217

/** Pcpus that share a queue, and the vcpus assigned to them. */
interface Group {
  readonly id: number
  readonly members: PcpuSet
  readonly first: number
  readonly end: number
  readonly queue: Vcpu[]
  readonly vcpus: Vcpu[]
  maxWeight: number
  readonly load: Load
}

interface Credit2State {
  readonly groups: readonly Group[]
}

/** The credit2 scheduler. */
export class Credit2Policy implements Policy {
  readonly tickNs = 0
  readonly #host: PolicyHost
  readonly #budgets: Budgets
  #state: Credit2State

  constructor(host: PolicyHost) {
    this.#host = host
    this.#budgets = new Budgets(host)
    const count = Math.ceil(host.pcpus.length / GROUP_PCPUS)
    this.#state = { groups: Array.from({ length: count }, (_, id) => newGroup(id, host.pcpus)) }
  }

  get state(): unknown {
    return this.#state
  }

  restore(state: unknown): void {
    this.#state = state as Credit2State
  }

  add(vcpu: Vcpu): void {
    vcpu.credit = INITIAL_NS
    beginLoad(vcpu.load, this.#host.now)
    this.#assign(vcpu)
  }

  remove(vcpu: Vcpu): void {
    const group = this.#state.groups[vcpu.group]
    if (group !== undefined) leave(group, vcpu)
  }

  wake(vcpu: Vcpu): void {
    this.#load(vcpu, 1)
    this.requeue(vcpu)
  }

  rested(vcpu: Vcpu): void {
    this.#load(vcpu, -1)
  }

  requeue(vcpu: Vcpu): void {
    const group = this.#groupOf(vcpu.pcpu)
    const at = this.#host.pcpus[vcpu.pcpu] as Pcpu
    const position = enlist(group.queue, vcpu, creditOf)
    this.#host.records.say(RUNQ_POS, at, wordOf(vcpu), position)
    this.#host.records.say(TICKLE_NEW, at, wordOf(vcpu), vcpu.pcpu, vcpu.credit)
    const target = this.#idlerFor(vcpu, group) ?? this.#weakerFor(vcpu, group)
    if (target !== undefined) {
      this.#host.records.say(TICKLE, at, target.id)
      this.#host.tickle(target)
      vcpu.toldPcpu = target.id
    }
  }

  dequeue(vcpu: Vcpu): void {
    this.#load(vcpu, -1)
    delist(this.#groupOf(vcpu.pcpu).queue, vcpu)
  }

  moved(vcpu: Vcpu): void {
    if (this.#groupOf(vcpu.pcpu).id === vcpu.group) return
    const from = this.#state.groups[vcpu.group]
    this.remove(vcpu)
    this.#assign(vcpu)
    if (from === undefined) return
    from.load.now -= vcpu.load.now
    this.#groupOf(vcpu.pcpu).load.now += vcpu.load.now
  }

  weighed(): void {
    for (const group of this.#state.groups) group.maxWeight = maxWeightOf(group)
  }

  charge(pcpu: Pcpu): void {
    this.#charge(pcpu, pcpu)
  }

  #charge(pcpu: Pcpu, at: Pcpu): void {
    const { current } = pcpu
    const used = this.#host.now - current.chargedAt
    current.chargedAt = this.#host.now
    const { maxWeight } = this.#groupOf(pcpu.id)
    const delta = Math.round((used * maxWeight) / current.domain.weight)
    current.credit = Math.max(LEAST_CREDIT, current.credit - delta)
    this.#budgets.use(current, used)
    this.#host.records.say(CREDIT_BURN, at, wordOf(current), current.credit, NO_BUDGET, used)
  }

  pick(pcpu: Pcpu, ran: Vcpu | undefined, choice: Choice): void {
    const group = this.#groupOf(pcpu.id)
    this.#sayLook(pcpu, group, choice.wasTickled)
    if (!isIdle(pcpu)) this.charge(pcpu)
    // Being charged may have used up a budget.
    const runs = ran?.parked === true ? undefined : ran
    const ranNs = this.#host.now - pcpu.current.since
    const isLimited = runs !== undefined && !runs.yielded && ranNs < RATE_LIMIT_NS
    if (isLimited) this.#host.records.say(RATE_LIMIT, pcpu, wordOf(runs), ranNs)
    const chosen = isLimited ? runs : this.#chosen(pcpu, runs, group)
    choice.vcpu = chosen
    if (chosen === undefined || chosen === runs) updateLoad(this.#update(pcpu, group), chosen, 0)
    if (chosen === undefined) return
    if (chosen.queued) delist(group.queue, chosen)
    chosen.toldPcpu = -1
    if (chosen.pcpu !== pcpu.id) chosen.credit += COMPENSATION_NS
    if (chosen.credit <= 0) this.#reset(pcpu, group, chosen)
    const slice = isLimited ? RATE_LIMIT_NS - ranNs : this.#sliceOf(chosen, group, chosen === runs)
    choice.sliceNs = this.#budgets.limit(chosen, slice)
  }

  tick(): void {}

  due(domid: number): void {
    this.#budgets.replenish(domid)
  }

  #sayLook(pcpu: Pcpu, group: Group, wasTickled: boolean): void {
    const flags = (isIdle(pcpu) ? IDLE_FLAGS : 0) | (wasTickled ? TICKLED_FLAG : 0)
    this.#host.records.say(SCHEDULE, pcpu, pcpu.id | (group.id << 16), flags)
  }

  /** Who is to run here, from this group's queue or another's; undefined when nobody is. */
  #chosen(pcpu: Pcpu, runs: Vcpu | undefined, group: Group): Vcpu | undefined {
    const chosen = this.#candidate(pcpu, runs, group) ?? this.#taken(pcpu, group)
    const { key, credit, toldPcpu } = chosen ?? { ...pcpu.idle, credit: IDLE_CREDIT }
    this.#host.records.say(RUNQ_CANDIDATE, pcpu, key, toldPcpu >>> 0, credit)
    return chosen
  }

  /** The first in the queue that may run here, if it has more credit than who runs; who comes from
   *  another pcpu must have half a millisecond more, who is to be taken by one is left to it. */
  #candidate(pcpu: Pcpu, runs: Vcpu | undefined, group: Group): Vcpu | undefined {
    const own = runs?.credit ?? IDLE_CREDIT
    const isFree = runs === undefined || runs.yielded
    for (const vcpu of group.queue) {
      this.#host.records.say(CANDIDATE_CHECK, pcpu, wordOf(vcpu))
      if (!isIn(vcpu.affinity, pcpu.id) || this.#isAwaited(vcpu, pcpu)) continue
      if (!isFree && vcpu.pcpu !== pcpu.id && vcpu.credit < own + RESIST_NS) continue
      if (!isFree && vcpu.credit <= own) return runs
      if (this.#mayComeFrom(vcpu, pcpu)) return vcpu
    }
    return runs
  }

  /** Another pcpu was told to look for its sake, and has not looked yet. */
  #isAwaited({ toldPcpu }: Vcpu, pcpu: Pcpu): boolean {
    return toldPcpu >= 0 && toldPcpu !== pcpu.id && this.#host.pcpus[toldPcpu]?.tickled === true
  }

  /** One that came to wait elsewhere this very moment is left for a look right after. */
  #mayComeFrom(vcpu: Vcpu, pcpu: Pcpu): boolean {
    if (vcpu.pcpu === pcpu.id || vcpu.since < this.#host.now) return true
    this.#host.tickle(pcpu)
    return false
  }

  /** One that waits in another group, when this one has nobody. */
  #taken(pcpu: Pcpu, group: Group): Vcpu | undefined {
    for (const other of this.#state.groups) {
      if (other === group) continue
      const found = other.queue.find(
        (vcpu) => isIn(vcpu.affinity, pcpu.id) && this.#mayComeFrom(vcpu, pcpu),
      )
      if (found === undefined) continue
      this.#host.records.say(MIGRATE, pcpu, wordOf(found), other.id | (group.id << 16))
      delist(other.queue, found)
      return found
    }
    return undefined
  }

  /** Gives everybody of the group credit, so much that who comes next has some. */
  #reset(pcpu: Pcpu, group: Group, next: Vcpu): void {
    const gift = INITIAL_NS * (1 + Math.floor(-next.credit / INITIAL_NS))
    for (const vcpu of group.vcpus) {
      const on = this.#host.pcpus[vcpu.pcpu] as Pcpu
      if (on.current === vcpu) this.#charge(on, pcpu)
      const before = vcpu.credit
      vcpu.credit = Math.min(before + gift, INITIAL_NS + CARRYOVER_NS)
      this.#host.records.say(CREDIT_RESET, pcpu, wordOf(vcpu), before, vcpu.credit)
    }
    updateGroup(this.#update(pcpu, group), 0)
  }

  /** Until the next in the queue has more credit. */
  #sliceOf(vcpu: Vcpu, group: Group, goesOn: boolean): number {
    const lead = vcpu.credit - Math.max(0, group.queue[0]?.credit ?? 0)
    const ns = Math.round((lead * vcpu.domain.weight) / group.maxWeight)
    return Math.min(MAX_SLICE_NS, Math.max(goesOn ? MIN_SLICE_NS : RATE_LIMIT_NS, ns))
  }

  /** An idle pcpu of the group, its own before others. */
  #idlerFor(vcpu: Vcpu, group: Group): Pcpu | undefined {
    const { idlers, pcpus } = this.#host
    if (isIn(idlers, vcpu.pcpu) && isIn(vcpu.affinity, vcpu.pcpu)) return pcpus[vcpu.pcpu]
    const next = nextWithin(idlers, vcpu, group)
    return next >= 0 ? pcpus[next] : this.#idlerElsewhere(vcpu, group)
  }

  #idlerElsewhere(vcpu: Vcpu, group: Group): Pcpu | undefined {
    for (const other of this.#state.groups) {
      if (other === group) continue
      const next = nextWithin(this.#host.idlers, vcpu, other)
      if (next >= 0) return this.#host.pcpus[next]
    }
    return undefined
  }

  /** Its own pcpu, if who runs there has less credit; else the one of the group where that is
   *  least, and half a millisecond less. */
  #weakerFor(vcpu: Vcpu, group: Group): Pcpu | undefined {
    const at = this.#host.pcpus[vcpu.pcpu] as Pcpu
    if (this.#scoreOn(at, vcpu, at) > 0) return at
    let weakest: Pcpu | undefined
    let most = 0
    for (let id = group.first; id < group.end; id++) {
      if (id === vcpu.pcpu) continue
      const pcpu = this.#host.pcpus[id] as Pcpu
      const score = this.#scoreOn(pcpu, vcpu, at)
      if (score <= most) continue
      most = score
      weakest = pcpu
    }
    return weakest
  }

  /** How much better a vcpu would be on a pcpu than who runs there; that one is left alone for its
   *  first millisecond. */
  #scoreOn(pcpu: Pcpu, vcpu: Vcpu, at: Pcpu): number {
    const { current, tickled, id } = pcpu
    if (isIdle(pcpu) || tickled || !isIn(vcpu.affinity, id)) return -1
    if (this.#host.now - current.since < RATE_LIMIT_NS) return -1
    this.#charge(pcpu, at)
    const lead = vcpu.credit - current.credit - (id === vcpu.pcpu ? 0 : RESIST_NS)
    const score = lead > 0 ? lead + INITIAL_NS : lead
    this.#host.records.say(TICKLE_CHECK, at, wordOf(current), current.credit, score)
    return score
  }

  #load(vcpu: Vcpu, change: -1 | 1): void {
    const at = this.#host.pcpus[vcpu.pcpu] as Pcpu
    updateLoad(this.#update(at, this.#groupOf(vcpu.pcpu)), vcpu, change)
  }

  #update(at: Pcpu, group: Group): LoadUpdate {
    const { now: nowNs, records } = this.#host
    return { nowNs, at, group, records }
  }

  #assign(vcpu: Vcpu): void {
    const group = this.#groupOf(vcpu.pcpu)
    group.vcpus.push(vcpu)
    vcpu.group = group.id
    group.maxWeight = Math.max(group.maxWeight, vcpu.domain.weight)
    const at = this.#host.pcpus[vcpu.pcpu] as Pcpu
    this.#host.records.say(RUNQ_ASSIGN, at, wordOf(vcpu), group.id)
  }

  #groupOf(pcpu: number): Group {
    return this.#state.groups[Math.floor(pcpu / GROUP_PCPUS)] as Group
  }
}

const creditOf = (vcpu: Vcpu): number => vcpu.credit
/** A vcpu as credit2's records name it. */
const wordOf = (vcpu: Vcpu): number => vcpu.key

function newGroup(id: number, pcpus: readonly Pcpu[]): Group {
  const first = id * GROUP_PCPUS
  const end = Math.min(first + GROUP_PCPUS, pcpus.length)
  const members = pcpuSet(pcpus.length, [])
  for (let pcpu = first; pcpu < end; pcpu++) include(members, pcpu)
  return { id, members, first, end, queue: [], vcpus: [], maxWeight: 1, load: newLoad() }
}

function leave(group: Group, vcpu: Vcpu): void {
  group.vcpus.splice(group.vcpus.indexOf(vcpu), 1)
  group.maxWeight = maxWeightOf(group)
}

function maxWeightOf({ vcpus }: Group): number {
  return vcpus.reduce((max, { domain }) => Math.max(max, domain.weight), 1)
}

/** An idle pcpu of a group on which a vcpu may run, the first after its own; -1 when there is
 *  none. */
function nextWithin(idlers: PcpuSet, vcpu: Vcpu, group: Group): number {
  const count = group.end - group.first
  let next = nextInBoth(idlers, group.members, vcpu.pcpu)
  for (let tried = 0; next >= 0 && tried < count; tried++) {
    if (isIn(vcpu.affinity, next)) return next
    next = nextInBoth(idlers, group.members, next)
  }
  return -1
}
