// SERD engines: those of one module, by name, of bounded size.
//
//   record('page_ce@dimm=0/page=12345', ereport, {n: 3, tNs: 24 h})  ->  pending | fired
//
// Holds: an engine is made when it is first named, with the limits of then. Once a day engines go
// whose newest ereport is older than their window: they could not fire with it. What they keep is
// bounded: when too many ereports are kept, those go at once, and when they are too few, the ones
// unused for longest, which is counted, as an error rate can be missed by it.
// Source: illumos-gate fmd_serd.c (fmd_serd_eng_gc), fmd.c (client.gc_interval).
import type { SerdAnswer, SerdFacts, SerdLimits } from './module.js'
import { SerdEngine, type TimedEreport } from './serd.js'

/** Ereports that all engines of a module keep, at most. */
const MOST_KEPT = 65_536

const DAY_NS = 86_400_000_000_000n

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
  /** When stale ones went last. */
  collectedNs = 0n

  constructor(most = MOST_KEPT) {
    this.#most = most
  }

  record(
    name: string,
    ereport: TimedEreport,
    limits: SerdLimits & { readonly increment?: number | undefined },
  ): SerdAnswer {
    if (ereport.timeNs - this.collectedNs >= DAY_NS) this.#collect(ereport.timeNs)
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

  names(): readonly string[] {
    return [...this.#byName.keys()]
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

  /** Drops what can fire no more. */
  #collect(nowNs: bigint): void {
    this.collectedNs = nowNs
    for (const [name, engine] of this.#byName) {
      const { newestNs } = engine
      const stale = newestNs === undefined || nowNs - newestNs > engine.tNs
      if (stale && !engine.fired) this.reset(name)
    }
  }

  /** Makes room for as many again as half of what is allowed. */
  #shrink(nowNs: bigint): void {
    this.#collect(nowNs)
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
