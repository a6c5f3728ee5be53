// From what `--machine` says to a machine: the only place that picks a backend.
//
//   sim, sim:xen-4.17,seed=7             a simulated host   (nothing)   sim:xvm-3.1
//   examples/recordings/idle, trace.xt   a recording
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openRecording } from '../backend/replay/open.js'
import { createSimulator } from '../backend/sim/sim-machine.js'
import { isSimSpec, parseSimSpec } from '../backend/sim/sim-spec.js'
import { XpvError } from '../base/error.js'
import type { Machine } from '../machine/machine.js'
import { isMachineWord } from '../notebook/machine-word.js'

/** The machine when nobody says which. */
export const DEFAULT_MACHINE = 'sim:xvm-3.1'

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
  return openRecording(spec, hz === undefined ? {} : { hz })
}

/** Reads a clock rate such as 2.6G, 2600M, 2599997000, 2.6e9. Throws `XpvError` `cli.usage`. */
export function parseHz(text: string): number {
  const match = /^(\d+(?:\.\d+)?(?:e\d+)?)([kmg]?)(?:hz)?$/i.exec(text.trim())
  const scale = { k: 1e3, m: 1e6, g: 1e9 }[(match?.[2] ?? '').toLowerCase()] ?? 1
  const hz = match === null ? 0 : Math.round(Number(match[1]) * scale)
  if (hz < 1 || !Number.isSafeInteger(hz)) {
    throw new XpvError('cli.usage', `${text} is not a clock rate`, '--hz 2.6G')
  }
  return hz
}

/** Reads a seed: a whole number below 2^32. Throws `XpvError` `cli.usage`. */
export function parseSeed(text: string): number {
  const seed = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (seed < 2 ** 32) return seed
  throw new XpvError('cli.usage', `${text} is not a seed`, '--seed 7')
}

/** The folder of our package.json: where examples/ is. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) {
    folder = dirname(folder)
  }
  return folder
}
