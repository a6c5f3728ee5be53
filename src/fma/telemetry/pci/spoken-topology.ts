// SpokenTopology: the topology of a host of which there is nothing but a text about its PCI errors.
//
//   00:03.0 was sent a message by 01:00.0  ->  pciexrc=1/pciexbus=1/pciexdev=0/pciexfn=0
//
// Holds: nothing is there that the text does not speak of, save a port above an endpoint.
import type { PciListing } from '../../../machine/pci/listing.js'
import { capturedTopology } from '../../topo/captured-topology.js'
import type { Topology } from '../../topo/topology.js'
import { Unknowns } from '../unknowns.js'
import { aerIncidents } from './aer-lines.js'
import { loggedListings } from './aer-listings.js'
import { withPorts } from './implied-listing.js'
import { lspciFunctions } from './lspci-text.js'

/** The functions that a kernel's log speaks of; undefined where it speaks of none. */
export function aerTopology(text: string): Topology | undefined {
  return topologyOf(loggedListings(aerIncidents(text, new Unknowns())))
}

/** The functions that lspci shows, be it in words alone; undefined where it shows none. */
export function lspciTopology(text: string): Topology | undefined {
  return topologyOf(lspciFunctions(text).map(({ of }) => of))
}

function topologyOf(functions: readonly PciListing[]): Topology | undefined {
  if (functions.length === 0) return undefined
  const sysfs = { functions: withPorts(functions), processors: [], isDom0: true }
  return capturedTopology({ sysfs })
}
