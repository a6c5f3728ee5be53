// What xend does once a guest has shut itself down, as its configuration says: end it, keep it,
// make it anew.
//
//   reason 1, on_reboot = restart  ->  destroydomain, then all of a create, then unpause
//
// Source: XendDomainInfo.py (refreshShutdown, _maybeRestart, _restart) of 3.1.
import { SHUTDOWN, shutdownName } from '../../shutdown.js'
import { call, type Script } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import type { EndAction, GuestConfig } from '../guest-config.js'
import { awaitDevices, end, endDomain, seconds, start, unpause } from './domain-life.js'
import { configOf, type Managed, managedDomains, write } from './managed.js'
import { XmRefusal } from './refusal.js'
import type { Steps } from './xend.js'

/** A guest that restarts sooner than this many seconds after the last time is ended. */
const TOO_FAST_S = 20

/** The script of what follows, for xend; undefined where xend knows nothing of the domain. */
export function xmAfterShutdown(
  domid: number,
  reason: number,
  world: ToolWorld,
): Script | undefined {
  const domain = managedDomains(world).find((d) => d.domid === domid)
  if (domain === undefined || domain.vm === '') return undefined
  return following(world, domain, reason)
}

function* following(world: ToolWorld, domain: Managed, reason: number): Script {
  yield { kind: 'in', execname: 'xenstored', script: asking(domain.domid) }
  const { result, out } = yield* call('domctl', 'getdomaininfo', { domid: domain.domid })
  if (result !== 0 || out['domid'] !== domain.domid) return 0
  const config = configOf(world.store, domain.vm)
  yield* write(domain.vm, { 'xend/last_shutdown_reason': nameOf(reason) })
  try {
    yield* act(world, domain, { config, action: actionOf(config, reason) })
    return 0
  } catch (error) {
    if (error instanceof XmRefusal) return 1
    throw error
  }
}

/** What xend calls a reason: those behind a crash it takes for a halt. */
function nameOf(reason: number): string {
  return reason > SHUTDOWN.crash ? 'halt' : (shutdownName(reason) ?? 'halt')
}

function actionOf(config: GuestConfig, reason: number): EndAction {
  if (reason === SHUTDOWN.poweroff) return config.onPoweroff
  if (reason === SHUTDOWN.reboot) return config.onReboot
  return reason === SHUTDOWN.crash ? config.onCrash : 'destroy'
}

function* act(
  world: ToolWorld,
  domain: Managed,
  of: { readonly config: GuestConfig; readonly action: EndAction },
): Steps<void> {
  switch (of.action) {
    case 'preserve':
      return yield* write(domain.path, { 'xend/shutdown_completed': 'True' })
    case 'restart':
      return yield* restart(world, domain, of.config)
    case 'rename-restart':
      return yield* renameRestart(world, domain, of.config)
    default:
      return yield* end(world, domain)
  }
}

function* restart(world: ToolWorld, domain: Managed, config: GuestConfig): Steps<void> {
  const last = world.store.read(`${domain.vm}/xend/previous_restart_time`)
  if (last !== undefined && Number(seconds(world)) - Number(last) < TOO_FAST_S) {
    return yield* end(world, domain)
  }
  yield* write(domain.vm, { 'xend/previous_restart_time': seconds(world) })
  yield* endDomain(world, domain)
  yield* again(world, domain.vm, config)
}

/** The old one stays, under a name that is its number; the new one is what it was. */
function* renameRestart(world: ToolWorld, domain: Managed, config: GuestConfig): Steps<void> {
  const name = `Domain-${config.uuid}-${domain.domid}`
  const vm = `/vm/${config.uuid}-${domain.domid}`
  yield* write(vm, { name, uuid: config.uuid })
  yield* write(domain.path, { vm, name, 'xend/shutdown_completed': 'True' })
  yield* again(world, domain.vm, config)
}

function* again(world: ToolWorld, vm: string, config: GuestConfig): Steps<void> {
  const count = Number(world.store.read(`${vm}/xend/restart_count`) ?? 0)
  const domid = yield* start(world, config)
  yield* awaitDevices(world, domid)
  yield* unpause({ domid })
  yield* write(vm, { 'xend/restart_count': count + 1 })
}

function* asking(domid: number): Script {
  yield* call('domctl', 'getdomaininfo', { domid })
  return 0
}
