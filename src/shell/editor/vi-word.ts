// Words, as vi sees them: runs of letters, runs of other marks; or, capital, what is between
// blanks.
//
// Source: POSIX.1 XCU vi, "Current line" and "Bigword" definitions.
import { nextBoundary, previousBoundary } from './grapheme.js'

type Kind = 'blank' | 'word' | 'mark'

function kindAt(text: string, at: number, isBig: boolean): Kind {
  const c = text.slice(at, nextBoundary(text, at))
  if (c === '' || /^\s/.test(c)) return 'blank'
  if (isBig) return 'word'
  return /^[\p{L}\p{N}\p{M}_$]/u.test(c) ? 'word' : 'mark'
}

/** The start of the next word. */
export function nextWord(text: string, from: number, isBig: boolean): number {
  let at = from
  const kind = kindAt(text, at, isBig)
  while (at < text.length && kind !== 'blank' && kindAt(text, at, isBig) === kind)
    at = nextBoundary(text, at)
  while (at < text.length && kindAt(text, at, isBig) === 'blank') at = nextBoundary(text, at)
  return at
}

/** The start of this word, or of the one before. */
export function previousWord(text: string, from: number, isBig: boolean): number {
  let at = previousBoundary(text, from)
  while (at > 0 && kindAt(text, at, isBig) === 'blank') at = previousBoundary(text, at)
  return runStart(text, at, isBig)
}

/** The last character of this word, or of the one after. */
export function endOfWord(text: string, from: number, isBig: boolean): number {
  let at = nextBoundary(text, from)
  while (at < text.length && kindAt(text, at, isBig) === 'blank') at = nextBoundary(text, at)
  return at >= text.length ? previousBoundary(text, text.length) : runEnd(text, at, isBig)
}

/** The word under an offset, or the blanks there: from its start to behind its end. With `around`
 *  the blanks behind it too, or those before. */
export function wordAround(
  text: string,
  at: number,
  options: { readonly isBig: boolean; readonly around: boolean },
): [number, number] {
  const { isBig, around } = options
  const start = runStart(text, at, isBig)
  const end = nextBoundary(text, runEnd(text, at, isBig))
  if (!around) return [start, end]
  const behind = /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0
  if (behind > 0) return [start, end + behind]
  return [start - (/[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0), end]
}

function runStart(text: string, from: number, isBig: boolean): number {
  let at = from
  const kind = kindAt(text, at, isBig)
  while (at > 0 && kindAt(text, previousBoundary(text, at), isBig) === kind)
    at = previousBoundary(text, at)
  return at
}

function runEnd(text: string, from: number, isBig: boolean): number {
  let at = from
  const kind = kindAt(text, at, isBig)
  for (;;) {
    const next = nextBoundary(text, at)
    if (next >= text.length || kindAt(text, next, isBig) !== kind) return at
    at = next
  }
}
