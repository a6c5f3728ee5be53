// Brackets and quotes that bring their other half, numeric arguments, keys that stand for
// themselves.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { typing } from './typing.js'

const PAIRED = { pairs: true }

it.each([
  ['a bracket brings its half', '|', ['('], '(|)'],
  ['its key goes over it', 'f|', ['(', ')'], 'f()|'],
  ['not in front of a word', '|a', ['('], '(|a'],
  ['one in the other', 'on|', ['(', "'", 'x', "'", ')'], "on('x')|"],
  ['Backspace takes both', 'f|', ['(', 'Backspace'], 'f|'],
  ['but not a half that was typed', 'f(|)', ['Backspace'], 'f|)'],
  ['an apostrophe is none', 'don|', ["'", 't'], "don't|"],
  ['a quote that ends a string is one', "f('a |", ["'"], "f('a '|"],
  ['a template behind its tag', 'd|', ['`', 'x', '`'], 'd`x`|'],
  ['elsewhere a half is a text like others', 'f|', ['(', 'Home', 'End', ')'], 'f())|'],
  ['what comes at once goes over it too', 'f|', ['(', "'a')"], "f('a')|"],
  ['what comes at once brings none', '|', ['const x = {'], 'const x = {|'],
  ['M-Enter in a block', 'f |', ['{', 'M-Enter', 'x', '}'], 'f {\n  x\n}|'],
  ['empty lines before its end go', 'f |', ['{', 'M-Enter', 'M-Enter', '}'], 'f {\n}|'],
  ['a block in a call', 'f|', ['(', '{', 'M-Enter', 'a', '}', ')'], 'f({\n  a\n})|'],
  ['one undo takes a pair away', 'f|', ['(', 'C-_'], 'f|'],
])('%s', (_, from, keys, to) => expect(typing(from, PAIRED).press(...keys).shows).toBe(to))

it('what is typed to its end is the same with pairs as without', () => {
  const piece = fc.constantFrom("f('a')", '[1, 2]', '{ b: 1 }', '`c`', '"d"', ' + ', 'x', '(y)')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('')
      expect(typing('|', PAIRED).press(...text).shows).toBe(`${text}|`)
    }),
  )
})

it.each([
  ['a digit with Alt', '|', ['M-5', '='], '=====|'],
  ['two of them, and digits behind', '|', ['M-1', '2', 'x'], 'xxxxxxxxxxxx|'],
  ['a motion', '|abcdef', ['M-3', 'C-f'], 'abc|def'],
  ['below zero it goes the other way', 'ab cd|', ['M--', 'M-f'], 'ab |cd'],
  ['C-u where nothing is to be cut', '|', ['C-u', '-'], '----|'],
  ['C-u twice', '|', ['C-u', 'C-u', '-'], '----------------|'],
  ['C-u cuts elsewhere', 'ab|c', ['C-u'], '|c'],
  ['one undo for all', 'a|', ['M-4', 'b', 'C-_'], 'a|'],
  ['words cut come back as one', 'a b c|', ['M-2', 'C-w', 'C-y'], 'a b c|'],
  ['C-g forgets it', '|', ['M-9', 'C-g', 'x'], 'x|'],
  ['at the end of the text it stops', 'ab|', ['M-9', 'Backspace'], '|'],
])('argument: %s', (_, from, keys, to) => expect(typing(from).press(...keys).shows).toBe(to))

it.each([
  ['Tab', '\t'],
  ['Escape', '\u001b'],
  ['C-a', '\u0001'],
  ['(', '('],
])('C-q %s and C-v put it in as it is', (key, character) => {
  expect(typing('|', PAIRED).press('C-q', key).shows).toBe(`${character}|`)
  expect(typing('|', { ...PAIRED, vi: true }).press('C-v', key).shows).toBe(`${character}|`)
})
