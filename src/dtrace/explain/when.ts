// When a clause runs, in words: at the start, every second, at which probes.
import { BEGIN_ID, END_ID, ERROR_ID } from '../probe/catalog.js'
import { type ProbeDescription, probeSpec } from '../probe/description.js'
import { parseProfileName } from '../probe/profile.js'
import type { Clause } from '../program/program.js'

const SHOWN_PROBES = 2

/** The probes of a clause in words, with a capital. */
export function whenInWords(clause: Clause): string {
  const { probes } = clause
  const [first] = probes
  if (first === undefined) return 'Never: no probe matches'
  if (probes.length === 1) return oneInWords(first)
  const specs = (clause.specs ?? probes.map(probeSpec)).join(', ')
  return `At ${specs} (${probes.length} probes: ${some(probes)})`
}

function oneInWords(probe: ProbeDescription): string {
  if (probe.id === BEGIN_ID) return 'At the start'
  if (probe.id === END_ID) return 'At the end'
  if (probe.id === ERROR_ID) return 'When a clause fails'
  if (probe.provider !== 'profile') return `At ${probeSpec(probe)}`
  const timed = parseProfileName(probe.name)
  if (timed === undefined) return `At ${probe.name}`
  const where = timed.kind === 'tick' ? '' : ', on every pcpu'
  return `${howOften(timed.periodNs)} of the recording's time${where}`
}

function some(probes: readonly ProbeDescription[]): string {
  const names = probes.slice(0, SHOWN_PROBES).map(probeSpec)
  return names.join(', ') + (probes.length > SHOWN_PROBES ? ' ...' : '')
}

const UNITS: readonly (readonly [ns: number, name: string])[] = [
  [86400e9, 'day'],
  [3600e9, 'hour'],
  [60e9, 'minute'],
  [1e9, 'second'],
  [1e6, 'millisecond'],
  [1e3, 'microsecond'],
]

/** An interval in the greatest unit it is a whole number of; how often a second where it is of
 *  none. */
function howOften(ns: number): string {
  const unit = UNITS.find(([size]) => ns % size === 0)
  if (unit === undefined) return `${Math.round(1e9 / ns)} times every second`
  const count = ns / unit[0]
  return `Every ${count === 1 ? unit[1] : `${count} ${unit[1]}s`}`
}
