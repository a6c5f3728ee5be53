// What was pasted: one cell, or lines that were meant one after another.
//
//   const a = {        one cell: code of several lines        # dtrace -l      lines: commands, and
//     b: 1,                                                   a + 1            what stands between
//   }                                                         .who
//
//   xpv> 1 + 1         lines: what was typed at such a prompt; what it answered is left out
//   2
import { outerLines } from './editor/bracket.js'

/** The lines of a text that are cells of their own; undefined when it is one cell. */
export function linesOf(
  text: string,
  isLine: (line: string) => boolean,
): readonly string[] | undefined {
  const typed = typedLines(text)
  if (typed !== undefined) return typed
  if (!text.includes('\n') || !outerLines(text).some(isLine)) return undefined
  return text.split('\n')
}

/** What was typed in a text that shows a session at this prompt. */
function typedLines(text: string): string[] | undefined {
  if (!text.startsWith('xpv> ')) return undefined
  return text.split('\n').flatMap((line) => /^(?:xpv|\.\.\.)> ?(.*)$/.exec(line)?.[1] ?? [])
}
