// Outcome: what a hypercall yields, and what it has taken.
import type { CallValues } from '../step.js'

/** The hypervisor's answer: 0 or more, or an X_E* number below 0; what it filled in; how long the
 *  vcpu was in it. */
export interface Outcome {
  readonly result: number
  readonly out: CallValues
  readonly ns: number
}

/** Errors the hypervisor gives, by name. Source: xen/include/public/errno.h. */
const ERRNO = {
  EPERM: 1,
  ESRCH: 3,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EBUSY: 16,
  EEXIST: 17,
  EINVAL: 22,
  ENOSPC: 28,
  ENOSYS: 38,
  ENODATA: 61,
  EOVERFLOW: 75,
  EOPNOTSUPP: 95,
} as const

/** Nanoseconds that a refusal takes: entering, copying the structure in, leaving. */
const REFUSAL_NS = 700

/** Success. */
export function done(ns: number, out: CallValues = {}, result = 0): Outcome {
  return { result, out, ns }
}

/** A refusal. */
export function refused(errno: keyof typeof ERRNO): Outcome {
  return { result: -ERRNO[errno], out: {}, ns: REFUSAL_NS }
}

/** A refusal of a number that an era chose; 0 is none. */
export function refusedBy(errno: number): Outcome {
  return { result: errno === 0 ? 0 : -errno, out: {}, ns: REFUSAL_NS }
}
