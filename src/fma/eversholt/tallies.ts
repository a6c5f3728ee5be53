// Tallies: what is counted at parts of the host: how often stat engines were counted up, and what
// SERD engines hold, whose names end with their part: `serd.x@chip0/core1`, `...core1:id`.
//
// Holds: they end with the part: when it is repaired, or gone from the topology.
// Source: illumos-gate usr/src/cmd/fm/modules/common/eversholt/fme.c (istat_bump,
// fme_receive_repair_list, fme_receive_topology_change).
import type { FmdContext } from '../fmd/module.js'

/** What is counted, as data. */
export interface SavedTallies {
  readonly stats: readonly (readonly [key: string, count: number])[]
}

/** What is counted at parts. */
export class Tallies {
  /** By class and part: `stat.x@chip0`. */
  readonly #stats = new Map<string, number>()

  /** How often a stat engine was counted up. */
  counted(key: string): number {
    return this.#stats.get(key) ?? 0
  }

  /** Counts a stat engine up. */
  countUp(key: string): void {
    this.#stats.set(key, this.counted(key) + 1)
  }

  /** Forgets what was counted at some parts. */
  forget(fmd: FmdContext, isMeant: (key: string) => boolean): void {
    for (const stat of [...this.#stats.keys()])
      if (isMeant(stat.slice(stat.indexOf('@') + 1))) this.#stats.delete(stat)
    for (const name of fmd.serdNames()) if (isMeant(partOf(name))) fmd.resetSerd(name)
  }

  save(): SavedTallies {
    return { stats: [...this.#stats] }
  }

  restore({ stats }: SavedTallies): void {
    this.#stats.clear()
    for (const [key, count] of stats) this.#stats.set(key, count)
  }
}

/** The part that a SERD engine counts at. */
const partOf = (name: string): string =>
  name.slice(name.lastIndexOf('@') + 1).split(':', 1)[0] ?? ''
