// CreditPolicy: Xen's credit scheduler. Each pcpu has a queue by priority: BOOST (it just woke),
// UNDER (it has credit), OVER (it used more than its share); who has nothing to do steals.
//
//   10 ms tick: a boost ends, use is charged;  30 ms: each active domain gets credit by weight
//
// Holds: a vcpu waits in the queue of the pcpu it is assigned to; who has credit goes before who
// has none. Credit is counted in nanoseconds of a pcpu: Xen's 300 credits are one slice.
// Source: xen/common/sched_credit.c of 3.x; of later ones, that use is charged to the nanosecond
// (3.x charged whoever the tick met, which a guest could dodge) and that one idler is told.

import { isIdle, type Pcpu } from './pcpu.js'
import { exclude, include, isIn, membersOf, nextInBoth, type PcpuSet, pcpuSet } from './pcpu-set.js'
import type { Choice, Policy, PolicyHost } from './policy.js'
import { delist, enlist } from './run-list.js'
import type { SchedDomain, Vcpu } from './vcpu.js'

const SLICE_NS = 30_000_000
const TICK_NS = 10_000_000
const ACCOUNT_NS = 30_000_000
const BOOST = 0
const UNDER = -1
const OVER = -2
const IDLE = -64
const ACCOUNT_START = 0x22002
const ACCOUNT_STOP = 0x22003
const STOLEN = 0x22004
const TICKLE = 0x22006
const BOOST_START = 0x22007
const BOOST_END = 0x22008
const SCHEDULE = 0x22009

interface CreditState {
  readonly queues: Vcpu[][]
  /** Pcpus in whose queue somebody waits. */
  readonly waiting: PcpuSet
  readonly active: Vcpu[]
  /** Credit that the active ones had left over at the last accounting. */
  balance: number
  accounting: boolean
}

/** The credit scheduler. */
export class CreditPolicy implements Policy {
  readonly tickNs = TICK_NS
  readonly #host: PolicyHost
  #state: CreditState

