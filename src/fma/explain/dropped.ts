// Dropped: hypotheses that came to nothing, those of one kind of reason together: what kept each
// from being a cause, with the values that decided.
//
//   25 of page_ce, 25 of ce, each at another part   ->  50: the ereports name another part ...
//
// Holds: a value is told where all of a group have it.
import type { Reason } from '../fmd/reason.js'
import { pathText, someOf } from './place-text.js'

/** Hypotheses that were dropped for one kind of reason. */
export interface DroppedGroup {
  readonly parts: readonly Reason[]
  /** A sentence without a stop. */
  readonly why: string
}

/** Groups them, the largest first where the order says nothing. */
export function droppedGroups(parts: readonly Reason[]): readonly DroppedGroup[] {
  const groups = new Map<string, Reason[]>()
  for (const part of parts) {
    const key = kindOfWhy(part)
    const found = groups.get(key)
    if (found === undefined) groups.set(key, [part])
    else found.push(part)
  }
  return [...groups.values()].map((group) => ({ parts: group, why: whyOf(group) }))
}

/** The hypotheses of a group: `fault.x, fault.y at 25 places (chip0, chip1, ...)`. */
export function hypothesesText({ parts }: DroppedGroup, here?: string): string {
  const classes = [...new Set(parts.map(classOf))]
  const places = [...new Set(parts.map(placeOf))]
  const names = someOf(classes)
  if (places.length === 1) return places[0] === here ? names : `${names} at ${places[0]}`
  return `${names} at ${places.length} places`
}

/** The class of a part of a walk, without its place. */
export const classOf = ({ what }: Reason): string => what.split('@')[0] ?? what
/** Its place, shortened. */
export const placeOf = ({ what }: Reason): string => pathText(what.slice(what.indexOf('@') + 1))

/** The condition that kept a hypothesis from being a cause: of several alternatives the last;
 *  undefined when none did. */
export function decidingCondition({ children }: Reason): Reason | undefined {
  const failed = children.find(({ kind, verdict }) => kind === 'constraint' && verdict === 'fails')
  return failed && lastOf(failed)
}

function lastOf(condition: Reason): Reason {
  const last = condition.children.at(-1)
  return last === undefined ? condition : lastOf(last)
}

/** A condition as it is of any part: without the paths in it. */
const anywhere = (condition: string): string => condition.replace(/\basru\([^()]*\)/g, 'asru(…)')

function kindOfWhy(part: Reason): string {
  const condition = decidingCondition(part)
  if (condition !== undefined) return anywhere(condition.what)
  return /^it does not explain /.test(part.because ?? '') ? 'unexplained' : (part.because ?? '')
}

const NAMES_ANOTHER = /^payloadprop_contains\("resource", asru\(/

function whyOf(group: readonly Reason[]): string {
  const [first] = group
  const condition = first && decidingCondition(first)
  if (condition === undefined) return pathText(first?.because ?? 'nobody says why')
  const text = anywhere(condition.what)
  if (NAMES_ANOTHER.test(condition.what)) return `the ereport names another part: ${text} is 0`
  const all = group.map((each) => new Map(decidingCondition(each)?.values ?? []))
  const common = [...(all[0] ?? [])].filter(([name, value]) =>
    all.every((values) => values.get(name) === value),
  )
  const came = condition.verdict === 'holds' ? 'holds' : 'does not hold'
  return `${text} ${came}${valuesText(common, condition.what)}`
}

/** What went into a condition: ` (x is 5, y is 7)`; nothing where the verdict says it all. */
export function valuesText(values: NonNullable<Reason['values']>, condition: string): string {
  const told = values
    .filter(([name]) => name !== condition && `!${name}` !== condition)
    .map(([name, value]) => `${anywhere(name)} is ${pathText(value)}`)
  return told.length === 0 ? '' : ` (${told.join(', ')})`
}
