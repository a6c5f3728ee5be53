// Colour, in roles: what is a prompt, a mistake, a hint. Off unless a terminal wants it.
//
// Source: no-color.org; FORCE_COLOR as npm and chalk read it; TERM=dumb.
import picocolors from 'picocolors'

/** Gives text the look of a role; the identity when colour is off. */
export interface Theme {
  prompt(text: string): string
  mistake(text: string): string
  hint(text: string): string
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
export function makeTheme(colour: boolean): Theme {
  const { bold, cyan, red, dim } = picocolors.createColors(colour)
  return { prompt: (text) => bold(cyan(text)), mistake: red, hint: dim }
}
