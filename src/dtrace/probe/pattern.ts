// Probe patterns: `provider:module:function:name` with globs, right-aligned, empty parts matching
// all.
//
//   'BEGIN'          -> name only            'xpv:::'       -> provider only
//   'xpv:::*-start'  -> provider and name    '6314'         -> that id
//
// Globs are per part: see glob.ts. Source: dtrace(8), "-n"; libdtrace dt_subr.c (dtrace_xstr2desc).
import type { ProbeDescription } from './description.js'
import { globMatcher } from './glob.js'

/** The four parts as written; "" matches everything. `id` alone selects one probe by number. */
export interface ProbePattern {
  readonly provider: string
  readonly module: string
  readonly function: string
  readonly name: string
  readonly id?: number
}

/** One of the four parts of a description. */
export type PatternPart = 'provider' | 'module' | 'function' | 'name'

/** The parts from left to right. */
export const PARTS: readonly PatternPart[] = ['provider', 'module', 'function', 'name']

/** Parses a probe description whose last part is `last` ('name' for -n, 'provider' for -P ...).
 *  Returns 'overspecified' when there are more parts than that allows. */
export function parsePattern(
  text: string,
  last: PatternPart = 'name',
): ProbePattern | 'overspecified' {
  if (last === 'name' && /^\d+$/.test(text)) return { ...EMPTY, id: Number(text) }
  const given = text.split(':')
  // A colon in front opens no part of its own: `::read:` names three.
  if (given.length > 1 && given[0] === '') given.shift()
  const allowed = PARTS.indexOf(last) + 1
  if (given.length > allowed) return 'overspecified'
  const parts = [...Array<string>(allowed - given.length).fill(''), ...given]
  return {
    provider: parts[0] ?? '',
    module: parts[1] ?? '',
    function: parts[2] ?? '',
    name: parts[3] ?? '',
  }
}

/** A pattern as text in the one form in which programs keep it: an id, a name that D cannot take
 *  for a type (`BEGIN`, `tick-1s`), or all four parts. */
export function canonicalSpec(pattern: ProbePattern): string {
  const { provider, module, function: func, name, id } = pattern
  if (id !== undefined) return String(id)
  const nameOnly = provider === '' && module === '' && func === ''
  if (nameOnly && /^(BEGIN|END|ERROR)$|[-.?!]/.test(name)) return name
  return `${provider}:${module}:${func}:${name}`
}

const EMPTY: ProbePattern = { provider: '', module: '', function: '', name: '' }

/** A predicate that tells whether a probe matches. Compiles each glob once. */
export function patternMatcher(pattern: ProbePattern): (probe: ProbeDescription) => boolean {
  if (pattern.id !== undefined) return (probe) => probe.id === pattern.id
  const tests = PARTS.map((part) => globMatcher(pattern[part]))
  return (probe) => PARTS.every((part, i) => tests[i]?.(probe[part]) ?? true)
}
