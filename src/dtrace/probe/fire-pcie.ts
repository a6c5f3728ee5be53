// PcieFirer: names what PCI Express hardware said.
//
//   HW_PCIE  ->  pcie:::aer-latched, aer-message, root-latched, source-lost, interrupt, poll
//
// Holds: one firing a row at most. `cpu` is the pcpu that takes the interrupts of hardware, in the
// context of what ran there. A header that is not logged is unknown, never 0.
import { HW_PCIE, type ObservationBatch } from '../../machine/observation.js'
import type { FiringNeeds } from './firing.js'
import { createHardwareFirer } from './hardware-firer.js'
import { PCIE_PROBES } from './pcie-probes.js'
import type { RowFirer } from './row-firer.js'

const ARGUMENTS = 10
/** Argument n is word n + 1. */
const WORDS = Array.from({ length: ARGUMENTS }, (_, n) => [n + 1, 1] as const)

/** A firer of the `pcie` probes that are enabled. */
export function createPcieFirer(enabled: ReadonlySet<number>, needs: FiringNeeds): RowFirer {
  const source = { code: HW_PCIE, probes: PCIE_PROBES, words: WORDS, unknown: unknownOf }
  return createHardwareFirer(source, enabled, needs)
}

/** What lies beyond the words of the row. */
function unknownOf({ extra }: ObservationBatch, i: number): number {
  const recorded = (extra[i] as number) - 1
  return -1 << recorded
}
