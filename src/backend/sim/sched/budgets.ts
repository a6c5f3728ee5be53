// Budgets: caps as credit2 keeps them: every 10 ms a capped domain may use so much of a pcpu's
// time; who has used it is held back until the next period.
//
//   cap 50: 5 ms each 10 ms for all vcpus of the domain together
//
// Holds: a domain without a cap is never held back. Source: xen/common/sched/credit2.c.
import type { PolicyHost } from './policy.js'
import type { SchedDomain, Vcpu } from './vcpu.js'

const PERIOD_NS = 10_000_000
/** No slice is shorter than this, however little is left. */
const LEAST_NS = 100_000

/** What capped domains may still use. */
export class Budgets {
  readonly #host: PolicyHost

  constructor(host: PolicyHost) {
    this.#host = host
  }

  /** Books what a vcpu used; all of its domain are held back when that was too much. */
  use(vcpu: Vcpu, ns: number): void {
    const { domain } = vcpu
    if (domain.cap === 0) return
    domain.budget -= ns
    this.#keep(domain)
    if (domain.budget > 0) return
    for (const other of domain.vcpus) this.#host.park(other, true)
  }

  /** A slice, cut to what the budget has left. */
  limit({ domain }: Vcpu, sliceNs: number): number {
    if (domain.cap === 0) return sliceNs
    this.#keep(domain)
    return Math.max(LEAST_NS, Math.min(sliceNs, domain.budget))
  }

  /** A period begins for a domain. */
  replenish(domid: number): void {
    const domain = this.#host.domains.get(domid)
    if (domain === undefined) return
    domain.replenishing = false
    const share = (domain.cap * PERIOD_NS) / 100
    domain.budget = Math.min(share, domain.budget + share)
    if (domain.cap > 0 && domain.budget <= 0) this.#keep(domain)
    else for (const vcpu of domain.vcpus) this.#host.park(vcpu, false)
  }

  #keep(domain: SchedDomain): void {
    if (domain.replenishing) return
    domain.replenishing = true
    this.#host.later(PERIOD_NS, domain.domid)
  }
}
