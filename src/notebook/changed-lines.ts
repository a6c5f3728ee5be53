// The lines in which two texts differ, as one reads them in a terminal.
//
//   before, after  ->  "@@ line 4\n  same\n- was\n+ is\n"
//
// Holds: never more than MOST lines; what is left is counted.
import { structuredPatch } from 'diff'

const MOST = 60
/** Texts that differ in more lines are not laid side by side: that takes too long. */
const MOST_EDITS = 4000

/** What is different; "" when nothing is. */
export function changedLines(before: string, after: string): string {
  const options = { context: 1, maxEditLength: MOST_EDITS }
  const patch = structuredPatch('', '', before, after, '', '', options)
  const lines =
    patch === undefined
      ? fromFirst(before, after)
      : patch.hunks.flatMap(({ oldStart, lines: hunk }) => [
          `@@ line ${oldStart}`,
          ...hunk.filter((line) => !line.startsWith('\\')).map(spaced),
        ])
  const left = lines.length - MOST
  const shown = left > 0 ? [...lines.slice(0, MOST), `... ${left} more lines`] : lines
  return shown.map((line) => `  ${line}\n`).join('')
}

const spaced = (line: string): string => `${line.slice(0, 1)} ${line.slice(1)}`.trimEnd()

/** Where two texts that have little in common begin to differ. */
function fromFirst(before: string, after: string): readonly string[] {
  const [old, now] = [before.split('\n'), after.split('\n')]
  const at = old.findIndex((line, i) => line !== now[i])
  const i = at < 0 ? old.length : at
  const pair = [`- ${old[i] ?? ''}`, `+ ${now[i] ?? ''}`]
  return [
    `@@ line ${i + 1}`,
    ...pair,
    `... and more, up to line ${Math.max(old.length, now.length)}`,
  ]
}
