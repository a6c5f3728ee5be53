// The raw things of the machine that is open, where a command needs them.
import { XpvError } from '../../base/error.js'
import type { HostAccess } from '../../machine/host-access.js'
import type { Machine } from '../../machine/machine.js'

/** Throws `XpvError` `machine.not-known` for a machine that has none. */
export function hostAccessOf(machine: Machine, command: string): HostAccess {
  if (machine.access !== undefined) return machine.access
  const message = `${command}: nothing is known of the hardware of ${machine.spec}`
  throw new XpvError('machine.not-known', message, "open('sim')")
}
