// The completion menu: what may stand here, one of it chosen.
//
//   'pcpus[1].m'  Tab  ->  msr  mode          Tab, arrows: choose    typing: fewer    Enter: take
// it
//
// Holds: what is chosen stands in the text already; without a choice the text is as it was typed.
import type { Suggested } from '../../session/assist.js'
import { replaced, type TextBuffer } from './text-buffer.js'

/** An open menu. `selected` is -1 as long as nothing is chosen. */
export interface Menu {
  readonly all: readonly Suggested[]
  /** Those of all that start with what is typed. */
  readonly shown: readonly Suggested[]
  readonly selected: number
  /** The text as typed. */
  readonly typed: TextBuffer
}

/** What came of asking for completions. */
export interface Offer {
  readonly buffer: TextBuffer
  readonly menu: Menu | undefined
}

/** Puts in what all proposals have in common, and opens a menu where that is not all. */
export function offer(buffer: TextBuffer, all: readonly Suggested[]): Offer {
  const start = all[0]?.start ?? buffer.cursor
  const fitting = all.filter((each) => each.start === start)
  const [only] = fitting
  if (only === undefined) return { buffer, menu: undefined }
  const typed = buffer.text.slice(start, buffer.cursor)
  const common = commonStart(fitting.map(({ text }) => text))
  const grown = common.length > typed.length ? common : typed
  const next = replaced(buffer, start, buffer.cursor, grown)
  if (fitting.length === 1) return { buffer: next, menu: undefined }
  return { buffer: next, menu: { all: fitting, shown: fitting, selected: -1, typed: next } }
}

/** Another choice: by as many places, round and round. */
export function chosen(menu: Menu, by: number): Menu {
  const count = menu.shown.length
  if (menu.selected < 0) return { ...menu, selected: by > 0 ? 0 : count - 1 }
  return { ...menu, selected: (((menu.selected + by) % count) + count) % count }
}

/** Another choice in a grid: a step that would leave it stays. */
export function chosenBelow(menu: Menu, by: number): Menu {
  if (menu.selected < 0) return chosen(menu, by)
  const next = menu.selected + by
  if (Math.abs(by) === 1) return chosen(menu, by)
  return next < 0 || next >= menu.shown.length ? menu : { ...menu, selected: next }
}

/** The text with the choice in it. */
export function withChoice({ typed, shown, selected }: Menu): TextBuffer {
  const choice = shown[selected]
  return choice === undefined ? typed : replaced(typed, choice.start, typed.cursor, choice.text)
}

/** The menu after more was typed, or some taken back; undefined where nothing is left of it. */
export function narrowed(menu: Menu, buffer: TextBuffer): Menu | undefined {
  const start = menu.all[0]?.start ?? 0
  const word = buffer.text.slice(start, buffer.cursor)
  if (buffer.cursor < start || /\s$/.test(word)) return undefined
  const shown = menu.all.filter(({ text }) => text.startsWith(word))
  const isDone = shown.length === 0 || (shown.length === 1 && shown[0]?.text === word)
  return isDone ? undefined : { ...menu, shown, selected: -1, typed: buffer }
}

function commonStart([first = '', ...rest]: readonly string[]): string {
  let length = first.length
  for (const text of rest) {
    while (!text.startsWith(first.slice(0, length))) length -= 1
  }
  return first.slice(0, length)
}
