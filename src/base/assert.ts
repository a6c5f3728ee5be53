// Our own bugs fail here; what a user did wrong is an XpvError or a Diagnostic, never an assertion.

/** Throws an `Error` naming `what` when `condition` is false: a defect of xpv, not of its input. */
export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`xpv bug: ${what}`)
}

/** Ends a `switch` over a union: the compiler proves it unreachable, at run time it throws. */
export function assertNever(value: never): never {
  throw new Error(`xpv bug: unexpected variant ${JSON.stringify(value)}`)
}
