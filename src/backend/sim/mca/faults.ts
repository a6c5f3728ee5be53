// Faults: what is going to go wrong in a host, and how often it has.
//
//   plan(fault, 10 s, every 30 s at random)  ->  due, due, due ...  ->  the nth time
//
// Holds: plain data; times drawn at random depend on the seed, the fault's number and how often it
// happened, on nothing else.
import { Prng } from '../../../base/prng.js'
import type { FaultTimes, PlannedFault } from '../fault-scenario.js'

/** One fault with what is left of it. */
export interface ActiveFault<F> extends PlannedFault<F> {
  readonly id: number
  /** How often it happened. */
  readonly happened: number
}

/** All faults, as plain data. */
export interface FaultsState<F> {
  readonly active: readonly ActiveFault<F>[]
  readonly nextId: number
}

const ONCE: FaultTimes = { atNs: 0, everyNs: 0, times: 1, random: false }

/** What is planned for one host. */
export class Faults<F> {
  readonly #seed: number
  #active = new Map<number, ActiveFault<F>>()
  #nextId = 1

  constructor(seed: number) {
    this.#seed = seed
  }

  /** What may still happen. */
  get active(): readonly ActiveFault<F>[] {
    return [...this.#active.values()]
  }

  /** Adds a fault; its number. */
  add(fault: F, times: Partial<FaultTimes>): ActiveFault<F> {
    const planned = { ...ONCE, ...times, fault, id: this.#nextId++, happened: 0 }
    this.#active.set(planned.id, planned)
    return planned
  }

  /** Takes a fault back. False when it is over, or never was. */
  remove(id: number): boolean {
    return this.#active.delete(id)
  }

  /** A fault happens: which, and after how long again; undefined when it was taken back. */
  happens(id: number): { readonly fault: ActiveFault<F>; readonly againNs?: number } | undefined {
    const fault = this.#active.get(id)
    if (fault === undefined) return undefined
    const happened = fault.happened + 1
    if (happened >= fault.times) {
      this.#active.delete(id)
      return { fault }
    }
    this.#active.set(id, { ...fault, happened })
    return { fault, againNs: this.#gapNs(fault, happened) }
  }

  save(): FaultsState<F> {
    return structuredClone({ active: this.active, nextId: this.#nextId })
  }

  restore(saved: FaultsState<F>): void {
    const state = structuredClone(saved)
    this.#active = new Map(state.active.map((fault) => [fault.id, fault]))
    this.#nextId = state.nextId
  }

  #gapNs({ id, everyNs, random }: ActiveFault<F>, happened: number): number {
    if (!random) return Math.max(1, everyNs)
    const draw = new Prng(
      this.#seed ^ Math.imul(id, 0x9e37_79b9) ^ Math.imul(happened, 0x85eb_ca6b),
    )
    draw.next()
    return Math.max(1, Math.round(draw.exponential(everyNs)))
  }
}
