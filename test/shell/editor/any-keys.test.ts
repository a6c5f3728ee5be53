// Whatever keys are pressed: the cursor is in the text and between graphemes, the rows fit the
// window, and undo leads back to where all began.
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { step } from '../../../src/shell/editor/editor.js'
import { type EditorState, startState } from '../../../src/shell/editor/editor-state.js'
import { loadWidths } from '../../../src/shell/editor/grapheme.js'
import type { Key } from '../../../src/shell/editor/key.js'
import { offer } from '../../../src/shell/editor/menu.js'
import { widthOf } from '../../../src/shell/editor/row.js'
import { NOTHING_TOLD, screenRows } from '../../../src/shell/editor/screen-rows.js'
import { VI_START } from '../../../src/shell/editor/vi-state.js'
import { keyOf } from './typing.js'

beforeAll(loadWidths)

const NAMES = (
  'C-a C-e C-b C-f M-b M-f C-d C-h C-k C-u C-w M-d C-y M-y C-t M-t M-u M-l M-c C-_ M-_ C-r C-s C-g ' +
  'C-p C-n Up Down Left Right Home End PageUp PageDown Tab S-Tab Escape Enter M-Enter M-Backspace M-.'
).split(' ')
const TEXTS = [
  'a',
  'on(',
  '界',
  'e\u0301',
  '👨‍👩‍👧',
  ' ',
  ')',
  '}',
  'x.y',
  '\t',
  '"',
  '`${',
  'dw',
  '3d',
  'ciw',
  'p',
  '.',
]
const key: fc.Arbitrary<Key> = fc.oneof(
  fc.constantFrom(...NAMES, ...TEXTS).map(keyOf),
  fc.constant<Key>({ kind: 'paste', text: 'a {\n  b\n}\n' }),
)
const CONTEXT = { history: ['on(1)', 'f {\n 界\n}'], suggests: true, pairs: true, menuColumns: 2 }
const PLACE = { columns: 11, height: 5 }

/** The state after a key; what a key wishes for is granted. */
function pressed(state: EditorState, each: Key): EditorState {
  const next = step(state, each, CONTEXT)
  if (next.wish !== 'complete') return next.state
  const start = next.state.buffer.cursor
  const all = ['alpha', 'alto', 'beta'].map((text) => ({ text, start, kind: 'name' as const }))
  const offered = offer(next.state.buffer, all)
  return { ...next.state, ...offered }
}

it.each([
  ['Emacs', undefined],
  ['vi', VI_START],
])('keys of %s', (_, vi) => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 40 }), (keys) => {
      let state = startState(vi)
      for (const each of keys) {
        state = pressed(state, each)
        const { text, cursor } = state.buffer
        const ends = Array.from(new Intl.Segmenter().segment(text), (s) => s.index)
        expect([...ends, text.length]).toContain(cursor)
        const prompts = { first: '> ', further: '. ' }
        const { rows, cursor: at } = screenRows(state, NOTHING_TOLD, prompts, PLACE)
        expect(rows.length).toBeLessThanOrEqual(PLACE.height)
        for (const row of rows) expect(widthOf(row.cells)).toBeLessThanOrEqual(PLACE.columns)
        expect(rows[at.row]).toBeDefined()
      }
    }),
    { numRuns: 300 },
  )
})

it('undo leads back to an empty text', () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 30 }), (keys) => {
      let state = keys.reduce(pressed, startState())
      for (const name of ['Escape', 'Escape']) state = pressed(state, keyOf(name))
      for (let i = 0; i <= keys.length * 2; i++) state = pressed(state, keyOf('C-_'))
      expect(state.buffer.text).toBe('')
    }),
  )
})
