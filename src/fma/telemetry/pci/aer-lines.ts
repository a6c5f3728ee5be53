// AerLines: lines of the log of a Linux kernel, put together to what its driver for PCI Express
// errors told of each message.
//
//   [  385.487037] pcieport 0000:00:03.0: AER: Uncorrectable (Non-Fatal) error message ...
//   [  385.490174] virtio-pci 0000:01:00.0: PCIe Bus Error: severity=..., type=...
//   [  385.495694] virtio-pci 0000:01:00.0:   device [1af4:1044] error status/mask=00004000/...
//   [  385.497949] virtio-pci 0000:01:00.0:    [14] CmpltTO                (First)
//     ->  message of 00:03.0 from 01:00.0, non-fatal; of 01:00.0: status, mask, first, header
//
// Holds: what is none of the driver's lines is passed over. Source: drivers/pci/pcie/aer.c, err.c
// of Linux 3 to 6.12: severities are Corrected and Uncorrected at first, Correctable and
// Uncorrectable later.
import { parseRequesterId, type RequesterId } from '../../../machine/pci/requester-id.js'
import type { HeaderWords } from '../../../machine/pci/tlp-header.js'
import { LineClock, NO_TIME } from '../line-clock.js'
import type { RecordedTime } from '../source.js'
import { textLines } from '../text-lines.js'
import type { Unknowns } from '../unknowns.js'

/** How bad a message said it was. */
export type AerSeverity = 'correctable' | 'non-fatal' | 'fatal'

/** A message that came to a root port. */
export interface AerMessage {
  readonly root: RequesterId
  readonly severity: AerSeverity
  readonly isMultiple: boolean
  readonly source: RequesterId | undefined
}

/** What the driver read of one function. */
export interface AerReport {
  readonly id: RequesterId
  readonly severity: AerSeverity
  readonly ids: { readonly vendor: number; readonly device: number } | undefined
  /** Undefined where the function could not be asked. */
  readonly status: number | undefined
  readonly mask: number
  readonly first: number | undefined
  readonly header: HeaderWords | undefined
}

/** One message with what was read because of it; a report without a message where the log begins
 *  in the middle. */
export interface AerIncident {
  readonly time: RecordedTime
  readonly message: AerMessage | undefined
  readonly reports: readonly AerReport[]
  /** Functions below whose drivers take no part in recovery. */
  readonly bystanders: readonly RequesterId[]
  /** How it ended for the functions; undefined where the log does not say. */
  readonly outcome: 'recovered' | 'failed' | undefined
}

const LINE = / ([0-9a-f]{4,8}):([0-9a-f]{2}:[0-9a-f]{2}\.[0-7]): (?:AER: )?(.*)$/i
const STAMP = /\[ *\d{1,9}\.\d{6}\] .*/
const RECEIVED = new RegExp(
  '^(Multiple )?(Correct|Uncorrect)(?:ed|able) ?(?:\\((Non-Fatal|Fatal)\\) )?' +
    'error (?:message )?received(?: from|:) (?:id=)?(\\S+)',
)
const TITLE = /PCIe Bus Error: severity=(Correct|Uncorrect)(?:ed|able)(?: \((Non-Fatal|Fatal)\))?,/
const STATUS =
  /device \[([0-9a-f]{4}):([0-9a-f]{4})\] error status\/mask=([0-9a-f]{8})\/([0-9a-f]{8})/
const BIT = /^ *\[ *(\d+)\] \S/
const FIRST = /^ *\[ *(\d+)\] \S.*\(First\)$/
const HEADER =
  /TLP Header: (?:0x)?([0-9a-f]{8}) (?:0x)?([0-9a-f]{8}) (?:0x)?([0-9a-f]{8}) (?:0x)?([0-9a-f]{8})/

/** What a log tells of, oldest first. */
export function aerIncidents(text: string, unknowns: Unknowns): readonly AerIncident[] {
  const incidents: Open[] = []
  const clock = new LineClock()
  for (const line of textLines(text)) {
    const match = LINE.exec(line.trimEnd())
    if (match === null) continue
    const [, domain = '', place = '', said = ''] = match
    const id = parseRequesterId(place)
    if (id === undefined || !isOurs(said)) continue
    if (Number.parseInt(domain, 16) !== 0) {
      unknowns.add('place', `PCI domain ${domain}: only the first one is known here`)
      continue
    }
    takeLine(incidents, { id, said, time: timeOf(line, clock) })
  }
  return incidents
}

