// Preparing a cell: decides what it is and makes it runnable, without running any of it.
//
//   "# dtrace -n 'xpv::: {}'"  ->  commands       first word is a command, and no binding has that
// name
//   "const n: number = 1"      ->  code           types stripped, declarations rewritten
//   "on('xpv:::').by("         ->  incomplete     the next line may finish it
//   "pcpus[1].msr?"            ->  code           what it is; of a command, its page
//   "let 3"                    ->  mistake        a list of diagnostics

import type { Diagnostic } from '../base/diagnostic.js'
import { XpvError } from '../base/error.js'
import { type Position, positionOf } from '../base/span.js'
import { type Asked, askedIn, lookCode } from './asked.js'
import { type Rewritten, rewriteCell } from './rewrite.js'
import { offsetOf, type Stripped, stripTypes } from './strip.js'
import { dropPromptSign, firstWord, splitWords } from './words.js'

/** Code that can run, and the way back from a position in it to the cell as typed. */
export interface PreparedCode {
  readonly kind: 'code'
  readonly code: string
  readonly names: readonly string[]
  /** Names that start without a value however often the cell runs. */
  readonly fresh: readonly string[]
  readonly yields: boolean
  readonly origin: (at: Position) => Position
}

/** What a source turned out to be. */
export type PreparedCell =
  | PreparedCode
  | { readonly kind: 'commands'; readonly lines: readonly (readonly string[])[] }
  | { readonly kind: 'mistake'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'incomplete'; readonly diagnostics: readonly Diagnostic[] }

/** What decides between command and code. */
export interface CellContext {
  isCommand(word: string): boolean
  /** Whether a cell declared that name: then it means the binding. */
  isBinding(word: string): boolean
  /** The cell's number, when it shall run; 0 when it is only looked at. */
  readonly number?: number
  /** Whether it shall run where there is no await at the top. */
  readonly isPlain?: boolean
}

/** Prepares a cell whose language is not told. A pasted line of a root prompt that looks like a
 *  command is one, known or not. Throws `XpvError` `session.no-pipe` as `splitWords` does. */
export async function prepareCell(source: string, context: CellContext): Promise<PreparedCell> {
  const asked = askedIn(source)
  if (asked !== undefined) return prepareAsked(asked, context)
  const word = firstWord(dropPromptSign(source))
  if (context.isCommand(word) && !context.isBinding(word)) return prepareCommands(source)
  const text = dropPromptSign(source)
  const isPasted = text !== source && LIKE_A_COMMAND.test(text) && !KEYWORDS.has(word)
  if (isPasted && !context.isBinding(word)) return prepareCommands(source)
  return prepareCode(text, context)
}

async function prepareAsked(asked: Asked, context: CellContext): Promise<PreparedCell> {
  const { text } = asked
  if (context.isCommand(text) && !context.isBinding(text))
    return { kind: 'commands', lines: [['help', text]] }
  return prepareCode(lookCode(asked), context)
}

/** `uname -a`, `xm list`: a name, a blank, and what cannot follow a name in code. */
const LIKE_A_COMMAND = /^[a-z][\w-]*[ \t]+(-\w|[\w'"/])/

/** Prepares a cell that is known to be command lines. Throws as `splitWords` does. */
export function prepareCommands(source: string): PreparedCell {
  const split = splitWords(source)
  if (split.kind === 'lines') return { kind: 'commands', lines: split.lines }
  const span = { start: 0, end: source.length }
  const message = 'a quote is still open at the end'
  const mistake: Diagnostic = { code: 'nb.open-quote', severity: 'error', message, span }
  return { kind: 'incomplete', diagnostics: [mistake] }
}

async function prepareCode(source: string, context: CellContext): Promise<PreparedCell> {
  const stripped = await stripTypes(source)
  if (stripped.kind !== 'stripped') return { kind: stripped.kind, diagnostics: [stripped.mistake] }
  const rewritten = await rewriteCell(stripped.js, context.number ?? 0, context.isPlain)
  if (rewritten.kind === 'rewritten') return runnable(stripped, rewritten)
  return { kind: 'mistake', diagnostics: [moved(rewritten.mistake, stripped, source)] }
}

function runnable(stripped: Stripped, rewritten: Rewritten): PreparedCode {
  const { code, names, yields } = rewritten
  const origin = (at: Position) => {
    const inScript = rewritten.origin(offsetOf(code, at))
    return stripped.origin(positionOf(stripped.js, inScript))
  }
  return { kind: 'code', code, names, fresh: stripped.transformed ? names : [], yields, origin }
}

/** A mistake of the JavaScript, at its place in the TypeScript. */
function moved(mistake: Diagnostic, stripped: Stripped, source: string): Diagnostic {
  if (mistake.span === undefined) return mistake
  const place = (offset: number) =>
    offsetOf(source, stripped.origin(positionOf(stripped.js, offset)))
  const start = place(mistake.span.start)
  return { ...mistake, span: { start, end: Math.max(start + 1, place(mistake.span.end)) } }
}

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'abstract async await break class const declare delete do enum export for function if import ' +
    'interface let namespace new return switch throw try type typeof var void while'
  ).split(' '),
)

/** What preparing a cell threw; a parser that ran out of stack says nothing of the cell. */
export function tooDeep(thrown: unknown): unknown {
  if (!(thrown instanceof RangeError)) return thrown
  const why =
    'the cell nests too deep to be read: thousands of operators or brackets in one another'
  return new XpvError('session.too-deep', why, 'split the expression, or read data from a file')
}
