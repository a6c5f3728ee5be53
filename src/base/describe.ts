// How a value explains itself: what it is, and what each of its members says.
//
//   help(domains[1])  ->  value[DESCRIBE]()  ->  a page of the manual      Tab  ->  its members
//
// Holds: reading a member of a value that describes itself has no effect.

/** The property under which a value explains itself: `value[DESCRIBE](): Description`. */
export const DESCRIBE: unique symbol = Symbol.for('xpv.describe') as never

/** What a value is. */
export interface Description {
  /** How one gets at it: `pcpus[1]`. */
  readonly name: string
  readonly summary: string
  /** Each property and method in a sentence, with its unit. */
  readonly members: Readonly<Record<string, string>>
}

/** A value that explains itself. */
export interface Described {
  [DESCRIBE](): Description
}

/** The members of a type, all of them: who adds one must say what it is. */
export type MembersOf<T> = Readonly<Record<Exclude<Extract<keyof T, string>, 'toJSON'>, string>>

/** Whether a value explains itself. */
export function isDescribed(value: unknown): value is Described {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, DESCRIBE) === 'function'
  )
}
