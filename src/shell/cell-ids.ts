// Ids of cells behind the words of the notebook, for Tab.
//
//   ".show su"   ->   sum      ".run ..s"   ->   sum, stale      ".answer "   ->   the exercises
import type { Suggested } from '../session/assist.js'
import type { DeskWord, NotebookDesk } from './notebook-words.js'

/** The ids that may stand at the end of a line; undefined where it asks for none. */
export async function cellIdsAt(
  before: string,
  desk: (() => Promise<NotebookDesk>) | undefined,
): Promise<readonly Suggested[] | undefined> {
  const found = /^\s*\.(show|run|edit|answer)\s+(?:\.\.|#)?([\w.-]*)$/.exec(before)
  if (found === null || desk === undefined) return undefined
  const [, word, begun = ''] = found
  const ids = (await desk()).idsFor(word as DeskWord)
  const start = before.length - begun.length
  const texts = word === 'run' ? [...ids, 'stale'] : ids
  return texts
    .filter((text) => text.startsWith(begun))
    .map((text) => ({ text, start, kind: 'name' }))
}
