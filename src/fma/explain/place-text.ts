// PlaceText: an FMRI as people read it: without the host it is of, which is the same for all.
//
//   hc://:product-id=X:server-id=atrium/motherboard=0/chip=0  ->  motherboard=0/chip=0
//   cpu:///cpuid=1                                            ->  cpu:///cpuid=1
import { type Fmri, printFmri } from '../event/fmri.js'

/** The text; `?` where nothing is named. */
export function placeText(fmri: Fmri | undefined): string {
  if (fmri === undefined) return '?'
  return printFmri(fmri).replace(/^hc:\/\/[^/]*\//, '')
}
