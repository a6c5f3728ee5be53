// Commands for devices: block-attach, block-list, block-detach, network-list.
//
// Source: tools/xl/xl_block.c, xl_nic.c; libxl_disk.c.
import { deviceNumber, diskConfig } from '../guest-config.js'
import { type Commands, onDomain } from './command.js'
import { addDisk, type DeviceNode, deviceNode, devicesOf, removeDevice } from './devices.js'
import { configPath, printJson, specOf, specToJson } from './domain-spec.js'
import type { Steps } from './libxc.js'
import type { Libxl } from './libxl.js'

const DISK_HEAD = 'Vdev  BE  handle state evt-ch ring-ref BE-path                       \n'
const NIC_HEAD = 'Idx BE Mac Addr.         handle state evt-ch   tx-/rx-ring-ref BE-path\n'

/** These commands. */
export const BLOCK_COMMANDS: Commands = {
  'block-attach': {
    options: { letters: 'h' },
    least: 2,
    *run(xl, { words }) {
      const [word = '', ...rest] = words
      const domid = yield* xl.idOf(word)
      if (domid === undefined) {
        xl.output.error(`${word} is an invalid domain identifier\n`)
        return 1
      }
      if (yield* attach(xl, domid, rest.join(','))) return 0
      xl.output.error('libxl_device_disk_add failed.\n')
      return 1
    },
  },
  'block-list': {
    options: { letters: 'h' },
    least: 1,
    run: (xl, { words }) => listDevices(xl, words, 'vbd'),
  },
  'network-list': {
    options: { letters: 'h' },
    least: 1,
    run: (xl, { words }) => listDevices(xl, words, 'vif'),
  },
  'block-detach': {
    options: { letters: 'fh', long: { force: 'f' } },
    least: 2,
    run: onDomain(function* (xl, domid, { words: [, word = ''] }) {
      const number = String(deviceNumber(word))
      const node = devicesOf(xl.world, domid).find((d) => d.kind === 'vbd' && d.number === number)
      if (node === undefined) {
        xl.output.error(`Error: Device ${word} not connected.\n`)
        return 1
      }
      yield* xl.look(domid)
      yield* removeDevice(xl.world, node)
      const disks = specOf(xl.world, domid)?.disks ?? []
      const left = disks.filter((disk) => String(deviceNumber(disk.device)) !== number)
      yield* storeDisks(xl, domid, left)
      return 0
    }),
  },
}

/** Adds a disk: whether that went well; if not, it is said. */
function* attach(xl: Libxl, domid: number, words: string): Steps<boolean> {
  const spec = words.replace(/\b(target|vdev|access|format)=/g, '')
  const disk = diskConfig(spec)
  if ((yield* xl.type(domid)) === undefined) return failed(xl)
  const number = deviceNumber(disk.device)
  if (number === undefined) {
    const text = `Invalid or unsupported virtual disk identifier ${disk.device}`
    xl.error('badDisk', text, { domid })
    return failed(xl)
  }
  yield* xl.lock(domid)
  yield* xl.info(domid)
  const isTaken = devicesOf(xl.world, domid).some(
    (d) => d.kind === 'vbd' && d.number === String(number),
  )
  if (isTaken) {
    xl.error('diskExists', 'device already exists in xenstore', { domid })
    return failed(xl)
  }
  yield* addDisk(domid, disk)
  yield* storeDisks(xl, domid, [...(specOf(xl.world, domid)?.disks ?? []), disk])
  return true
}

function failed(xl: Libxl): boolean {
  xl.error('addingDevice', 'unable to add device')
  return false
}

/** The domain's configuration is written anew. */
function* storeDisks(
  xl: Libxl,
  domid: number,
  disks: readonly ReturnType<typeof diskConfig>[],
): Steps<void> {
  const spec = specOf(xl.world, domid)
  yield* xl.info(domid)
  yield* xl.info(domid)
  if (spec === undefined) return
  const json = specToJson({ ...spec, disks }, xl.world.era.scheduler)
  const path = configPath(domid, spec.uuid)
  yield { kind: 'file', path, content: `${printJson(json)}\n` }
}

function* listDevices(xl: Libxl, words: readonly string[], kind: 'vbd' | 'vif'): Steps<number> {
  xl.output.print(kind === 'vbd' ? DISK_HEAD : NIC_HEAD)
  for (const word of words) {
    const domid = yield* xl.idOf(word)
    if (domid === undefined) xl.output.error(`${word} is an invalid domain identifier\n`)
    else {
      const numbers = xl.world.store.list(`/libxl/${domid}/device/${kind}`)
      for (const number of numbers) {
        const node = deviceNode(domid, kind, number)
        xl.output.print(kind === 'vbd' ? diskRow(xl, domid, node) : nicRow(xl, node))
      }
    }
  }
  return 0
}

function diskRow(xl: Libxl, domid: number, node: DeviceNode): string {
  const { state, channel, ring } = connection(xl, node)
  const cells = [
    node.number.padEnd(5),
    '0'.padEnd(3),
    String(domid).padEnd(6),
    state.padEnd(5),
    channel.padEnd(6),
    ring.padEnd(8),
    node.backend.padEnd(30),
  ]
  return `${cells.join(' ')}\n`
}

function nicRow(xl: Libxl, node: DeviceNode): string {
  const { state, channel, ring } = connection(xl, node)
  const mac = xl.world.store.read(`${node.backend}/mac`) ?? ''
  const cells = [
    node.number.padEnd(3),
    '0'.padEnd(2),
    mac.padEnd(17),
    node.number.padEnd(6),
    state.padEnd(5),
    channel.padEnd(8),
    `${ring.padStart(5)}/${ring.padEnd(11)}`,
    node.backend.padEnd(30),
  ]
  return `${cells.join(' ')}\n`
}

/** What both halves say of their connection; -1 where they have not said it. */
function connection(
  xl: Libxl,
  node: DeviceNode,
): { readonly state: string; readonly channel: string; readonly ring: string } {
  const read = (key: string) => xl.world.store.read(`${node.frontend}/${key}`)
  return {
    state: read('state') ?? '-1',
    channel: read('event-channel') ?? '-1',
    ring: read('ring-ref') ?? '-1',
  }
}
