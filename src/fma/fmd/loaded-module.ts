// Loaded module: a module with all that the fault manager keeps for it: its cases, SERD engines and
// counts.
//
// Holds: one that failed is handed nothing any more, until it is reset; its cases stay.
import type { CaseFile } from './case-file.js'
import type { FmdModule } from './module.js'
import { SerdEngines } from './serd-engines.js'
import type { ModuleCounts, ModuleState } from './state.js'

/** A module and what is kept for it. */
export class LoadedModule {
  readonly module: FmdModule
  /** Cases of its own that are not closed. */
  readonly cases = new Map<string, CaseFile>()
  readonly serd = new SerdEngines()
  /** What it counts itself. */
  readonly statistics = new Map<string, number>()
  counts: ModuleCounts = noCounts()
  /** Why it failed. */
  failed: string | undefined
  /** Nanoseconds it worked, when somebody measures. */
  servedNs = 0
  /** What it was when it was loaded. */
  readonly #fresh: unknown

  constructor(module: FmdModule) {
    this.module = module
    this.#fresh = dataOf(module.save?.())
    this.#zeroStatistics()
  }

  save(): ModuleState {
    const { module, failed, serd, counts, statistics } = this
    return {
      name: module.name,
      failed,
      saved: dataOf(module.save?.()),
      serd: serd.facts(),
      ...{ evicted: serd.evicted, collectedNs: serd.collectedNs },
      counts: { ...counts },
      statistics: [...statistics],
    }
  }

  /** Makes it what it was; without a state, what it was when it was loaded. */
  restore(state: ModuleState | undefined): void {
    this.cases.clear()
    this.failed = state?.failed
    this.serd.restore(state?.serd ?? [])
    this.serd.evicted = state?.evicted ?? 0
    this.serd.collectedNs = state?.collectedNs ?? 0n
    this.counts = { ...(state?.counts ?? noCounts()) }
    this.#zeroStatistics()
    for (const [name, value] of state?.statistics ?? []) this.statistics.set(name, value)
    this.#restoreModule(dataOf(state === undefined ? this.#fresh : state.saved))
  }

  /** What a module cannot make sense of fails it, as what it throws at any other time does. */
  #restoreModule(saved: unknown): void {
    try {
      this.module.restore?.(saved)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.failed ??= `what it had saved cannot be restored: ${why}`
    }
  }

  #zeroStatistics(): void {
    this.statistics.clear()
    for (const name of Object.keys(this.module.statistics ?? {})) this.statistics.set(name, 0)
  }
}

const noCounts = (): ModuleCounts => {
  return { received: 0, accepted: 0, dropped: 0, solved: 0, closed: 0 }
}

/** A copy that nobody else changes. */
function dataOf(saved: unknown): unknown {
  return saved === undefined ? undefined : (JSON.parse(JSON.stringify(saved)) as unknown)
}
