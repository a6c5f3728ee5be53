// XpvError: a refused operation. Stable code, what was seen, and the next thing to type.
//
//   throw new XpvError('trace.no-clock', 'create.xt does not say its clock rate', '--hz 2.6G')
//
// Codes are `room.reason`, never reused for another meaning; the exit status follows from the
// code's room.

/** Says why an operation was refused. `code` is stable; `hint` is the next thing to type, if
 *  known. */
export class XpvError extends Error {
  readonly code: string
  readonly hint: string | undefined

  constructor(code: string, message: string, hint?: string) {
    super(message)
    this.name = 'XpvError'
    this.code = code
    this.hint = hint
  }
}

/** One refusal as text: `code: message`, and the hint on a line of its own. No stack, no newline
 *  at the end. */
export function printError(error: XpvError): string {
  const hint = error.hint === undefined ? '' : `\n  try: ${error.hint}`
  return `${error.code}: ${error.message}${hint}`
}
