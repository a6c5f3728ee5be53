// Dump: a log, or several merged, as fmdump prints them.
//
//   records of a log, filters, a form  ->  a heading, then the records that pass
//
// Holds: records keep the order of their log; of several logs the one whose next record is oldest
// goes on. A record that cannot be printed is told and passed over. Source: illumos-gate usr/src/
// cmd/fm/fmdump/common/fmdump.c.
import { integerMember, nv, nvlist, stringMember } from '../event/nvlist.js'
import type { EreportReference, LogName, LogRecord } from '../fmd/input.js'
import { type DumpForm, dumpHeading, dumpRecord } from './dump-record.js'
import { type LogFilter, passes } from './log-filter.js'

/** How records are printed. */
export interface DumpOptions {
  readonly form: DumpForm
  readonly filters: readonly LogFilter[]
  /** Nanoseconds since 1970, of whoever reads. */
  readonly nowNs: bigint
}

/** A piece of output; `failed` belongs on standard error. */
export type DumpPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string }

/** The heading of a log, where its form has one. */
export function* dumpTop(log: LogName, form: DumpForm): Generator<DumpPiece> {
  const text = dumpHeading(log, form)
  if (text !== '') yield { kind: 'text', text }
}

/** The records that pass. */
export function* dumpRecords(
  records: Iterable<LogRecord>,
  { form, filters, nowNs }: DumpOptions,
): Generator<DumpPiece> {
  for (const record of records) {
    if (!passes(record, filters)) continue
    const text = dumpRecord(record, form, nowNs)
    yield text === undefined ? unprintable(record) : { kind: 'text', text }
  }
}

/** A message that nobody has. */
function unprintable({ event: members }: LogRecord): DumpPiece {
  const code = stringMember(members, 'code') ?? '-'
  const uuid = stringMember(members, 'uuid') ?? '-'
  const what = `diagcode ${code}, event ${uuid}`
  const text = `failed to format message for ${what}: No such file or directory\n\n`
  return { kind: 'failed', text }
}

/** The records of several logs, each log in its order. */
export function* mergeLogs(logs: readonly Iterable<LogRecord>[]): Generator<LogRecord> {
  const readers = logs.map((records) => records[Symbol.iterator]())
  const heads = readers.map((reader) => reader.next())
  for (;;) {
    let oldest = -1
    heads.forEach((head, i) => {
      const best = heads[oldest]
      if (head.done === true) return
      if (best === undefined || head.value.timeNs < best.value.timeNs) oldest = i
    })
    const head = heads[oldest]
    if (head === undefined) return
    yield head.value
    heads[oldest] = (readers[oldest] as Iterator<LogRecord>).next()
  }
}

/** The ereports that diagnoses refer to, as the log of ereports has them; of one that it has no
 *  more, what the diagnosis says. */
export function* referencedEreports(
  diagnoses: Iterable<LogRecord>,
  log: Iterable<LogRecord>,
): Generator<LogRecord> {
  const references = [...diagnoses].flatMap(({ ereports = [] }) => ereports)
  const wanted = new Map<string, LogRecord>(references.map((each) => [keyOf(each), bare(each)]))
  for (const record of log) {
    const { timeNs, event: members } = record
    const name = stringMember(members, 'class') ?? ''
    const key = keyOf({ timeNs, ena: integerMember(members, 'ena') ?? 0n, class: name })
    if (wanted.has(key)) wanted.set(key, record)
  }
  for (const each of references) yield wanted.get(keyOf(each)) ?? bare(each)
}

const keyOf = ({ timeNs, ena, class: name }: EreportReference): string => `${timeNs} ${ena} ${name}`

const bare = ({ timeNs, ena, class: name }: EreportReference): LogRecord => ({
  log: 'error',
  number: 0,
  timeNs,
  event: nvlist({ class: nv.string(name), ena: nv.uint64(ena) }),
})
