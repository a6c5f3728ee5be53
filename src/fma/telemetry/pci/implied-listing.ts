// ImpliedListing: a configuration space with what must be true of a function that a text speaks of,
// and nothing else: an endpoint, or a port with a bus behind it.
//
//   01:00.0, an endpoint, and nothing of what is above it  ->  some root port with bus 1 behind it
//
// Holds: a port that nobody has seen has a number on bus 0 that no function has, 00:00.0 if it can.
import { putConfig, readConfig } from '../../../machine/pci/config-space.js'
import { ENDPOINT, isRoot, ROOT_PORT } from '../../../machine/pci/express-registers.js'
import type { PciListing } from '../../../machine/pci/listing.js'
import { isBridge, portType } from '../../../machine/pci/register-map.js'
import { partsOf, type RequesterId, requesterId } from '../../../machine/pci/requester-id.js'

/** Bytes of a header and one capability. */
const BYTES = 256
const EXPRESS_AT = 0x40
const BRIDGE_CLASS = 0x0604
/** An endpoint inside the root complex: nothing is above it. */
const INTEGRATED = 9

/** A function of which little is known; with a bus behind it, a root port. */
export function impliedListing(
  id: RequesterId,
  of: {
    readonly ids: { readonly vendor: number; readonly device: number } | undefined
    readonly bus: number | undefined
  },
): PciListing {
  const { ids, bus } = of
  const bytes = new Uint8Array(BYTES)
  const put = (offset: number, size: 1 | 2, value: number): void =>
    putConfig(bytes, offset, size, value)
  put(0x00, 2, ids?.vendor ?? 0)
  put(0x02, 2, ids?.device ?? 0)
  put(0x06, 2, 0x10)
  put(0x34, 1, EXPRESS_AT)
  put(EXPRESS_AT, 1, 0x10)
  put(EXPRESS_AT + 2, 2, ((bus === undefined ? ENDPOINT : ROOT_PORT) << 4) | 1)
  if (bus !== undefined) {
    put(0x0a, 2, BRIDGE_CLASS)
    put(0x0e, 1, 1)
    put(0x19, 1, bus)
    put(0x1a, 1, bus)
  }
  return { id, bytes }
}

/** The same functions, and a port above each bus of PCI Express above which none was shown. */
export function withPorts(listings: readonly PciListing[]): readonly PciListing[] {
  const taken = new Set(listings.map(({ id }) => id))
  const behind = new Set(listings.flatMap(({ bytes }) => busBehind(bytes) ?? []))
  const orphans = listings.filter(({ id, bytes }) => !behind.has(partsOf(id).bus) && isBelow(bytes))
  const buses = new Set(orphans.map(({ id }) => partsOf(id).bus).filter((bus) => bus !== 0))
  const free = PLACES.filter((id) => !taken.has(id))
  const ports = [...buses].flatMap((bus, n) => {
    const id = free[n]
    return id === undefined ? [] : [impliedListing(id, { ids: undefined, bus })]
  })
  return [...listings, ...ports]
}

/** All of bus 0. */
const PLACES = Array.from({ length: 256 }, (_, n) => requesterId(0, n >>> 3, n & 7))

const busBehind = (bytes: Uint8Array): number | undefined =>
  isBridge(bytes) ? readConfig(bytes, 0x19, 1) : undefined

/** Whether a function of PCI Express has a port above it. */
function isBelow(bytes: Uint8Array): boolean {
  const type = portType(bytes)
  return type !== undefined && !isRoot(type) && type !== INTEGRATED
}
