// Name files: what Tab offers on each era of a simulated host before anything has run, written when
// the program is built and read before the session is open.
//
//   sim:xen-4.17,seed=7  ->  dist/names/xen-4.17.json
//   a host with other parts, a recording  ->  none
//
// Holds: they are made of real sessions, and tested against them.
import { join } from 'node:path'
import { DEFAULT_HOST, type HostConfig } from '../backend/sim/host-config.js'
import { isSimSpec, parseSimSpec } from '../backend/sim/sim-spec.js'
import { DEFAULT_MACHINE } from './global-options.js'

/** Choices on which no name hangs. */
const NAMELESS: ReadonlySet<string> = new Set<keyof HostConfig>([
  'seed',
  'name',
  'memoryMiB',
  'cpuHz',
])

/** The file for a host; undefined where the machine has other parts than the era alone says. */
export function nameFile(root: string, spec = DEFAULT_MACHINE): string | undefined {
  if (!isSimSpec(spec)) return undefined
  const { era = DEFAULT_HOST.era, ...more } = parseSimSpec(spec)
  if (Object.keys(more).some((choice) => !NAMELESS.has(choice))) return undefined
  return join(root, 'dist', 'names', `${era}.json`)
}
