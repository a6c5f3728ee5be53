// Motions of vi: from where the cursor is to where it goes, and what an operator takes on the way.
//
//   'w' at 'on| x'  ->  to the 'x'; an operator takes what is before it
//   'e'             ->  to the word's last character; an operator takes it too
//   'j' 'G' 'gg'    ->  an operator takes whole lines
import { pairsOf } from './bracket.js'
import { nextBoundary, previousBoundary } from './grapheme.js'
import { lineEnd, lineStart, type TextBuffer } from './text-buffer.js'
import type { LineFind } from './vi-state.js'
import { endOfWord, nextWord, previousWord, wordAround } from './vi-word.js'

/** Where a motion leads. */
export interface Motion {
  readonly to: number
  /** What an operator takes beside the way between: the character arrived at, or whole lines. */
  readonly takes: 'way' | 'end too' | 'lines'
  /** For text objects: where it starts, instead of the cursor. */
  readonly from?: number
  /** The find that `;` goes on with. */
  readonly find?: LineFind
}

/** What a motion may know beside the text. */
export interface MotionContext {
  readonly count: number | undefined
  readonly lastFind: LineFind | undefined
  readonly hasOperator: boolean
}

/** Where the motion of that name leads; undefined where it leads nowhere. */
export function motionOf(
  name: string,
  buffer: TextBuffer,
  context: MotionContext,
): Motion | undefined {
  const { count = 1 } = context
  const simple = SIMPLE[name]
  if (simple !== undefined) return repeated(simple, buffer, count)
  if (/^[fFtT]./su.test(name)) return findMotion(name, buffer, count)
  if (name === ';' || name === ',') return foundAgain(name, buffer, context)
  if (name === 'gg' || name === 'G') return toLine(name, buffer.text, context.count)
  if (name === 'j' || name === 'k') return linesAway(name === 'j' ? count : -count, buffer)
  if (/^[ia]./u.test(name)) return objectOf(name, buffer)
  if (name !== '%') return undefined
  return toMatch(buffer)
}

/** Whether a name is the start of a longer one: `f`, `g`, and `i` behind an operator. */
export function isMotionStart(name: string, hasOperator: boolean): boolean {
  return /^[fFtTg]$/.test(name) || (hasOperator && /^[ia]$/.test(name))
}

type Simple = (text: string, at: number) => Motion

const way = (to: number): Motion => ({ to, takes: 'way' })
const endToo = (to: number): Motion => ({ to, takes: 'end too' })

const SIMPLE: Readonly<Record<string, Simple>> = {
  h: (text, at) => way(Math.max(lineStart(text, at), previousBoundary(text, at))),
  l: (text, at) => way(Math.min(lineEnd(text, at), nextBoundary(text, at))),
  ' ': (text, at) => way(nextBoundary(text, at)),
  '0': (text, at) => way(lineStart(text, at)),
  '^': (text, at) => way(firstNonBlank(text, at)),
  $: (text, at) => way(lineEnd(text, at)),
  w: (text, at) => way(nextWord(text, at, false)),
  W: (text, at) => way(nextWord(text, at, true)),
  b: (text, at) => way(previousWord(text, at, false)),
  B: (text, at) => way(previousWord(text, at, true)),
  e: (text, at) => endToo(endOfWord(text, at, false)),
  E: (text, at) => endToo(endOfWord(text, at, true)),
  '{': (text, at) => way(Math.max(0, text.lastIndexOf('\n\n', Math.max(0, at - 2)) + 1)),
  '}': (text, at) =>
    way(((found) => (found < 0 ? text.length : found + 1))(text.indexOf('\n\n', at))),
}

function repeated(simple: Simple, { text, cursor }: TextBuffer, count: number): Motion | undefined {
  let motion = simple(text, cursor)
  for (let i = 1; i < Math.min(count, text.length + 1); i++) motion = simple(text, motion.to)
  return motion
}

/** The first character of a line that is no blank. */
export function firstNonBlank(text: string, at: number): number {
  const start = lineStart(text, at)
  return start + (/^[ \t]*/.exec(text.slice(start, lineEnd(text, at)))?.[0].length ?? 0)
}

function findMotion(name: string, buffer: TextBuffer, count: number): Motion | undefined {
  const [kind = 'f', ...rest] = name
  const find: LineFind = { kind: kind as LineFind['kind'], character: rest.join('') }
  const to = findIn(buffer, find, count)
  return to === undefined ? undefined : { ...landing(find, to), find }
}

function landing({ kind }: LineFind, to: number): Motion {
  return kind === 'f' || kind === 't' ? endToo(to) : way(to)
}

