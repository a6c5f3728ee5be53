// Obs: a value with where it came from, or the reason why there is none. What is not known is
// never a default.

/** Where a value was taken from. */
export type Provenance = 'hypercall' | 'vcpu' | 'sysfs' | 'tool' | 'trace' | 'metadata' | 'sim'

/** A value somebody observed, or why nobody could. */
export type Obs<T> =
  | { readonly kind: 'known'; readonly value: T; readonly from: Provenance }
  | { readonly kind: 'unknown'; readonly reason: string }

/** An observed value. */
export const known = <T>(value: T, from: Provenance): Obs<T> => ({ kind: 'known', value, from })

/** A value that is not to be had, with the reason. */
export const unknown = (reason: string): Obs<never> => ({ kind: 'unknown', reason })
