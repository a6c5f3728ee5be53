// The statements of a TypeScript cell, and the expression whose value the cell shows.
//
//   const a = 1; a + 1 // two   ->   { code: 'const a = 1; ', shown: 'a + 1' }
//   pcpus?                      ->   what the session makes of the question
import { parse } from 'acorn'
import { XpvError } from '../../../base/error.js'
import { askedIn, lookCode } from '../../../session/asked.js'
import { stripTypes } from '../../../session/strip.js'

/** What a cell does, and what it shows. */
export interface Statements {
  /** Ends with a newline, unless it is "". */
  readonly code: string
  readonly shown: string | undefined
}

/** Takes a cell apart. Throws `XpvError` `nb.convert` when it is no TypeScript. */
export async function statements(source: string, id: string): Promise<Statements> {
  const asked = askedIn(source)
  if (asked !== undefined) return { code: '', shown: lookCode(asked) }
  const stripped = await stripTypes(source)
  if (stripped.kind !== 'stripped') throw unreadable(id, stripped.mistake.message)
  if (stripped.transformed) return { code: closed(source), shown: undefined }
  if (stripped.js.length !== source.length) return { code: '', shown: `(${source.trim()})` }
  const { body } = parsed(stripped.js, id)
  const last = body.at(-1)
  if (last?.type !== 'ExpressionStatement') return { code: closed(source), shown: undefined }
  const { start, end } = last.expression
  const before = source.slice(0, last.start)
  const shown = source.slice(last.start, Math.max(end, lastParenthesis(source, start, last)))
  return { code: before.trim() === '' ? '' : closed(before.trimEnd()), shown }
}

/** An expression in parentheses begins and ends inside of them. */
function lastParenthesis(
  source: string,
  start: number,
  { start: from, end }: { readonly start: number; readonly end: number },
): number {
  if (start === from) return 0
  return from + source.slice(from, end).trimEnd().replace(/;$/, '').length
}

function parsed(js: string, id: string): ReturnType<typeof parse> {
  try {
    return parse(js, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      allowAwaitOutsideFunction: true,
    })
  } catch (error) {
    throw unreadable(id, error instanceof Error ? error.message : String(error))
  }
}

function unreadable(id: string, why: string): XpvError {
  return new XpvError('nb.convert', `cell #${id} is no TypeScript: ${why}`, 'xpv check shows where')
}

function closed(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
