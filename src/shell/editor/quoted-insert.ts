// Quoted insert: the next key stands for itself, whatever it does elsewhere.
//
//   C-q Tab  ->  a tab        C-v Escape  ->  the control character, drawn as ^[
//
// Source: GNU readline's manual, "quoted-insert"; ECMA-48, C0.
import { changed, type EditorState, type Step } from './editor-state.js'
import type { Key } from './key.js'
import { inserted } from './text-buffer.js'

/** The prefix that waits for the key. */
export const QUOTED = 'C-q '

const NAMED: Readonly<Record<string, string>> = {
  Tab: '\t',
  Enter: '\n',
  Escape: '\x1b',
  Backspace: '\x7f',
  'C-Space': '\0',
}

/** The state with the key in its text; a bell for one that is no character. */
export function quotedInsert(state: EditorState, key: Key): Step {
  const next = { ...state, prefix: '' }
  const text = key.kind === 'chord' ? characterOf(key.name) : key.text
  if (text === undefined) return { state: next, wish: 'bell' }
  return { state: changed(next, inserted(next.buffer, text)) }
}

function characterOf(name: string): string | undefined {
  const letter = /^C-([a-z[\\\]^_])$/.exec(name)?.[1]
  if (letter === undefined) return NAMED[name]
  return String.fromCharCode(letter.toUpperCase().charCodeAt(0) - 0x40)
}
