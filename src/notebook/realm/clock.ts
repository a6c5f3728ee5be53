// The clock of a notebook: the machine's time, wherever JavaScript asks for the time.
//
// Holds: each reading is a microsecond after the last one at least, so that a loop that waits for
// time to pass ends, after as many turns anywhere.
import type { Patches } from './patches.js'

const STEP_MS = 0.001

/** A clock that every computer reads the same. */
export class SteadyClock {
  readonly #source: () => number
  readonly #beganMs: number
  #lastMs = Number.NEGATIVE_INFINITY

  /** `source` yields milliseconds since 1970. */
  constructor(source: () => number) {
    this.#source = source
    this.#beganMs = source()
  }

  /** Milliseconds since 1970, with fractions. */
  read(): number {
    this.#lastMs = Math.max(this.#source(), this.#lastMs + STEP_MS)
    return this.#lastMs
  }

  /** Puts it in place of the computer's clocks. */
  patch(patches: Patches): void {
    const date = this.#date(Date)
    patches.set(globalThis, 'Date', date)
    patches.set(Date.prototype, 'constructor', date)
    const sinceBegin = (): number => this.read() - this.#beganMs
    patches.set(globalThis, 'performance', this.#performance(performance, sinceBegin))
    patches.set(process, 'uptime', () => sinceBegin() / 1e3)
    const bigint = (): bigint => BigInt(Math.round(sinceBegin() * 1e6))
    const hrtime = (since: readonly [number, number] = [0, 0]): [number, number] => {
      const ns = bigint() - BigInt(since[0]) * 1_000_000_000n - BigInt(since[1])
      return [Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n)]
    }
    patches.set(process, 'hrtime', Object.assign(hrtime, { bigint }))
  }

  /** Cells' own: what xpv itself measures is real. */
  #performance(real: typeof performance, now: () => number): typeof performance {
    return new Proxy(real, {
      get: (target, name) => {
        if (name === 'now') return now
        if (name === 'timeOrigin') return this.#beganMs
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  #date(real: DateConstructor): DateConstructor {
    const now = (): number => Math.floor(this.read())
    return new Proxy(real, {
      construct: (target, args: unknown[], newTarget) =>
        Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
      apply: () => new real(now()).toString(),
      get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
    })
  }
}
