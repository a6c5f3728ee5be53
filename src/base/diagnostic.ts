// Diagnostic: one mistake in a D, Eversholt or notebook source. Compilers report a list, never the
// first alone.
import type { Span } from './span.js'
import { positionOf } from './span.js'

/** One mistake. `tag` is the field's own name for it (D: `D_SYNTAX`), where it has one. */
export interface Diagnostic {
  readonly code: `${'d' | 'esc' | 'nb' | 'ts'}.${string}`
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly tag?: string
  readonly span?: Span
  readonly hint?: string
}

/** A list of mistakes as an exception: thrown where a caller asked for the compiled
 *  thing itself. */
export class DiagnosticError extends Error {
  readonly diagnostics: readonly Diagnostic[]
  readonly source: string

  constructor(source: string, diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((d) => d.message).join('; '))
    this.name = 'DiagnosticError'
    this.source = source
    this.diagnostics = diagnostics
  }
}

/** Where a mistake is said to be, when a preprocessor moved lines. */
export interface SaidPlace {
  readonly file: string | undefined
  readonly line: number
}

/** Prints one mistake with its source line and a caret under the place; no newline at the end. */
export function printDiagnostic(source: string, d: Diagnostic, said?: SaidPlace): string {
  const hint = d.hint === undefined ? '' : `\n  ${d.hint}`
  if (d.span === undefined) return `${d.code}: ${d.message}${hint}`
  const { line, column } = positionOf(source, d.span.start)
  const { text, at } = excerpt(lineAt(source, d.span.start), column - 1)
  const width = Math.max(1, Math.min(d.span.end - d.span.start, text.length - at))
  const before = text.slice(0, at).replace(/[^\t]/g, ' ')
  const caret = `${before}${'^'.repeat(width)}`
  const file = said?.file === undefined ? '' : `${said.file} `
  const place = `${file}line ${said?.line ?? line}:${column}`
  return `${d.code}: ${place}: ${d.message}\n  ${text}\n  ${caret}${hint}`
}

/** The line of a source that an offset lies in. */
function lineAt(source: string, offset: number): string {
  const end = source.indexOf('\n', offset)
  const start = source.lastIndexOf('\n', offset - 1) + 1
  return source.slice(start, end < 0 ? source.length : end)
}

/** Characters of a line that are shown at most, and of those how many before the place. */
const SHOWN = 240
const SHOWN_BEFORE = 100

/** A line, or as much of a very long one as shows the place `at`. */
function excerpt(line: string, at: number): { readonly text: string; readonly at: number } {
  if (line.length <= SHOWN) return { text: line, at }
  const from = Math.max(0, at - SHOWN_BEFORE)
  const before = from > 0 ? '...' : ''
  const after = from + SHOWN < line.length ? '...' : ''
  const text = `${before}${line.slice(from, from + SHOWN)}${after}`
  return { text, at: at - from + before.length }
}
