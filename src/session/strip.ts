// Types stripped from a cell: TypeScript in, JavaScript out, with the way back to where it was
// written.
//
//   const n: number = 1   ->   const n         = 1        blanks: every offset stays
//   enum E { A }          ->   var E = ...                transformed: a source map leads back
//
// Out may also be: a mistake with its place, or that the text stops in the middle of something.
// Source: amaro (swc) as Node uses it; its error codes InvalidSyntax and UnsupportedSyntax.
import { createRequire } from 'node:module'
import type { Diagnostic } from '../base/diagnostic.js'
import type { Position } from '../base/span.js'
import { parseSourceMap } from './source-map.js'

/** JavaScript, and the position in the TypeScript source of a position in it. */
export interface Stripped {
  readonly kind: 'stripped'
  readonly js: string
  readonly origin: (at: Position) => Position
  /** Whether names were made by a transformation: an enum starts anew each time its cell runs. */
  readonly transformed: boolean
}

/** What became of a source. */
export type StripResult =
  | Stripped
  | { readonly kind: 'incomplete'; readonly mistake: Diagnostic }
  | { readonly kind: 'mistake'; readonly mistake: Diagnostic }

/** Required, not imported: before Node imports a CommonJS file it searches all of it for exports,
 *  and amaro is 4.7 MB. That took 35 ms of the 45 it takes to load. */
const require = createRequire(import.meta.url)

/** Strips the types from `source`. Loads the stripper on first use. */
export async function stripTypes(source: string): Promise<StripResult> {
  return stripTypesNow(source)
}

/** The same for whoever cannot wait. */
export function stripTypesNow(source: string): StripResult {
  const { transformSync } = require('amaro') as typeof import('amaro')
  const attempt = (text: string, mode: 'strip-only' | 'transform') => {
    try {
      return transformSync(text, { mode, sourceMap: mode === 'transform', filename: 'cell' })
    } catch (thrown) {
      return asRefusal(thrown)
    }
  }
  const object = asObjectLiteral(source)
  const literal = object === undefined ? undefined : attempt(object, 'strip-only')
  if (literal !== undefined && 'code' in literal && /^\s*\(/.test(literal.code))
    return { kind: 'stripped', js: literal.code, origin: afterParenthesis, transformed: false }

  const plain = attempt(source, 'strip-only')
  if ('code' in plain)
    return { kind: 'stripped', js: plain.code, origin: (at) => at, transformed: false }
  const full = plain.unsupported ? attempt(source, 'transform') : plain
  if ('code' in full) {
    const origin = parseSourceMap(full.map ?? '')
    return { kind: 'stripped', js: full.code, origin, transformed: true }
  }
  const mistake = asDiagnostic(source, full)
  const further = attempt(`${source}\n0`, 'strip-only')
  return { kind: stopsEarly(full, further) ? 'incomplete' : 'mistake', mistake }
}

/** `{ a: 1 }` alone is meant as an object, as in every JavaScript prompt; in a file it is a
 *  block. */
function asObjectLiteral(source: string): string | undefined {
  const text = source.trim()
  return text.startsWith('{') && text.endsWith('}') ? `(${source.trimEnd()})` : undefined
}

function afterParenthesis(at: Position): Position {
  return at.line === 1 ? { line: 1, column: Math.max(1, at.column - 1) } : at
}

/** Why the stripper refused, in its own terms: lines from 1, columns from 0. */
interface Refusal {
  readonly unsupported: boolean
  readonly message: string
  readonly start: Position
  readonly end: Position
}

function asRefusal(thrown: unknown): Refusal {
  if (typeof thrown !== 'object' || thrown === null || !('startLine' in thrown)) throw thrown
  const raw = thrown as Readonly<Record<string, unknown>>
  const place = (line: unknown, column: unknown): Position => ({
    line: Number(line),
    column: Number(column) + 1,
  })
  return {
    unsupported: raw['code'] === 'UnsupportedSyntax',
    message: String(raw['message']),
    start: place(raw['startLine'], raw['startColumn']),
    end: place(raw['endLine'], raw['endColumn']),
  }
}

/** A text is unfinished when its mistake is its end, or when more text moves the mistake. */
function stopsEarly(first: Refusal, further: Refusal | { readonly code: string }): boolean {
  if (first.unsupported) return false
  if (/^Unexpected eof|<eof>'|^Unterminated (template|block comment)/.test(first.message))
    return true
  if ('code' in further) return true
  return further.start.line !== first.start.line || further.start.column !== first.start.column
}

function asDiagnostic(source: string, refusal: Refusal): Diagnostic {
  const start = offsetOf(source, refusal.start)
  const end = Math.max(start + 1, offsetOf(source, refusal.end))
  return {
    code: 'nb.syntax',
    severity: 'error',
    message: refusal.message,
    span: { start, end },
  }
}

/** The offset of a 1-based position; past the end of a line is its end. */
export function offsetOf(source: string, at: Position): number {
  const lines = source.split('\n')
  const before = lines.slice(0, at.line - 1).reduce((sum, line) => sum + line.length + 1, 0)
  const line = lines[at.line - 1] ?? ''
  return Math.min(source.length, before + Math.min(at.column - 1, line.length))
}
