// Names that every program finds, and none can make: built-in variables, arguments, functions.
//
// Source: libdtrace dt_open.c (_dtrace_globals).
import { BUILTINS, FAULT_CODES } from '../program/builtins.js'
import { callableNamed } from '../program/subroutines.js'

/** The N of argN. */
export function argIndex(name: string): number | undefined {
  const digit = /^arg([0-9])$/.exec(name)?.[1]
  return digit === undefined ? undefined : Number(digit)
}

/** Whether a name is that of a built-in variable or function: it cannot be declared. */
export function isTaken(name: string): boolean {
  if (name === 'args' || name === 'uregs' || argIndex(name) !== undefined) return true
  return BUILTINS.has(name) || callableNamed(name) !== undefined
}

/** Whether a name stands for a value that cannot be assigned to. */
export function isGiven(name: string): boolean {
  if (['self', 'this', 'args', 'uregs', 'NULL'].includes(name)) return true
  if (name.includes('`') || argIndex(name) !== undefined) return true
  return BUILTINS.has(name) || FAULT_CODES.has(name)
}
