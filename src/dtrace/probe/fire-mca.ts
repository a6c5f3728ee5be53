// McaFirer: names what machine-check hardware did, and what software did about it.
//
//   HW_MCA  ->  mca:::latched, overflow, poll, cmci, exception, virq, cleared, fetched ...
//
// Holds: one firing a row at most. A register that the status does not call valid is unknown.
import { MCI_STATUS } from '../../machine/mci-status.js'
import { HW_MCA, MCA_NO_BANK, type ObservationBatch } from '../../machine/observation.js'
import type { FiringNeeds } from './firing.js'
import { type ArgumentWords, createHardwareFirer } from './hardware-firer.js'
import { MCA_PROBES } from './mca-probes.js'
import type { RowFirer } from './row-firer.js'

/** bank, status, addr, misc. */
const WORDS: ArgumentWords = [
  [1, 1],
  [2, 2],
  [4, 2],
  [6, 2],
]
const ALL = 0b1111
const ADDR = 1 << 2
const MISC = 1 << 3
/** In the high half of a status. */
const ADDRV = Number(MCI_STATUS.ADDRV >> 32n)
const MISCV = Number(MCI_STATUS.MISCV >> 32n)

/** A firer of the `mca` probes that are enabled. */
export function createMcaFirer(enabled: ReadonlySet<number>, needs: FiringNeeds): RowFirer {
  const source = { code: HW_MCA, probes: MCA_PROBES, words: WORDS, unknown: unknownOf }
  return createHardwareFirer(source, enabled, needs)
}

function unknownOf(batch: ObservationBatch, i: number): number {
  const { words } = batch
  const at = batch.at[i] as number
  if (words[at + 1] === MCA_NO_BANK) return ALL
  const status = words[at + 3] as number
  return ((status & ADDRV) === 0 ? ADDR : 0) | ((status & MISCV) === 0 ? MISC : 0)
}
