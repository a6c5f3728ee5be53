// RunQueue: vcpus that wait for a pcpu, the longest waiting first.
//
//   best(pcpu)  ->  boosted before those with credit before those without, then by waiting
import type { Vcpu } from './vcpu.js'

/** Where a vcpu stands among those that wait: lower goes first. */
export function rank(vcpu: Vcpu): number {
  if (vcpu.boosted) return 0
  return vcpu.credits >= 0 ? 1 : 2
}

/** One host's queue. */
export class RunQueue {
  #waiting: Vcpu[] = []

  push(vcpu: Vcpu): void {
    this.#waiting.push(vcpu)
  }

  remove(vcpu: Vcpu): void {
    this.#waiting = this.#waiting.filter((other) => other !== vcpu)
  }

  /** The one that should run next on a pcpu. */
  best(pcpu: number): Vcpu | undefined {
    let best: Vcpu | undefined
    for (const vcpu of this.#waiting) {
      if (!vcpu.affinity.includes(pcpu)) continue
      if (best === undefined || rank(vcpu) < rank(best)) best = vcpu
    }
    return best
  }

  /** All that wait, in order. */
  list(): readonly Vcpu[] {
    return [...this.#waiting]
  }

  /** Takes over a list. */
  restore(waiting: readonly Vcpu[]): void {
    this.#waiting = [...waiting]
  }
}
