// Wrapped text: a label and what it says, in lines of at most 79 columns, an empty line above.
//
//   Description : The level 1 data cache of a processor has had more corrected errors
//                 than chance explains, or one that was not corrected.
//
// Holds: a line breaks at a space, where it would reach column 80; a word that is longer stands
// alone and is never cut. A newline breaks too, and swallows the spaces after it. No text, no
// label. Source: illumos-gate usr/src/cmd/fm/fmadm/common/faulty.c (print_line).

const WIDTH = 80

/** The lines, each ended, the first one empty. */
export function wrappedText(label: string, text: string): string {
  const lines: string[] = []
  for (let from = 0; from < text.length; ) {
    const { end, next } = lineOf(text, from, WIDTH - label.length)
    lines.push(`${lines.length === 0 ? label : ' '.repeat(label.length)}${text.slice(from, end)}\n`)
    from = next
  }
  return `\n${lines.join('')}`
}

/** Where the line that begins at `from` ends, and where the next one begins. A line that fills its
 *  room is broken at its last space, even when the text ends there. */
function lineOf(text: string, from: number, room: number): { end: number; next: number } {
  let space = -1
  let at = from
  while (at < text.length && (space < 0 || at - from < room)) {
    if (text[at] === ' ') space = at
    if (text[at] === '\n') return { end: at, next: pastSpaces(text, at + 1) }
    at++
  }
  if (at - from >= room && space >= 0) return { end: space, next: space + 1 }
  return { end: at, next: at }
}

function pastSpaces(text: string, from: number): number {
  let at = from
  while (text[at] === ' ') at++
  return at
}
