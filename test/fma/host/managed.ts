// A simulated host with its fault management, as the prompt has it.
import type { HostConfig } from '../../../src/backend/sim/host-config.js'
import { createSimulator, type SimMachine } from '../../../src/backend/sim/sim-machine.js'
import type { SolvedCase } from '../../../src/fma/fmd/case.js'
import type { FaultManagement } from '../../../src/fma/host/fault-management.js'
import { manageFaults, Resident, type ResidentOptions } from '../../../src/fma/host/resident.js'

const SECOND = 1e9

/** A host, and who manages its faults. */
export interface Managed {
  readonly machine: SimMachine
  readonly management: FaultManagement
}

/** Boots one. */
export function managed(config: Partial<HostConfig>, options: ResidentOptions = {}): Managed {
  const machine = createSimulator(config)
  return { machine, management: manageFaults(machine.residence, options) }
}

/** The fault management of a fork, which its origin's handed over. */
export function managementOf({ residence }: SimMachine): FaultManagement {
  if (residence.attendant instanceof Resident) return residence.attendant.management
  throw new Error('nobody manages the faults of this host')
}

export function seconds(machine: SimMachine, count: number): void {
  machine.run(count * SECOND)
}

/** Its solved cases: the code, the state, and what was asked for and became of it. */
export function fates({ manager, acts }: FaultManagement): readonly string[] {
  const solved = manager.cases().flatMap((each) => (each.state === 'unsolved' ? [] : each))
  return solved.map((each) => [each.code, each.state, ...fatesOf(each, acts)].join(' '))
}

function fatesOf(of: SolvedCase, acts: FaultManagement['acts']): readonly string[] {
  return acts
    .filter(({ uuid, what }) => uuid === of.uuid && what.kind !== 'tell')
    .map(({ what, outcome }) => {
      const became = outcome?.kind === 'refused' ? outcome.error : (outcome?.kind ?? 'open')
      return `${what.kind}=${became}`
    })
}
