// Credits: what a pcpu's time is paid with. A pcpu is 300 of them in 30 ms; they are given to
// domains by weight.
//
// Source: xen/common/sched/credit.c (csched_acct). A long sleeper does not save them up.
import type { Vcpu } from './vcpu.js'

/** Nanoseconds between two givings. */
export const PERIOD_NS = 30_000_000
/** Credits of one pcpu in a period, and the most a vcpu can have. */
const CREDITS = 300

/** What a time on a pcpu costs. */
export function priceOf(ns: number): number {
  return (ns / PERIOD_NS) * CREDITS
}

/** Gives a period's credits to those who want to run. */
export function giveCredits(
  active: readonly Vcpu[],
  weightOf: (domid: number) => number,
  pcpus: number,
): void {
  const vcpus = new Map<number, number>()
  for (const { domid } of active) vcpus.set(domid, (vcpus.get(domid) ?? 0) + 1)
  const total = [...vcpus.keys()].reduce((sum, domid) => sum + weightOf(domid), 0)
  for (const vcpu of active) {
    const ofDomain = (CREDITS * pcpus * weightOf(vcpu.domid)) / total
    vcpu.credits = Math.min(CREDITS, vcpu.credits + ofDomain / (vcpus.get(vcpu.domid) ?? 1))
  }
}
