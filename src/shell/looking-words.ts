// Looking words: lines that ask what something is.
//
//   .explain 36 hypercall   .explain 0xbe000000000c0151   .doc pcpus[0]   .type domains
import { XpvError } from '../base/error.js'
import type { Session } from '../session/session.js'

/** What something means: a name of the session is read, all else is a text that tables may know;
 *  a second word says what a number was read as. */
export async function explainWord(session: Session, words: string): Promise<string> {
  if (words === '') throw new XpvError('shell.usage', 'explain what?', '.explain 36 hypercall')
  const [, number, as] = /^(-?\d[\w]*)\s+([^\s\d]\S*)$/.exec(words) ?? []
  if (number !== undefined) return shownBy(session, `explain(${quoted(number)}, ${quoted(as)})`)
  const root = /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(words)?.[0] ?? ''
  const isBound = root in globalThis && /^[\p{ID_Start}$_d][^{:]*$|^d`/u.test(words)
  return shownBy(session, `explain(${isBound ? words : quoted(words)})`)
}

/** The page of `NAME?`. */
export async function docWord(session: Session, name: string): Promise<string> {
  if (name === '') throw new XpvError('shell.usage', 'the page of what?', '.doc pcpus[0]')
  return shownBy(session, `${name}?`)
}

/** The type of an expression, as TypeScript has it; what it is made of where nobody knows. */
export async function typeWord(session: Session, expression: string): Promise<string> {
  if (expression === '') throw new XpvError('shell.usage', 'the type of what?', '.type domains')
  const told = await session.assist.describeAt?.(expression, expression.length)
  const type = /```\w*\n([\s\S]*?)\n```/.exec(told ?? '')?.[1]
  if (type !== undefined && type !== '') return `${type}\n`
  const result = await session.evaluate(`${expression}\n`, { language: 'ts' })
  if (result.kind === 'error') throw result.error.thrown
  return `${result.kind === 'ok' ? kindOf(result.value) : 'unknown'}\n`
}

function kindOf(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value
  return Object.getPrototypeOf(value)?.constructor?.name ?? 'object'
}

/** What a cell shows of its value. */
async function shownBy(session: Session, source: string): Promise<string> {
  const result = await session.evaluate(source)
  if (result.kind === 'error') throw result.error.thrown
  const shown = result.kind === 'ok' ? result.shown : undefined
  return shown === undefined ? '' : `${shown['text/plain']}\n`
}

const quoted = (text = ''): string => JSON.stringify(text)
