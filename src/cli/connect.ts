// From what `--machine` says to a machine: the only place that picks a backend.
//
//   sim, sim:xen-4.17,seed=7             a simulated host   (nothing)   sim:xvm-3.1
//   examples/recordings/idle, trace.xt   a recording
import { openRecording } from '../backend/replay/open.js'
import { createSimulator } from '../backend/sim/sim-machine.js'
import { isSimSpec, parseSimSpec } from '../backend/sim/sim-spec.js'
import { XpvError } from '../base/error.js'
import type { Machine } from '../machine/machine.js'
import { isMachineWord } from '../notebook/machine-word.js'
import { DEFAULT_MACHINE } from './global-options.js'
import { ReplayProgress } from './replay-progress.js'
import { hintedAt } from './telemetry-hint.js'

/** What the command line says besides which machine. */
export interface ConnectOptions {
  /** Cycles a second of a trace that does not say it. */
  readonly hz?: number | undefined
  /** Over the seed in the spec of a simulated host. */
  readonly seed?: number | undefined
}

/** Opens a machine. Throws `XpvError` `backend.*` for one that cannot be had, `sim.*` for a
 *  simulated host that cannot be, `file.*` and `trace.*` for a recording that cannot be read. */
export function connect(spec: string = DEFAULT_MACHINE, options: ConnectOptions = {}): Machine {
  const { hz, seed } = options
  if (isSimSpec(spec)) {
    const choice = parseSimSpec(spec)
    return createSimulator(seed === undefined ? choice : { ...choice, seed })
  }
  if (isMachineWord(spec)) {
    throw new XpvError(
      'backend.not-available',
      `${spec}: this version has simulated machines and recordings`,
      `--machine ${DEFAULT_MACHINE}`,
    )
  }
  try {
    return opened(spec, hz)
  } catch (error) {
    throw hintedAt(spec, error)
  }
}

/** Opens a recording, and tells how far it is read now and by each pass. */
function opened(path: string, hz: number | undefined): Machine {
  const told = new ReplayProgress(path)
  const machine = openRecording(path, { ...(hz === undefined ? {} : { hz }), ...told.hooks })
  told.opened()
  return machine
}
