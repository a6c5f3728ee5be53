// Enabling: which clause runs on which probe, under which EPID.
//
// Holds: EPIDs count from 1 in program order, within a clause in the order of its probes; clauses
// of one probe run in program order.
import { parsePattern, patternMatcher } from '../probe/pattern.js'
import type { Program } from '../program/program.js'
import type { Ecb } from './engine.js'

/** All enabled control blocks of a program, by EPID. A probe that a clause names twice is enabled
 *  twice. */
export function enableProgram(program: Program): readonly Ecb[] {
  const ecbs: Ecb[] = []
  let described = 0
  program.clauses.forEach(({ probes, specs = [] }, clause) => {
    const matchers = specs.length > 1 ? specs.map(matcherOf) : []
    for (const probe of probes) {
      const which = matchers.findIndex((matches) => matches(probe))
      const description = described + Math.max(0, which)
      ecbs.push({ epid: ecbs.length + 1, clause, description, probe })
    }
    described += Math.max(1, specs.length)
  })
  return ecbs
}

function matcherOf(spec: string): ReturnType<typeof patternMatcher> {
  const pattern = parsePattern(spec)
  return pattern === 'overspecified' ? () => false : patternMatcher(pattern)
}

/** The control blocks of each probe, in the order they run. */
export function ecbsByProbe(ecbs: readonly Ecb[]): ReadonlyMap<number, readonly Ecb[]> {
  const byProbe = new Map<number, Ecb[]>()
  for (const ecb of ecbs) {
    const list = byProbe.get(ecb.probe.id)
    if (list === undefined) byProbe.set(ecb.probe.id, [ecb])
    else list.push(ecb)
  }
  return byProbe
}
