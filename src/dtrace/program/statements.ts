// What kind of thing a statement is: whether it changes the system, and what it leaves in a record.
import type { Clause, Statement } from './program.js'

/** Whether a statement changes the system it runs on, or the machine it traces: only with -w.
 *  Source: DTRACEACT_ISDESTRUCTIVE; ftruncate() is none. */
export function isDestructive({ kind }: Statement): boolean {
  return kind === 'system' || kind === 'freopen' || kind === 'live'
}

/** Whether a statement's output goes to a speculation: all but what is before speculate(). */
export function speculates(clause: Clause): boolean {
  return clause.statements.some((s) => s.kind === 'speculate')
}
