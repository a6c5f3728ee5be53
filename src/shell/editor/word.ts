// Words, as Emacs and readline see them: runs of letters and digits.
import { previousBoundary } from './grapheme.js'

const WORD = /[\p{L}\p{N}\p{M}_$]/u

/** The end of the word at or after an offset. */
export function wordEnd(text: string, at: number): number {
  let i = at
  while (i < text.length && !isWord(text, i)) i += unitsAt(text, i)
  while (i < text.length && isWord(text, i)) i += unitsAt(text, i)
  return i
}

/** The start of the word at or before an offset. */
export function wordStart(text: string, at: number): number {
  let i = at
  while (i > 0 && !isWord(text, previousBoundary(text, i))) i = previousBoundary(text, i)
  while (i > 0 && isWord(text, previousBoundary(text, i))) i = previousBoundary(text, i)
  return i
}

/** The start of what stands between blanks at or before an offset. */
export function blankWordStart(text: string, at: number): number {
  const before = text.slice(0, at)
  return before.length - (/\S*\s*$/.exec(before)?.[0].length ?? 0)
}

/** Two words around the cursor exchanged, and where it is then; undefined where there are not two.
 *  */
export function transposedWords(
  text: string,
  cursor: number,
): { readonly text: string; readonly cursor: number } | undefined {
  const secondEnd = wordEnd(text, cursor)
  const secondStart = wordStart(text, secondEnd)
  const firstStart = wordStart(text, secondStart)
  const firstEnd = wordEnd(text, firstStart)
  if (firstEnd > secondStart || firstStart === secondStart) return undefined
  const first = text.slice(firstStart, firstEnd)
  const second = text.slice(secondStart, secondEnd)
  const between = text.slice(firstEnd, secondStart)
  const changed = text.slice(0, firstStart) + second + between + first + text.slice(secondEnd)
  return { text: changed, cursor: secondEnd }
}

function isWord(text: string, at: number): boolean {
  return WORD.test(String.fromCodePoint(text.codePointAt(at) ?? 0))
}

function unitsAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}
