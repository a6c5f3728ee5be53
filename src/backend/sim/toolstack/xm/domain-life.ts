// DomainLife: how xend makes a domain from a configuration, starts it, and ends it.
//
//   start(world, config)  ->  createdomain ... scheduler_op  ->  a domain that is paused
//   end(world, domain)    ->  destroydomain, devices, xenstore
//
// Holds: what could not be made whole is destroyed again.
// Source: tools/python/xen/xend/XendDomainInfo.py of 3.1.

import { SCHEDULER_IDS } from '../../era.js'
import { pcpuCount } from '../../host-config.js'
import { SHADOW } from '../../hypercalls/shadow-op.js'
import type { Script } from '../../step.js'
import { call, ioctl } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import { type GuestConfig, pcpuList } from '../guest-config.js'
import { makeRoom } from './balloon.js'
import { buildHvm, startDeviceModel, stopDeviceModel } from './build-hvm.js'
import { buildPv, type Rings } from './build-pv.js'
import {
  attach,
  awaitDevice,
  DEVICE_CLASSES,
  detachAll,
  deviceIds,
  diskDevice,
  vifDevice,
} from './devices.js'
import { claimName, freeName } from './domain-names.js'
import { type Managed, remove, storeConfig, write } from './managed.js'
import { fault, XmRefusal } from './refusal.js'
import { xc } from './xc.js'
import type { Steps } from './xend.js'

/** A domain in the making: its id, the ports that xend gave it. */
export interface Made {
  readonly domid: number
  readonly vm: string
  readonly isHvm: boolean
  readonly storePort: number
  readonly consolePort: number
}

/** What xend reserves before anything is known of a guest. */
const FIRST_ROOM_KIB = 2048
/** What a guest with hardware of its own needs beside its memory. */
const HVM_EXTRA_KIB = 8192
const CONSOLE_LIMIT = 1024 * 1024
/** The first two ports of a domain. */
const STORE_PORT = 1
const CONSOLE_PORT = 2

/** Makes a domain and what is in it. It is paused. */
export function* start(world: ToolWorld, config: GuestConfig): Steps<number> {
  return yield* whole(world, config, function* (made) {
    const rings = yield* fill(world, made.domid, config)
    yield* introduce(world, made, rings)
    yield* createDevices(world, made, config)
    yield* storeDetails(world, { made, rings, config })
    return made.domid
  })
}

/** Makes a domain with all but its memory, and lets `rest` go on; what fails is destroyed. */
export function* whole<T>(
  world: ToolWorld,
  config: GuestConfig,
  rest: (made: Made) => Steps<T>,
): Steps<T> {
  const made = yield* construct(world, config)
  try {
    return yield* rest(made)
  } catch (error) {
    yield* discard(world, made)
    throw error
  }
}

/** Makes a domain with the limit of its memory and its channels. */
export function* construct(world: ToolWorld, config: GuestConfig): Steps<Made> {
  const isHvm = config.type === 'hvm'
  const domid = yield* bareDomain(world, config, isHvm)
  const bare = { domid, vm: `/vm/${config.uuid}`, isHvm }
  try {
    yield* xc('domctl', 'max_vcpus', { domid: bare.domid, u0: config.vcpus })
    yield* prepare(world, bare.domid, config)
    const [storePort = 0, consolePort = 0] = yield* channels(bare.domid)
    return { ...bare, storePort, consolePort }
  } catch (error) {
    yield* discard(world, bare)
    throw error
  }
}

/** Makes a domain that has nothing yet; nobody else can have its name from here on. */
function* bareDomain(world: ToolWorld, config: GuestConfig, isHvm: boolean): Steps<number> {
  const { name, uuid } = config
  const flags = { domid: 0, u0: isHvm ? 1 : 0 }
  claimName(world, name)
  try {
    yield* makeRoom(world, FIRST_ROOM_KIB)
    const more = { hvm: isHvm, handle: uuid.replaceAll('-', '') }
    const { out } = yield* xc('domctl', 'createdomain', flags, more)
    const domid = Number(out['domid'])
    claimName(world, name, domid)
    return domid
  } catch (error) {
    freeName(world, name)
    throw error
  }
}

/** Takes back what was made of a domain. */
export function* discard(
  world: ToolWorld,
  of: { readonly domid: number; readonly vm: string; readonly isHvm: boolean },
): Steps<void> {
  const { domid } = of
  const ends = endsOf(world, domid)
  yield* remove(of.vm)
  yield* call('domctl', 'destroydomain', { domid })
  yield* released(domid, ends)
  if (of.isHvm) yield* stopDeviceModel(domid)
  yield* detachAll(world, domid)
  yield* remove(`/local/domain/${domid}`)
}

