// Did you mean: the known name nearest to one that is not.
import { editDistance } from '../probe/suggest.js'

/** The nearest of `known`, when it is at most a third of the letters away. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let least = Math.floor(Math.max(name.length, 3) / 3) + 1
  for (const candidate of known) {
    const distance = editDistance(name, candidate)
    if (distance < least) [best, least] = [candidate, distance]
  }
  return best
}
