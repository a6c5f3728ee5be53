// The editor: a key and a state make a state. Nothing here knows a terminal.
//
//   search open  ->  search keys        menu open  ->  menu keys        else Emacs's or vi's
//
// Holds: one key is one step; what needs the world outside (to run, to complete, to leave) is
// wished for.
import { keptClosers } from './auto-pair.js'
import { changed, type EditorContext, type EditorState, type Step } from './editor-state.js'
import { emacsCommand, typeText } from './emacs-keys.js'
import type { Key } from './key.js'
import { menuStep } from './menu-keys.js'
import { argumentAfter, repeated } from './numeric-argument.js'
import { QUOTED, quotedInsert } from './quoted-insert.js'
import { searchStep } from './search-keys.js'
import { inserted } from './text-buffer.js'
import { viStep } from './vi-keys.js'

/** The state after a key. */
export function step(state: EditorState, key: Key, context: EditorContext): Step {
  const next = stepped(state, key, context)
  const closers = keptClosers(state, next.state)
  return closers === next.state.closers ? next : { ...next, state: { ...next.state, closers } }
}

function stepped(state: EditorState, key: Key, context: EditorContext): Step {
  if (state.search !== undefined) {
    const { isOver = false, ...next } = searchStep(state, state.search, key, context)
    return isOver ? stepped(next.state, key, context) : next
  }
  if (state.menu !== undefined) {
    const { isOver = false, ...next } = menuStep(state, state.menu, key, context)
    return isOver ? stepped(next.state, key, context) : next
  }
  if (state.prefix === QUOTED) return quotedInsert(state, key)
  if (key.kind === 'paste') return { state: pasted(state, key.text) }
  return state.vi === undefined
    ? emacsStep(state, key, context)
    : viStep(state, state.vi, key, context)
}

/** What was pasted, put in as one change. Behind the last line an empty one would say nothing. */
function pasted(state: EditorState, text: string): EditorState {
  const isLast = state.buffer.cursor === state.buffer.text.length
  const lines = isLast && text.trim() !== '' ? text.replace(/\n+$/, '') : text
  return changed({ ...state, prefix: '' }, inserted(state.buffer, lines))
}

/** A key with the meaning it has in Emacs, as often as was said before. */
function emacsStep(state: EditorState, key: Key, context: EditorContext): Step {
  const counting = argumentAfter(state, key)
  if (counting !== undefined) return { state: counting }
  return state.argument === ''
    ? keyStep(state, key, context)
    : repeated(state, key, context, keyStep)
}

function keyStep(state: EditorState, key: Key, context: EditorContext): Step {
  if (key.kind !== 'chord') return { state: typeText({ ...state, prefix: '' }, key.text, context) }
  const command = emacsCommand(state.prefix + key.name)
  const next = { ...state, prefix: '' }
  return command === undefined ? { state: next, wish: 'bell' } : command(next, context)
}
