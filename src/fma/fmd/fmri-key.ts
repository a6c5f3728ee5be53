// FMRI key: by what two names of one thing are the same: the place, not whose host it is nor which
// serial number is there now.
//
//   hc://:product-id=X:serial=1/chip=0  and  hc:///chip=0   ->  one key
//
// Source: illumos-gate usr/src/lib/fm/topo/libtopo/common/topo_fmri.c (topo_fmri_strcmp).
import { type Fmri, printFmri } from '../event/fmri.js'
import type { HcFmri } from '../event/fmri-hc.js'

const KEYS = new WeakMap<Fmri, string>()

/** The key of a name. */
export function fmriKey(fmri: Fmri): string {
  const known = KEYS.get(fmri)
  if (known !== undefined) return known
  const key = printFmri(bare(fmri))
  KEYS.set(fmri, key)
  return key
}

function bare(fmri: Fmri): Fmri {
  if (fmri.scheme === 'hc') {
    return {
      ...fmri,
      authority: undefined,
      serial: undefined,
      part: undefined,
      revision: undefined,
    }
  }
  return fmri.scheme === 'cpu' ? { ...fmri, serial: undefined } : fmri
}

/** Whether one thing is another or a part of it: hardware below it in the tree, memory in it. */
export function isWithin(inner: Fmri, outer: Fmri): boolean {
  if (inner.scheme === 'hc' && outer.scheme === 'hc') return isWithinHc(inner, outer)
  return fmriKey(inner) === fmriKey(outer)
}

function isWithinHc(inner: HcFmri, outer: HcFmri): boolean {
  const whole = outer.physaddr === undefined && outer.offset === undefined
  if (!whole) return fmriKey(inner) === fmriKey(outer)
  return outer.path.every(({ name, id }, i) => {
    const pair = inner.path[i]
    return pair?.name === name && pair.id === id
  })
}
