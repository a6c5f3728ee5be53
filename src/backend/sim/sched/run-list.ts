// RunList: vcpus that wait, the one to run first in front; equals in the order they came.
//
// Holds: a place is found by halving; the list is plain, so that it is copied with its vcpus.
import type { Vcpu } from './vcpu.js'

/** How soon a vcpu is to run: more is sooner. */
type Rank = (vcpu: Vcpu) => number

/** Puts a vcpu behind all that are to run no later than it; its place. */
export function enlist(list: Vcpu[], vcpu: Vcpu, rank: Rank): number {
  const own = rank(vcpu)
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (rank(list[middle] as Vcpu) >= own) low = middle + 1
    else high = middle
  }
  list.splice(low, 0, vcpu)
  vcpu.queued = true
  return low
}

/** Takes a vcpu out. */
export function delist(list: Vcpu[], vcpu: Vcpu): void {
  const at = list.indexOf(vcpu)
  if (at >= 0) list.splice(at, 1)
  vcpu.queued = false
}
