// Nearest: what somebody meant who misspelt a name.
//
//   'MCG_CPA' among the names of registers  ->  'MCG_CAP'
//
// Holds: distance is Damerau's: insert, drop, change, or swap two neighbours.

/** The first of the names nearest to `name`, when at most a third of its letters (at least one) are
 *  slips; undefined when none is that near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let least = Math.floor(Math.max(name.length, 3) / 3) + 1
  for (const candidate of known) {
    const slips = editDistance(name, candidate)
    if (slips < least) [best, least] = [candidate, slips]
  }
  return best
}

/** Edits that turn `a` into `b`: insertions, deletions, changes, swaps of two neighbours. */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let cost = Math.min(change, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    before = above
    above = row
  }
  return above[b.length] ?? 0
}
