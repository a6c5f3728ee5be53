// VcpuTable: all vcpus of a host by domain, and which of them want to run.
//
// Holds: a domain's vcpus are all there or none; a paused one wants nothing.
import type { Runstate, Vcpu } from './vcpu.js'

/** A domain as the scheduler knows it. */
export interface SchedDomain {
  readonly domid: number
  readonly vcpus: number
  weight: number
  cap: number
  /** How often it is paused. */
  paused: number
}

/** The table as plain data. */
export interface VcpuTableState {
  readonly vcpus: readonly Vcpu[]
  readonly domains: readonly SchedDomain[]
}

/** The key of a vcpu. */
export const keyOf = (domid: number, vcpu: number): number => domid * 65536 + vcpu

/** One host's vcpus. */
export class VcpuTable {
  readonly #vcpus = new Map<number, Vcpu>()
  readonly #domains = new Map<number, SchedDomain>()

  add(domain: SchedDomain, vcpus: readonly Vcpu[]): void {
    this.#domains.set(domain.domid, domain)
    for (const vcpu of vcpus) this.#vcpus.set(keyOf(vcpu.domid, vcpu.vcpu), vcpu)
  }

  remove(domid: number): void {
    for (const { vcpu } of this.vcpusOf(domid)) this.#vcpus.delete(keyOf(domid, vcpu))
    this.#domains.delete(domid)
  }

  domain(domid: number): SchedDomain | undefined {
    return this.#domains.get(domid)
  }

  find(domid: number, vcpu: number): Vcpu | undefined {
    return this.#vcpus.get(keyOf(domid, vcpu))
  }

  /** A vcpu by its key. */
  at(key: number): Vcpu | undefined {
    return this.#vcpus.get(key)
  }

  /** A vcpu that must be there. */
  of(domid: number, vcpu: number): Vcpu {
    const known = this.find(domid, vcpu)
    if (known === undefined) throw new RangeError(`d${domid}v${vcpu} is not scheduled`)
    return known
  }

  vcpusOf(domid: number): readonly Vcpu[] {
    const count = this.#domains.get(domid)?.vcpus ?? 0
    return Array.from({ length: count }, (_, v) => this.of(domid, v))
  }

  all(): readonly Vcpu[] {
    return [...this.#vcpus.values()]
  }

  /** Whether a vcpu has anything to do and may. */
  wants(vcpu: Vcpu): boolean {
    return vcpu.online && !this.#isPaused(vcpu.domid) && (vcpu.awake || vcpu.work.length > 0)
  }

  /** The state of one that does not run: it waits for something, or may not. */
  resting(vcpu: Vcpu): Runstate {
    return vcpu.online && !this.#isPaused(vcpu.domid) ? 'blocked' : 'offline'
  }

  save(): VcpuTableState {
    return { vcpus: this.all(), domains: [...this.#domains.values()] }
  }

  /** Takes over a table, which is its own from then on. */
  restore(state: VcpuTableState): void {
    this.#vcpus.clear()
    this.#domains.clear()
    for (const domain of state.domains) this.#domains.set(domain.domid, domain)
    for (const vcpu of state.vcpus) this.#vcpus.set(keyOf(vcpu.domid, vcpu.vcpu), vcpu)
  }

  #isPaused(domid: number): boolean {
    return (this.#domains.get(domid)?.paused ?? 0) > 0
  }
}
