// Devices: the two halves of a guest's disks and network interfaces in xenstore, as xend writes
// them and waits for them.
//
//   attach(...)  ->  device/vbd/0, backend/vbd/3/0  ->  hotplug-status = connected
//
// Source: tools/python/xen/xend/server/{DevController,blkif,netif}.py of 3.1.
import type { Script } from '../../step.js'
import type { StoreView, ToolWorld } from '../../tool-world.js'
import { type DiskConfig, deviceNumber } from '../guest-config.js'
import { type Managed, remove, write } from './managed.js'
import { fault } from './refusal.js'
import type { Steps } from './xend.js'

/** Kinds of devices xend knows here. */
export type DeviceClass = 'vbd' | 'vif'

/** The classes in the order in which xend goes through them. */
export const DEVICE_CLASSES: readonly DeviceClass[] = ['vbd', 'vif']

/** One device to be made: its number, and what is particular in each half. */
export interface Device {
  readonly type: DeviceClass
  readonly id: number
  readonly back: Readonly<Record<string, string>>
  readonly front: Readonly<Record<string, string>>
}

/** XenbusState* as they are written. */
const INITIALISING = '1'
const CLOSING = '5'
const WAITING = '2'
const CLOSED = '6'
/** How often xend looks, and how long it waits for a driver. */
const LOOK_NS = 1_000_000
const CREATE_NS = 100_000_000_000
const CLOSE_NS = 2_000_000_000
const VIF_SCRIPT = '/usr/lib/xen/scripts/vif-vnic'
/** The manufacturer's part of addresses that xend invents. */
const OUI = [0x00, 0x16, 0x3e]

/** Where a device's halves are. */
export function halves(
  domid: number,
  of: { readonly type: DeviceClass; readonly id: number },
): { readonly back: string; readonly front: string } {
  return {
    back: `/local/domain/0/backend/${of.type}/${domid}/${of.id}`,
    front: `/local/domain/${domid}/device/${of.type}/${of.id}`,
  }
}

/** The numbers of a domain's devices of a class. */
export function deviceIds(store: StoreView, domid: number, type: DeviceClass): readonly number[] {
  return store
    .list(`/local/domain/${domid}/device/${type}`)
    .map(Number)
    .sort((a, b) => a - b)
}

/** A disk as xend makes it. Throws what xend says of one that makes no sense. */
export function diskDevice({ format, target, device, mode }: DiskConfig): Device {
  const [, plain = '', kind = 'disk'] = /^(?:ioemu:)?([^:]*)(?::(.*))?$/.exec(device) ?? []
  if (!['r', 'w', 'w!'].includes(mode)) throw fault('Invalid mode')
  const id = deviceNumber(plain)
  if (id === undefined) throw fault(`Unable to find number for device (${plain})`)
  return {
    type: 'vbd',
    id,
    back: { dev: plain, type: format, params: target, mode },
    front: { 'virtual-device': String(id), 'device-type': kind },
  }
}

/** A network interface as xend makes it: `words` are `mac=...,bridge=...`. */
export function vifDevice(words: string, id: number, domid: number): Device {
  const given = Object.fromEntries(
    words
      .split(',')
      .map((word) => word.trim().split('='))
      .filter(([key]) => key !== ''),
  ) as Record<string, string>
  const mac = given['mac'] ?? inventedAddress(domid, id)
  const known = ['ip', 'bridge', 'vifname', 'rate', 'model'].filter((key) => key in given)
  const kept = Object.fromEntries(known.map((key) => [key, given[key] ?? '']))
  const type = given['type'] ?? 'SUNW_mac'
  return {
    type: 'vif',
    id,
    back: { script: given['script'] ?? VIF_SCRIPT, mac, type, ...kept, handle: String(id) },
    front: type === 'ioemu' ? {} : { handle: String(id), mac },
  }
}

/** Writes both halves of a device. Throws where there is one of that number. */
export function* attach(
  store: StoreView,
  domain: { readonly domid: number; readonly name: string },
  device: Device,
): Steps<void> {
  const { back, front } = halves(domain.domid, device)
  if (store.read(front) !== undefined) {
    const dev = device.back['dev']
    const what = dev === undefined ? `${device.id} (` : `${dev} (${device.id}, `
    throw fault(`Device ${what}${device.type}) is already connected.`)
  }
  const other = { backend: back, 'backend-id': 0, state: INITIALISING }
  yield* write(front, { ...device.front, ...other })
  const own = { domain: domain.name, frontend: front, 'frontend-id': domain.domid, online: 1 }
  yield* write(back, { ...device.back, ...own, state: INITIALISING })
}

/** Waits until dom0's drivers and scripts have a device ready. */
export function* awaitDevice(
  world: ToolWorld,
  domid: number,
  of: { readonly type: DeviceClass; readonly id: number },
): Steps<void> {
  const { back } = halves(domid, of)
  yield* awaitState(world, { path: back, states: [WAITING, '3', '4'], ns: CREATE_NS })
  if (world.store.read(`${back}/hotplug-status`) !== undefined) return
  yield { kind: 'run', execname: 'xpvd-event', script: hotplug(back) }
}

/** Takes a device away: its driver closes it first. */
export function* detach(
  world: ToolWorld,
  domid: number,
  of: { readonly type: DeviceClass; readonly id: number },
): Steps<void> {
  const { back, front } = halves(domid, of)
  yield* write(back, { online: 0, state: CLOSING })
  yield* awaitState(world, { path: back, states: [CLOSED], ns: CLOSE_NS })
  yield* remove(back)
  yield* remove(front)
}

/** Takes all devices of a domain away. */
export function* detachAll(world: ToolWorld, domid: number): Steps<void> {
  for (const type of DEVICE_CLASSES) {
    const ids = deviceIds(world.store, domid, type)
    for (const id of ids) yield* detach(world, domid, { type, id })
    if (ids.length > 0) yield* remove(`/local/domain/0/backend/${type}/${domid}`)
  }
}

/** The number a device of a domain goes by: itself, or a name as `dev` of its other half. Throws
 *  where there is none. */
export function deviceId(
  store: StoreView,
  domain: Managed,
  of: { readonly type: DeviceClass; readonly word: string },
): number {
  const { type, word } = of
  const found = deviceIds(store, domain.domid, type).find((id) => {
    const { back } = halves(domain.domid, { type, id })
    return String(id) === word || store.read(`${back}/dev`) === word
  })
  if (found === undefined) throw fault(`Device ${word} not connected`)
  return found
}

function* awaitState(
  world: ToolWorld,
  of: { readonly path: string; readonly states: readonly string[]; readonly ns: number },
): Steps<void> {
  const until = world.nowNs + of.ns
  const state = () => world.store.read(`${of.path}/state`)
  while (state() !== undefined && !of.states.includes(state() ?? '') && world.nowNs < until) {
    yield { kind: 'sleep', ns: LOOK_NS }
  }
}

function* hotplug(back: string): Script {
  yield { kind: 'compute', ns: 9_000_000 }
  yield { kind: 'store', path: `${back}/hotplug-status`, value: 'connected' }
  return 0
}

/** An address that no other interface of this host has. */
function inventedAddress(domid: number, id: number): string {
  const mixed = Math.imul(domid * 64 + id + 1, 0x9e37_79b1) >>> 8
  const own = [(mixed >>> 16) & 0x7f, (mixed >>> 8) & 0xff, mixed & 0xff]
  return [...OUI, ...own].map((byte) => byte.toString(16).padStart(2, '0')).join(':')
}
