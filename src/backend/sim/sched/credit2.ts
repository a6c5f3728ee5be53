// Credit2Policy: Xen's second credit scheduler. Up to 16 pcpus share one queue, the most credit
// first; credit burns while one runs, the faster the smaller its weight; when the next one has
// none left, all get some.
//
//   10 ms of credit; slices of 0.5 to 10 ms, until the next in the queue has more credit
//
// Holds: a vcpu waits in the queue of its pcpu's group; once chosen it runs for a millisecond
// before another may take its place.
// Source: xen/common/sched/credit2.c. Not modelled: load averages; groups balance by taking a
// waiting vcpu when they have none.
import { Budgets } from './budgets.js'
import { isIdle, type Pcpu } from './pcpu.js'
import { include, isIn, nextInBoth, type PcpuSet, pcpuSet } from './pcpu-set.js'
import type { Choice, Policy, PolicyHost } from './policy.js'
import { delist, enlist } from './run-list.js'
import type { Vcpu } from './vcpu.js'

const GROUP_PCPUS = 16
const INITIAL_NS = 10_000_000
const CARRYOVER_NS = 500_000
const RESIST_NS = 500_000
const MIN_SLICE_NS = 500_000
const MAX_SLICE_NS = 10_000_000
const RATE_LIMIT_NS = 1_000_000
const IDLE_CREDIT = -10_000_001
const NOBODY = 0xffff_ffff
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
    this.#assign(vcpu)
  }

  remove(vcpu: Vcpu): void {
    const group = this.#state.groups[vcpu.group]
    if (group !== undefined) leave(group, vcpu)
  }

  wake(vcpu: Vcpu): void {
    this.requeue(vcpu)
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
    }
  }

  dequeue(vcpu: Vcpu): void {
    delist(this.#groupOf(vcpu.pcpu).queue, vcpu)
  }

  moved(vcpu: Vcpu): void {
    if (this.#groupOf(vcpu.pcpu).id === vcpu.group) return
    this.remove(vcpu)
    this.#assign(vcpu)
  }

  weighed(): void {
    for (const group of this.#state.groups) group.maxWeight = maxWeightOf(group)
  }

  charge(pcpu: Pcpu): void {
    const { current } = pcpu
    const used = this.#host.now - current.chargedAt
    current.chargedAt = this.#host.now
    const { maxWeight } = this.#groupOf(pcpu.id)
    const delta = Math.round((used * maxWeight) / current.domain.weight)
    current.credit -= delta
    this.#budgets.use(current, used)
    this.#host.records.say(CREDIT_BURN, pcpu, wordOf(current), current.credit, NO_BUDGET, used)
  }

  pick(pcpu: Pcpu, runs: Vcpu | undefined, choice: Choice): void {
    const group = this.#groupOf(pcpu.id)
    this.#sayLook(pcpu, group)
    const ran = this.#host.now - pcpu.current.since
    if (runs !== undefined && !runs.yielded && ran < RATE_LIMIT_NS) {
      this.#host.records.say(RATE_LIMIT, pcpu, wordOf(runs), ran)
      choice.vcpu = runs
      choice.sliceNs = RATE_LIMIT_NS - ran
      return
    }
    const chosen = this.#candidate(pcpu, runs, group) ?? this.#taken(pcpu, group)
    choice.vcpu = chosen
    this.#host.records.say(
      RUNQ_CANDIDATE,
      pcpu,
      wordOf(chosen ?? pcpu.idle),
      NOBODY,
      chosen?.credit ?? IDLE_CREDIT,
    )
    if (chosen === undefined) return
    if (chosen.queued) this.dequeue(chosen)
    if (chosen.credit <= 0) this.#reset(pcpu, group)
    choice.sliceNs = this.#budgets.limit(chosen, this.#sliceOf(chosen, group, chosen === runs))
  }

  tick(): void {}

  due(domid: number): void {
    this.#budgets.replenish(domid)
  }

  #sayLook(pcpu: Pcpu, group: Group): void {
    const flags = (isIdle(pcpu) ? 0x100 : 0) | (pcpu.tickled ? 0x100_0000 : 0)
    this.#host.records.say(SCHEDULE, pcpu, pcpu.id | (group.id << 16), flags)
  }

  /** The first in the queue that may run here and has more credit than who runs; who comes from
   *  another pcpu must have half a millisecond more. */
  #candidate(pcpu: Pcpu, runs: Vcpu | undefined, group: Group): Vcpu | undefined {
    const isFree = runs === undefined || runs.yielded
    const own = isFree ? Number.NEGATIVE_INFINITY : runs.credit
    for (const vcpu of group.queue) {
      if (vcpu.credit <= own) break
      this.#host.records.say(CANDIDATE_CHECK, pcpu, wordOf(vcpu))
      if (!isIn(vcpu.affinity, pcpu.id)) continue
      if (vcpu.pcpu !== pcpu.id && vcpu.credit <= own + RESIST_NS) continue
      if (this.#mayComeFrom(vcpu, pcpu)) return vcpu
    }
    return runs
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
      this.dequeue(found)
      return found
    }
    return undefined
  }

  /** Gives everybody of the group credit, until who comes next has some. */
  #reset(pcpu: Pcpu, group: Group): void {
    for (const running of group.vcpus) {
      const on = this.#host.pcpus[running.pcpu] as Pcpu
      if (on.current === running && on !== pcpu) this.charge(on)
    }
    const most = group.vcpus.reduce((max, { credit }) => Math.max(max, credit), IDLE_CREDIT)
    const gift = INITIAL_NS * (1 + Math.floor(Math.max(0, -most) / INITIAL_NS))
    for (const vcpu of group.vcpus) {
      const before = vcpu.credit
      vcpu.credit = Math.min(before + gift, INITIAL_NS + CARRYOVER_NS)
      this.#host.records.say(CREDIT_RESET, pcpu, wordOf(vcpu), before, vcpu.credit)
    }
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

  /** The pcpu of the group whose vcpu has least credit, when that is less than this one's. */
  #weakerFor(vcpu: Vcpu, group: Group): Pcpu | undefined {
    let weakest: Pcpu | undefined
    let most = 0
    for (let id = group.first; id < group.end; id++) {
      const pcpu = this.#host.pcpus[id] as Pcpu
      if (isIdle(pcpu) || pcpu.tickled || !isIn(vcpu.affinity, id)) continue
      this.charge(pcpu)
      const resist = id === vcpu.pcpu ? 0 : RESIST_NS
      const score = vcpu.credit - pcpu.current.credit - resist
      const { records } = this.#host
      records.say(TICKLE_CHECK, pcpu, wordOf(pcpu.current), pcpu.current.credit, score)
      if (score <= most) continue
      most = score
      weakest = pcpu
    }
    return weakest
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
  return { id, members, first, end, queue: [], vcpus: [], maxWeight: 1 }
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