/** By what the line begins with; else by what whoever passed it on left of that. */
function timeOf(line: string, clock: LineClock): RecordedTime {
  const time = clock.timeOf(line)
  return time === NO_TIME ? clock.timeOf(STAMP.exec(line)?.[0] ?? '') : time
}

/** An incident of which more lines may come. */
interface Open extends AerIncident {
  readonly reports: AerReport[]
  readonly bystanders: RequesterId[]
  outcome: AerIncident['outcome']
}

const isOurs = (said: string): boolean =>
  [RECEIVED, TITLE, STATUS, BIT, HEADER, OUTCOME, BYSTANDER].some((each) => each.test(said))
const OUTCOME = /^device recovery (successful|failed)/
const BYSTANDER = /^can't recover \(no error_detected callback\)/

interface LogLine {
  readonly id: RequesterId
  readonly said: string
  readonly time: RecordedTime
}

function takeLine(incidents: Open[], { id, said, time }: LogLine): void {
  const message = messageOf(id, said)
  const last = incidents.at(-1)
  const isOver = last?.outcome !== undefined && last.message?.isMultiple !== true
  const isBegun = message !== undefined || (titleOf(said) !== undefined && (isOver || !last))
  if (isBegun) incidents.push({ time, message, reports: [], bystanders: [], outcome: undefined })
  const current = incidents.at(-1)
  if (message === undefined && current !== undefined) takeReportLine(current, id, said)
}

function takeReportLine(incident: Open, id: RequesterId, said: string): void {
  const { reports } = incident
  const severity = titleOf(said)
  if (severity !== undefined) {
    reports.push({ ...NOTHING_READ, id, severity })
    return
  }
  const [, outcome] = OUTCOME.exec(said) ?? []
  if (outcome !== undefined) incident.outcome = outcome === 'successful' ? 'recovered' : 'failed'
  if (BYSTANDER.test(said)) incident.bystanders.push(id)
  const at = reports.findLastIndex((report) => report.id === id)
  const report = reports[at]
  if (report !== undefined) reports[at] = { ...report, ...readOf(said) }
}

const NOTHING_READ = {
  ids: undefined,
  status: undefined,
  mask: 0,
  first: undefined,
  header: undefined,
} as const

function messageOf(root: RequesterId, said: string): AerMessage | undefined {
  const [all, multiple, kind, grade, from = ''] = RECEIVED.exec(said) ?? []
  if (all === undefined) return undefined
  const source = /^[0-9a-f]{4}$/i.test(from)
    ? (Number.parseInt(from, 16) as RequesterId)
    : parseRequesterId(from)
  return { root, severity: severityNamed(kind, grade), isMultiple: multiple !== undefined, source }
}

function titleOf(said: string): AerSeverity | undefined {
  const [all, kind, grade] = TITLE.exec(said) ?? []
  return all === undefined ? undefined : severityNamed(kind, grade)
}

const severityNamed = (kind?: string, grade?: string): AerSeverity =>
  kind === 'Correct' ? 'correctable' : grade === 'Fatal' ? 'fatal' : 'non-fatal'

/** What one more line adds to a report. */
function readOf(said: string): Partial<AerReport> {
  const [, vendor, device, status, mask] = STATUS.exec(said) ?? []
  const hex = (text: string | undefined): number => Number.parseInt(text ?? '0', 16)
  if (status !== undefined) {
    const ids = { vendor: hex(vendor), device: hex(device) }
    return { ids, status: hex(status), mask: hex(mask) }
  }
  const first = FIRST.exec(said)?.[1]
  if (first !== undefined) return { first: Number(first) }
  const [, ...words] = HEADER.exec(said) ?? []
  if (words.length !== 4) return {}
  return { header: words.map(hex) as unknown as HeaderWords }
}
