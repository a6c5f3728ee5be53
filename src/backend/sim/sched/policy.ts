// Policy: who runs next, for how long. The credit schedulers are two of these behind one interface;
// the dispatcher does what they decide.
//
//   wake(v), requeue(v)  ->  queues;  pick(p, prev)  ->  v, and p.sliceNs
//
// Holds: a policy's state is plain data that names vcpus by reference, so that all is copied at
// once.

import type { Pcpu } from './pcpu.js'
import type { PcpuSet } from './pcpu-set.js'
import type { SchedRecords } from './sched-records.js'
import type { SchedDomain, Vcpu } from './vcpu.js'

/** What a policy works with. */
export interface PolicyHost {
  readonly now: number
  readonly pcpus: readonly Pcpu[]
  /** Pcpus that are online, idle, and not told to look. */
  readonly idlers: PcpuSet
  readonly domains: ReadonlyMap<number, SchedDomain>
  readonly records: SchedRecords
  /** Tells a pcpu to look for something better to run. */
  tickle(pcpu: Pcpu): void
  /** Keeps a vcpu from running, or lets it again: caps. */
  park(vcpu: Vcpu, parked: boolean): void
  /** Calls `due(a)` of the policy in `ns`. */
  later(ns: number, a: number): void
}

/** What was decided: a vcpu, or nobody, and for how long. */
export interface Choice {
  /** The pcpu was told to look. */
  wasTickled: boolean
  vcpu: Vcpu | undefined
  sliceNs: number
}

/** Decides who runs. */
export interface Policy {
  /** Nanoseconds between ticks of a pcpu that runs somebody; 0 for none. */
  readonly tickNs: number
  /** A vcpu came, or goes. */
  add(vcpu: Vcpu): void
  remove(vcpu: Vcpu): void
  /** One that did not want to run does: it is queued, and who should make room is told. */
  wake(vcpu: Vcpu): void
  /** One that had to make room waits again. */
  requeue(vcpu: Vcpu): void
  /** One that waits no longer wants to run. */
  dequeue(vcpu: Vcpu): void
  /** One that ran no longer wants to, and has left its pcpu. */
  rested(vcpu: Vcpu): void
  /** It was assigned another pcpu; it is in no queue. */
  moved(vcpu: Vcpu): void
  /** Weights changed. */
  weighed(): void
  /** Charges what runs on a pcpu for what it used so far. */
  charge(pcpu: Pcpu): void
  /** Who runs on a pcpu from now on; who did is charged. `runs` is that one, when it still may. */
  pick(pcpu: Pcpu, runs: Vcpu | undefined, choice: Choice): void
  tick(pcpu: Pcpu): void
  due(a: number): void
  /** Plain data, with vcpus by reference. */
  readonly state: unknown
  restore(state: unknown): void
}
