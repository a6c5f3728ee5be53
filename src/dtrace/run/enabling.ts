// Enabling: which clause runs on which probe, under which EPID.
//
// Holds: EPIDs count from 1 in program order, within a clause in the order of its probes; clauses
// of one probe run in program order.
import type { Program } from '../program/program.js'
import type { Ecb } from './engine.js'

/** All enabled control blocks of a program, by EPID. A probe that a clause names twice is enabled
 *  twice. */
export function enableProgram(program: Program): readonly Ecb[] {
  const ecbs: Ecb[] = []
  program.clauses.forEach((clause, index) => {
    for (const probe of clause.probes) ecbs.push({ epid: ecbs.length + 1, clause: index, probe })
  })
  return ecbs
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
