// A step: one top-level statement of a cell, or one declarator of it, and the names of the session
// it touches.
//
//   const total = sum(list)          defines total; reads sum, list
//   function inc() { n++ }           defines inc; whenever it is called: reads n, assigns n
//   list.push(1)                     reads list, mutates list
//
// Holds: a name here is one of the session: a local of a function or a block never is.

/** What code does to the names of the session. */
export interface Touched {
  readonly reads: ReadonlySet<string>
  /** Names that get another value. */
  readonly assigns: ReadonlySet<string>
  /** Names whose value is changed: by a member, `delete`, or a method that changes its object. */
  readonly mutates: ReadonlySet<string>
  /** Whether it changes what it was handed: a parameter, `this`, a local that stands for more. */
  readonly changesHanded: boolean
  /** Whether it changes what it keeps for its next call. */
  readonly changesOwn: boolean
}

/** One step of a cell. */
export interface Step {
  /** What is done at once, and what its functions do whenever they are called. */
  readonly now: Touched
  readonly later: Touched
  readonly defines: readonly string[]
  /** Whether it may leave the names it defines as they were. */
  readonly isWeak: boolean
  /** Whether its value is a number, a text or the like: nothing is shared with it. */
  readonly isPlain: boolean
  /** Whether it defines a function or a class, and calls nothing. */
  readonly isCallable: boolean
  /** Whether it only hands values on, and calls nothing. */
  readonly isMention: boolean
  /** Whether its value is what the cell shows. */
  readonly isShown: boolean
}

/** Touches nothing. */
export const UNTOUCHED: Touched = {
  reads: new Set(),
  assigns: new Set(),
  mutates: new Set(),
  changesHanded: false,
  changesOwn: false,
}

/** A step that only reads and defines. */
export function plainStep(reads: Iterable<string>, defines: readonly string[] = []): Step {
  const now = { ...UNTOUCHED, reads: new Set(reads) }
  const flags = { isWeak: false, isPlain: true, isCallable: false }
  return { now, later: UNTOUCHED, defines, ...flags, isMention: false, isShown: false }
}

/** What several pieces of code touch together. */
export function allTouched(all: readonly Touched[]): Touched {
  return {
    reads: new Set(all.flatMap(({ reads }) => [...reads])),
    assigns: new Set(all.flatMap(({ assigns }) => [...assigns])),
    mutates: new Set(all.flatMap(({ mutates }) => [...mutates])),
    changesHanded: all.some(({ changesHanded }) => changesHanded),
    changesOwn: all.some(({ changesOwn }) => changesOwn),
  }
}
