// AerListings: the functions that a kernel's log speaks of, as far as it says what they are, for a
// host of which nothing else is known.
//
//   00:03.0 was sent a message by 01:00.0  ->  00:03.0 is a root port, and bus 1 is behind it
//
// Holds: bridges between the two are not spoken of: none is made up. A function on a further bus
// behind the same port is left out.
import { putConfig } from '../../../machine/pci/config-space.js'
import { ENDPOINT, ROOT_PORT } from '../../../machine/pci/express-registers.js'
import type { PciListing } from '../../../machine/pci/listing.js'
import { partsOf, type RequesterId } from '../../../machine/pci/requester-id.js'
import type { AerIncident, AerReport } from './aer-lines.js'

/** Bytes of a header and one capability. */
const BYTES = 256
const EXPRESS_AT = 0x40
const BRIDGE_CLASS = 0x0604
/** No function is on this bus: a port behind which nothing was spoken of. */
const NO_BUS = 0xff

/** The functions of all incidents. */
export function loggedListings(incidents: readonly AerIncident[]): readonly PciListing[] {
  const ids = new Map<RequesterId, AerReport['ids']>()
  const behind = new Map<RequesterId, number>()
  for (const { message, reports } of incidents) {
    for (const { id, ids: numbers } of reports) ids.set(id, numbers ?? ids.get(id))
    if (message === undefined) continue
    const { root, source } = message
    if (!behind.has(root)) behind.set(root, NO_BUS)
    const bus = source === undefined ? 0 : partsOf(source).bus
    if (bus !== 0 && behind.get(root) === NO_BUS) behind.set(root, bus)
    for (const id of [root, source]) if (id !== undefined && !ids.has(id)) ids.set(id, undefined)
  }
  const buses = new Set(behind.values())
  return [...ids].flatMap(([id, numbers]) => {
    const bus = behind.get(id)
    const isPlaced = bus !== undefined || buses.has(partsOf(id).bus) || partsOf(id).bus === 0
    return isPlaced ? [listing(id, numbers, bus)] : []
  })
}

function listing(id: RequesterId, ids: AerReport['ids'], bus: number | undefined): PciListing {
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
