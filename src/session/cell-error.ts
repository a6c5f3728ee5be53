// What went wrong in a cell, as its user shall see it: name, message, places in cells and in files
// that they import. Never our own frames.
//
//   TypeError: x is not a function
//       at f (cell 3, line 2:9)
//       at cell 4, line 1:1
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { deniedByNode } from '../base/denied.js'
import { type Diagnostic, DiagnosticError, printDiagnostic } from '../base/diagnostic.js'
import { printError, XpvError } from '../base/error.js'
import type { Position } from '../base/span.js'
import { placeInFile } from './typescript-loader.js'

/** A place that a stack passed through: in a cell, by its number, or in an imported file. */
export interface CellFrame {
  readonly cell: number | string
  readonly at: Position
  /** The function there; '' at a cell's top level. */
  readonly function: string
}

/** A failed cell. `code` is set for refusals and diagnostics, and is what a check compares. */
export interface CellError {
  readonly name: string
  readonly message: string
  readonly code: string | undefined
  readonly hint: string | undefined
  readonly diagnostics: readonly Diagnostic[]
  readonly frames: readonly CellFrame[]
  /** All of it as text, without a newline at the end. */
  readonly text: string
  readonly thrown: unknown
}

/** Leads from a position in the code that ran to the position in the cell as typed. */
export type FrameOrigin = (cell: number, at: Position) => Position

/** Describes anything that can be thrown. */
export function describeError(thrown: unknown, origin: FrameOrigin): CellError {
  if (thrown instanceof DiagnosticError) return describeDiagnostics(thrown)
  if (thrown instanceof XpvError) return describeRefusal(thrown)
  if (!(thrown instanceof Error)) return describeValue(thrown)
  const refusal = deniedByNode(thrown, (path) => resolve(path))
  if (refusal !== undefined) return { ...describeRefusal(refusal), thrown }
  const frames = framesOf(thrown.stack ?? '', origin)
  const name = nameOf(thrown)
  const places = frames.map((frame) => `    at ${printFrame(frame)}`)
  const text = [headline(name, thrown.message), ...places, ...causes(thrown)].join('\n')
  return { ...PLAIN, name, message: thrown.message, frames, text, thrown }
}

const PLAIN = { code: undefined, hint: undefined, diagnostics: [], frames: [] }

function describeDiagnostics(thrown: DiagnosticError): CellError {
  const { diagnostics, source, name, message } = thrown
  const text = diagnostics.map((diagnostic) => printDiagnostic(source, diagnostic)).join('\n')
  return { ...PLAIN, name, message, code: diagnostics[0]?.code, diagnostics, text, thrown }
}

function describeRefusal(thrown: XpvError): CellError {
  const { name, message, code, hint } = thrown
  return { ...PLAIN, name, message, code, hint, text: printError(thrown), thrown }
}

function describeValue(thrown: unknown): CellError {
  const message = inspect(thrown, { depth: 2, compact: 3, breakLength: 80 })
  return { ...PLAIN, name: 'thrown', message, text: `thrown: ${message}`, thrown }
}

function nameOf(error: Error): string {
  const { name } = error
  return typeof name === 'string' && name !== '' ? name : 'Error'
}

function headline(name: string, message: string): string {
  return message === '' ? name : `${name}: ${message}`
}

function causes(error: Error): readonly string[] {
  const lines: string[] = []
  let cause: unknown = error.cause
  while (cause instanceof Error && lines.length < 5) {
    lines.push(`  because of ${headline(nameOf(cause), cause.message)}`)
    cause = cause.cause
  }
  return lines
}

function printFrame(frame: CellFrame): string {
  const { cell, at } = frame
  const place =
    typeof cell === 'string'
      ? `${cell}:${at.line}:${at.column}`
      : `cell ${cell}, line ${at.line}:${at.column}`
  return frame.function === '' ? place : `${frame.function} (${place})`
}

const PLACE = /(?:xpv:cell\/(\d+)|(file:\/\/[^)]+)):(\d+):(\d+)/
const FRAME = new RegExp(`^ {4}at (?:async (?=xpv:|file:))?(?:(.*) \\()?${PLACE.source}\\)?$`)

/** Files of this program, and of packages: nobody who types cells can do anything about them. */
const OURS = new URL('.', import.meta.url).href

function framesOf(stack: string, origin: FrameOrigin): readonly CellFrame[] {
  return stack.split('\n').flatMap((line) => {
    const parts = FRAME.exec(line)
    if (parts === null) return []
    const file = parts[3]
    const place = { line: Number(parts[4]), column: Number(parts[5]) }
    if (file !== undefined && isForeign(file)) return []
    const cell = file === undefined ? Number(parts[2]) : fileURLToPath(file)
    const at = file === undefined ? origin(Number(cell), place) : placeInFile(file, place)
    const name = (parts[1] ?? '').replace(/^async /, '').replace(/^globalThis\./, '')
    return [{ cell, at, function: name === '<anonymous>' ? '' : name }]
  })
}

function isForeign(url: string): boolean {
  return url.startsWith(OURS) || url.includes('/node_modules/')
}
