// Pages: paragraphs and tables in any width; words go on in further lines, none is lost.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DISPLAY } from '../../src/base/display.js'
import { page } from '../../src/base/page.js'
import { table } from '../../src/base/table.js'
import { fitted } from '../../src/session/manual.js'
import { renderValue } from '../../src/session/render.js'

const words = fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 30 })

it('in any width no line is longer, and every word is there', () => {
  fc.assert(
    fc.property(words, words, fc.integer({ min: 40, max: 120 }), (sentence, meaning, columns) => {
      const rows = [['name', meaning.join(' ')]]
      const columnsOf = ['property', { name: 'meaning', wraps: true }]
      const shown = page([`  ${sentence.join(' ')}`, table(columnsOf, rows)], null)
      const text = renderValue({ [DISPLAY]: () => shown }, columns)?.['text/plain'] ?? ''
      expect(text.split('\n').filter((line) => line.length > columns)).toEqual([])
      const seen = text.split(/\s+/)
      expect([...sentence, ...meaning].filter((word) => !seen.includes(word))).toEqual([])
    }),
  )
})

it('a paragraph that begins with blanks goes on below its first word', () => {
  const shown = page(['  one two three four five six seven'], null)
  const text = renderValue({ [DISPLAY]: () => shown }, 20)?.['text/plain']
  expect(text).toBe('  one two three four\n  five six seven')
})

it('Markdown has the table, and programs have the value', () => {
  const shown = page(['a | b', table(['x', { name: 'y', unit: 'ns' }], [['p|q', 2]])], { x: 1 })
  const bundle = renderValue({ [DISPLAY]: () => shown }, 80)
  expect(bundle?.['text/markdown']).toBe('a | b\n\n| x | y (ns) |\n| --- | --- |\n| p\\|q | 2 |')
  expect(bundle?.['application/json']).toEqual({ x: 1 })
})

it('a page of the manual goes below itself in a narrow window, and stays where it fits', () => {
  const page =
    'Begin:\n  xm create web1  a guest comes to life, at once\nnames:     on d probes xen\n'
  expect(fitted(page, 80)).toBe(page)
  expect(fitted(page, 24)).toBe(
    [
      ...['Begin:', '  xm create web1', '      a guest comes to', '      life, at once'],
      ...['names:', '    on d probes xen', ''],
    ].join('\n'),
  )
})
