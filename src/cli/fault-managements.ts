// FaultManagements: the fault management of whichever machine is asked about: it lives on a
// simulated host from when that is opened, and is made for another one when somebody asks.
//
// Holds: one for each machine; that of a fork knows what that of its origin did.
import { SimMachine } from '../backend/sim/sim-machine.js'
import { XpvError } from '../base/error.js'
import type { FaultManagement } from '../fma/host/fault-management.js'
import { manageFaults, Resident } from '../fma/host/resident.js'
import type { AttendedHost } from '../machine/attendant.js'
import type { HostAccess } from '../machine/host-access.js'
import type { Machine } from '../machine/machine.js'

const OTHERS = new WeakMap<Machine, FaultManagement>()

/** The fault management of a machine. Throws `XpvError` `machine.not-known` where there is nothing
 *  to look at but a trace. */
export function faultManagementOn(machine: Machine): FaultManagement {
  if (machine instanceof SimMachine) return manageFaults(machine.residence)
  const found = OTHERS.get(machine)
  if (found !== undefined) return found
  const made = new Resident(recordedHost(machine)).management
  OTHERS.set(machine, made)
  return made
}

/** A host on which time stands still. */
function recordedHost(machine: Machine): AttendedHost {
  const { spec } = machine
  const access = accessTo(machine)
  const { host } = access.hypervisor()
  const now = access.now()
  return {
    access,
    bootNs: 0n,
    nowNs: now.kind === 'known' ? now.value : 0,
    seed: 1,
    hostName: host.kind === 'known' ? host.value : spec,
    wakeAt: () => {},
  }
}

/** What there is to be known of a host. Throws `XpvError` `machine.not-known` where that is nothing
 *  but a trace. */
export function accessTo({ access, spec }: Machine): HostAccess {
  if (access !== undefined) return access
  const message = `${spec} tells nothing of its host but what happened`
  throw new XpvError('machine.not-known', message, "open('sim:metal')")
}
