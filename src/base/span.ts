// Where in a source text: offsets count from 0, printed lines and columns count from 1.

/** A half-open range of UTF-16 offsets in one source text. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A place as people read it: line and column, both from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** The 1-based line and column of `offset`; an offset past the end is the end. */
export function positionOf(source: string, offset: number): Position {
  const before = source.slice(0, offset)
  const line = before.split('\n').length
  return { line, column: before.length - (before.lastIndexOf('\n') + 1) + 1 }
}
