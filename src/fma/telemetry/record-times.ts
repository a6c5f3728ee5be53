// RecordTimes: when the records of a source were, one clock for all: some say the date, some how
// long the host was up, some both, some neither.
//
//   up 12.5 s and 15:01:40, up 20 s        ->  15:01:40, 15:01:47.5
//   nothing, nothing; 19 s, from 0         ->  0 s, 19 s, both assumed
//
// Holds: records of one moment have one time. The first record that says both ties the two clocks
// together. Without a date times count from `startNs`.
import { XpvError } from '../../base/error.js'
import type { RecordedTime } from './source.js'

/** What is said of times besides the records. */
export interface TimeOptions {
  /** Between records that say no time. */
  readonly everyNs?: bigint | undefined
  /** When the host booted, or the first record was: nanoseconds since 1970; 0 unless said. */
  readonly startNs?: bigint | undefined
}

/** A time, and how it came about. */
export interface PlacedTime {
  readonly timeNs: bigint
  readonly from: 'date' | 'boot' | 'assumed'
}

/** Gives records their times, in their order. */
export class RecordTimes {
  readonly #options: TimeOptions
  readonly #bootNs: bigint | undefined
  #lastNs: bigint | undefined

  /** `bootNs`: when the host booted, if any record tells. */
  constructor(options: TimeOptions, bootNs: bigint | undefined) {
    this.#options = options
    this.#bootNs = bootNs
  }

  /** The time of the next record. Throws XpvError `fma.no-time` where it says none and nobody says
   *  how far apart records are. */
  next({ timeNs, sinceBootNs, isTogether = false }: RecordedTime): PlacedTime {
    const placed = this.#place(clockTime(timeNs), clockTime(sinceBootNs), isTogether)
    this.#lastNs = placed.timeNs
    return placed
  }

  #place(
    timeNs: bigint | undefined,
    sinceBootNs: bigint | undefined,
    isTogether: boolean,
  ): PlacedTime {
    if (sinceBootNs !== undefined && this.#bootNs !== undefined) {
      return { timeNs: this.#bootNs + sinceBootNs, from: 'date' }
    }
    if (timeNs !== undefined) return { timeNs, from: 'date' }
    const { startNs = 0n, everyNs } = this.#options
    if (sinceBootNs !== undefined) return { timeNs: startNs + sinceBootNs, from: 'boot' }
    if (this.#lastNs === undefined) return { timeNs: startNs, from: 'assumed' }
    if (isTogether) return { timeNs: this.#lastNs, from: 'assumed' }
    if (everyNs !== undefined) return { timeNs: this.#lastNs + everyNs, from: 'assumed' }
    const message = 'these records carry no time, so how far apart they were is not known'
    throw new XpvError('fma.no-time', message, '--every 10s, if that is how far apart they were')
  }
}

/** When the host booted, by the first record that says both; undefined when none does. */
export function bootOf(records: Iterable<RecordedTime>): bigint | undefined {
  for (const record of records) {
    const [timeNs, sinceBootNs] = [clockTime(record.timeNs), clockTime(record.sinceBootNs)]
    if (timeNs !== undefined && sinceBootNs !== undefined) return timeNs - sinceBootNs
  }
  return undefined
}

/** A time that fits 64 bits with room to count on; undefined for any other. */
function clockTime(ns: bigint | undefined): bigint | undefined {
  return ns === undefined || BigInt.asIntN(63, ns) !== ns ? undefined : ns
}