  constructor(host: PolicyHost) {
    this.#host = host
    this.#state = {
      queues: host.pcpus.map(() => []),
      waiting: pcpuSet(host.pcpus.length, []),
      active: [],
      balance: 0,
      accounting: false,
    }
  }

  get state(): unknown {
    return this.#state
  }

  restore(state: unknown): void {
    this.#state = state as CreditState
  }

  add(vcpu: Vcpu): void {
    vcpu.priority = UNDER
  }

  remove(vcpu: Vcpu): void {
    if (vcpu.active) this.#deactivate(vcpu)
  }

  wake(vcpu: Vcpu): void {
    if (vcpu.priority === UNDER) {
      vcpu.priority = BOOST
      this.#host.records.say(BOOST_START, this.#pcpuOf(vcpu), vcpu.domid, vcpu.vcpu)
    }
    this.requeue(vcpu)
  }

  requeue(vcpu: Vcpu): void {
    this.#insert(vcpu)
    const pcpu = this.#pcpuOf(vcpu)
    const isFree = isIn(this.#host.idlers, pcpu.id)
    if (isIdle(pcpu) || vcpu.priority > pcpu.current.priority) this.#tickle(pcpu)
    if (isFree) return
    const idler = nextInBoth(this.#host.idlers, vcpu.affinity, pcpu.id)
    if (idler >= 0) this.#tickle(this.#host.pcpus[idler] as Pcpu)
  }

  dequeue(vcpu: Vcpu): void {
    const queue = this.#queueOf(vcpu.pcpu)
    delist(queue, vcpu)
    if (queue.length === 0) exclude(this.#state.waiting, vcpu.pcpu)
  }

  rested(): void {}

  moved(): void {}

  weighed(): void {}

  charge({ current }: Pcpu): void {
    current.credit -= this.#host.now - current.chargedAt
    current.chargedAt = this.#host.now
    if (current.credit < 0 && !current.active) this.#activate(current)
  }

  pick(pcpu: Pcpu, runs: Vcpu | undefined, choice: Choice): void {
    if (!isIdle(pcpu)) this.charge(pcpu)
    choice.sliceNs = SLICE_NS
    const head = this.#queueOf(pcpu.id)[0]
    const local =
      head !== undefined && (runs === undefined || head.priority >= runs.priority) ? head : runs
    const priority = local?.priority ?? IDLE
    const stolen = priority > OVER ? undefined : this.#steal(pcpu, priority)
    choice.vcpu = stolen ?? local
    if (choice.vcpu?.queued === true) this.dequeue(choice.vcpu)
    this.#host.records.say(SCHEDULE, pcpu, pcpu.id | (isIdle(pcpu) ? 1 << 24 : 0))
  }

  tick(pcpu: Pcpu): void {
    const { current } = pcpu
    if (current.priority === BOOST) {
      current.priority = UNDER
      this.#host.records.say(BOOST_END, pcpu, current.domid, current.vcpu)
    }
    this.charge(pcpu)
    if (!current.active) this.#activate(current)
  }

  /** Every 30 ms: hands out credit, and puts the queues in order by who has some. */
  due(): void {
    this.#state.accounting = false
    for (const pcpu of this.#host.pcpus) if (!isIdle(pcpu)) this.charge(pcpu)
    this.#account()
    this.#reorder()
    if (this.#state.active.length > 0) this.#keepAccount()
  }

  /** Takes the first, from the next pcpu on in a circle, of those with a higher priority than
   *  `above` that may run here. One that came this very moment is left for a look right after. */
  #steal(thief: Pcpu, above: number): Vcpu | undefined {
    const { waiting } = this.#state
    let pcpu = thief.id
    for (const _ of this.#state.queues) {
      pcpu = nextInBoth(waiting, waiting, pcpu)
      if (pcpu < 0 || pcpu === thief.id) return undefined
      const found = this.#stealable(pcpu, thief, above)
      if (found === undefined) continue
      this.#host.records.say(STOLEN, thief, pcpu, found.domid, found.vcpu)
      return found
    }
    return undefined
  }

  #stealable(from: number, thief: Pcpu, above: number): Vcpu | undefined {
    for (const vcpu of this.#queueOf(from)) {
      if (vcpu.priority <= above) return undefined
      if (!isIn(vcpu.affinity, thief.id)) continue
      if (vcpu.since < this.#host.now) return vcpu
      this.#host.tickle(thief)
    }
    return undefined
  }

  #insert(vcpu: Vcpu): void {
    enlist(this.#queueOf(vcpu.pcpu), vcpu, priorityOf)
    include(this.#state.waiting, vcpu.pcpu)
  }

  #tickle(pcpu: Pcpu): void {
    if (pcpu.tickled) return
    this.#host.records.say(TICKLE, pcpu, pcpu.id)
    this.#host.tickle(pcpu)
  }

  #activate(vcpu: Vcpu): void {
    vcpu.active = true
    vcpu.domain.active++
    this.#state.active.push(vcpu)
    this.#keepAccount()
    this.#sayActive(ACCOUNT_START, vcpu)
  }

  #deactivate(vcpu: Vcpu): void {
    vcpu.active = false
    vcpu.domain.active--
    this.#state.active.splice(this.#state.active.indexOf(vcpu), 1)
    this.#sayActive(ACCOUNT_STOP, vcpu)
  }

  #sayActive(code: number, vcpu: Vcpu): void {
    this.#host.records.say(code, this.#pcpuOf(vcpu), vcpu.domid, vcpu.vcpu, vcpu.domain.active)
  }

  #keepAccount(): void {
    if (this.#state.accounting) return
    this.#state.accounting = true
    this.#host.later(ACCOUNT_NS, 0)
  }

  #account(): void {
    const state = this.#state
    const domains = new Set(state.active.map((vcpu) => vcpu.domain))
    const shares = creditShares([...domains], {
      total: this.#host.pcpus.filter((pcpu) => pcpu.online).length * ACCOUNT_NS,
      balance: state.balance,
    })
    state.balance = 0
    for (const vcpu of [...state.active]) {
      this.#give(vcpu, shares.get(vcpu.domain) ?? 0)
      state.balance += vcpu.credit
    }
  }

  #give(vcpu: Vcpu, share: number): void {
    vcpu.credit += share
    if (vcpu.credit < 0) {
      vcpu.priority = OVER
      const { cap, active } = vcpu.domain
      const limit = Math.ceil((cap * ACCOUNT_NS) / 100 / Math.max(1, active))
      if (cap > 0 && vcpu.credit < -limit) this.#host.park(vcpu, true)
      vcpu.credit = Math.max(vcpu.credit, -SLICE_NS)
      return
    }
    vcpu.priority = UNDER
    this.#host.park(vcpu, false)
    if (vcpu.credit > SLICE_NS) {
      this.#deactivate(vcpu)
      vcpu.credit = SLICE_NS / 2
    }
  }

  #reorder(): void {
    for (const pcpu of membersOf(this.#state.waiting)) {
      this.#queueOf(pcpu).sort((a, b) => b.priority - a.priority)
    }
  }

  #queueOf(pcpu: number): Vcpu[] {
    return this.#state.queues[pcpu] as Vcpu[]
  }

  #pcpuOf(vcpu: Vcpu): Pcpu {
    return this.#host.pcpus[vcpu.pcpu] as Pcpu
  }
}

const priorityOf = (vcpu: Vcpu): number => vcpu.priority

/** What each active vcpu of a domain gets of one period's credit: by weight, up to what its active
 *  vcpus can use and its cap allows; what one domain does not get is shared by the others. */
function creditShares(
  domains: readonly SchedDomain[],
  of: { readonly total: number; readonly balance: number },
): ReadonlyMap<SchedDomain, number> {
  const missing = Math.max(0, -of.balance)
  let weights = domains.reduce((sum, { weight }) => sum + weight, 0)
  let total = of.total + missing
  const peaks = domains.map((domain) => {
    const owed = (missing * domain.weight) / weights
    const cap = domain.cap > 0 ? (domain.cap * ACCOUNT_NS) / 100 : Number.POSITIVE_INFINITY
    return { domain, peak: Math.min(domain.active * ACCOUNT_NS + owed, cap) }
  })
  peaks.sort((a, b) => a.peak / a.domain.weight - b.peak / b.domain.weight)
  const shares = new Map<SchedDomain, number>()
  for (const { domain, peak } of peaks) {
    const share = Math.min(peak, (total * domain.weight) / weights)
    shares.set(domain, Math.ceil(share / domain.active))
    total -= share
    weights -= domain.weight
  }
  return shares
}
