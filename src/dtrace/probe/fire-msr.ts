// MsrFirer: names what became of reads and writes of registers.
//
//   HW_MSR  ->  msr:::read, write, gp-fault, virtualised, write-dropped, denied
//
// Holds: one firing a row at most. A value that was not read is unknown, never 0.
import {
  HW_MSR,
  MSR_ANY_PCPU,
  MSR_DENIED,
  MSR_GP_FAULT,
  type ObservationBatch,
} from '../../machine/observation.js'
import type { FiringNeeds } from './firing.js'
import { type ArgumentWords, createHardwareFirer } from './hardware-firer.js'
import { MSR_PROBES } from './msr-probes.js'
import type { RowFirer } from './row-firer.js'

/** msr, value, via, asked, write. */
const WORDS: ArgumentWords = [
  [1, 1],
  [2, 2],
  [4, 1],
  [5, 1],
  [6, 1],
]
const VALUE = 1 << 1
const ASKED = 1 << 3

/** A firer of the `msr` probes that are enabled. */
export function createMsrFirer(enabled: ReadonlySet<number>, needs: FiringNeeds): RowFirer {
  const source = { code: HW_MSR, probes: MSR_PROBES, words: WORDS, unknown: unknownOf }
  return createHardwareFirer(source, enabled, needs)
}

function unknownOf(batch: ObservationBatch, i: number): number {
  const { words } = batch
  const at = batch.at[i] as number
  const isRefused = words[at] === MSR_GP_FAULT || words[at] === MSR_DENIED
  const hasNoValue = isRefused && words[at + 6] === 0
  return (hasNoValue ? VALUE : 0) | (words[at + 5] === MSR_ANY_PCPU ? ASKED : 0)
}