const REVERSED = { f: 'F', F: 'f', t: 'T', T: 't' } as const

function foundAgain(
  name: string,
  buffer: TextBuffer,
  { lastFind, count = 1 }: MotionContext,
): Motion | undefined {
  if (lastFind === undefined) return undefined
  const find = name === ';' ? lastFind : { ...lastFind, kind: REVERSED[lastFind.kind] }
  const to = findIn(buffer, find, count, true)
  return to === undefined ? undefined : landing(find, to)
}

/** Where a character of the line is. `again`: the one next to the cursor is not meant. */
function findIn(
  { text, cursor }: TextBuffer,
  { kind, character }: LineFind,
  count: number,
  again = false,
): number | undefined {
  const forward = kind === 'f' || kind === 't'
  const start = lineStart(text, cursor)
  const end = lineEnd(text, cursor)
  const skips = again && (kind === 't' || kind === 'T') ? 1 : 0
  let at = forward ? cursor + skips : cursor - skips
  for (let i = 0; i < count; i++) {
    at = forward
      ? text.indexOf(character, at + 1)
      : at < 1
        ? -1
        : text.lastIndexOf(character, at - 1)
    if (at < start || at >= end) return undefined
  }
  if (kind === 't') return previousBoundary(text, at)
  return kind === 'T' ? at + character.length : at
}

function toLine(name: string, text: string, count: number | undefined): Motion {
  const last = text.split('\n').length
  const line = Math.min(last, count ?? (name === 'G' ? last : 1))
  let at = 0
  for (let i = 1; i < line; i++) at = lineEnd(text, at) + 1
  return { to: firstNonBlank(text, at), takes: 'lines' }
}

function linesAway(by: number, { text, cursor }: TextBuffer): Motion | undefined {
  let at = lineStart(text, cursor)
  for (let i = 0; i < Math.abs(by); i++) {
    const isEdge = by < 0 ? at === 0 : lineEnd(text, at) === text.length
    if (isEdge) return undefined
    at = by < 0 ? lineStart(text, at - 1) : lineEnd(text, at) + 1
  }
  return { to: at, takes: 'lines' }
}

/** The bracket that belongs to the next one in the line. */
function toMatch({ text, cursor }: TextBuffer): Motion | undefined {
  const ahead = /[()[\]{}]/.exec(text.slice(cursor, lineEnd(text, cursor)))
  if (ahead === null) return undefined
  const at = cursor + ahead.index
  const pair = pairsOf(text).find(({ open, close }) => open === at || close === at)
  return pair === undefined ? undefined : endToo(pair.open === at ? pair.close : pair.open)
}

const PAIRS: Readonly<Record<string, string>> = {
  '(': '()',
  ')': '()',
  b: '()',
  '[': '[]',
  ']': '[]',
  '{': '{}',
  '}': '{}',
  B: '{}',
}

/** A text object: `iw`, `a"`, `i(`. */
function objectOf(name: string, buffer: TextBuffer): Motion | undefined {
  const around = name[0] === 'a'
  const which = name.slice(1)
  const { text, cursor } = buffer
  if (which === 'w' || which === 'W') {
    const [from, to] = wordAround(text, cursor, { isBig: which === 'W', around })
    return { from, to, takes: 'way' }
  }
  const range = PAIRS[which] === undefined ? quotedAt(buffer, which) : bracketedAt(buffer, which)
  if (range === undefined) return undefined
  const [open, close] = range
  return around
    ? { from: open, to: close + 1, takes: 'way' }
    : { from: open + 1, to: close, takes: 'way' }
}

function quotedAt({ text, cursor }: TextBuffer, quote: string): [number, number] | undefined {
  if (!/^['"`]$/.test(quote)) return undefined
  const end = lineEnd(text, cursor)
  let open = text.indexOf(quote, lineStart(text, cursor))
  while (open >= 0 && open < end) {
    const close = text.indexOf(quote, open + 1)
    if (close < 0 || close >= end) return undefined
    if (close >= cursor) return [open, close]
    open = text.indexOf(quote, close + 1)
  }
  return undefined
}

function bracketedAt({ text, cursor }: TextBuffer, which: string): [number, number] | undefined {
  const opener = PAIRS[which]?.[0]
  const holding = pairsOf(text).filter(
    ({ open, close }) => text[open] === opener && open <= cursor && cursor <= close,
  )
  const inner = holding.sort((a, b) => b.open - a.open)[0]
  return inner === undefined ? undefined : [inner.open, inner.close]
}
