// AerListings: the functions that a kernel's log speaks of, as far as it says what they are, for a
// host of which nothing else is known.
//
//   00:03.0 was sent a message by 01:00.0  ->  00:03.0 is a root port, and bus 1 is behind it
//
// Holds: bridges between the two are not spoken of: none is made up. A function on a further bus
// behind the same port is left out.
import type { PciListing } from '../../../machine/pci/listing.js'
import { partsOf, type RequesterId } from '../../../machine/pci/requester-id.js'
import type { AerIncident, AerReport } from './aer-lines.js'
import { impliedListing } from './implied-listing.js'

/** No function is on this bus: a port behind which nothing was spoken of. */
const NO_BUS = 0xff

/** The functions of all incidents. */
export function loggedListings(incidents: readonly AerIncident[]): readonly PciListing[] {
  const ids = new Map<RequesterId, AerReport['ids']>()
  const behind = new Map<RequesterId, number>()
  for (const { message, reports, bystanders } of incidents) {
    for (const { id, ids: numbers } of reports) ids.set(id, numbers ?? ids.get(id))
    if (message === undefined) continue
    const { root, source } = message
    if (!behind.has(root)) behind.set(root, NO_BUS)
    for (const id of [root, source, ...bystanders]) {
      if (id === undefined) continue
      const { bus } = partsOf(id)
      if (bus !== 0 && behind.get(root) === NO_BUS) behind.set(root, bus)
      if (!ids.has(id)) ids.set(id, undefined)
    }
  }
  const buses = new Set(behind.values())
  return [...ids].flatMap(([id, numbers]) => {
    const bus = behind.get(id)
    const isPlaced = bus !== undefined || buses.has(partsOf(id).bus) || partsOf(id).bus === 0
    return isPlaced ? [impliedListing(id, { ids: numbers, bus })] : []
  })
}
