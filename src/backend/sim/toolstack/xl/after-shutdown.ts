// AfterShutdown: what the xl that waits for a domain's end does when it comes: what the domain's
// configuration says.
//
//   reason 0, on_poweroff = 'destroy'  ->  destroyed, and xl leaves
//   reason 1, on_reboot = 'restart'    ->  destroyed, two seconds later made anew
//
// Source: tools/xl/xl_vmcontrol.c (handle_domain_death, create_domain).
import { SHUTDOWN } from '../../shutdown.js'
import type { Script } from '../../step.js'
import type { AfterShutdown, ToolWorld } from '../../tool-world.js'
import type { EndAction } from '../guest-config.js'
import { ToolOutput } from '../tool-output.js'
import { renameDomain } from './commands-tune.js'
import { createDomain } from './create.js'
import { lookForDeath, shutDown } from './daemons.js'
import { destroyDomain } from './destroy.js'
import { currentSpec, type DomainSpec, specOf } from './domain-spec.js'
import type { Steps } from './libxc.js'
import { Libxl } from './libxl.js'
import { logLine, monitorOf, waitForEnd } from './monitor.js'
import { retrieveConfig } from './save.js'

const RESTART_NS = 2_000_000_000

/** What follows the end of a guest that xl made. Where no xl waits for it, daemons look, and it
 *  stays as it is. */
export const xlAfterShutdown: AfterShutdown = (domid, reason, world) => {
  const spec = specOf(world, domid)
  return spec && ending(domid, { reason, spec }, world)
}

function* ending(
  domid: number,
  end: { readonly reason: number; readonly spec: DomainSpec },
  world: ToolWorld,
): Script {
  const { reason, spec } = end
  const name = monitorOf(world, domid)
  yield* shutDown(world, domid)
  if (name === undefined) return 0
  yield* lookForDeath(domid)
  const log = (line: string) => logLine(world, name, line)
  const reasonText = `reason code ${reason} 0x${reason.toString(16)}`
  yield* log(`Domain ${domid} has shut down, ${reasonText}`)
  const action = actionOf(spec, reason)
  yield* log(`Action for shutdown reason code ${reason} is ${action}`)
  const xl = new Libxl(world, new ToolOutput())
  if (action.startsWith('coredump')) {
    yield* log(`dumping core to /var/lib/xen/dump/${spec.name}`)
  }
  return yield* carryOut(xl, domid, { action, name, spec })
}

/** Destroys, keeps, makes anew. */
function* carryOut(
  xl: Libxl,
  domid: number,
  what: { readonly action: EndAction; readonly name: string; readonly spec: DomainSpec },
): Steps<number> {
  const { action, name, spec } = what
  const log = (line: string) => logLine(xl.world, name, line)
  const isAgain = action.endsWith('restart')
  const now = currentSpec(xl.world, domid, spec)
  if (isAgain) yield* retrieveConfig(xl, domid)
  if (action === 'rename-restart') {
    yield* renameDomain(xl, domid, `${spec.name}-${Math.floor(xl.world.nowNs / 1e9)}`)
  } else if (action !== 'preserve') {
    yield* log(`Domain ${domid} needs to be cleaned up: destroying the domain`)
    yield* destroyDomain(xl, domid, true)
  }
  if (!isAgain) {
    yield* log('Done. Exiting now')
    yield* xl.xc.close(2)
    return 0
  }
  yield* log('Done. Rebooting now')
  yield { kind: 'sleep', ns: RESTART_NS }
  const next = yield* createDomain(xl, now, { isPaused: false, isMonitored: false })
  if (next >= 0) yield* waitForEnd(xl.world, next, spec.name)
  return next < 0 ? 1 : 0
}

function actionOf(spec: DomainSpec, reason: number): EndAction {
  if (reason === SHUTDOWN.poweroff) return spec.onPoweroff
  if (reason === SHUTDOWN.reboot) return spec.onReboot
  return reason === SHUTDOWN.crash ? spec.onCrash : 'destroy'
}
