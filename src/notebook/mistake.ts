// Mistakes in a notebook's text.
import type { Diagnostic } from '../base/diagnostic.js'

/** An error that keeps a notebook from running. */
export function mistake(code: `nb.${string}`, message: string): Diagnostic {
  return { code, severity: 'error', message }
}

/** Something that looks wrong and keeps nothing from running. */
export function warning(code: `nb.${string}`, message: string): Diagnostic {
  return { code, severity: 'warning', message }
}
