// Styles: how the parts of what is being edited look.
//
// Holds: without colour only what is chosen in a menu is marked, in reverse, for nothing else would
// tell; everything else looks like text.
import type { Stretch } from '../../session/assist.js'

/** What a part is. */
export type Style =
  | Stretch['role']
  | 'text'
  | 'prompt'
  | 'continuation'
  | 'suggested'
  | 'bracket'
  | 'found'
  | 'chosen'
  | 'detail'
  | 'hint'
  | 'argument'
  | 'problem'

/** The parameters of SGR for each style. */
const COLOURS: Readonly<Record<Style, string>> = {
  text: '',
  name: '',
  prompt: '1;36',
  continuation: '2;36',
  keyword: '35',
  string: '32',
  number: '33',
  comment: '2',
  command: '1;34',
  option: '36',
  probe: '32',
  aggregation: '33',
  mistake: '4;31',
  suggested: '2',
  bracket: '1;4',
  found: '4',
  chosen: '7',
  detail: '36',
  hint: '2',
  argument: '1',
  problem: '31',
}

/** The parameters of SGR for a style; '' for plain text. */
export function sgrOf(style: Style, colour: boolean): string {
  return colour || style === 'chosen' ? COLOURS[style] : ''
}
