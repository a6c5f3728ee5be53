// What came of cells that have no value to tell of: one that was told to end, one that is empty.
import type { XpvError } from '../base/error.js'
import type { CellResult, RunningCell, WorkEnd } from './cell.js'
import { isCutOff } from './cell-context.js'

/** What came of a cell that was told to end: what it still had to show, or what it says ended. A
 *  command that is through all the same is nothing to be told of. */
export function cutShort({ output, language }: RunningCell, end: WorkEnd): CellResult {
  const { kind } = end
  const why =
    kind === 'threw' && isCutOff(end.thrown) ? (end.thrown as XpvError).message : undefined
  const isThrough = kind === 'value' && language !== 'ts'
  return {
    kind: 'interrupted',
    output,
    shown: kind === 'value' ? end.shown : undefined,
    ...(why === undefined ? {} : { why }),
    ...(isThrough ? { status: end.status } : {}),
  }
}

/** What comes of an empty cell. */
export const NOTHING: CellResult = {
  kind: 'ok',
  value: undefined,
  shown: undefined,
  output: '',
  durationMs: 0,
  status: 0,
}
