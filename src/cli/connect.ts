// From what `--machine` says to a machine: the only place that picks a backend.
//
//   examples/recordings/idle, trace.xt   a recording        (nothing)   the recording of a creation
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openRecording } from '../backend/replay/open.js'
import { XpvError } from '../base/error.js'
import type { Machine } from '../machine/machine.js'

/** The recording that opens when nobody says which machine. */
const DEFAULT_RECORDING = join('examples', 'recordings', 'xl-create')

/** Opens a machine. Throws `XpvError` `backend.*` for one that cannot be had, `file.*` and
 *  `trace.*` for a recording that cannot be read. */
export function connect(spec: string | undefined, hz: number | undefined): Machine {
  const options = hz === undefined ? {} : { hz }
  if (spec === undefined) return openRecording(defaultPath(), options)
  if (isBackendWord(spec)) {
    throw new XpvError(
      'backend.not-available',
      `${spec}: this version opens recordings only`,
      `--machine ${DEFAULT_RECORDING}`,
    )
  }
  return openRecording(spec, options)
}

/** Whether `--machine` names a kind of machine instead of a path. */
export function isBackendWord(spec: string): boolean {
  return /^(sim(:|$)|live$|ssh:\/\/)/.test(spec) && !existsSync(spec)
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

/** The folder of our package.json: where examples/ is. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) {
    folder = dirname(folder)
  }
  return folder
}

/** Where the recording lies that opens when nobody says which machine. */
export function defaultPath(): string {
  return existsSync(DEFAULT_RECORDING) ? DEFAULT_RECORDING : join(packageRoot(), DEFAULT_RECORDING)
}
