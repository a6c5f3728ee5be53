// A quiet cell: one that is evaluated to look, over and over, by whoever watches its value.
//
// Holds: it writes nowhere but into its result, and its number is none that a typed cell has.
import { RunningCell } from './cell.js'

/** Numbers of quiet cells begin here. */
export const FIRST_QUIET = 1_000_000_000

/** A cell whose output, and what it warns of, is seen only in its result. */
export class QuietCell extends RunningCell {
  override write(text: string): void {
    super.write(text, () => {})
  }
}
