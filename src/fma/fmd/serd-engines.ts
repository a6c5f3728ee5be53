// SERD engines: those of one module, by name, of bounded size.
//
//   record('page_ce@dimm=0/page=12345', ereport, {n: 3, tNs: 24 h})  ->  pending | fired
//
// Holds: an engine is made when it is first named, with the limits of then. What they keep is
// bounded: when too many ereports are kept, engines go whose newest ereport is older than their
// window, for they could not fire with it; when those are too few, the ones unused for longest,
// which is counted, as an error rate can be missed by it.
import type { SerdAnswer, SerdFacts, SerdLimits } from './module.js'
import { SerdEngine, type TimedEreport } from './serd.js'

/** Ereports that all engines of a module keep, at most. */
const MOST_KEPT = 65_536

/** What is kept of an engine over a restart. */
export type SerdState = SerdFacts

/** The engines of one module. */
export class SerdEngines {
  readonly #byName = new Map<string, SerdEngine>()
  readonly #most: number
  /** Counted with every ereport; at least as many as are kept. */
  #kept = 0
  /** Engines that went although they could still have fired. */
  evicted = 0

  constructor(most = MOST_KEPT) {
    this.#most = most
  }

  record(
    name: string,
    ereport: TimedEreport,
    limits: SerdLimits & { readonly increment?: number | undefined },
  ): SerdAnswer {
    let engine = this.#byName.get(name)
    if (engine === undefined) {
      engine = new SerdEngine(name, limits)
      this.#byName.set(name, engine)
    }
    const before = engine.ereports.length
    const answer = engine.record(ereport, limits.increment)
    this.#kept += engine.ereports.length - before
    if (this.#kept > this.#most) this.#shrink(ereport.timeNs)
    return answer
  }

  get(name: string): SerdFacts | undefined {
    return this.#byName.get(name)?.facts()
  }

  /** Forgets what one engine counted, and the engine. Whether there was one. */
  reset(name: string): boolean {
    const engine = this.#byName.get(name)
    this.#kept -= engine?.ereports.length ?? 0
    return this.#byName.delete(name)
  }

  /** All of them, in the order in which they were first named. */
  facts(): readonly SerdFacts[] {
    return [...this.#byName.values()].map((engine) => engine.facts())
  }

  clear(): void {
    this.#byName.clear()
    this.#kept = 0
  }

  restore(saved: readonly SerdState[]): void {
    this.clear()
    for (const { ereports, fired, ...limits } of saved) {
      const engine = new SerdEngine(limits.name, limits)
      engine.ereports = [...(ereports as readonly TimedEreport[])]
      engine.fired = fired
      this.#byName.set(engine.name, engine)
      this.#kept += ereports.length
    }
  }

  /** Makes room for as many again as half of what is allowed. */
  #shrink(nowNs: bigint): void {
    for (const [name, engine] of this.#byName) {
      const { newestNs } = engine
      const stale = newestNs === undefined || nowNs - newestNs > engine.tNs
      if (stale && !engine.fired) this.reset(name)
    }
    const byAge = [...this.#byName.values()].sort(olderFirst)
    for (const { name } of byAge) {
      if (this.#kept <= this.#most / 2) return
      this.reset(name)
      this.evicted++
    }
  }
}

function olderFirst(a: SerdEngine, b: SerdEngine): number {
  const [x, y] = [a.newestNs ?? 0n, b.newestNs ?? 0n]
  return x < y ? -1 : x > y ? 1 : 0
}
