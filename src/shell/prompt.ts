// The prompt, as it is shown before anything else is loaded.
import type { ShellInput, ShellOptions } from './shell.js'
import { makeTheme, wantsColour } from './theme.js'

/** In front of a cell's first line. */
export const PROMPT = 'xpv> '
/** In front of its further lines. */
export const CONTINUATION = '...> '

/** Whether a terminal can move its cursor: else cells are read line by line. */
export function canPaint({ env }: ShellOptions): boolean {
  return env['TERM'] !== 'dumb'
}

/** Greets and shows the first prompt. What is typed from now on waits for its reader. */
export function showPrompt(options: ShellOptions): void {
  const { input, output, env, banner } = options
  if (!canPaint(options)) {
    output.write(`${banner}\n`)
    return
  }
  setRaw(input, true)
  const theme = makeTheme(wantsColour(env, output.isTTY === true))
  output.write(`${banner}\n${theme.prompt(PROMPT)}`)
}

/** Has a terminal hand over every key, or lines again; a stream that is none stays as it is. */
export function setRaw(input: ShellInput, raw: boolean): void {
  const set: unknown = Reflect.get(input, 'setRawMode')
  if (typeof set === 'function') set.call(input, raw)
}
