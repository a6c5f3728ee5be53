// McaFirer: names what machine-check hardware did, and what software did about it.
//
//   HW_MCA  ->  mca:::latched, overflow, poll, cmci, exception, virq, cleared, fetched ...
//
// Holds: one firing a row at most. A register that the status does not call valid is unknown.
import { MCI_STATUS } from '../../machine/mci-status.js'
import { HW_MCA, MCA_NO_BANK, type ObservationBatch } from '../../machine/observation.js'
import type { FiringNeeds } from './firing.js'
import { type ArgumentWords, appendHardware, fillHardwareArguments } from './hardware-firing.js'
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
  const probes = new Map<number, number>()
  for (const { id, what } of MCA_PROBES) if (enabled.has(id)) probes.set(what, id)
  return {
    wants: (code) => code === HW_MCA && probes.size > 0,
    fireRow(batch, i, strings, out) {
      const probe = probes.get(batch.words[batch.at[i] as number] as number)
      if (batch.code[i] !== HW_MCA || probe === undefined) return
      const n = appendHardware({ batch, i }, probe, out)
      const unknown = unknownOf(batch, batch.at[i] as number)
      fillHardwareArguments({ batch, i }, { words: WORDS, needed: needs.args, unknown }, n, out)
      out.strings = strings
    },
  }
}

function unknownOf({ words }: ObservationBatch, at: number): number {
  if (words[at + 1] === MCA_NO_BANK) return ALL
  const status = words[at + 3] as number
  return ((status & ADDRV) === 0 ? ADDR : 0) | ((status & MISCV) === 0 ? MISC : 0)
}
