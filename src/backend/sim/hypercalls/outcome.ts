// Outcome: what a hypercall yields, and what it has taken.
import { ERRNO, type Errno } from '../../../machine/errno.js'
import type { CallValues } from '../step.js'

/** The hypervisor's answer: 0 or more, or an X_E* number below 0; what it filled in; how long the
 *  vcpu was in it. */
export interface Outcome {
  readonly result: number
  readonly out: CallValues
  readonly ns: number
}

/** Nanoseconds that a refusal takes: entering, copying the structure in, leaving. */
const REFUSAL_NS = 700

/** Success. */
export function done(ns: number, out: CallValues = {}, result = 0): Outcome {
  return { result, out, ns }
}

/** A refusal. */
export function refused(errno: Errno): Outcome {
  return { result: -ERRNO[errno], out: {}, ns: REFUSAL_NS }
}
