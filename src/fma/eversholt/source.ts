// Source texts of rules, and places in them.
//
// Holds: what a macro made lies where the macro was used, and says which macro that was.
import type { Span } from '../../base/span.js'

/** A file of rules, or one that it includes. */
export interface SourceText {
  readonly name: string
  readonly text: string
}

/** Where something stands; `macro` made it there. */
export interface Place {
  readonly source: SourceText
  readonly span: Span
  readonly macro?: string
}

/** From the start of one place to the end of another; of two files, the first place alone. */
export function joinPlaces(from: Place, to: Place): Place {
  if (from.source !== to.source) return from
  const start = Math.min(from.span.start, to.span.start)
  const end = Math.max(from.span.end, to.span.end)
  return { ...from, span: { start, end } }
}
