// Colour, in roles: what is a prompt, a mistake, a hint. Off unless a terminal wants it.
//
// Source: no-color.org; FORCE_COLOR as npm and chalk read it; TERM=dumb.
import picocolors from 'picocolors'
import { wantsAscii } from '../base/ascii.js'

/** Gives text the look of a role; the identity when colour is off. */
export interface Theme {
  prompt(text: string): string
  mistake(text: string): string
  hint(text: string): string
  /** Whether values may be shown in colour, and whether in ASCII alone. */
  readonly isColoured: boolean
  readonly isAscii: boolean
}

/** What decides about colour, strongest first: NO_COLOR, FORCE_COLOR, TERM=dumb, whether it is a
 *  terminal. */
export function wantsColour(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false
  const force = env['FORCE_COLOR']
  if (force !== undefined) return force !== '0' && force !== 'false'
  return isTerminal && env['TERM'] !== 'dumb'
}

/** The theme for a stream. */
export function makeTheme(
  colour: boolean,
  env: Readonly<Record<string, string | undefined>> = {},
): Theme {
  const { bold, cyan, red, dim } = picocolors.createColors(colour)
  const prompt = (text: string): string => bold(cyan(text))
  return { prompt, mistake: red, hint: dim, isColoured: colour, isAscii: wantsAscii(env) }
}
