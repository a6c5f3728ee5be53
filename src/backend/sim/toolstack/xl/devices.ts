// Devices: disks and network interfaces of a guest in xenstore: both halves and libxl's own copy.
//
//   addDisk(3, 'phy:/dev/vg/web1,xvda,w')  ->  backend/vbd/3/51712, device/vbd/51712, state 1
//                                          ->  dom0's driver answers
//
// Source: tools/libs/light/libxl_device.c, libxl_disk.c, libxl_nic.c; xen/include/public/io.
import { Prng } from '../../../../base/prng.js'
import type { ToolWorld } from '../../tool-world.js'
import { type DiskConfig, deviceNumber } from '../guest-config.js'
import type { Steps } from './libxc.js'

const INITIALISING = '1'
const CLOSING = '5'
/** What dom0's driver takes to let go of a device. */
const CLOSE_NS = 4_000_000

/** One device: its kind, its number, where its halves are. */
export interface DeviceNode {
  readonly kind: string
  readonly number: string
  readonly backend: string
  readonly frontend: string
  readonly libxl: string
}

/** Where a device is. */
export function deviceNode(domid: number, kind: string, number: string): DeviceNode {
  return {
    kind,
    number,
    backend: `/local/domain/0/backend/${kind}/${domid}/${number}`,
    frontend: `/local/domain/${domid}/device/${kind}/${number}`,
    libxl: `/libxl/${domid}/device/${kind}/${number}`,
  }
}

/** All devices of a domain with drivers in dom0. */
export function devicesOf(world: ToolWorld, domid: number): readonly DeviceNode[] {
  return ['vbd', 'vif'].flatMap((kind) =>
    world.store
      .list(`/libxl/${domid}/device/${kind}`)
      .map((number) => deviceNode(domid, kind, number)),
  )
}

/** Writes a disk's nodes; its number must be one. */
export function* addDisk(domid: number, disk: DiskConfig): Steps<void> {
  const node = deviceNode(domid, 'vbd', String(deviceNumber(disk.device)))
  const isPhy = disk.format === 'phy'
  const isWritable = disk.mode === 'w' || disk.mode === 'rw'
  yield* addDevice(domid, node, {
    params: disk.target,
    type: isPhy ? 'phy' : 'qdisk',
    'physical-device-path': disk.target,
    dev: disk.device,
    mode: isWritable ? 'w' : 'r',
    'device-type': 'disk',
  })
}

/** Writes a network interface's nodes. */
export function* addInterface(
  domid: number,
  index: number,
  from: { readonly words: string; readonly seed: number },
): Steps<void> {
  const { words, seed } = from
  const said = new Map(
    words.split(',').map((word) => word.trim().split('=') as [string, string | undefined]),
  )
  yield* addDevice(domid, deviceNode(domid, 'vif', String(index)), {
    mac: said.get('mac') ?? macOf(seed + domid * 256 + index),
    bridge: said.get('bridge') ?? 'xenbr0',
    script: said.get('script') ?? '/etc/xen/scripts/vif-bridge',
    handle: String(index),
    type: 'vif',
  })
}

/** Tells a device's driver to let go, and removes its nodes: the last one, what is above it. */
export function* removeDevice(world: ToolWorld, node: DeviceNode): Steps<void> {
  if (world.store.read(`${node.backend}/state`) !== undefined) {
    yield { kind: 'store', path: `${node.backend}/online`, value: '0' }
    yield { kind: 'store', path: `${node.backend}/state`, value: CLOSING }
    yield { kind: 'sleep', ns: CLOSE_NS }
  }
  for (const path of [node.frontend, node.backend, node.libxl]) yield { kind: 'store', path }
  const above = node.backend.slice(0, node.backend.lastIndexOf('/'))
  if (world.store.list(above).length === 0) yield { kind: 'store', path: above }
}

function* addDevice(
  domid: number,
  node: DeviceNode,
  own: Readonly<Record<string, string>>,
): Steps<void> {
  const write = (path: string, value: string) => ({ kind: 'store', path, value }) as const
  yield write(`${node.libxl}/backend`, node.backend)
  yield write(`${node.libxl}/frontend`, node.frontend)
  yield write(`${node.frontend}/backend`, node.backend)
  yield write(`${node.frontend}/backend-id`, '0')
  yield write(`${node.frontend}/state`, INITIALISING)
  yield write(`${node.backend}/frontend`, node.frontend)
  yield write(`${node.backend}/frontend-id`, String(domid))
  yield write(`${node.backend}/online`, '1')
  for (const [key, value] of Object.entries(own)) yield write(`${node.backend}/${key}`, value)
  yield write(`${node.backend}/state`, INITIALISING)
}

/** An address of Xen's own range. */
function macOf(seed: number): string {
  const random = new Prng(seed)
  const byte = () => random.below(256).toString(16).padStart(2, '0')
  return `00:16:3e:${[byte(), byte(), byte()].join(':')}`
}