/** Writes a domain's devices; starts what plays the hardware of a guest that has its own. */
export function* createDevices(
  world: ToolWorld,
  { domid }: Made,
  config: GuestConfig,
): Steps<void> {
  const domain = { domid, name: config.name }
  for (const disk of config.disks) yield* attach(world.store, domain, diskDevice(disk))
  for (const [id, words] of config.vifs.entries()) {
    yield* attach(world.store, domain, vifDevice(words, id, domid))
  }
  if (config.type === 'hvm') yield* startDeviceModel(world, { domid, config })
}

/** Lets a domain go. */
export function* unpause({ domid }: { readonly domid: number }): Steps<void> {
  yield* wrapped('Domain unable to be unpaused', xc('domctl', 'unpausedomain', { domid }))
}

/** Stops a domain's vcpus. */
export function* pause({ domid }: { readonly domid: number }): Steps<void> {
  yield* wrapped('Domain unable to be paused', xc('domctl', 'pausedomain', { domid }))
}

/** Waits until dom0 has all devices of a domain ready. */
export function* awaitDevices(world: ToolWorld, domid: number): Steps<void> {
  for (const type of DEVICE_CLASSES) {
    for (const id of deviceIds(world.store, domid, type)) {
      yield* awaitDevice(world, domid, { type, id })
    }
  }
}

/** Ends a domain, and all that xend knows of it. */
export function* end(world: ToolWorld, domain: Managed): Steps<void> {
  if (domain.vm !== '') yield* remove(domain.vm)
  yield* endDomain(world, domain)
}

/** Ends a domain; what it is when it does not run stays. */
export function* endDomain(world: ToolWorld, { domid, view }: Managed): Steps<void> {
  const ends = endsOf(world, domid)
  yield* xc('domctl', 'destroydomain', { domid })
  yield* released(domid, ends)
  if (view.type === 'hvm') yield* stopDeviceModel(domid)
  yield* detachAll(world, domid)
  yield* remove(`/local/domain/${domid}`)
}

/** Tells dom0's daemons of a domain: they take its channels and its rings. */
export function* introduce(world: ToolWorld, made: Made, rings: Rings): Steps<void> {
  const { domid, storePort, consolePort } = made
  yield {
    kind: 'in',
    execname: 'xenstored',
    script: binding(world, { domid, port: storePort, frame: rings.store }),
  }
  if (rings.console === 0) return
  yield {
    kind: 'in',
    execname: 'xenconsoled',
    script: binding(world, { domid, port: consolePort, frame: rings.console }),
  }
}

/** Writes what a domain and its guest read of themselves, and its share of the pcpus. */
export function* storeDetails(
  world: ToolWorld,
  of: { readonly made: Made; readonly rings: Rings; readonly config: GuestConfig },
): Steps<void> {
  const { made, rings, config } = of
  const { domid, vm } = made
  yield* storeConfig(vm, config)
  yield* write(vm, { start_time: seconds(world) })
  if (world.store.read(`${vm}/xend/restart_count`) === undefined) {
    yield* write(vm, { 'xend/restart_count': 0 })
  }
  yield* write(`/local/domain/${domid}`, {
    domid,
    vm,
    name: config.name,
    'console/limit': CONSOLE_LIMIT,
    'console/port': made.consolePort,
    ...(rings.console === 0 ? {} : { 'console/ring-ref': rings.console }),
    'store/port': made.storePort,
    'store/ring-ref': rings.store,
    'memory/target': config.memoryMiB * 1024,
    'control/platform-feature-multiprocessor-suspend': 1,
  })
  for (let v = 0; v < config.vcpus; v++) {
    yield* write(`/local/domain/${domid}/cpu/${v}`, { availability: 'online' })
  }
  yield* xc('domctl', 'getdomaininfo', { domid })
  yield* xc('sysctl', 'sched_id', {})
  yield* setShare(domid, config)
}

/** Sets a domain's share of the pcpus. */
export function* setShare(
  domid: number,
  share: { readonly weight?: number; readonly cap?: number },
): Steps<void> {
  yield* xc(
    'domctl',
    'scheduler_op',
    { domid, u0: SCHEDULER_IDS.credit },
    { weight: share.weight, cap: share.cap },
  )
}

