// Source maps, as far as a stack frame needs them: generated position in, original position out.
//
// Source: the Source Map format, revision 3 ("mappings": base64 VLQ, four deltas a segment).
import type { Position } from '../base/span.js'

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

interface Segment {
  readonly column: number
  readonly origin: Position
}

/** The function from generated to original positions that a map describes; without a fitting
 *  segment a position stays as it is. */
export function parseSourceMap(json: string): (at: Position) => Position {
  const lines = decodeMappings(mappingsOf(json))
  return (at) => {
    const segments = lines[at.line - 1] ?? []
    const found = segments.findLast((segment) => segment.column < at.column)
    if (found === undefined) return at
    const distance = at.column - 1 - found.column
    return { line: found.origin.line, column: found.origin.column + distance }
  }
}

function mappingsOf(json: string): string {
  if (json === '') return ''
  const map: unknown = JSON.parse(json)
  const mappings = typeof map === 'object' && map !== null && 'mappings' in map && map.mappings
  return typeof mappings === 'string' ? mappings : ''
}

function decodeMappings(mappings: string): readonly (readonly Segment[])[] {
  let line = 0
  let column = 0
  return mappings.split(';').map((text) => {
    let generated = 0
    const segments: Segment[] = []
    for (const part of text.split(',')) {
      const deltas = decodeVlq(part)
      generated += deltas[0] ?? 0
      if (deltas.length < 4) continue
      line += deltas[2] ?? 0
      column += deltas[3] ?? 0
      segments.push({ column: generated, origin: { line: line + 1, column: column + 1 } })
    }
    return segments
  })
}

function decodeVlq(text: string): number[] {
  const values: number[] = []
  let value = 0
  let shift = 0
  for (const digit of text) {
    const bits = DIGITS.indexOf(digit)
    value |= (bits & 31) << shift
    shift += 5
    if ((bits & 32) !== 0) continue
    values.push((value & 1) === 1 ? -(value >> 1) : value >> 1)
    value = 0
    shift = 0
  }
  return values
}
