// Daemons: what xenstored, xenconsoled and the xl left behind for a domain do when domains come and
// go. Tools wait for xenstored; the others are woken by it.
//
//   introduce(3)  ->  xenstored maps the store ring and binds its channel
//                 ->  xenconsoled looks for new domains
//   released(3)   ->  xenstored looks at all it knows, lets go of the dying one; and
//                     so does xenconsoled
//
// Source: tools/xenstored/domain.c, tools/console/daemon/io.c, tools/xl/xl_vmcontrol.c; the
// recorded daemons agree, call by call.

import { ERRNO } from '../../../../machine/errno.js'
import { DOMID_SELF, FIRST_RESERVED_DOMID } from '../../../../machine/ids.js'
import { FRAME_BYTES } from '../../frames.js'
import { call, type Script, type Step } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import { halves, Libxc, type Steps } from './libxc.js'
import { INFO_BYTES } from './structures.js'

/** Entries of a grant table that the builder fills. */
const GRANT_CONSOLE = 0
const GRANT_XENSTORE = 1
/** Domains that xenconsoled's list holds (4.18 on). */
const CONSOLE_ROOM = FIRST_RESERVED_DOMID - 1

/** dom0's ends of the channels to a domain's store and console. */
export interface Rings {
  readonly store: number | undefined
  readonly console: number | undefined
}

/** Those of a living domain. */
export function ringsOf(world: ToolWorld, domid: number): Rings {
  const end = (node: string) => {
    const port = world.store.read(`/local/domain/${domid}/${node}/port`)
    return port === undefined ? undefined : world.channelTo(domid, Number(port))
  }
  return { store: end('store'), console: end('console') }
}

/** xenstored hears of a domain by the first node it may read: it asks whether there is one. */
export function* heardOf(domid: number): Steps<void> {
  yield inXenstored(asking([domid]))
}

/** A domain is introduced to xenstored, which tells xenconsoled. */
export function* introduce(world: ToolWorld, domid: number, port: number): Steps<void> {
  yield inXenstored(taking(domid, GRANT_XENSTORE, port))
  yield inXenconsoled(enumerating(world))
}

/** A domain's console is in xenstore, in so many nodes: with the first event xenconsoled has all it
 *  needs; at each further one, its own node `tty` among them, it looks whether its channel is still
 *  bound. */
export function* consoleAdded(domid: number, port: number, nodes: number): Steps<void> {
  yield inXenconsoled(servingConsole(domid, port, nodes))
}

/** A domain shut down: everybody looks what became of those they know. */
export function* shutDown(world: ToolWorld, domid: number): Steps<void> {
  yield inXenstored(lettingGoOfStore(world, domid, undefined))
  yield inXenconsoled(enumerating(world))
}

/** A domain died: its rings are let go of. Of one that was never introduced, xenstored tells
 *  nobody. */
export function* released(world: ToolWorld, domid: number, rings: Rings): Steps<void> {
  yield inXenstored(lettingGoOfStore(world, domid, rings.store))
  if (rings.store === undefined) return
  yield inXenconsoled(lettingGoOfConsole(world, domid, rings))
}

/** It is gone for good: xenstored looks once more. */
export function* gone(world: ToolWorld): Steps<void> {
  const known = world.domains().map((d) => d.domid)
  yield inXenstored(asking(known.sort((a, b) => b - a)))
}

/** The xl that stays behind begins to watch a domain. */
export function* watchDeath(domid: number): Steps<void> {
  yield { kind: 'in', execname: 'xl', of: domid, script: watching(domid) }
}

/** It sees the domain's end, and leaves: with the files of the xl it was forked from. */
export function* seeDeath(domid: number): Steps<void> {
  yield { kind: 'in', execname: 'xl', of: domid, last: true, script: seeing(domid) }
}

/** How it asks after its domain. */
export function* lookForDeath(domid: number): Steps<void> {
  yield* call('sysctl', 'getdomaininfolist', { u0: halves(domid, 1) }, { max: 1 })
}

