// `xpv -e CODE`, `xpv FILE.ts`, `xpv -`: evaluate, print, exit.
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileError } from '../backend/replay/file-source.js'
import type { CellResult } from '../session/cell.js'
import type { Context } from './context.js'
import { DONE, FAILED, INTERRUPTED, leaveInterrupted } from './exit-status.js'
import { openSession } from './session.js'

/** Evaluates one text; yields the exit status. */
export async function evaluateText(
  source: string,
  context: Context,
  directory: string = process.cwd(),
): Promise<number> {
  const { out } = context
  const open = openSession(context, context.spec, {
    write: (text) => out.write(text),
    warn: (text) => out.warn(text),
    columns: () => process.stdout.columns ?? 80,
    directory,
  })
  open.session.guard({ onIdleSignal: () => leaveInterrupted(context) })
  try {
    const result = await open.session.evaluate(source, { final: true })
    return report(result, context)
  } finally {
    open.close()
  }
}

/** Evaluates a file, or standard input for '-'. */
export function evaluateFile(path: string, context: Context): Promise<number> {
  const directory = path === '-' ? process.cwd() : dirname(resolve(path))
  return evaluateText(read(path), context, directory)
}

function read(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (error) {
    throw fileError(path, error)
  }
}

function report(result: CellResult, context: Context): number {
  if (result.kind === 'interrupted') return INTERRUPTED
  if (result.kind === 'incomplete') return FAILED
  if (result.kind === 'error') {
    const { code, message, hint, text } = result.error
    const json = JSON.stringify({ error: { code: code ?? result.error.name, message, hint } })
    context.out.warn(`${context.json ? json : text}\n`)
    return FAILED
  }
  const { shown, value, status } = result
  if (context.json) context.out.write(`${jsonText(shown?.['application/json'] ?? value)}\n`)
  else if (shown !== undefined) context.out.write(`${shown['text/plain']}\n`)
  return status === 0 ? DONE : status
}

/** JSON of any value: a bigint is a number where that is exact, else decimal text. */
function jsonText(value: unknown): string {
  const text = JSON.stringify(value, (_, v: unknown) => {
    if (typeof v !== 'bigint') return v
    return Number.isSafeInteger(Number(v)) ? Number(v) : String(v)
  })
  return text ?? 'null'
}
