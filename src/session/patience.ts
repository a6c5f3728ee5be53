// Patience: what Ctrl-C means while time passes on a machine.
//
//   programs watch   they end, with END and aggregations; the command they watched may finish
//   nobody watches   whoever lets time pass ends; what was started goes on as time passes
//
// Holds: it is asked between two steps of the machine, so that what it throws leaves it whole.
import { performance } from 'node:perf_hooks'
import { XpvError } from '../base/error.js'
import { INTERRUPTED } from './commands/tool-run.js'
import type { Traces } from './traces.js'

/** Milliseconds that a command has to finish when nobody watches it any more. */
const PATIENCE_MS = 1000

/** Makes the function that is asked while time passes. `interrupted` tells whether the running cell
 *  was told to end. */
export function patience(interrupted: () => boolean, traces: Traces): () => void {
  let untilMs = 0
  return () => {
    if (!interrupted()) {
      untilMs = 0
      return
    }
    if (untilMs === 0 && traces.running.length > 0) {
      untilMs = performance.now() + PATIENCE_MS
      traces.stop()
    }
    if (performance.now() < untilMs) return
    throw new XpvError(INTERRUPTED, 'interrupted while time passed', 'machine.run(...) goes on')
  }
}
