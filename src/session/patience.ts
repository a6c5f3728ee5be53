// Patience: what Ctrl-C means while time passes on a machine.
//
//   a command under programs   they end, with END and aggregations; the command may finish
//   any other cell             it ends, and they go on: so does what was started, as time passes
//
// While nobody presses it, views may look again.
//
// Holds: it is asked between two steps of the machine, so that what it throws leaves it whole.
import { performance } from 'node:perf_hooks'
import { XpvError } from '../base/error.js'
import { INTERRUPTED } from './commands/tool-run.js'
import type { CellLanguage } from './journal.js'
import type { Traces } from './traces.js'

/** Milliseconds that a command has to finish when nobody watches it any more. */
const PATIENCE_MS = 1000

/** Makes the function that is asked while time passes: of a session, whether the running cell was
 *  told to end, and whether it is a command. */
export function patience(
  session: { interrupted(): boolean; readonly running: CellLanguage | undefined },
  traces: Traces,
): () => void {
  let untilMs = 0
  return () => {
    if (!session.interrupted()) {
      untilMs = 0
      traces.glance?.()
      return
    }
    if (untilMs === 0 && session.running === 'command' && traces.programs.length > 0) {
      untilMs = performance.now() + PATIENCE_MS
      traces.stopPrograms()
    }
    if (performance.now() < untilMs) return
    throw new XpvError(INTERRUPTED, 'interrupted while time passed', 'machine.run(...) goes on')
  }
}
