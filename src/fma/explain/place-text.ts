// PlaceText: an FMRI as people read it: without the host it is of, which is the same for all.
//
//   hc://:product-id=X:server-id=atrium/motherboard=0/chip=0  ->  motherboard=0/chip=0
//   cpu:///cpuid=1                                            ->  cpu:///cpuid=1
import { type Fmri, printFmri } from '../event/fmri.js'

/** What leads to a bus: a bus has its number once on a host. */
const TO_A_BUS =
  /\bhostbridge\d+\/[a-z0-9/]*?((?:pciex|pci)bus\d+(?:\/(?:pciex|pci)(?:dev|fn)\d+)*)(?![a-z0-9/])/g

/** A path of the tree as rules write it, without what goes before: of
 *  `.../pciexbus2/pciexdev0/pciexfn0/pciexbus3/pciexdev0/pciexfn0` the last three. */
export function pathText(path: string): string {
  return path.replace(/\bmotherboard0\//g, '').replace(TO_A_BUS, '$1')
}

/** The text; `?` where nothing is named. */
export function placeText(fmri: Fmri | undefined): string {
  if (fmri === undefined) return '?'
  return printFmri(fmri).replace(/^hc:\/\/[^/]*\//, '')
}

/** Things alike that are named; the others are counted. */
export const NAMED = 3

/** The first of some names, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : ''
  return `${names.slice(0, NAMED).join(', ')}${more}`
}
