// Telemetry of a simulated host: what whoever diagnoses it from within gets to see of hardware that
// failed, by era.
import type { TelemetryFeed } from '../../../machine/telemetry.js'
import type { Era } from '../era.js'
import type { MachineChecks } from '../machine-check.js'
import type { PciExpress } from '../pci.js'
import { machineCheckFeed, machineCheckGaps } from './machine-check-feed.js'

/** All that reaches dom0, or on metal the operating system. */
export function simTelemetry(parts: {
  readonly checks: MachineChecks
  readonly era: Era
  readonly pci: PciExpress
}): TelemetryFeed {
  const { checks, era, pci } = parts
  return {
    machineChecks: (from) => machineCheckFeed(checks, from),
    pciErrors: (from) => pci.seen.slice(from),
    get hollowInterrupts() {
      return checks.pool.hollow
    },
    get gaps() {
      return [...machineCheckGaps(checks, era.mca), ...pci.gaps]
    },
  }
}
