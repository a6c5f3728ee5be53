// Notebooks made of cells, for tests of the graph.
import type {
  NotebookDocument,
  NotebookInput,
  NotebookParam,
} from '../../../src/notebook/document.js'
import { makeCell } from '../../../src/notebook/format.js'

/** TypeScript, or a cell of another language; `id` is c1, c2 ... when it has none. */
export type TestCell =
  | string
  | {
      readonly ts?: string
      readonly d?: string
      readonly sh?: string
      readonly esc?: string
      readonly id?: string
    }

/** A document without prose or outputs. */
export function notebook(
  cells: readonly TestCell[],
  front: {
    machine?: string
    seed?: number
    inputs?: readonly NotebookInput[]
    params?: readonly NotebookParam[]
  } = {},
): NotebookDocument {
  const none = { title: '', version: undefined, machine: undefined, hz: undefined, seed: undefined }
  const empty = { folder: undefined, inputs: [], params: [], allow: [] }
  return {
    head: '',
    front: { ...none, ...empty, ...front },
    parts: cells.map((cell, i) => {
      const { id = `c${i + 1}`, d, sh, esc, ts } = typeof cell === 'string' ? { ts: cell } : cell
      const language =
        d !== undefined ? 'd' : sh !== undefined ? 'sh' : esc !== undefined ? 'esc' : 'ts'
      return makeCell(id, language, d ?? sh ?? esc ?? ts ?? '')
    }),
  }
}
