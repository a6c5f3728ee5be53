// The nearest of some names to one that was mistyped.
import { editDistance } from '../probe/suggest.js'

/** The candidate with the fewest edits from `word`, when that is less than half of it. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((name) => ({ name, edits: editDistance(word, name) }))
    .sort((a, b) => a.edits - b.edits)
  const [best] = ranked
  return best !== undefined && best.edits * 2 < word.length + 1 ? best.name : undefined
}
