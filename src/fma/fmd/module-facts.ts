// Module facts: what can be said of a module: what fmadm config and fmstat print.
//
// Holds: counts are since it was loaded or reset. Nothing waits between two inputs, as each is
// worked off whole, so a queue's length and its waits are 0 by nature; how long a module works is
// known only where a stopwatch was handed in.
import { printData } from './data-text.js'
import type { LoadedModule } from './loaded-module.js'

/** A module, as fmadm config lists it. */
export interface ModuleFacts {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly status: 'active' | 'failed'
  /** Why it failed. */
  readonly failed: string | undefined
  readonly subscriptions: readonly string[]
}

/** A count that a module makes itself. */
export interface OwnStatistic {
  readonly name: string
  readonly value: number
  readonly description: string
}

/** What fmstat prints of a module. */
export interface ModuleStatistics {
  /** Ereports and diagnoses that it was handed. */
  readonly received: number
  /** Ereports that it added to cases. */
  readonly accepted: number
  /** What it was not handed because it had failed. */
  readonly dropped: number
  readonly open: number
  readonly solved: number
  readonly closed: number
  /** Nanoseconds it worked; undefined when nobody measures. */
  readonly servedNs: number | undefined
  /** Bytes of all that is kept for it, as a checkpoint writes it: cases, SERD engines, its own. */
  readonly memoryBytes: number
  /** Bytes of what it keeps itself. */
  readonly bufferBytes: number
  /** SERD engines that had to go although they could have fired. */
  readonly evicted: number
  readonly own: readonly OwnStatistic[]
}

/** What fmadm config lists. */
export function moduleFacts({ module, failed }: LoadedModule): ModuleFacts {
  const { name, version, description, subscriptions } = module
  const status = failed === undefined ? 'active' : 'failed'
  return { name, version, description, subscriptions, status, failed }
}

/** What fmstat prints; `servedNs` only when somebody `measured`. */
export function statisticsOf(loaded: LoadedModule, measured: boolean): ModuleStatistics {
  const { counts, cases, servedNs, statistics, module, serd } = loaded
  const { saved, ...kept } = loaded.save()
  const bufferBytes = sizeOf(saved)
  const files = [...cases.values()].map((file) => file.view())
  return {
    ...counts,
    open: cases.size,
    servedNs: measured ? servedNs : undefined,
    memoryBytes: bufferBytes + sizeOf(kept.serd) + sizeOf(files),
    bufferBytes,
    evicted: serd.evicted,
    own: [...statistics].map(([name, value]) => {
      return { name, value, description: module.statistics?.[name] ?? '' }
    }),
  }
}

function sizeOf(data: unknown): number {
  return data === undefined ? 0 : printData(data).length
}
