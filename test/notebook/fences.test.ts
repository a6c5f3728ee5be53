// Fences as a forge sees them; marked, which knows CommonMark, is the judge.
import fc from 'fast-check'
import { lexer } from 'marked'
import { expect, it } from 'vitest'
import { contentOf, fencesIn, linesOf } from '../../src/notebook/fences.js'
import { parseNotebook } from '../../src/notebook/format.js'

/** What stands in the fences that could be cells. */
function plainFences(text: string): string[] {
  const lines = linesOf(text)
  return fencesIn(lines)
    .filter(({ backticks, isClosed }) => backticks > 0 && isClosed)
    .map(({ from, to, info }) => [info, ...lines.slice(from + 1, to).map(contentOf)].join('\n'))
}

/** Blocks of code that marked finds outside of lists and quotations. */
function judged(text: string): string[] {
  return lexer(text)
    .filter(
      ({ type, raw }) => type === 'code' && /^(`{3,})(?!`).*\n(?:.*\n)*? {0,3}\1`*\s*$/.test(raw),
    )
    .map(({ raw }) => {
      const lines = raw.trimEnd().split('\n').slice(0, -1)
      return lines.join('\n').replace(/^`+/, '')
    })
}

it.each([
  { name: 'a plain one', text: '```ts xpv\n1\n```\n', found: ['ts xpv\n1'] },
  { name: 'one in tildes', text: '~~~\n```ts xpv\n1\n```\n~~~\n', found: [] },
  {
    name: 'one in a longer one',
    text: '````\n```ts xpv\n1\n```\n````\n',
    found: ['\n```ts xpv\n1\n```'],
  },
  { name: 'one in an indented one', text: '  ```\n```ts xpv\n1\n```\n', found: [] },
  { name: 'one that is quoted', text: '> ```ts xpv\n> 1\n> ```\n', found: [] },
  { name: 'one in a list', text: '- ```ts xpv\n  1\n  ```\n', found: [] },
  {
    name: 'one after a list',
    text: '- ```\n  1\n  ```\n\n```ts xpv\n2\n```\n',
    found: ['ts xpv\n2'],
  },
  {
    name: 'one after an open one in a list',
    text: '- ```\n  1\n\n```ts xpv\n2\n```\n',
    found: ['ts xpv\n2'],
  },
  { name: 'one that is indented far', text: '    ```ts xpv\n    1\n    ```\n', found: [] },
  { name: 'one in a comment', text: '<!--\n```ts xpv\n1\n```\n-->\n', found: [] },
  { name: 'one in <pre>', text: '<pre>\n```ts xpv\n1\n```\n</pre>\n', found: [] },
  { name: 'one that nothing closes', text: '```ts xpv\n1\n', found: [] },
])('$name', ({ text, found }) => {
  expect(plainFences(text)).toEqual(found)
  expect(judged(text)).toEqual(found)
})

const LINE = fc.constantFrom(
  ...['```ts xpv #a', '```', '```', '````', '~~~', '~~~~ d', '  ```', '   ~~~', '    ```', 'text'],
  ...[
    '',
    '',
    '> ```',
    '> text',
    '# Title',
    '- ```sh',
    '- item',
    '  more',
    '  ```',
    '1. one',
    '   two',
  ],
)

it('what could be a cell is a block of code to marked too, and the other way round', () => {
  fc.assert(
    fc.property(fc.array(LINE, { maxLength: 12 }), (lines) => {
      const text = lines.map((line) => `${line}\n`).join('')
      expect(plainFences(text)).toEqual(judged(text))
    }),
    { numRuns: 1000 },
  )
})

it('a cell that no reader would see is no cell', () => {
  const hidden = '<!-- nothing to see\n```ts xpv #a\nsteal()\n```\n-->\n'
  const { document } = parseNotebook(`---\nxpv: 1\n---\n${hidden}`)
  expect(document.parts.map(({ kind }) => kind)).toEqual(['prose'])
})
