// Words: a command line as a shell would split it, so that the lines of the origin can be pasted.
//
//   # dtrace -n 'xpv::: { @[probename] = count(); }'   ->  [['dtrace', '-n', 'xpv::: { @... }']]
//
// In: the source of a command cell, one or several lines. Out: one word list per line, or that a
// quote is still open. Holds: nothing is expanded; `$1`, `*` and `~` reach the command as typed,
// for D needs them.
// Source of the quoting rules: POSIX.1 XCU 2.2. Pipes and redirections are refused, not ignored.
import { XpvError } from '../base/error.js'

/** A split source, or why it cannot be split yet: the next line may close the quote. */
export type Split =
  | { readonly kind: 'lines'; readonly lines: readonly (readonly string[])[] }
  | { readonly kind: 'incomplete' }

/** The sign of a root or user prompt in front of a pasted line. */
const PROMPT_SIGN = /^[ \t]*[#$][ \t]+/

const OPERATORS = '|&;<>'

/** Drops a leading `# ` or `$ `: what remains is what was typed at that prompt. */
export function dropPromptSign(line: string): string {
  return line.replace(PROMPT_SIGN, '')
}

/** The first word of a line, unquoted; '' for a blank line. */
export function firstWord(line: string): string {
  return /^\s*(\S+)/.exec(line)?.[1] ?? ''
}

/** Splits a source into the words of each of its lines; blank lines vanish. Throws `XpvError`
 *  `session.no-pipe` on an unquoted pipe, redirection, `;` or `&`. */
export function splitWords(source: string): Split {
  const lines: string[][] = []
  let offset = 0
  while (offset < source.length) {
    const sign = PROMPT_SIGN.exec(source.slice(offset))
    const line = splitLine(source, offset + (sign?.[0].length ?? 0))
    if (line === undefined) return { kind: 'incomplete' }
    if (line.words.length > 0) lines.push(line.words)
    offset = line.end + 1
  }
  return { kind: 'lines', lines }
}

interface Line {
  readonly words: string[]
  /** Offset of the newline that ends the line, or of the end of the source. */
  readonly end: number
}

function splitLine(source: string, start: number): Line | undefined {
  const words: string[] = []
  let word: string | undefined
  let at = start
  while (at < source.length && source[at] !== '\n') {
    const c = source[at] ?? ''
    const piece = readPiece(source, at)
    if (piece === undefined) return undefined
    if (piece.kind === 'blank') {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (piece.kind === 'text') word = (word ?? '') + piece.text
    else refuse(c)
    at = piece.end
  }
  if (word !== undefined) words.push(word)
  return { words, end: at }
}

type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly end: number }
  | { readonly kind: 'blank'; readonly end: number }
  | { readonly kind: 'operator'; readonly end: number }

function readPiece(source: string, at: number): Piece | undefined {
  const c = source[at] ?? ''
  if (c === ' ' || c === '\t' || c === '\r') return { kind: 'blank', end: at + 1 }
  if (c === "'") return readSingleQuoted(source, at)
  if (c === '"') return readDoubleQuoted(source, at)
  if (c === '\\') return readEscape(source, at)
  if (OPERATORS.includes(c)) return { kind: 'operator', end: at + 1 }
  return { kind: 'text', text: c, end: at + 1 }
}

function readSingleQuoted(source: string, at: number): Piece | undefined {
  const close = source.indexOf("'", at + 1)
  if (close < 0) return undefined
  return { kind: 'text', text: source.slice(at + 1, close), end: close + 1 }
}

function readDoubleQuoted(source: string, at: number): Piece | undefined {
  let text = ''
  for (let i = at + 1; i < source.length; i++) {
    const c = source[i] ?? ''
    const next = source[i + 1]
    if (c === '"') return { kind: 'text', text, end: i + 1 }
    if (c === '\\' && next === '\n') i += 1
    else if (c === '\\' && next !== undefined && '"\\$`'.includes(next)) {
      text += next
      i += 1
    } else text += c
  }
  return undefined
}

function readEscape(source: string, at: number): Piece | undefined {
  const next = source[at + 1]
  if (next === undefined) return undefined
  if (next === '\n') return at + 2 < source.length ? { kind: 'blank', end: at + 2 } : undefined
  return { kind: 'text', text: next, end: at + 2 }
}

function refuse(operator: string): never {
  throw new XpvError(
    'session.no-pipe',
    `\`${operator}\` is a matter for an operating system's shell; a command here takes only words`,
    'quote it, or work on the values in TypeScript: probes.filter(...)',
  )
}