/** Seconds since 1970, as Python's time.time() prints them. */
export function seconds(world: ToolWorld): string {
  return ((Number(world.host.bootedAt) + world.nowNs) / 1e9).toFixed(2)
}

function* fill(world: ToolWorld, domid: number, config: GuestConfig): Steps<Rings> {
  const building = { domid, config }
  if (config.type === 'pv') return yield* buildPv(world, building)
  return yield* buildHvm(world, building)
}

function* prepare(world: ToolWorld, domid: number, config: GuestConfig): Steps<void> {
  if (config.localtime) yield* xc('domctl', 'settimeoffset', { domid })
  yield* xc('sysctl', 'sched_id', {})
  if (config.pcpus !== '') yield* pinAll(world, domid, config)
  const isHvm = config.type === 'hvm'
  const extra = isHvm ? HVM_EXTRA_KIB : 0
  const shadow = isHvm ? shadowKiB(config) : 0
  checkLimit(config.maxMemoryMiB * 1024 + extra)
  yield* xc('domctl', 'max_mem', { domid, u0: config.maxMemoryMiB * 1024 + extra })
  yield* makeRoom(world, config.memoryMiB * 1024 + extra + shadow)
  yield* xc('domctl', 'shadow_op', { domid, u0: SHADOW.setAllocation, u2: shadow / 1024 })
}

/** A limit goes to xend's C as an int: what Python says of one that does not fit. */
function checkLimit(kib: number): void {
  if (kib >= 2 ** 63) throw fault('long int too large to convert to int')
  if (kib >= 2 ** 31) throw fault('signed integer is greater than maximum')
}

function* pinAll(world: ToolWorld, domid: number, config: GuestConfig): Steps<void> {
  const pcpus = pcpuList(config.pcpus, pcpuCount(world.host))
  if (pcpus === undefined) {
    throw fault(`Invalid Configuration: cpus = ${config.pcpus}: invalid literal for int()`)
  }
  for (let vcpu = 0; vcpu < config.vcpus; vcpu++) {
    yield* xc('domctl', 'setvcpuaffinity', { domid, u0: vcpu }, pcpus)
  }
}

/** KiB of shadow memory, whole MiB: 1 MiB a vcpu, and 2 pages for each MiB. */
function shadowKiB({ vcpus, maxMemoryMiB }: GuestConfig): number {
  return Math.ceil((4 * (256 * vcpus + 2 * maxMemoryMiB)) / 1024) * 1024
}

function* channels(domid: number): Steps<number[]> {
  const ports: number[] = []
  for (const _ of ['store', 'console']) {
    const args = { domid, remote_domid: 0 }
    ports.push(Number((yield* xc('event_channel_op', 'alloc_unbound', args)).out['port']))
  }
  return ports
}

/** A daemon takes its end of a channel, and a ring where it maps them by privcmd. */
function* binding(
  world: ToolWorld,
  of: { readonly domid: number; readonly port: number; readonly frame: number },
): Script {
  const { domid, port, frame } = of
  if (world.era.ringsByPrivcmd) yield* ioctl('mmap', { domid, num: 1 }, [frame])
  yield {
    kind: 'device',
    device: 'evtchn',
    name: 'bind_interdomain',
    args: { remote_domid: domid, remote_port: port },
  }
  return 0
}

/** dom0's ends of the channels to a domain's store and console, as xend gave them out. */
function endsOf(world: ToolWorld, domid: number): readonly (number | undefined)[] {
  return [STORE_PORT, CONSOLE_PORT].map((port) => world.channelTo(domid, port))
}

/** A domain is gone: dom0's daemons see it, and let go of its channels. */
function* released(domid: number, ends: readonly (number | undefined)[]): Steps<void> {
  for (const [n, execname] of ['xenstored', 'xenconsoled'].entries()) {
    const end = ends[n]
    if (end !== undefined) yield { kind: 'in', execname, script: unbinding(domid, end) }
  }
}

function* unbinding(domid: number, port: number): Script {
  yield* call('domctl', 'getdomaininfo', { domid })
  yield { kind: 'device', device: 'evtchn', name: 'unbind', args: { port } }
  return 0
}

/** Puts words before what is refused. */
function* wrapped<T>(words: string, body: Steps<T>): Steps<T> {
  try {
    return yield* body
  } catch (error) {
    if (error instanceof XmRefusal) throw fault(`${words}: ${error.message}`)
    throw error
  }
}
