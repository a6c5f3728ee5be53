// Enter: what is whole runs, what has something open goes on.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { stripTypes } from '../../src/session/strip.js'
import { isWholeCell } from '../../src/session/whole-cell.js'

const isCommand = (word: string): boolean => word === 'dtrace' || word === 'xm'
const isWhole = (text: string): boolean => isWholeCell(text, isCommand)

it.each([
  ...['const f = () => {', 'on(', "on('xpv:::')\n  .by(", '[1,', 'f({ a: 1', 'if (x) {'],
  ...[
    'd`xpv:::{',
    'd`xpv:::{\n  @ = count();',
    '`a $' + '{',
    '`a $' + '{b',
    'esc`event fault.x@chip;',
  ],
  ...[
    '/* all',
    '1 /* more',
    "'abc",
    'f("abc',
    "dtrace -n 'BEGIN",
    "# xm create 'a",
    'xm create \\',
  ],
  ...['function f(a: number): number {', 'class K<T> {', 'type A = {', 'x => ('],
])('%j goes on', (text) => expect(isWhole(text)).toBe(false))

it.each([
  ...[
    '',
    '1',
    'f(1)',
    '{ a: 1 }',
    '`a`',
    "'a'",
    '/* a */ 1',
    '// a',
    'a // (',
    "'('",
    '`(`',
    '/[(]/',
  ],
  ...['if (a) /[(]/.test(b)', 'x = y / 2 / (3)', 'pcpus[0].msr?', '0x9c000040?', 'xpv:::dom-*?'],
  ...['xm list', "dtrace -n 'BEGIN { exit(0) }'", 'xm list | wc'],
  ...['f(]', 'f(1 2', ')', '}', '(}', "'abc\n", 'const a = 1\nlet b: string[] = []'],
  ...['1 +', 'const a =', 'd`BEGIN { exit(0) }`.run()'],
])('%j runs', (text) => expect(isWhole(text)).toBe(true))

it('a bracket of a command line, or of D in it, is a character', () => {
  expect(isWhole("dtrace -n 'BEGIN { ( [ '")).toBe(true)
  expect(isWhole('xm create a(b')).toBe(true)
})

const HOLE = '$' + '{'
const PIECES = ['(', ')', '{', '}', '[', ']', '`', HOLE, "'", '"', '/', '*', ' ', '\n', 'a', '1']

it('what the parser takes as it stands is whole', async () => {
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((all) => all.join(''))
  await fc.assert(
    fc.asyncProperty(text, async (cell) => {
      const { kind } = await stripTypes(cell)
      if (kind === 'stripped') expect(isWhole(cell)).toBe(true)
    }),
    { numRuns: 300 },
  )
})
