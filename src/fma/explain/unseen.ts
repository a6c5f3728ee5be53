// Unseen: what whoever diagnosed could not know: errors that never reach him, and what was missing
// in those that did.
//
//   all PCI errors: without message-signalled interrupts ...
//   mcelog.bin (/dev/mcelog, 112 bytes a record):
//     time, 14 times: a record does not say when it was; 19 s apart was assumed
//
// Holds: what is of one source stands together under its name.
import type { FaultManagement } from '../host/fault-management.js'
import type { TelemetryAccount, Unknown } from '../telemetry/account.js'

/** Sentences without a stop, those of a source with several below its name; none where all could be
 *  seen. */
export function unseenLines(management: FaultManagement): readonly string[] {
  const gaps = management.gaps.map(({ kind, extent, reason }) => {
    const what = kind === 'pci' ? 'PCI errors' : 'machine checks'
    return `${extent === 'all' ? 'all' : 'some'} ${what}: ${reason}`
  })
  return [...gaps, ...management.account.flatMap(linesOf)]
}

/** The same for whoever reads on from something else: each begins with `not seen:`. */
export function notSeenLines(management: FaultManagement): readonly string[] {
  return unseenLines(management).map((line) => (line.startsWith(' ') ? line : `not seen: ${line}`))
}

function linesOf({ source, unknown }: TelemetryAccount): readonly string[] {
  const [first] = unknown
  if (first === undefined) return []
  if (unknown.length === 1) return [`${source}: ${lineOf(first)}`]
  return [`${source}:`, ...unknown.map((each) => `  ${lineOf(each)}`)]
}

const lineOf = ({ what, count, reason }: Unknown): string =>
  `${what}${count === undefined ? '' : `, ${timesText(count)}`}: ${reason}`

const timesText = (count: number): string => (count === 1 ? 'once' : `${count} times`)
