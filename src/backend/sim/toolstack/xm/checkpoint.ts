// Checkpoint: a guest leaves this host, to a file or to another host, and comes in again.
//
//   save(world, domain, to)  ->  xc_save, then dom-destroy
//   arrive(world, record)    ->  dom-create, evtchn x 2, xc_restore, dom-unpause
//
// Source: tools/python/xen/xend/XendCheckpoint.py of 3.1.
import { SHUTDOWN } from '../../shutdown.js'
import { call } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import type { Rings } from './build-pv.js'
import { askToGo, setName } from './domain-commands.js'
import {
  awaitDevices,
  construct,
  createDevices,
  discard,
  endDomain,
  introduce,
  type Made,
  storeDetails,
  unpause,
} from './domain-life.js'
import { checkName } from './domain-names.js'
import type { GuestRecord } from './guest-record.js'
import { configOf, type Managed, remove } from './managed.js'
import { fault, XmRefusal } from './refusal.js'
import { begin, complete, type Restoring, take } from './xc-restore.js'
import { save as saveMemory } from './xc-save.js'
import { inProgram, inXend, type Steps } from './xend.js'

/** Where a guest goes: each part is told as it is saved. */
export interface Destination {
  readonly live: boolean
  /** The domain can be sent: what is on the other side makes room for it. */
  readonly open: (record: GuestRecord) => Steps<void>
  readonly send: (pages: number) => Steps<void>
  /** All is there: the other side goes on with it. */
  readonly close: (record: GuestRecord) => Steps<void>
  /** It does not come after all. */
  readonly abort: () => Steps<void>
}

const SUSPEND_NS = 60_000_000_000
/** Roots of page tables: one a process of a guest that has booted. */
const PROCESSES = 55

/** Saves a domain, in xend; without `stays` it is gone afterwards. */
export function* leave(
  world: ToolWorld,
  of: { readonly domain: Managed; readonly to: Destination; readonly stays?: boolean },
): Steps<void> {
  const { domain, to } = of
  if (domain.vm === '') throw fault(`No domain path in store for existing domain ${domain.domid}`)
  const record = recordOf(world, domain)
  yield* setName(domain, `migrating-${domain.name}`)
  try {
    yield* to.open(record)
    const suspend = () => inXend(suspending(domain))
    const send = (pages: number) => to.send(pages)
    const saving = { domain, live: to.live, suspend, send }
    yield* inProgram('xc_save', saveMemory(world, saving))
    if (of.stays !== true) yield* endDomain(world, domain)
    yield* to.close(record)
  } catch (error) {
    yield* to.abort()
    yield* stay(world, domain)
    throw error
  }
  if (of.stays === true) yield* stay(world, domain)
  else if (!isElsewhere(world, domain)) yield* remove(domain.vm)
}

/** Makes a domain from a record, in xend: where its memory goes is there. */
export function* beginArrival(world: ToolWorld, record: GuestRecord): Steps<Made> {
  const { config } = record
  yield* checkName(world, config.name)
  const made = yield* construct(world, config)
  yield* createDevices(world, made, config)
  return made
}

/** Its memory is there: the rest, up to letting it go. */
export function* finishArrival(
  world: ToolWorld,
  record: GuestRecord,
  of: { readonly made: Made; readonly rings: Rings; readonly paused: boolean },
): Steps<void> {
  const { made, rings } = of
  yield* introduce(world, made, rings)
  yield* storeDetails(world, { made, rings, config: record.config })
  yield* awaitDevices(world, made.domid)
  if (!of.paused) yield* unpause(made)
}

/** Makes a domain from a record whose memory is in a file, in xend. */
export function* arrive(world: ToolWorld, record: GuestRecord, paused: boolean): Steps<void> {
  const made = yield* beginArrival(world, record)
  try {
    const restoring = { domid: made.domid, record }
    const rings = yield* inProgram('xc_restore', fromFile(world, restoring))
    yield* finishArrival(world, record, { made, rings, paused })
  } catch (error) {
    yield* discard(world, made)
    throw error
  }
}

function* fromFile(world: ToolWorld, restoring: Restoring): Steps<Rings> {
  yield* begin(restoring)
  yield* take(restoring, { pages: restoring.record.pages, pfn: 0 })
  return yield* complete(world, restoring)
}

function recordOf(world: ToolWorld, { domid, vm, name, view }: Managed): GuestRecord {
  const config = { ...configOf(world.store, vm), name }
  const online = world.vcpus(domid).filter(({ isOnline }) => isOnline)
  const vcpus = online.map(({ vcpu }) => vcpu)
  return { config, pages: view.pages, vcpus, roots: view.type === 'hvm' ? 0 : PROCESSES }
}

function* suspending(domain: Managed): Steps<void> {
  yield* askToGo(domain, 'suspend')
  const { domid } = domain
  const { result } = yield { kind: 'await-shutdown', domid, ns: SUSPEND_NS }
  if (result !== SHUTDOWN.suspend) throw new XmRefusal('Domain appears not to have suspended')
}

/** Takes everything back: the domain runs on here under its name. */
function* stay(world: ToolWorld, domain: Managed): Steps<void> {
  const { domid } = domain
  if (!world.domains().some((d) => d.domid === domid)) return
  yield* remove(`${domain.path}/control/shutdown`)
  if (world.domains().find((d) => d.domid === domid)?.shutdownReason === SHUTDOWN.suspend) {
    yield* call('domctl', 'resumedomain', { domid })
  }
  yield* setName(domain, domain.name)
}

/** Whether another domain is the same virtual machine by now: one that migrated to its own host. */
function isElsewhere(world: ToolWorld, domain: Managed): boolean {
  return world.domains().some((d) => world.store.read(`/local/domain/${d.domid}/vm`) === domain.vm)
}

/** What xend says of a program that failed. */
export function programFailed(words: readonly (string | number)[]): XmRefusal {
  return fault(`/usr/lib/xen/bin/${words.join(' ')} failed`)
}
