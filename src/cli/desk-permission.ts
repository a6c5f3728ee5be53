// What cells of an opened notebook may do at the prompt: there is no fence there, so those of which
// it cannot be seen that they stay with the machine are asked about, once.
//
//   permitted(cells, ...)  ->  done | XpvError nb.denied: which cell, why, and what to type instead
//
// Holds: nothing is asked about our own lessons: whoever can write there can write our code, too.
import { join, relative, resolve, sep } from 'node:path'
import { XpvError } from '../base/error.js'
import { cellsOf, type NotebookDocument } from '../notebook/document.js'
import { namesOf } from '../notebook/graph/cell-names.js'
import { whyNotTame } from '../notebook/permission/tame.js'
import { visible } from '../notebook/permission/want.js'
import { packageRoot } from './package-root.js'
import { canAsk, isAgreed } from './yes-no.js'

/** Sources that were agreed to; a changed cell is asked about again. */
const agreed = new Set<string>()

/** Asks about those of these cells that are not tame. `at` is where the notebook lies, and on which
 *  machine it is. Throws `XpvError` `nb.denied` when nobody is there to say yes, or says no. */
export async function permitCells(
  ids: readonly string[],
  document: NotebookDocument,
  at: { readonly path: string | undefined; readonly spec: string | undefined },
): Promise<void> {
  if (isLesson(at.path)) return
  const cells = cellsOf(document)
  const declared = new Set(cells.flatMap((cell) => [...namesOf(cell).defines]))
  const world = { declared, isSimulated: (at.spec ?? 'sim').startsWith('sim') }
  const path = relative('.', at.path ?? '')
  const asked = cells
    .filter(({ id }) => ids.includes(id))
    .flatMap((cell) => {
      const why = agreed.has(cell.source) ? undefined : whyNotTame(cell, world)
      return why === undefined ? [] : [{ cell, why }]
    })
  if (asked.length === 0) return
  const reasons = asked.map(({ cell, why }) => visible(`#${cell.id}: ${why}`))
  const list = reasons.map((reason) => `  ${reason}\n`).join('')
  const question = `${path} has cells that could do here all that you may:\n${list}Run them? [y/N] `
  if (!canAsk() || !(await isAgreed(question))) {
    const message = `${reasons.join('; ')}. Here it could do all that you may`
    throw new XpvError('nb.denied', message, `xpv run ${path}   behind a fence`)
  }
  for (const { cell } of asked) agreed.add(cell.source)
}

function isLesson(path: string | undefined): boolean {
  return path !== undefined && resolve(path).startsWith(join(packageRoot(), 'notebooks') + sep)
}