function inXenstored(script: Script): Step {
  return { kind: 'in', execname: 'xenstored', script }
}

function inXenconsoled(script: Script): Step {
  return { kind: 'in', execname: 'xenconsoled', script }
}

function* asking(domids: readonly number[]): Script {
  for (const domid of domids) yield* call('domctl', 'getdomaininfo', { domid })
  return 0
}

/** Maps a ring, binds its channel: the local port. */
function* taking(domid: number, reference: number, port: number): Script {
  const args = { count: 1, domid, reference }
  yield { kind: 'device', device: 'gntdev', name: 'map_grant_ref', args }
  const ends = { remote_domid: domid, remote_port: port }
  const bound = yield { kind: 'device', device: 'evtchn', name: 'bind_interdomain', args: ends }
  return bound.result
}

function* leaving(domid: number, reference: number): Script {
  const args = { count: 1, domid, reference }
  yield { kind: 'device', device: 'gntdev', name: 'get_offset_for_vaddr', args }
  yield { kind: 'device', device: 'gntdev', name: 'unmap_grant_ref', args }
  return 0
}

function* servingConsole(domid: number, port: number, nodes: number): Script {
  const local = yield* taking(domid, GRANT_CONSOLE, port)
  for (let n = 0; n <= nodes; n++) {
    yield* call('event_channel_op', 'status', { domid: DOMID_SELF, port: local })
  }
  return 0
}

/** xenstored goes through the domains it knows, the newest first. */
function* lettingGoOfStore(world: ToolWorld, domid: number, port: number | undefined): Script {
  yield* call('domctl', 'getdomaininfo', { domid })
  if (port !== undefined) {
    yield { kind: 'device', device: 'evtchn', name: 'unbind', args: { port } }
    yield* leaving(domid, GRANT_XENSTORE)
  }
  const others = world.domains().map((d) => d.domid)
  return yield* asking(others.filter((d) => d !== domid).sort((a, b) => b - a))
}

function* lettingGoOfConsole(world: ToolWorld, domid: number, rings: Rings): Script {
  return yield* enumerating(world, function* (seen) {
    if (seen !== domid || rings.console === undefined) return
    yield* leaving(domid, GRANT_CONSOLE)
    const args = { port: rings.console }
    yield { kind: 'device', device: 'evtchn', name: 'close', args }
  })
}

/** xenconsoled goes through all domains but dom0: one call each, the last finds none; since 4.18
 *  one for all. */
function* enumerating(
  world: ToolWorld,
  onEach: (domid: number) => Steps<void> = function* () {},
): Script {
  const domids = world.domains().map((d) => d.domid)
  const isListed = world.era.xenVersion[1] >= 18
  if (isListed) yield* listing()
  for (const domid of domids) {
    if (domid === 0) continue
    if (!isListed) yield* call('domctl', 'getdomaininfo', { domid: previousOf(domid, domids) + 1 })
    yield* onEach(domid)
  }
  if (isListed) return 0
  const end = yield* call('domctl', 'getdomaininfo', { domid: (domids.at(-1) ?? 0) + 1 })
  return end.result === -ERRNO.ESRCH ? 0 : end.result
}

function* listing(): Steps<void> {
  const pages = Math.ceil((CONSOLE_ROOM * INFO_BYTES + 16) / FRAME_BYTES)
  yield { kind: 'device', device: 'file', name: 'buf_mmap', args: { pages } }
  yield* call('sysctl', 'getdomaininfolist', { u0: halves(1, CONSOLE_ROOM) }, { max: CONSOLE_ROOM })
}

const previousOf = (domid: number, domids: readonly number[]): number =>
  domids[domids.indexOf(domid) - 1] ?? 0

function* watching(domid: number): Script {
  const lists = [INFO_BYTES]
  yield* new Libxc().sysctl('getdomaininfolist', halves(domid, 1), { lists, more: { max: 1 } })
  return 0
}

function* seeing(domid: number): Script {
  yield* lookForDeath(domid)
  yield* new Libxc().close(2)
  return 0
}
