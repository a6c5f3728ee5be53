// PathValue: the value that a chain of names leads to, without any effect: `pcpus[1].msr`.
//
//   a name of the global object, then .name, [1], ['name']  ->  { value }, or undefined
//
// Holds: a getter is only asked of a value that describes itself (reading such a value has no
// effect); else a property must hold its value. Nothing is called.
import { isDescribed } from '../base/describe.js'

/** A value that was found. */
export interface FoundValue {
  readonly value: unknown
}

const STEP = /^(?:\.?([\p{ID_Start}$_][\p{ID_Continue}$]*)|\[(?:(\d+)|'([^']*)'|"([^"]*)")\])/u

/** The value of a path; undefined where it is no path, or cannot be read without an effect. */
export function pathValue(expression: string): FoundValue | undefined {
  return pathSteps(expression)?.reduce<FoundValue | undefined>(
    (found, step) => (found === undefined ? undefined : memberOf(found.value, step)),
    { value: globalThis },
  )
}

/** The names of a path: `pcpus[1].msr` are pcpus, 1, msr. Undefined where it is no path. */
export function pathSteps(expression: string): readonly string[] | undefined {
  const steps: string[] = []
  for (let rest = expression.trim(); rest !== ''; ) {
    const step = STEP.exec(rest)
    const name = step?.slice(1).find((part) => part !== undefined)
    if (step === null || name === undefined) return undefined
    steps.push(name)
    rest = rest.slice(step[0].length)
  }
  return steps
}

/** A member of a value; undefined where reading it might have an effect. */
export function memberOf(value: unknown, name: string): FoundValue | undefined {
  if (isDescribed(value)) return attempt(value, name)
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  const held = Object.getOwnPropertyDescriptor(value, name)
  return held !== undefined && 'value' in held ? { value: held.value } : undefined
}

/** A value that describes itself may refuse a member: then there is none to be shown. */
function attempt(value: object, name: string): FoundValue | undefined {
  try {
    return { value: Reflect.get(value, name) }
  } catch {
    return undefined
  }
}
