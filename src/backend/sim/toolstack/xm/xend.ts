// xend: the daemon that does what xm asks for. What it refuses comes back to whoever asked.
//
//   yield* inXend(destroying(domid))  ->  the hypercalls are xend's; its value, or its refusal
import type { Reply, Script, Step } from '../../step.js'

/** A part of a script, and what it yields in the end. */
export type Steps<T> = Generator<Step, T, Reply>

type Ending<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'thrown'; readonly error: unknown }

/** Lets xend do something. */
export function* inXend<T>(body: Steps<T>): Steps<T> {
  return yield* elsewhere(body, (script) => ({ kind: 'in', execname: 'xend', script }))
}

/** Lets a program of its own do something: xc_save, xc_restore. */
export function* inProgram<T>(execname: string, body: Steps<T>): Steps<T> {
  return yield* elsewhere(body, (script) => ({ kind: 'run', execname, script }))
}

/** Lets whoever a step hands its script to do something, and takes over how it ended. */
export function* elsewhere<T>(body: Steps<T>, step: (script: Script) => Step): Steps<T> {
  const endings: Ending<T>[] = []
  yield step(telling(body, endings))
  const ending = endings[0]
  if (ending?.kind === 'value') return ending.value
  throw ending?.error ?? new Error('a process of dom0 was not run')
}

function* telling<T>(body: Steps<T>, endings: Ending<T>[]): Script {
  try {
    endings.push({ kind: 'value', value: yield* body })
    return 0
  } catch (error) {
    endings.push({ kind: 'thrown', error })
    return 1
  }
}
