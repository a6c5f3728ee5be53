// Did you mean: the probe nearest to a description that matches none.
//
//   'xpv:::dom-creat-start'  ->  'xpv:::dom-create-start'        'xtd:::wake'  ->  'xdt:::wake'
//   'privcmd:domctl'         ->  'privcmd:domctl::'              parts fill from the right
//
// Holds: what is suggested matches at least one probe; parts left empty or written with a glob
// stay as they are where that still matches. Distances are those of base/nearest.ts.
import { editDistance } from '../../base/nearest.js'
import type { ProbeCatalog } from './catalog.js'
import type { ProbeDescription } from './description.js'
import { globMatcher, isGlob } from './glob.js'
import { PARTS, type ProbePattern, parsePattern } from './pattern.js'

/** A part was written where the provider has none (`xdt:sched:foo:wake`): two slips, whatever it
 *  says. */
const COST_OF_EMPTY = 2

/** A description near `patternText` that matches a probe, written with as many colons, or with more
 *  where its parts were meant to fill from the left; undefined when nothing is near enough to be a
 *  slip, when it already matches, or for ids and overlong descriptions. */
export function suggestProbe(catalog: ProbeCatalog, patternText: string): string | undefined {
  const pattern = parsePattern(patternText)
  if (pattern === 'overspecified' || pattern.id !== undefined) return undefined
  const given = PARTS.slice(PARTS.length - patternText.split(':').length)
  const fromLeft = `${patternText}${':'.repeat(PARTS.length - given.length)}`
  if (matches(catalog, fromLeft)) return matches(catalog, patternText) ? undefined : fromLeft
  const costOf = probeCost(pattern)
  let best: ProbeDescription | undefined
  let least = Number.POSITIVE_INFINITY
  for (const probe of catalog.probes) {
    const cost = costOf(probe)
    if (cost < least) [best, least] = [probe, cost]
  }
  if (best === undefined || least === 0 || least === Number.POSITIVE_INFINITY) return undefined
  return given.map((part) => rewritten(pattern[part], best[part])).join(':')
}

function matches(catalog: ProbeCatalog, text: string): boolean {
  const pattern = parsePattern(text)
  return pattern !== 'overspecified' && catalog.match(pattern).length > 0
}

/** A part of the suggestion: what was written where it matches, else the probe's own. */
function rewritten(written: string, actual: string): string {
  return globMatcher(written)(actual) ? written : actual
}

/** How many slips separate each probe from the pattern; infinite when a part is beyond a slip.
 *  Parts are few and repeat, so each text is compared once. */
function probeCost(pattern: ProbePattern): (probe: ProbeDescription) => number {
  const costs = PARTS.map((part) => {
    const known = new Map<string, number>()
    return (text: string): number => {
      const seen = known.get(text)
      if (seen !== undefined) return seen
      const cost = partCost(pattern[part], text)
      known.set(text, cost)
      return cost
    }
  })
  return (probe) => PARTS.reduce((sum, part, i) => sum + (costs[i]?.(probe[part]) ?? 0), 0)
}

function partCost(written: string, actual: string): number {
  if (globMatcher(written)(actual)) return 0
  if (actual === '') return COST_OF_EMPTY
  const slips = isGlob(written) ? globSlips(written, actual) : editDistance(written, actual)
  const allowed = Math.max(1, Math.floor(Math.max(written.length, actual.length) / 3))
  return slips <= allowed ? slips : Number.POSITIVE_INFINITY
}

/** A glob that matches nothing: compare what it says literally with as much of the text. */
function globSlips(glob: string, text: string): number {
  const literal = glob.replace(/\[[^\]]*\]|[*?\\]/g, '')
  if (literal.length < 3) return Number.POSITIVE_INFINITY
  let least = Number.POSITIVE_INFINITY
  for (let from = 0; from + literal.length <= text.length + 1; from++) {
    least = Math.min(least, editDistance(literal, text.slice(from, from + literal.length)))
  }
  return least
}
