// PcieFirer: names what PCI Express hardware said.
//
//   HW_PCIE  ->  pcie:::aer-latched, aer-message, root-latched, source-lost, interrupt, poll
//
// Holds: one firing a row at most. `cpu` is the pcpu that takes the interrupts of hardware, in the
// context of what ran there. A header that is not logged is unknown, never 0.
import { HW_PCIE } from '../../machine/observation.js'
import type { FiringBatch, FiringNeeds } from './firing.js'
import { appendHardware, type HardwareRow } from './hardware-firing.js'
import { PCIE_PROBES } from './pcie-probes.js'
import type { RowFirer } from './row-firer.js'

/** A firer of the `pcie` probes that are enabled. */
export function createPcieFirer(enabled: ReadonlySet<number>, needs: FiringNeeds): RowFirer {
  const probes = new Map<number, number>()
  for (const { id, what } of PCIE_PROBES) if (enabled.has(id)) probes.set(what, id)
  return {
    wants: (code) => code === HW_PCIE && probes.size > 0,
    fireRow(batch, i, strings, out) {
      const probe = probes.get(batch.words[batch.at[i] as number] as number)
      if (batch.code[i] !== HW_PCIE || probe === undefined) return
      const n = appendHardware({ batch, i }, probe, out)
      fillArguments({ batch, i }, n, needs.args, out)
      out.strings = strings
    },
  }
}

/** Argument n is word n + 1 of the row. */
function fillArguments(
  { batch, i }: HardwareRow,
  n: number,
  needed: number,
  out: FiringBatch,
): void {
  const at = (batch.at[i] as number) + 1
  const recorded = (batch.extra[i] as number) - 1
  out.unknown[n] = (0x3ff << recorded) & 0x3ff
  for (let arg = 0; arg < out.argWords.length; arg++) {
    if (((needed >> arg) & 1) === 0) continue
    const column = out.argWords[arg] as Uint32Array
    column[2 * n] = arg < recorded ? (batch.words[at + arg] as number) : 0
    column[2 * n + 1] = 0
  }
}
