// Telemetry of a simulated host: what whoever diagnoses it from within gets to see of hardware that
// failed, by era.
import type { TelemetryFeed } from '../../../machine/telemetry.js'
import type { Era } from '../era.js'
import type { MachineChecks } from '../machine-check.js'
import { machineCheckFeed, machineCheckGaps } from './machine-check-feed.js'

/** All that reaches dom0, or on metal the operating system. */
export function simTelemetry(parts: {
  readonly checks: MachineChecks
  readonly era: Era
}): TelemetryFeed {
  const { checks, era } = parts
  return {
    machineChecks: (from) => machineCheckFeed(checks, from),
    pciErrors: () => [],
    get gaps() {
      return machineCheckGaps(checks, era.mca)
    },
  }
}
