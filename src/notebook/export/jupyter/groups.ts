// The parts of a notebook as cells of Jupyter take them: a cell and its output are one.
//
//   blank, cell, blank, output, prose, blank  ->  { cell, output }, { prose }, and the blank at
//                                                 the end
//
// Holds: texts of groups, each behind its blanks, and the end are the parts' text again.
import type { Cell, Output, Part } from '../../document.js'

/** What becomes one cell of Jupyter. `before` is the blank prose in front of it. */
export type Group =
  | { readonly kind: 'prose'; readonly before: string; readonly text: string }
  | { readonly kind: 'orphan'; readonly before: string; readonly output: Output }
  | {
      readonly kind: 'cell'
      readonly before: string
      readonly cell: Cell
      /** The blank prose between the cell and its output. */
      readonly between: string
      readonly output: Output | undefined
    }

/** The groups of parts, and the blank prose behind the last one. */
export interface Grouped {
  readonly groups: readonly Group[]
  readonly tail: string
}

/** Puts cells and outputs together. */
export function grouped(parts: readonly Part[]): Grouped {
  const groups: Group[] = []
  let before = ''
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]
    if (part === undefined) continue
    if (part.kind === 'prose') {
      if (isBlank(part.text)) before += part.text
      else groups.push({ kind: 'prose', before, text: part.text })
      if (!isBlank(part.text)) before = ''
      continue
    }
    if (part.kind === 'output') groups.push({ kind: 'orphan', before, output: part })
    else {
      const { between, output, taken } = outputAfter(parts, i, part.id)
      groups.push({ kind: 'cell', before, cell: part, between, output })
      i += taken
    }
    before = ''
  }
  return { groups, tail: before }
}

/** The text of a group. */
export function groupText(group: Group): string {
  switch (group.kind) {
    case 'prose':
      return `${group.before}${group.text}`
    case 'orphan':
      return `${group.before}${group.output.text}`
    case 'cell':
      return `${group.before}${group.cell.text}${group.between}${group.output?.text ?? ''}`
  }
}

interface After {
  readonly between: string
  readonly output: Output | undefined
  /** How many parts they are. */
  readonly taken: number
}

function outputAfter(parts: readonly Part[], i: number, id: string): After {
  const [next, after] = [parts[i + 1], parts[i + 2]]
  if (next?.kind === 'output' && next.id === id) return { between: '', output: next, taken: 1 }
  const isGap = next?.kind === 'prose' && isBlank(next.text)
  if (isGap && after?.kind === 'output' && after.id === id)
    return { between: next.text, output: after, taken: 2 }
  return { between: '', output: undefined, taken: 0 }
}

function isBlank(text: string): boolean {
  return /^\s*$/.test(text)
}
