// SerdLimits of a threshold: what somebody says that SERD engines are to fire on, as the engine
// takes it.
//
//   { 'serd.memory.generic-x86.page_ce': { n: 5, t: '24h' } }  ->  more than 5 in 24 h
//
// Holds: a name that no rule has is refused, with the nearest one that some rule has.
import { parseDuration } from '../base/duration.js'
import { XpvError } from '../base/error.js'
import { nearest } from '../base/nearest.js'
import { isSerdEngine, serdEngineNames } from '../fma/eversholt/engine-names.js'
import type { RuleSet } from '../fma/eversholt/rule-set.js'
import type { SerdLimits } from '../fma/fmd/module.js'

/** Limits of SERD engines, by their name: more than n in t. */
export type Threshold = Readonly<
  Record<string, { readonly n: number; readonly t: string | number }>
>

const EXAMPLE = "{ 'serd.cpu.generic-x86.l1dcache': { n: 2, t: '72h' } }"

/** Limits by engine. Throws `XpvError` `fma.threshold`, `fma.duration`. */
export function serdLimits(threshold: Threshold, rules: RuleSet): ReadonlyMap<string, SerdLimits> {
  if (typeof threshold !== 'object' || threshold === null)
    throw new XpvError('fma.threshold', 'a threshold is limits by engine', EXAMPLE)
  return new Map(
    Object.entries(threshold).map(([name, limits]) => {
      if (!isSerdEngine(rules, name)) throw unknownEngine(name, rules)
      return [name, limitsOf(name, limits)] as const
    }),
  )
}

function unknownEngine(name: string, rules: RuleSet): XpvError {
  const names = serdEngineNames(rules)
  const near = nearest(name, names) ?? nearest(`serd.${name}`, names) ?? endingIn(name, names)
  const meant = near === undefined ? '' : `; did you mean ${near}?`
  const hint = near === undefined ? 'fmstat -s -m eft' : `{ '${near}': { n: 2, t: '72h' } }`
  return new XpvError('fma.threshold', `no rule has a SERD engine ${name}${meant}`, hint)
}

/** An engine that somebody may mean who says its last part alone. */
function endingIn(name: string, names: readonly string[]): string | undefined {
  const last = name.split('.').at(-1) ?? name
  return names.find((each) => each.endsWith(`.${last}`))
}

function limitsOf(name: string, limits: Threshold[string] | undefined): SerdLimits {
  const { n, t } = limits ?? {}
  if (typeof n !== 'number' || !Number.isInteger(n) || n < 0)
    throw new XpvError('fma.threshold', `${name}: n is a number of errors, 0 or more`, EXAMPLE)
  if (t === undefined)
    throw new XpvError('fma.threshold', `${name}: t, how long they count, is missing`, EXAMPLE)
  return { n, tNs: spanNs(t) }
}

/** A length of time as somebody types it. Throws `XpvError` `fma.duration`. */
export function spanNs(time: string | number | undefined): bigint {
  const ns = parseDuration(time)
  if (ns !== undefined) return BigInt(Math.round(ns))
  throw new XpvError('fma.duration', `${String(time)} is not a time`, "'19s'")
}
