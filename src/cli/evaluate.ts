// `xpv -e CODE`, `xpv FILE.ts`, `xpv -`: evaluate, print, exit.
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileError } from '../backend/replay/file-source.js'
import { asciiText, wantsAscii } from '../base/ascii.js'
import type { CellResult } from '../session/cell.js'
import { SCRIPT_PATIENCE } from '../session/types/cell-types.js'
import { wantsColour } from '../shell/theme.js'
import { cellTypes } from './cell-types.js'
import type { Context } from './context.js'
import { type CurrentMachine, currentMachine } from './current-machine.js'
import { DONE, FAILED, INTERRUPTED, leaveInterrupted, WRONG_TYPES } from './exit-status.js'
import { openSession } from './session.js'
import { valueJson } from './value-json.js'

/** Evaluates one text; yields the exit status. */
export async function evaluateText(
  source: string,
  context: Context,
  directory: string = process.cwd(),
): Promise<number> {
  const { out } = context
  let current: CurrentMachine | undefined
  const types = context.types
    ? cellTypes({
        directory,
        patience: SCRIPT_PATIENCE,
        machine: () => current?.machine,
        warn: (text) => out.warn(text),
      })
    : undefined
  current = await currentMachine(context, context.spec)
  const open = openSession(current, {
    write: (text) => out.write(text),
    warn: (text) => out.warn(text),
    columns: context.columns,
    directory,
    paths: process.cwd(),
    types,
    evaluator: context.config.evaluator,
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
    throw fileError(path, error, `xpv -e "1 + 1"`)
  }
}

/** Whether values go to a terminal in colour. */
function isColoured({ config: { color } }: Context): boolean {
  if (color !== 'auto') return color === 'always'
  return wantsColour(process.env, process.stdout.isTTY === true)
}

function report(result: CellResult, context: Context): number {
  if (result.kind === 'interrupted') return INTERRUPTED
  if (result.kind === 'incomplete') return FAILED
  if (result.kind === 'error') {
    const { code, name, message, hint, diagnostics, text } = result.error
    const list = diagnostics.length === 0 ? undefined : diagnostics
    const json = { error: { code: code ?? name, message, hint, diagnostics: list } }
    context.out.warn(`${context.json ? JSON.stringify(json) : text}\n`)
    return code?.startsWith('ts.') ? WRONG_TYPES : FAILED
  }
  const { shown, value, status } = result
  if (context.json) context.out.write(`${valueJson(value, shown)}\n`)
  else if (shown !== undefined) {
    const text = (isColoured(context) ? shown['text/x-ansi'] : undefined) ?? shown['text/plain']
    context.out.write(`${wantsAscii(process.env) ? asciiText(text) : text}\n`)
  }
  return status === 0 ? DONE : status
}
