// What the files of a dom0 with xl hold when it boots: configurations of guests.
import type { Era } from '../../era.js'

/** Pairs of path and text. */
export function xlFiles(_era: Era): readonly (readonly [path: string, text: string])[] {
  return []
}
