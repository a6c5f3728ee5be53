// Exit statuses: what a script learns from how xpv ended.
//
//   0 done   1 a cell threw, or a check found drift   2 usage   3 types are wrong
//   4 backend not available   5 bad input file   130 interrupted;
//   `dtrace` ends with what exit() said
import { DiagnosticError, printDiagnostic } from '../base/diagnostic.js'
import { printError, XpvError } from '../base/error.js'

/** Node's own, whatever a guard makes of it later. To import it takes Node 4 ms. */
const exit: (status: number) => never = process.exit.bind(process)

export const DONE = 0
export const FAILED = 1
export const USAGE = 2
export const WRONG_TYPES = 3
const NO_BACKEND = 4
const BAD_INPUT = 5
export const INTERRUPTED = 130

const BY_ROOM: Readonly<Record<string, number>> = {
  backend: NO_BACKEND,
  cli: USAGE,
  config: USAGE,
  file: BAD_INPUT,
  nb: BAD_INPUT,
  recording: BAD_INPUT,
  sim: NO_BACKEND,
  trace: BAD_INPUT,
}

/** The status a refusal ends with. */
export function statusOf(error: unknown): number {
  if (!(error instanceof XpvError)) return FAILED
  if (error.code.endsWith('.usage') || error.code.endsWith('.refused')) return USAGE
  return BY_ROOM[error.code.split('.')[0] ?? ''] ?? FAILED
}

/** Ends the program for SIGINT, all that was printed so far given out. */
export function leaveInterrupted(context: { readonly out: { flush(): void } }): never {
  context.out.flush()
  exit(INTERRUPTED)
}

/** A failure as text for standard error, newline included; JSON when asked for. Never a stack
 *  trace. */
export function failureText(error: unknown, json: boolean): string {
  if (json) return `${JSON.stringify({ error: failureJson(error) })}\n`
  if (error instanceof XpvError) return `xpv: ${printError(error)}\n`
  if (error instanceof DiagnosticError) {
    return error.diagnostics.map((d) => `${printDiagnostic(error.source, d)}\n`).join('')
  }
  return `xpv: failed: ${error instanceof Error ? error.message : String(error)}\n`
}

function failureJson(error: unknown): unknown {
  if (error instanceof XpvError) {
    return { code: error.code, message: error.message, hint: error.hint }
  }
  if (error instanceof DiagnosticError) {
    return { code: 'd.errors', message: error.message, diagnostics: error.diagnostics }
  }
  return { code: 'failed', message: error instanceof Error ? error.message : String(error) }
}
