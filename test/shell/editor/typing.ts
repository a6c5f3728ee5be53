// Typing at an editor without a terminal: a text with its cursor, keys by name, a text again.
//
//   typing('a|b').press('C-a', 'x').shows   ->   'x|ab'
import { step } from '../../../src/shell/editor/editor.js'
import { type EditorState, startState, type Wish } from '../../../src/shell/editor/editor-state.js'
import { chord, type Key, textKey } from '../../../src/shell/editor/key.js'
import type { TextBuffer } from '../../../src/shell/editor/text-buffer.js'
import { VI_START } from '../../../src/shell/editor/vi-state.js'

const NAMED =
  /^(?:(?:[CMS]-)+.+|Enter|Tab|Escape|Backspace|Delete|Home|End|Up|Down|Left|Right|Page(?:Up|Down))$/u

/** A key by its name; anything that names none is text. */
export function keyOf(name: string): Key {
  return NAMED.test(name) ? chord(name) : textKey(name)
}

/** `a|b` as a text with its cursor. */
export function bufferWith(marked: string): TextBuffer {
  const cursor = marked.indexOf('|')
  return { text: marked.replace('|', ''), cursor }
}

/** An editor under test. */
export interface Typing {
  readonly state: EditorState
  readonly shows: string
  readonly wishes: readonly Wish[]
  press(...keys: readonly string[]): Typing
  paste(text: string): Typing
}

/** An editor that shows a text, with the cursor where the bar is. */
export function typing(
  marked = '|',
  {
    history = [],
    vi = false,
    pairs = false,
  }: { history?: readonly string[]; vi?: boolean; pairs?: boolean } = {},
): Typing {
  const at = (state: EditorState, wishes: readonly Wish[]): Typing => {
    const { text, cursor } = state.buffer
    const worked = (keys: readonly Key[]): Typing => {
      let now = state
      const wished = [...wishes]
      for (const key of keys) {
        const next = step(now, key, { history, suggests: true, pairs, menuColumns: 1 })
        now = next.state
        if (next.wish !== undefined) wished.push(next.wish)
      }
      return at(now, wished)
    }
    return {
      state,
      wishes,
      shows: `${text.slice(0, cursor)}|${text.slice(cursor)}`,
      press: (...keys) => worked(keys.map(keyOf)),
      paste: (pasted) => worked([{ kind: 'paste', text: pasted }]),
    }
  }
  return at(startState(vi ? VI_START : undefined, bufferWith(marked)), [])
}
