// What cells of an opened notebook may do at the prompt: there is no fence there, so those of which
// it cannot be seen that they stay with the machine are asked about, once.
//
//   permitted(cells, ...)  ->  done | XpvError nb.denied: which cell, why, and what to type instead
import { createInterface } from 'node:readline/promises'
import { XpvError } from '../base/error.js'
import { type Cell, cellsOf, type NotebookDocument } from '../notebook/document.js'
import { namesOf } from '../notebook/graph/cell-names.js'
import { whyNotTame } from '../notebook/permission/tame.js'

/** Cells that came with a notebook, about to run at the prompt. */
export interface CellsToRun {
  readonly cells: readonly Cell[]
  readonly document: NotebookDocument
  /** As it is called in what is asked. */
  readonly path: string
  readonly isSimulated: boolean
}

/** Sources that were agreed to; a changed cell is asked about again. */
const agreed = new Set<string>()

/** Asks about cells that are not tame. Throws `XpvError` `nb.denied` when nobody is there to say
 *  yes, or says no. */
export async function permitCells(run: CellsToRun): Promise<void> {
  const declared = new Set(cellsOf(run.document).flatMap((cell) => [...namesOf(cell).defines]))
  const world = { declared, isSimulated: run.isSimulated }
  const asked = run.cells.flatMap((cell) => {
    const why = agreed.has(cell.source) ? undefined : whyNotTame(cell, world)
    return why === undefined ? [] : [{ cell, why }]
  })
  if (asked.length === 0) return
  const reasons = asked.map(({ cell, why }) => `#${cell.id}: ${why}`)
  if (!(await isAgreed(run.path, reasons))) {
    const message = `${reasons.join('; ')}. Here it could do all that you may`
    throw new XpvError('nb.denied', message, `xpv run ${run.path}   behind a fence`)
  }
  for (const { cell } of asked) agreed.add(cell.source)
}

async function isAgreed(path: string, reasons: readonly string[]): Promise<boolean> {
  if (process.stdin.isTTY !== true) return false
  const reader = createInterface({ input: process.stdin, output: process.stdout })
  const lines = reasons.map((reason) => `  ${reason}\n`).join('')
  const question = `${path} has cells that could do here all that you may:\n${lines}Run them? [y/N] `
  const answer = await reader.question(question)
  reader.close()
  return /^y(es)?$/i.test(answer.trim())
}
