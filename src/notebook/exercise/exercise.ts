// Exercises: cells with the option `answer` are worked answers; what they ask stands in the prose
// above them.
//
//   "1. How often did ...?"  ```ts xpv #how-often answer  ->  Exercise { id, task, stored }
import { cellsOf, type NotebookDocument, outputOf } from '../document.js'

/** One exercise. `stored` is what its answer printed when the notebook was run. */
export interface Exercise {
  readonly id: string
  readonly task: string
  readonly stored: string | undefined
}

/** The exercises of a notebook, in order. */
export function exercisesOf(document: NotebookDocument): readonly Exercise[] {
  return cellsOf(document)
    .filter(({ options }) => options.has('answer'))
    .map(({ id }) => ({ id, task: taskOf(document, id), stored: outputOf(document, id)?.body }))
}

/** What marks the paragraph of an exercise, and is no part of its task. */
const MARK = /^\*\*Exercise\.\*\*\s*/

/** The last paragraph of the prose above a cell. */
function taskOf({ parts }: NotebookDocument, id: string): string {
  const at = parts.findIndex((part) => part.kind === 'cell' && part.id === id)
  const prose = parts.slice(0, at).findLast((part) => part.kind === 'prose' && isSaid(part.text))
  const paragraphs = prose?.text.trim().split(/\n\s*\n/) ?? []
  return (paragraphs.at(-1) ?? '').replace(MARK, '').replace(/\s*\n\s*/g, ' ')
}

/** Whether there is more than the gap between two fences. */
function isSaid(text: string): boolean {
  return text.trim() !== ''
}
