// Unknowns: counts what a source could not say, kind by kind, for its account.
import type { TelemetryAccount, Unknown } from './account.js'

/** Counts of what was not to be known. */
export class Unknowns {
  readonly #counts = new Map<string, { what: string; reason: string; count: number | undefined }>()

  /** One more thing of a kind that was not to be known, or so many more; undefined says that nobody
   *  knows how many, and stays. */
  add(what: string, reason: string, ...more: readonly [count?: number | undefined]): void {
    const count = more.length === 0 ? 1 : more[0]
    const key = `${what}\0${reason}`
    const found = this.#counts.get(key)
    if (found === undefined) this.#counts.set(key, { what, reason, count })
    else if (found.count !== undefined) {
      found.count = count === undefined ? undefined : found.count + count
    }
  }

  /** The account of a source that made so many ereports. */
  account(source: string, ereports: number): TelemetryAccount {
    const unknown: Unknown[] = [...this.#counts.values()].map((one) => ({ ...one }))
    return { source, ereports, unknown }
  }
}
