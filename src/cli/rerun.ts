// Rerun: the physical history of a simulated host once more: the same hardware, the same seed, the
// same faults at the same times, on another era or diagnosed by other rules.
//
//   { era: 'metal' }  ->  a second host, its faults, until the same moment  ->  its FaultManagement
//
// Holds: the processor, the board's memory and the faults stay; guests and what tools did are not
// repeated. The host that is open is left alone.
import { eraNamed, isMetal } from '../backend/sim/era.js'
import { DEFAULT_HOST, type HostConfig } from '../backend/sim/host-config.js'
import { createSimulator, type SimMachine } from '../backend/sim/sim-machine.js'
import type { FaultManagement } from '../fma/host/fault-management.js'
import { manageFaults, type ResidentOptions } from '../fma/host/resident.js'
import { type Injection, injectionsInto } from './injections.js'

/** What is different. */
export interface RerunChange extends ResidentOptions {
  readonly era?: string | undefined
  /** Message-signalled interrupts; as the era has them when absent. */
  readonly msi?: boolean | undefined
}

/** Runs it. Throws `XpvError` `sim.no-era`. */
export function rerun(machine: SimMachine, change: RerunChange): FaultManagement {
  const other = createSimulator(hostOf(machine, change))
  other.kernel.pulse = machine.kernel.pulse
  const management = manageFaults(other.residence, change)
  repeat(other, injectionsInto(machine))
  if (other.nowNs < machine.nowNs) other.run(machine.nowNs - other.nowNs)
  return management
}

function hostOf({ host, era }: SimMachine, change: RerunChange): HostConfig {
  const processor = host.processor ?? era.processor
  const wanted = change.era ?? host.era
  const { msi: _, ...same } = host
  const msi = change.msi ?? (change.era === undefined ? host.msi : undefined)
  const isFreed = isMetal(era) && !isMetal(eraNamed(wanted))
  const { dom0MemoryMiB, dom0Vcpus } = isFreed ? DEFAULT_HOST : host
  const chosen = msi === undefined ? {} : { msi }
  return { ...same, ...chosen, processor, era: wanted, dom0MemoryMiB, dom0Vcpus }
}

/** Faults at their times, and their ends. */
function repeat(machine: SimMachine, injections: readonly Injection[]): void {
  const toMend: { atNs: number; mend: () => void }[] = []
  const until = (atNs: number): void => {
    for (const due of toMend.filter((each) => each.atNs <= atNs)) {
      runTo(machine, due.atNs)
      due.mend()
      toMend.splice(toMend.indexOf(due), 1)
    }
    runTo(machine, atNs)
  }
  for (const { atNs, text, mendedNs } of injections) {
    until(atNs)
    const faults = machine.checks.plan(text)
    if (mendedNs === undefined) continue
    toMend.push({ atNs: mendedNs, mend: () => faults.forEach((fault) => void fault.mend()) })
    toMend.sort((a, b) => a.atNs - b.atNs)
  }
  for (const { atNs } of [...toMend]) until(atNs)
}

function runTo(machine: SimMachine, atNs: number): void {
  if (machine.nowNs < atNs) machine.run(atNs - machine.nowNs)
}
