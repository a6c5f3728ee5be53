// A change asked of a host: done, or thrown with the hypervisor's own error.
import { XpvError } from '../base/error.js'
import type { ActionOutcome, HostAccess, HostActions } from './host-access.js'

/** Does it; yields what is still to happen, if anything. Throws `XpvError` `machine.read-only` for
 *  a recording, `machine.refused` where the hypervisor says no. */
export function carryOut(
  access: HostAccess,
  what: string,
  act: (actions: HostActions) => ActionOutcome,
): string | undefined {
  const { actions } = access
  if (actions === undefined) {
    throw new XpvError(
      'machine.read-only',
      `cannot ${what}: nothing on this machine can be changed`,
    )
  }
  const outcome = act(actions)
  if (outcome.kind === 'done') return outcome.note
  throw new XpvError('machine.refused', `cannot ${what}: ${outcome.error}: ${outcome.why}`)
}
