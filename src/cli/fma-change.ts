// FmaChange: what `fma.whatIf` may change, checked.
//
//   { era, msi, rules, threshold, topology, seconds }  ->  the same, each of its type
//
// Holds: what says nothing that could be different, what nobody knows and what is of another type
// is refused, with what may be typed instead.
import { parseSimSpec } from '../backend/sim/sim-spec.js'
import { XpvError } from '../base/error.js'
import { nearest } from '../base/nearest.js'
import { Topology } from '../fma/topo/topology.js'
import { Rules } from '../session/esc/rules.js'
import type { Threshold } from './serd-limits.js'

/** Rules, or the path of a file of them; or several. */
export type RulesGiven = string | Rules | readonly (string | Rules)[]

/** What `whatIf` may change. */
export interface WhatIf {
  /** Another era, by its name; `xen-4.17,msi=off` says `msi`, too. */
  readonly era?: string
  /** Message-signalled interrupts. */
  readonly msi?: boolean
  /** Other rules instead of our own: files, or what esc`...` yields. */
  readonly rules?: RulesGiven
  /** Limits of SERD engines, by their class: more than n in t. */
  readonly threshold?: Threshold
  /** The parts of another host: as it has them, or by what opens it: 'sim:metal'. */
  readonly topology?: Topology | string
  /** Whether another second is a difference. */
  readonly seconds?: boolean
}

/** What one member may be. */
interface Kind {
  readonly is: (value: unknown) => boolean
  readonly what: string
  /** As it is typed. */
  readonly example: string
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isTruth = (value: unknown): boolean => typeof value === 'boolean'

const isRules = (value: unknown): boolean => isText(value) || value instanceof Rules

const RULES: Kind = {
  is: (value) =>
    isRules(value) || (Array.isArray(value) && value.length > 0 && value.every(isRules)),
  what: 'a file of rules, esc`...`, or a list of them',
  example: "{ rules: 'site.esc' }",
}

const KINDS: Readonly<Record<keyof WhatIf, Kind>> = {
  era: { is: isText, what: 'the name of an era', example: "{ era: 'metal' }" },
  msi: { is: isTruth, what: 'true or false', example: '{ msi: false }' },
  rules: RULES,
  threshold: {
    is: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    what: 'limits by engine',
    example: "{ threshold: { 'serd.cpu.generic-x86.l1dcache': { n: 2, t: '72h' } } }",
  },
  topology: {
    is: (value) => isText(value) || value instanceof Topology,
    what: 'the parts of a host, or what opens one',
    example: "{ topology: 'sim:metal' }",
  },
  seconds: { is: isTruth, what: 'true or false', example: "{ era: 'metal', seconds: true }" },
}

const HINT = "fma.whatIf({ era: 'metal' }), or { msi, rules, threshold, topology }"

/** The same change. Throws `XpvError` `fma.what-if`, `fma.rules`, `sim.no-era`,
 *  `sim.no-option`, `sim.bad-value`. */
export function checkedChange(change: WhatIf): WhatIf {
  const given = isRecord(change) ? Object.entries(change) : []
  const names = given.flatMap(([name, value]) => (value === undefined ? [] : name))
  if (names.every((name) => name === 'seconds'))
    throw new XpvError('fma.what-if', 'fma.whatIf(): it is not said what is different', HINT)
  for (const [name, value] of given) if (value !== undefined) checkMember(name, value)
  return change.era?.includes(',') || change.era?.startsWith('sim:') ? bySpec(change) : change
}

/** A change whose era is the spec of a simulated host: `xen-4.17,msi=off` is an era, and `msi`. The
 *  rest of the host is what it was. */
function bySpec({ era = '', ...others }: WhatIf): WhatIf {
  const { era: named, msi, ...rest } = parseSimSpec(era.startsWith('sim:') ? era : `sim:${era}`)
  const [other] = Object.keys(rest)
  if (other !== undefined) {
    const message = `fma.whatIf(): ${era}: the host stays what it is, but for its era and msi`
    throw new XpvError('fma.what-if', message, "fma.whatIf({ era: 'xen-4.17', msi: false })")
  }
  return {
    ...(named === undefined ? {} : { era: named }),
    ...(msi === undefined ? {} : { msi }),
    ...others,
  }
}

/** Parts of a host as somebody names them. Throws `XpvError` `fma.topology`. */
export function checkedParts(parts: Topology | string): Topology | string {
  const { is, what } = KINDS.topology
  if (is(parts)) return parts
  const message = `topology is ${what}, not ${shown(parts)}`
  throw new XpvError('fma.topology', message, "{ topology: 'sim:metal' }")
}

/** Rules as a list. Throws `XpvError` `fma.rules`. */
export function ruleList(rules: RulesGiven): readonly (string | Rules)[] {
  if (!RULES.is(rules))
    throw new XpvError('fma.rules', `rules is ${RULES.what}, not ${shown(rules)}`, "'site.esc'")
  return typeof rules === 'string' || rules instanceof Rules ? [rules] : rules
}

function checkMember(name: string, value: unknown): void {
  if (!Object.hasOwn(KINDS, name)) throw unknownMember(name)
  const { is, what, example } = KINDS[name as keyof WhatIf]
  if (is(value)) return
  const message = `fma.whatIf(): ${name} is ${what}, not ${shown(value)}`
  throw new XpvError('fma.what-if', message, `fma.whatIf(${example})`)
}

function unknownMember(name: string): XpvError {
  const near = nearest(name, Object.keys(KINDS))
  const meant = near === undefined ? '' : `; did you mean ${near}?`
  return new XpvError('fma.what-if', `fma.whatIf(): nothing is called ${name}${meant}`, HINT)
}

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A value in few words. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
