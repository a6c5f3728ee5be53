// FMRI strings: an nvlist in which each embedded FMRI is its string, as `fmdump -Vp` prints it.
//
//   detector = (embedded nvlist) …  ->  detector = hc:///motherboard=0/chip=0
//
// Holds: what is no FMRI that can be understood stays as it is; so do the lists of an array, but
// not what is in them. Source: illumos-gate usr/src/cmd/fm/fmdump/common/nvlrender.c.
import { XpvError } from '../../base/error.js'
import { fmriFromNvlist, printFmri } from '../event/fmri.js'
import { type NvList, type NvValue, nv } from '../event/nvlist.js'

/** The same members in the same order. */
export function withFmriStrings(list: NvList): NvList {
  return new Map([...list].map(([name, value]): [string, NvValue] => [name, shortened(value)]))
}

function shortened(value: NvValue): NvValue {
  if (value.kind === 'nvlist[]') return nv.lists(value.value.map(withFmriStrings))
  if (value.kind !== 'nvlist') return value
  const text = value.value.has('version') ? fmriText(value.value) : undefined
  return text === undefined ? nv.list(withFmriStrings(value.value)) : nv.string(text)
}

/** The string of an FMRI; undefined for an nvlist that is none. */
export function fmriText(list: NvList): string | undefined {
  try {
    return printFmri(fmriFromNvlist(list))
  } catch (error) {
    if (error instanceof XpvError && error.code.startsWith('fma.fmri')) return undefined
    throw error
  }
}
