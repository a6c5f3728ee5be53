// What the editor shows: whatever was shown before, the screen shows what is written now.
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { startState } from '../../../src/shell/editor/editor-state.js'
import { loadWidths } from '../../../src/shell/editor/grapheme.js'
import { Painter } from '../../../src/shell/editor/painter.js'
import { finalRows, NOTHING_TOLD, screenRows } from '../../../src/shell/editor/screen-rows.js'
import { Screen } from './screen.js'
import { bufferWith } from './typing.js'

beforeAll(loadWidths)

const PROMPTS = { first: 'xpv> ', further: '...> ' }

/** A text as the editor shows it on a screen of a size. */
function shown(marked: string, columns: number, height = 24): Screen {
  const screen = new Screen(columns, height)
  const painter = new Painter(false, columns)
  const { rows, cursor } = layout(marked, columns, height)
  screen.write(painter.paint(rows, cursor))
  return screen
}

function layout(marked: string, columns: number, height: number) {
  const state = startState(undefined, bufferWith(marked))
  return screenRows(state, NOTHING_TOLD, PROMPTS, { columns, height })
}

describe('a text', () => {
  it.each<readonly [string, string, number, readonly string[], readonly [number, number]]>([
    ['one line', 'a|b', 20, ['xpv> ab'], [0, 6]],
    ['several lines', 'f(\n|)', 20, ['xpv> f(', '...> )'], [1, 5]],
    ['wider than the window', 'abcdefgh|', 10, ['xpv> abcde', 'fgh'], [1, 3]],
    ['as wide as the window', 'abcde|', 10, ['xpv> abcde', ''], [1, 0]],
    ['the cursor at the seam', 'abcde|fg', 10, ['xpv> abcde', 'fg'], [1, 0]],
    ['a wide character at the edge', 'abcd界|', 10, ['xpv> abcd', '界'], [1, 2]],
    ['combining marks', 'e\u0301|x', 10, ['xpv> e\u0301x'], [0, 6]],
    ['tabs and control characters', '\ta\u0001|', 20, ['xpv>     a^A'], [0, 12]],
    ['more lines than rows', 'a\nb\nc\nd\ne|', 20, ['...> c', '...> d', '...> e'], [2, 6]],
    ['more lines than rows, at the top', '|a\nb\nc\nd', 20, ['xpv> a', '...> b', '...> c'], [0, 5]],
  ])('%s', (_, marked, columns, lines, [row, column]) => {
    const screen = shown(marked, columns, lines.length === 3 ? 3 : 24)
    expect(screen.lines).toEqual(lines)
    expect(screen.cursor).toEqual({ row, column })
  })
})

const text = fc
  .array(fc.constantFrom('a', 'bc', ' ', '\n', '界', 'e\u0301', '👨‍👩‍👧', '\t', 'const x = 1'), {
    maxLength: 25,
  })
  .map((parts) => parts.join(''))
const marked = fc.tuple(text, fc.nat()).map(([all, at]) => {
  const graphemes = Array.from(new Intl.Segmenter().segment(all), ({ segment }) => segment)
  const cut = graphemes.length === 0 ? 0 : at % (graphemes.length + 1)
  return `${graphemes.slice(0, cut).join('')}|${graphemes.slice(cut).join('')}`
})

it('whatever was shown before, the same is shown', () => {
  fc.assert(
    fc.property(
      fc.array(marked, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 8, max: 30 }),
      (texts, columns) => {
        const screen = new Screen(columns, 6)
        const painter = new Painter(false, columns)
        for (const each of texts) {
          const { rows, cursor } = layout(each, columns, 6)
          screen.write(painter.paint(rows, cursor))
        }
        const fresh = shown(texts.at(-1) ?? '|', columns, 6)
        const first = screen.cursor.row - fresh.cursor.row
        expect(trimmed(screen.lines.slice(first))).toEqual(trimmed(fresh.lines))
        expect(screen.cursor.column).toBe(fresh.cursor.column)
      },
    ),
  )
})

it('nothing is written when nothing changed, and one character for one typed', () => {
  const painter = new Painter(true, 40)
  const paint = (each: string): string => {
    const { rows, cursor } = layout(each, 40, 24)
    return painter.paint(rows, cursor)
  }
  paint('on|')
  expect(paint('on|')).toBe('')
  expect(paint('one|')).toBe('e')
  expect(paint('on|')).toBe('\b\u001b[K')
})

it('a done cell stands whole above what follows, longer than the window too', () => {
  const lines = Array.from({ length: 40 }, (_, i) => `line${i}`)
  const screen = new Screen(30, 10)
  const painter = new Painter(false, 30)
  const state = startState(undefined, bufferWith(`${lines.join('\n')}|`))
  const seen = screenRows(state, NOTHING_TOLD, PROMPTS, { columns: 30, height: 10 })
  screen.write(painter.paint(seen.rows, seen.cursor))
  const rows = finalRows(state, NOTHING_TOLD, PROMPTS, 30)
  screen.write(painter.paint(rows, { row: rows.length - 1, column: 0 }) + painter.leave())
  screen.write('out')
  const all = [`xpv> line0`, ...lines.slice(1).map((each) => `...> ${each}`), 'out']
  expect(screen.lines).toEqual(all)
})

it('a window of another width is painted anew at its place', () => {
  const painter = new Painter(false, 20)
  const screen = new Screen(10, 10)
  const wide = layout('abcdefghijkl|', 20, 10)
  painter.paint(wide.rows, wide.cursor)
  // The terminal has wrapped the line anew: the cursor is where its text went.
  screen.write('above\r\nxpv> abcdefghijkl')
  screen.write(painter.eraseAfterResize(10))
  const narrow = layout('abcdefghijkl|', 10, 10)
  screen.write(painter.paint(narrow.rows, narrow.cursor))
  expect(screen.lines).toEqual(['above', 'xpv> abcde', 'fghijkl'])
})

function trimmed(lines: readonly string[]): string[] {
  const all = [...lines]
  while (all.at(-1) === '') all.pop()
  return all
}
