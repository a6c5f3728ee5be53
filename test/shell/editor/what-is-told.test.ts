// What is told of a text while it is written: mistakes, what a call takes, what a choice is.
import { expect, it } from 'vitest'
import type { Suggested } from '../../../src/session/assist.js'
import { chosen, offer } from '../../../src/shell/editor/menu.js'
import { NOTHING_TOLD, screenRows, type Told } from '../../../src/shell/editor/screen-rows.js'
import { bufferWith, typing } from './typing.js'

const PROMPTS = { first: '> ', further: '. ' }

/** Rows for a text with its cursor; what is in the style of a mistake stands between ! and !. */
function rowsOf(marked: string, told: Partial<Told>, columns = 40, height = 24): string[] {
  const { rows } = screenRows(typing(marked).state, { ...NOTHING_TOLD, ...told }, PROMPTS, {
    columns,
    height,
  })
  return rows.map(({ cells }) =>
    cells
      .map(({ text, style }) => (style === 'mistake' ? `!${text}` : text))
      .join('')
      .trimEnd(),
  )
}

const MISTAKES = [{ code: 'ts.2304', message: 'Cannot find name b\nmore', start: 0, end: 2 }]

it.each([
  ['is underlined and told', 'ab + 1|', ['> !a!b + 1', 'Cannot find name b']],
  ['not where somebody writes it', 'ab|', ['> ab']],
  ['nor where he goes back to it', 'a|b + 1', ['> ab + 1']],
])('a mistake %s', (_, text, rows) => expect(rowsOf(text, { mistakes: MISTAKES })).toEqual(rows))

const HINT = {
  label: 'f(first: number, second: string): void',
  argument: { start: 17, end: 31 },
  meaning: 'Does it all at once.',
}

it('what a call takes goes over several rows, broken between words', () => {
  expect(rowsOf('f(1, |', { callHint: HINT }, 24)).toEqual([
    '> f(1,',
    'f(first: number,',
    'second: string): void',
    'Does it all at once.',
  ])
})

it('in a low window one row has to do', () => {
  expect(rowsOf('f(1, |', { callHint: HINT }, 24, 5)[1]).toBe('f(first: number, secon…')
})

it('what the choice is stands below the menu where its row cuts it', () => {
  const doc = 'The host as it is now, as a value to be compared with another.'
  const choices: Suggested[] = ['run', 'snapshot'].map((text) => ({
    ...{ text, start: 2, kind: 'member', detail: '(): void' },
    doc: text === 'run' ? 'Short.' : doc,
  }))
  const { menu } = offer(bufferWith('m.|'), choices)
  if (menu === undefined) throw new Error('no menu')
  const shows = (by: number): string[] => {
    const state = { ...typing('m.|').state, menu: chosen(menu, by) }
    const { rows } = screenRows(state, NOTHING_TOLD, PROMPTS, { columns: 40, height: 24 })
    return rows.map(({ cells }) =>
      cells
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    )
  }
  expect(shows(1).slice(3)).toEqual([])
  expect(shows(-1).slice(3).join(' ')).toBe(`(): void  ${doc}`)
})
