// Code: a constraint, or a part of one, as something to run.
//
//   known       the topology has decided it
//   run         what is seen so far decides it; of the payload alone, or of more
//
// Holds: `reads` names the members of a payload that alone decide a value, once the ereport was
// seen. Where something else does too, whoever watches is told each time it is asked.
import type { Ereport } from '../event/ereport.js'
import type { Fmri } from '../event/fmri.js'
import type { Deferred, Value } from './value.js'

/** What a constraint can ask of the moment. */
export interface Moment {
  /** The effect of the arrow: whether it was seen, what it said (nothing when an engine made it),
   *  and whether what it requires is known to hold. */
  readonly isSeen: boolean
  readonly ereport: Ereport | undefined
  readonly isCredible: boolean
  /** What is set of the cause, and globals: made when they are first asked for. */
  notes(): ProblemNotes
  globals(): Map<string, Value>
  readonly world: World
  /** Is told of every call and its value, when people want to know. */
  readonly trace?: ((what: string, value: Value | Deferred) => void) | undefined
  /** Notes whether anything was asked or set but what was seen. */
  readonly watch?: Watch | undefined
}

/** Whether an evaluation went beyond what was seen. */
export interface Watch {
  isTouched: boolean
}

/** What constraints set of a problem. */
export interface ProblemNotes {
  readonly serd: Map<'n' | 't' | 'suffix' | 'increment', Value>
  readonly payload: Map<string, Value>
}

/** What is asked of fmd and the module. */
export interface World {
  hasFault(resource: Fmri, pattern: string): boolean
  /** How often a stat engine was counted up. */
  counted(key: string): number
  /** Runs a function of the platform's own. */
  call(name: string, args: readonly string[]): string | undefined
}

/** A member of a payload, and what of it: whether it is there, its value, or all its values. */
export interface Read {
  readonly what: 'defined' | 'value' | 'values'
  readonly name: string
}

type Run = (moment: Moment) => Value | Deferred

/** What is still to be run. */
interface Running {
  readonly kind: 'run'
  readonly run: Run
  /** Undefined when not the payload alone decides. */
  readonly reads: readonly Read[] | undefined
  /** Conditions of the payload alone by which it goes one way or the other. */
  readonly leaves: readonly Leaf[]
}

/** A condition of the payload alone. */
export interface Leaf {
  readonly run: Run
  readonly reads: readonly Read[]
}

/** A value that is known, or what yields it. */
export type Code = { readonly kind: 'known'; readonly value: Value } | Running

export const known = (value: Value): Code => ({ kind: 'known', value })

/** A value that the payload alone decides. */
export function ofPayload(reads: readonly Read[], run: Run): Running {
  return { kind: 'run', run, reads, leaves: [{ run, reads }] }
}

/** A value that more than the payload decides. */
export function ofMoment(run: Run): Running {
  const watched: Run = (moment) => {
    if (moment.watch !== undefined) moment.watch.isTouched = true
    return run(moment)
  }
  return { kind: 'run', run: watched, reads: undefined, leaves: [] }
}

/** A condition made of conditions. */
export function ofConditions(parts: readonly Code[], run: Run): Running {
  const running = parts.filter((part) => part.kind === 'run')
  return { kind: 'run', run, reads: readsOf(parts), leaves: running.flatMap((p) => p.leaves) }
}

/** A value made of values. */
export function ofValues(parts: readonly Code[], run: Run): Running {
  const reads = readsOf(parts)
  return reads === undefined ? ofMoment(run) : ofPayload(reads, run)
}

function readsOf(parts: readonly Code[]): readonly Read[] | undefined {
  const reads: Read[] = []
  for (const part of parts) {
    if (part.kind === 'known') continue
    if (part.reads === undefined) return undefined
    reads.push(...part.reads)
  }
  return reads
}

/** What some code yields. */
export function yieldOf(code: Code, moment: Moment): Value | Deferred {
  return code.kind === 'known' ? code.value : code.run(moment)
}
