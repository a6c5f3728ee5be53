// The watches of a terminal: looked at between two cells, shown above the one being written, or
// below what the running one prints.
//
//   after a cell: each looks  ->  rows in a window  ->  the editor paints what differs
//
// Holds: views take at most half of the window, each its share; what is left out is counted.
import type { Session } from '../session/session.js'
import type { NumberedTrace, Traces } from '../session/traces.js'
import { isPlain, loadWidths } from './editor/grapheme.js'
import { cellsOf, type Row } from './editor/row.js'
import type { Place } from './editor/text-rows.js'
import { type GlanceTerms, Watch } from './watch.js'

/** A watch that ended by itself, and why. */
export interface EndedWatch {
  readonly line: string
  readonly reason: string
}

/** A watch among other traces. */
interface NumberedWatch extends NumberedTrace {
  readonly trace: Watch
}

/** All look again, in the order of their numbers; yields those that ended by it. */
export async function lookAgain(session: Session, traces: Traces): Promise<EndedWatch[]> {
  const ended: EndedWatch[] = []
  for (const { number, trace } of watchesOf(traces)) {
    const reason = await trace.look(session)
    if (reason === undefined) continue
    if (traces.running.some((each) => each.trace === trace)) traces.stop(number)
    ended.push({ line: trace.line, reason })
  }
  const isWide = watchesOf(traces).some(({ trace: { line, lines } }) =>
    [line, ...lines.map(({ text }) => text)].some((text) => !isPlain(text)),
  )
  if (isWide) await loadWidths()
  return ended
}

/** All that can glance at once; yields whether any of them shows something else now. */
export function glanceAt(traces: Traces, terms: GlanceTerms): boolean {
  const changes = watchesOf(traces).map(({ trace }) => trace.glance(terms))
  return changes.includes(true)
}

/** The rows of all views. */
export function watchRows(traces: Traces, { columns, height }: Place): readonly Row[] {
  const watches = watchesOf(traces)
  const shares = sharesOf(watches, height >> 1)
  return watches.flatMap((watch) => {
    return rowsOf(watch, { columns, height: shares.get(watch) ?? 0 })
  })
}

/** How many rows each gets: those that need few leave theirs to the others. */
function sharesOf(watches: readonly NumberedWatch[], height: number): Map<NumberedWatch, number> {
  const need = ({ trace }: NumberedWatch): number => 1 + trace.lines.length
  const shares = new Map<NumberedWatch, number>()
  let room = height
  for (const watch of [...watches].sort((a, b) => need(a) - need(b))) {
    const share = Math.min(need(watch), Math.floor(room / (watches.length - shares.size)))
    shares.set(watch, share)
    room -= share
  }
  return shares
}

function rowsOf({ number, trace }: NumberedWatch, { columns, height }: Place): Row[] {
  const row = (text: string, isNew: boolean): Row => ({
    cells: cellsOf(text, isNew ? 'argument' : 'hint', columns - 1),
    wraps: false,
  })
  const { lines } = trace
  const fits = lines.length < height
  const shown = fits ? lines : lines.slice(0, Math.max(0, height - 2))
  const left = lines.length - shown.length
  const rows = [
    row(`[${number}]  ${trace.line}`, false),
    ...shown.map(({ text, isNew }) => row(text, isNew)),
    ...(fits ? [] : [row(`... ${left} more`, false)]),
  ]
  return rows.slice(0, height)
}

function watchesOf({ running }: Traces): NumberedWatch[] {
  return running.flatMap(({ number, trace }) => (trace instanceof Watch ? [{ number, trace }] : []))
}
