// SERD: fires when more than n ereports lie within t nanoseconds (soft error rate discrimination).
//
//   ereports in  ->  [ e0  e1  e2  e3 ]  the last n+1  ->  pending | fired
//
// Holds: never fires on the n-th, always on the n+1st when newest - oldest <= t, t included. Once
// fired it ignores all ereports until it is reset. Ereports are kept by their own time, so one that
// comes late counts where it belongs. Source: illumos-gate usr/src/cmd/fm/fmd/common/fmd_serd.c.
import type { Ereport } from '../event/ereport.js'
import type { SerdAnswer, SerdFacts, SerdLimits } from './module.js'

/** An ereport that has a time. */
export type TimedEreport = Ereport & { readonly timeNs: bigint }

/** One engine. */
export class SerdEngine {
  readonly name: string
  readonly n: number
  readonly tNs: bigint
  fired = false
  /** Oldest first, n + 1 at most. */
  ereports: TimedEreport[] = []

  constructor(name: string, limits: SerdLimits) {
    this.name = name
    this.n = limits.n
    this.tNs = limits.tNs
  }

  /** Counts an ereport, `increment` times: more than n + 1 times is the same as n + 1 times. */
  record(ereport: TimedEreport, increment = 1): SerdAnswer {
    if (this.fired) return 'was-fired'
    const times = Math.min(increment, this.n + 1)
    for (let i = 0; i < times; i++) {
      if (this.#recordOnce(ereport)) return 'fired'
    }
    return 'pending'
  }

  #recordOnce(ereport: TimedEreport): boolean {
    const kept = this.ereports
    if (kept.length > this.n) kept.shift()
    let at = kept.length
    while (at > 0 && (kept[at - 1] as TimedEreport).timeNs > ereport.timeNs) at--
    if (at === kept.length) kept.push(ereport)
    else kept.splice(at, 0, ereport)
    if (kept.length <= this.n) return false
    const [oldest, newest] = [kept[0] as TimedEreport, kept[kept.length - 1] as TimedEreport]
    this.fired = newest.timeNs - oldest.timeNs <= this.tNs
    return this.fired
  }

  /** Forgets all that it counted. */
  reset(): void {
    this.ereports = []
    this.fired = false
  }

  /** The time of its newest ereport; undefined when it has none. */
  get newestNs(): bigint | undefined {
    return this.ereports.at(-1)?.timeNs
  }

  facts(): SerdFacts {
    const { name, n, tNs, fired } = this
    return { name, n, tNs, fired, ereports: [...this.ereports] }
  }
}
