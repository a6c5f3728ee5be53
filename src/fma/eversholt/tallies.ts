// Tallies: what is counted at parts of the host: how often stat engines were counted up, and which
// SERD engines count where.
//
// Holds: they end with the part: when it is repaired, or gone from the topology.
// Source: illumos-gate usr/src/cmd/fm/modules/common/eversholt/fme.c (istat_bump,
// fme_receive_repair_list, fme_receive_topology_change).
import type { FmdContext } from '../fmd/module.js'

/** What is counted, as data. */
export interface SavedTallies {
  readonly stats: readonly (readonly [key: string, count: number])[]
  readonly serds: readonly (readonly [name: string, key: string])[]
}

/** What is counted at parts. */
export class Tallies {
  /** By class and part: `stat.x@chip0`. */
  readonly #stats = new Map<string, number>()
  /** The part of each SERD engine that ever counted. */
  readonly #serds = new Map<string, string>()

  /** How often a stat engine was counted up. */
  counted(key: string): number {
    return this.#stats.get(key) ?? 0
  }

  /** Counts a stat engine up. */
  countUp(key: string): void {
    this.#stats.set(key, this.counted(key) + 1)
  }

  /** Remembers that a SERD engine counts at a part. */
  noteSerd(name: string, key: string): void {
    this.#serds.set(name, key)
  }

  /** Forgets what was counted at some parts. */
  forget(fmd: FmdContext, isMeant: (key: string) => boolean): void {
    for (const stat of [...this.#stats.keys()])
      if (isMeant(stat.slice(stat.indexOf('@') + 1))) this.#stats.delete(stat)
    for (const [name, key] of [...this.#serds]) {
      if (!isMeant(key)) continue
      fmd.resetSerd(name)
      this.#serds.delete(name)
    }
  }

  save(): SavedTallies {
    return { stats: [...this.#stats], serds: [...this.#serds] }
  }

  restore({ stats, serds }: SavedTallies): void {
    this.#stats.clear()
    this.#serds.clear()
    for (const [key, count] of stats) this.#stats.set(key, count)
    for (const [name, key] of serds) this.#serds.set(name, key)
  }
}
