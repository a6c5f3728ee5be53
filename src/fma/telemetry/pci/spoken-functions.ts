// SpokenFunctions: the functions of PCI Express of a host of which there are but texts about its
// errors.
//
//   00:03.0 was sent a message by 01:00.0  ->  00:03.0 is a root port, 01:00.0 is behind it
//   and lspci shows 01:00.0                ->  its registers
//
// Holds: nothing is there that no text speaks of, save a port above an endpoint. What is shown goes
// before what is only spoken of; numbers of maker and model are taken from wherever they are.
import { putConfig, readConfig } from '../../../machine/pci/config-space.js'
import type { PciListing } from '../../../machine/pci/listing.js'
import type { RequesterId } from '../../../machine/pci/requester-id.js'
import type { SpokenFunction } from '../source.js'
import { Unknowns } from '../unknowns.js'
import { aerIncidents } from './aer-lines.js'
import { loggedListings } from './aer-listings.js'
import { withPorts } from './implied-listing.js'
import { lspciFunctions } from './lspci-text.js'

/** The functions that a kernel's log speaks of. */
export function aerFunctions(text: string): readonly SpokenFunction[] {
  const listings = loggedListings(aerIncidents(text, new Unknowns()))
  return listings.map((listing) => ({ listing, by: 'mention' }))
}

/** The functions that lspci shows, be it in words alone. */
export function shownFunctions(text: string): readonly SpokenFunction[] {
  return lspciFunctions(text).map(({ of, isText }) => {
    return { listing: of, by: isText ? 'words' : 'bytes' }
  })
}

/** All functions of one host, and ports above them. */
export function hostFunctions(spoken: readonly SpokenFunction[]): readonly PciListing[] {
  const best = new Map<RequesterId, SpokenFunction>()
  for (const each of spoken) {
    const known = best.get(each.listing.id)
    if (known === undefined || isBetter(each, known)) best.set(each.listing.id, each)
  }
  return withPorts([...best.values()].map(({ listing }) => named(listing, spoken)))
}

const RANK = { bytes: 2, words: 1, mention: 0 } as const

function isBetter(one: SpokenFunction, other: SpokenFunction): boolean {
  const more = RANK[one.by] - RANK[other.by]
  return more > 0 || (more === 0 && one.listing.bytes.length > other.listing.bytes.length)
}

/** A function with the numbers of its maker and model, if any text has them. */
function named(listing: PciListing, spoken: readonly SpokenFunction[]): PciListing {
  if (idsOf(listing) !== 0) return listing
  const found = spoken.find((each) => each.listing.id === listing.id && idsOf(each.listing) !== 0)
  if (found === undefined) return listing
  const bytes = listing.bytes.slice()
  putConfig(bytes, 0, 4, idsOf(found.listing))
  return { ...listing, bytes }
}

/** Maker and model; 0 where nobody says. */
export const idsOf = ({ bytes }: PciListing): number => readConfig(bytes, 0, 4) ?? 0
