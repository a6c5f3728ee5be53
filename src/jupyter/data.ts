// The data of an output: the forms of a value, or what is told of a mistake, as Jupyter has them.
//
//   DisplayBundle  ->  { 'text/plain', 'text/html', 'text/markdown', 'image/svg+xml', ... }
//   CellError      ->  { ename, evalue, traceback: lines }
//
// Holds: a value's JSON goes under a type of our own. Under application/json JupyterLab, which
// ranks that first, would show a folded tree in place of the table or the page.
// Source: jupyterlab packages/json-extension (rank 0); Jupyter's messaging documentation.
import type { DisplayBundle } from '../base/display.js'
import type { CellError } from '../session/cell-error.js'
import { redacted } from '../session/secrets.js'
import type { Content } from './message.js'

/** The type under which a value's JSON goes. */
export const VALUE_JSON = 'application/vnd.xpv+json'

/** The forms of a value, without secrets. */
export function dataOf(shown: DisplayBundle, redact: (text: string) => string): Content {
  const { 'text/x-ansi': _, 'application/json': json, ...forms } = shown
  const plain = plainJson(json)
  return redacted({ ...forms, ...(plain === undefined ? {} : { [VALUE_JSON]: plain }) }, redact)
}

/** What a client is told of a failed cell. */
export function errorOf({ code, name, message, text }: CellError): Content {
  return { ename: code ?? name, evalue: message, traceback: text.split('\n') }
}

/** What a client is told of a cell that was interrupted. */
export const INTERRUPTED: Content = {
  ename: 'Interrupted',
  evalue: 'interrupted; bindings are kept',
  traceback: ['interrupted; bindings are kept'],
}

/** What a client is told of a command that failed. */
export function statusOf(status: number): Content {
  const evalue = `status ${status}`
  return { ename: `status=${status}`, evalue, traceback: [evalue] }
}

/** A value as JSON has it; undefined where it has no JSON. */
function plainJson(json: unknown): unknown {
  try {
    const text: string | undefined = JSON.stringify(json, exactly)
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function exactly(_: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}
