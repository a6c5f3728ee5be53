// Keys while the completion menu is open: Tab and arrows choose, typing narrows, Enter takes the
// choice, Escape puts back what was typed.
import type { EditorContext, EditorState, Step } from './editor-state.js'
import { emacsCommand, typeText } from './emacs-keys.js'
import type { Key } from './key.js'
import { chosen, chosenBelow, type Menu, narrowed, withChoice } from './menu.js'
import { noted } from './undo-log.js'

/** A key while a menu is open. `isOver`: the menu is gone and the key goes on to what it does
 *  elsewhere. */
export function menuStep(
  state: EditorState,
  menu: Menu,
  key: Key,
  context: EditorContext,
): Step & { readonly isOver?: boolean } {
  if (key.kind === 'paste') return { state: settled(state, menu), isOver: true }
  if (key.kind === 'text') return { state: typedInto(state, menu, key.text, context) }
  const by = stepOf(key.name, menu, context)
  if (by !== undefined) return { state: shown(state, chosenBelow(menu, by)) }
  switch (key.name) {
    case 'Tab':
      return { state: tabbed(state, menu) }
    case 'S-Tab':
      return { state: shown(state, chosen(menu, -1)) }
    case 'Escape':
    case 'C-g':
      return { state: { ...state, menu: undefined, buffer: menu.typed } }
    case 'Backspace':
    case 'C-h':
      return { state: takenBack(state, menu, context) }
    case 'Enter':
      return { state: settled(state, menu), isOver: menu.selected < 0 }
    default:
      return { state: settled(state, menu), isOver: true }
  }
}

/** How far an arrow goes; the first Down goes into the menu, Up and the sides only move in it. */
function stepOf(name: string, menu: Menu, { menuColumns }: EditorContext): number | undefined {
  if (name === 'Down' || name === 'C-n') return menuColumns
  if (menu.selected < 0) return undefined
  if (name === 'Up' || name === 'C-p') return -menuColumns
  if (menuColumns === 1) return undefined
  if (name === 'Right') return 1
  return name === 'Left' ? -1 : undefined
}

function shown(state: EditorState, menu: Menu): EditorState {
  return { ...state, menu, buffer: withChoice(menu) }
}

/** The next choice; the only one is taken. */
function tabbed(state: EditorState, menu: Menu): EditorState {
  const next = chosen(menu, 1)
  return menu.shown.length > 1 ? shown(state, next) : settled(shown(state, next), next)
}

/** The choice stays; undo brings back what was typed. */
function settled(state: EditorState, menu: Menu): EditorState {
  const log = menu.selected < 0 ? state.log : noted(state.log, menu.typed)
  return { ...state, log, menu: undefined, last: { kind: 'other' } }
}

/** More is typed: behind a choice it takes the choice, else there are fewer. */
function typedInto(
  state: EditorState,
  menu: Menu,
  text: string,
  context: EditorContext,
): EditorState {
  if (menu.selected >= 0) return typeText(settled(state, menu), text, context)
  const next = typeText({ ...state, menu: undefined }, text, context)
  return { ...next, menu: narrowed(menu, next.buffer) }
}

function takenBack(state: EditorState, menu: Menu, context: EditorContext): EditorState {
  if (menu.selected >= 0) return { ...state, menu: undefined, buffer: menu.typed }
  const next = emacsCommand('Backspace')?.({ ...state, menu: undefined }, context).state ?? state
  const start = menu.all[0]?.start ?? 0
  return { ...next, menu: next.buffer.cursor > start ? narrowed(menu, next.buffer) : undefined }
}
