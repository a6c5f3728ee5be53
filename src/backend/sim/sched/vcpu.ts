// Vcpu: what the scheduler knows of one virtual CPU, and of its domain.
//
//   offline --raise--> runnable <--> running --block--> blocked --wake--> runnable
//
// Holds: plain data without functions: a scheduler is copied by copying its vcpus. `ns` of all
// runstates and the time since `since` add up to the time since `madeAt`.
// Source: xen/include/public/vcpu.h (RUNSTATE_*), xen/include/xen/sched.h (_VPF_*).
import { type Load, newLoad } from './load.js'
import type { PcpuSet } from './pcpu-set.js'

export const RUNNING = 0
export const RUNNABLE = 1
export const BLOCKED = 2
export const OFFLINE = 3

/** Names of the runstates by number. */
export const RUNSTATES = ['running', 'runnable', 'blocked', 'offline'] as const

/** What vcpus of one domain share. */
export interface SchedDomain {
  readonly domid: number
  readonly vcpus: Vcpu[]
  weight: number
  /** Percent of one pcpu that all its vcpus may use together; 0 is no limit. */
  cap: number
  pauses: number
  /** Its guest knows of the hypervisor, and calls it. */
  readonly isPv: boolean
  /** Which guest it runs: an index into the models of `guest-model.ts`. */
  model: number
  /** Its vcpus that take part in the accounting of credits. */
  active: number
  /** Nanoseconds it may still use in this period, when it is capped (credit2). */
  budget: number
  /** A replenishment of the budget is due. */
  replenishing: boolean
}

/** One virtual CPU. */
export interface Vcpu {
  readonly domid: number
  readonly vcpu: number
  /** Domain and vcpu in one number, as records have them. */
  readonly key: number
  readonly domain: SchedDomain
  readonly madeAt: number
  /** Brought up by setvcpucontext or VCPUOP_up. */
  up: boolean
  blocked: boolean
  /** Held back by its domain's cap. */
  parked: boolean
  /** On its way to another pcpu: it runs nowhere. */
  moving: boolean
  yielded: boolean
  runstate: number
  since: number
  readonly ns: [running: number, runnable: number, blocked: number, offline: number]
  /** The pcpu whose queue it is in, or on which it runs. */
  pcpu: number
  /** Where it ran last; -1 before it ever did. */
  ranOn: number
  migrations: number
  affinity: PcpuSet
  queued: boolean
  /** Up to when its use of a pcpu was charged. */
  chargedAt: number
  /** Nanoseconds of a pcpu's time it is owed (credit), or may use before others (credit2). */
  credit: number
  priority: number
  active: boolean
  /** Which pcpus share its queue (credit2); -1 before it has one. */
  group: number
  /** Which pcpu was told to look for its sake (credit2); -1 when none was. */
  toldPcpu: number
  /** How much of the time it wants a pcpu (credit2). */
  readonly load: Load
  /** Rows of [ns, kind, a, b], from `head` on. */
  readonly work: number[]
  head: number
  queuedNs: number
  usedNs: number
  guest: GuestState
}

/** Where a vcpu's guest is in what it does: numbers of `workload.ts`. */
export interface GuestState {
  started: boolean
  /** Nanoseconds left of what it computes now. */
  computing: number
  /** Which timer is the last one it set; 0 when none is. */
  timer: number
  /** Which answer from a backend it waits for; 0 when none. */
  request: number
  /** On virtual hardware: where it is, a number of hvm-records.ts. */
  place: number
  /** The interrupt that waits for it there; 0 when none. */
  vector: number
}

/** A guest that has not begun. */
export function newGuest(): GuestState {
  return { started: false, computing: 0, timer: 0, request: 0, place: 0, vector: 0 }
}

/** A domain without vcpus. */
export function newDomain(
  domid: number,
  of: Pick<SchedDomain, 'weight' | 'cap' | 'model' | 'isPv'>,
): SchedDomain {
  return { domid, vcpus: [], ...of, pauses: 0, active: 0, budget: 0, replenishing: false }
}

/** A vcpu that is not up yet. */
export function newVcpu(
  domain: SchedDomain,
  vcpu: number,
  of: {
    readonly pcpu: number
    readonly affinity: PcpuSet
    readonly now: number
  },
): Vcpu {
  return {
    domid: domain.domid,
    vcpu,
    key: keyOf(domain.domid, vcpu),
    domain,
    madeAt: of.now,
    up: false,
    blocked: false,
    parked: false,
    moving: false,
    yielded: false,
    runstate: OFFLINE,
    since: of.now,
    ns: [0, 0, 0, 0],
    pcpu: of.pcpu,
    ranOn: -1,
    migrations: 0,
    affinity: of.affinity,
    queued: false,
    chargedAt: of.now,
    credit: 0,
    priority: 0,
    active: false,
    group: -1,
    toldPcpu: -1,
    load: newLoad(),
    work: [],
    head: 0,
    queuedNs: 0,
    usedNs: 0,
    guest: newGuest(),
  }
}

/** Domain and vcpu in one number, as records have them. */
function keyOf(domid: number, vcpu: number): number {
  return ((domid << 16) | vcpu) >>> 0
}

/** Whether nothing keeps it from running but other vcpus. */
export function canRun(vcpu: Vcpu): boolean {
  return vcpu.up && !vcpu.blocked && !vcpu.parked && !vcpu.moving && vcpu.domain.pauses === 0
}
