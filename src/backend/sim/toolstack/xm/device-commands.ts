// Commands of xm on a domain's disks and network interfaces.
//
// Source: tools/python/xen/xm/main.py of 3.1.
import type { ToolWorld } from '../../tool-world.js'
import { diskConfig } from '../guest-config.js'
import { checkCount, parseOptions, type XmCommand, type XmContext } from './context.js'
import {
  attach,
  awaitDevice,
  type Device,
  type DeviceClass,
  detach,
  deviceId,
  deviceIds,
  diskDevice,
  halves,
  vifDevice,
} from './devices.js'
import { domainNamed, type Managed } from './managed.js'
import { fault } from './refusal.js'
import { inXend, type Steps } from './xend.js'

const VIF_WORDS = ['type', 'mac', 'bridge', 'ip', 'script', 'backend', 'vifname', 'rate', 'model']
const UNKNOWN = -1

/** xm block-attach. */
export const blockAttach: XmCommand = function* (context) {
  checkCount(context, 4, 5)
  const [word = '', target = '', device = '', mode = ''] = context.args
  const domain = domainNamed(context.world, word)
  const disk = diskDevice(diskConfig([target, device, mode].join()))
  yield* inXend(attached(context.world, domain, disk))
}

/** xm block-detach. */
export const blockDetach: XmCommand = (context) => detaching(context, 'vbd')

/** xm network-attach. */
export const networkAttach: XmCommand = function* (context) {
  checkCount(context, 1, 10)
  const { args, world } = context
  for (const word of args.slice(1)) {
    const [key = '', value = ''] = word.split('=')
    if (value === '' || !VIF_WORDS.includes(key)) throw fault(`Invalid argument: ${word}`)
  }
  const domain = domainNamed(world, args[0] ?? '')
  const id = (deviceIds(world.store, domain.domid, 'vif').at(-1) ?? UNKNOWN) + 1
  const vif = vifDevice(args.slice(1).join(','), id, domain.domid)
  yield* inXend(attached(world, domain, vif))
}

/** xm network-detach. */
export const networkDetach: XmCommand = (context) => detaching(context, 'vif')

/** xm block-list. */
export const blockList: XmCommand = function* (context) {
  yield* listing(context, {
    type: 'vbd',
    head: 'Vdev  BE handle state evt-ch ring-ref BE-path',
    line: (id, back, node) =>
      `${left(id, 3)}    ${left(0, 3)}  ${left(0, 3)}   ${left(node('state'), 3)}    ` +
      `${left(node('event-channel'), 3)}    ${left(node('ring-ref'), 5)} ${back.padEnd(30)}  `,
  })
}

/** xm network-list. */
export const networkList: XmCommand = function* (context) {
  yield* listing(context, {
    type: 'vif',
    head: 'Idx BE     MAC Addr.     handle state evt-ch tx-/rx-ring-ref BE-path',
    line: (id, back, node) =>
      `${left(id, 3)} ${left(0, 3)}${String(node('mac')).padEnd(17)}    ${left(id, 3)}   ` +
      `${left(node('state'), 3)}    ${left(node('event-channel'), 3)}   ` +
      `${left(node('tx-ring-ref'), 5)}/${left(node('rx-ring-ref'), 5)}   ${back.padEnd(30)}  `,
  })
}

interface Listing {
  readonly type: DeviceClass
  readonly head: string
  readonly line: (id: number, back: string, node: (name: string) => string) => string
}

function* listing(context: XmContext, of: Listing): Steps<void> {
  const { world, output } = context
  const { rest } = parseOptions(context.args, { flags: { '-l': 'long', '--long': 'long' } })
  if (rest.length !== 1) {
    output.print(
      rest.length === 0 ? 'No domain parameter given\n' : 'No multiple domain parameters allowed\n',
    )
    throw fault('')
  }
  yield { kind: 'compute', ns: 2_000_000 }
  const { domid } = domainNamed(world, rest[0] ?? '')
  const ids = deviceIds(world.store, domid, of.type)
  if (ids.length > 0) output.print(`${of.head}\n`)
  for (const id of ids) {
    const { back, front } = halves(domid, { type: of.type, id })
    const node = (name: string) => world.store.read(`${front}/${name}`) ?? String(UNKNOWN)
    output.print(`${of.line(id, back, node)}\n`)
  }
}

function* attached(world: ToolWorld, domain: Managed, device: Device): Steps<void> {
  yield* attach(world.store, domain, device)
  yield* awaitDevice(world, domain.domid, device)
}

function* detaching(context: XmContext, type: DeviceClass): Steps<void> {
  checkCount(context, 2, 3)
  const { args, world } = context
  const domain = domainNamed(world, args[0] ?? '')
  const id = deviceId(world.store, domain, { type, word: args[1] ?? '' })
  yield* inXend(detach(world, domain.domid, { type, id }))
}

const left = (value: string | number, width: number): string => String(value).padEnd(width)
