// FileOrder: when the errors of one file happened, by those of another.
//
//   2026-11-20 to 22 in a.db, 2026-11-21 in b.db       ->  one, in the order of its errors
//   dates in a.db; since the host's start in dmesg     ->  a.db, then dmesg
//
// Holds: intervals within a file stay as they are: errors are never pushed together. What has no
// date comes after what has one, long enough after it that nobody waits any more.
import type { Ereport } from '../event/ereport.js'
import type { TelemetryReading } from './reading.js'

/** A file of telemetry, or of a host's parts. */
export interface TelemetryFile {
  /** For messages. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** What one file of a host says, or several whose errors are of the same time. Its bytes are such
 *  that a file with more errors begins as the one with fewer did. */
export interface FileReading extends TelemetryFile {
  readonly reading: TelemetryReading
}

/** A file that is read as if its first moment, where it tells no date, were a given one. */
export interface OrderedFile extends TelemetryFile {
  /** Its own bytes do not begin as they did when it had fewer errors. */
  readonly isRewritten: boolean
  read(startNs: bigint | undefined): TelemetryReading
}

/** Longer than any hypothesis waits for an ereport that is still to come. */
const APART_NS = 600_000_000_000n

/** Readings in the order of their errors. */
export function inOrder(
  files: readonly OrderedFile[],
  startNs: bigint | undefined,
): readonly FileReading[] {
  const [dated, undated]: [FileReading[], OrderedFile[]] = [[], []]
  for (const file of files) {
    const reading = file.read(startNs)
    if (reading.isDated) dated.push(known(file, reading))
    else undated.push(file)
  }
  const read = joined(dated)
  for (const file of undated) {
    const before = read.map(({ reading }) => reading.span?.untilNs ?? 0n)
    const last = before.reduce((a, b) => (a > b ? a : b), 0n)
    const isFirst = read.every(({ reading }) => reading.span === undefined)
    read.push(known(file, file.read(isFirst ? startNs : last + APART_NS)))
  }
  return read
}

const known = (
  { name, bytes, isRewritten }: OrderedFile,
  reading: TelemetryReading,
): FileReading => ({
  name,
  bytes: isRewritten ? linesOf(reading.ereports) : bytes,
  reading,
})

/** A line for each ereport, by which it is known again. */
function linesOf(ereports: Iterable<Ereport>): Uint8Array {
  const lines: string[] = []
  for (const { class: name, ena, timeNs } of ereports) lines.push(`${name} ${ena} ${timeNs}\n`)
  return new TextEncoder().encode(lines.join(''))
}

/** Dated ones by their times; those that overlap are one. */
function joined(files: readonly FileReading[]): FileReading[] {
  const from = ({ reading }: FileReading): bigint => reading.span?.fromNs ?? 0n
  const found: FileReading[] = []
  for (const file of [...files].sort((a, b) => (from(a) < from(b) ? -1 : 1))) {
    const last = found.at(-1)
    const isApart = last === undefined || (last.reading.span?.untilNs ?? 0n) <= from(file)
    if (isApart) found.push(file)
    else found[found.length - 1] = both(last, file)
  }
  return found
}

function both(a: FileReading, b: FileReading): FileReading {
  const [one, other] = [a.reading, b.reading]
  const account = {
    source: `${one.account.source}, ${other.account.source}`,
    ereports: one.account.ereports + other.account.ereports,
    unknown: [...one.account.unknown, ...other.account.unknown],
  }
  const fromNs = one.span?.fromNs ?? 0n
  const ends = [one.span?.untilNs ?? 0n, other.span?.untilNs ?? 0n] as const
  const span = { fromNs, untilNs: ends[0] > ends[1] ? ends[0] : ends[1] }
  const ereports = {
    [Symbol.iterator]: () => merged(one.ereports, other.ereports),
  }
  const name = `${a.name} + ${b.name}`
  return { name, bytes: linesOf(ereports), reading: { ...one, ereports, account, span } }
}

function* merged(one: Iterable<Ereport>, other: Iterable<Ereport>): Generator<Ereport> {
  const rest = other[Symbol.iterator]()
  let next = rest.next()
  for (const ereport of one) {
    while (next.done !== true && (next.value.timeNs ?? 0n) < (ereport.timeNs ?? 0n)) {
      yield next.value
      next = rest.next()
    }
    yield ereport
  }
  for (; next.done !== true; next = rest.next()) yield next.value
}
