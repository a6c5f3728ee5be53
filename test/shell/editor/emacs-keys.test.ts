// Keys of Emacs: each with what it makes of a text. The bar is the cursor.
import { describe, expect, it } from 'vitest'
import { typing } from './typing.js'

type Case = readonly [string, string, readonly string[], string]

describe('moving', () => {
  it.each<Case>([
    ['to the start of the line', 'ab\ncd|', ['C-a'], 'ab\n|cd'],
    ['to its end', '|ab\ncd', ['C-e'], 'ab|\ncd'],
    ['by a character', 'ab|c', ['C-b', 'C-b', 'C-f'], 'a|bc'],
    ['over a grapheme of several code points', 'a👨‍👩‍👧|b', ['Left'], 'a|👨‍👩‍👧b'],
    ['over a combining mark', '|e\u0301x', ['Right'], 'e\u0301|x'],
    ['over a surrogate pair', '𝒳|', ['C-b'], '|𝒳'],
    ['by a word', 'xm.create|', ['M-b', 'M-b', 'M-f'], 'xm|.create'],
    ['by a word with Control and arrows', 'ab cd|', ['C-Left', 'C-Left', 'C-Right'], 'ab| cd'],
    ['a line up, at the same column', 'abcd\nx\nabc|', ['Up', 'Up'], 'abc|d\nx\nabc'],
    ['a line down', 'a|bc\nd\nefg', ['Down', 'Down'], 'abc\nd\ne|fg'],
    [
      'to the column, not the count, below wide characters',
      '世界|\nabcdef',
      ['Down'],
      '世界\nab|cdef',
    ],
    ['to both ends of the text', 'a\nb|', ['M-<', 'C-d', 'M->'], '\nb|'],
    ['not beyond the ends', '|', ['Left', 'Right', 'C-a', 'C-e', 'M-b', 'M-f'], '|'],
  ])('%s', (_, before, keys, after) => expect(typing(before).press(...keys).shows).toBe(after))
})

describe('deleting, cutting, putting back', () => {
  it.each<Case>([
    ['the character before', 'ab|', ['Backspace', 'C-h'], '|'],
    ['the character under the cursor', '|ab', ['C-d', 'Delete'], '|'],
    ['a whole grapheme', 'e\u0301|', ['Backspace'], '|'],
    ['to the end of the line', 'a|bc\nd', ['C-k'], 'a|\nd'],
    ['the newline, at the end of the line', 'a|\nd', ['C-k'], 'a|d'],
    ['to the start of the line', 'x\nab|c', ['C-u'], 'x\n|c'],
    ['what is between blanks', "on('a:b')  |", ['C-w'], '|'],
    ['a word before', 'on.count|', ['M-Backspace'], 'on.|'],
    ['a word behind', '|on.count', ['M-d'], '|.count'],
    ['put back', 'ab cd|', ['C-w', 'C-a', 'C-y'], 'cd|ab '],
    ['cuts in a row are one', 'a b c|', ['C-w', 'C-w', 'C-y'], 'a b c|'],
    ['cuts in a row, both ways', 'a b| c', ['M-d', 'C-w', 'C-y'], 'a b c|'],
    ['cuts apart are two', 'a b|', ['C-w', 'C-e', 'C-w', 'C-y', 'M-y'], 'b|'],
    ['M-y goes round', 'a b|', ['C-w', 'C-e', 'C-w', 'C-y', 'M-y', 'M-y'], 'a |'],
    ['two of indentation at once', 'a\n    |b', ['Backspace'], 'a\n  |b'],
  ])('%s', (_, before, keys, after) => expect(typing(before).press(...keys).shows).toBe(after))
})

describe('changing', () => {
  it.each<Case>([
    ['characters exchanged', 'ab|', ['C-t'], 'ba|'],
    ['characters exchanged in the middle', 'a|bc', ['C-t'], 'ba|c'],
    ['words exchanged', 'one two|', ['M-t'], 'two one|'],
    ['upper case', '|msr x', ['M-u'], 'MSR| x'],
    ['lower case', '|MSR x', ['M-l'], 'msr| x'],
    ['a capital', '|mSR x', ['M-c'], 'Msr| x'],
    ['a new line, indented behind a bracket', 'f(|', ['M-Enter'], 'f(\n  |'],
    ['a new line, indented as the one above', 'a\n    b|', ['M-Enter'], 'a\n    b\n    |'],
    ['a closing bracket goes back', 'f(\n  |', [')'], 'f(\n)|'],
    ['a closing bracket behind text does not', 'f(\n  a|', [')'], 'f(\n  a)|'],
    ['Tab indents a further line', 'f(\n|', ['Tab'], 'f(\n  |'],
    ['S-Tab takes it back', 'f(\n    a|', ['S-Tab'], 'f(\n  a|'],
  ])('%s', (_, before, keys, after) => expect(typing(before).press(...keys).shows).toBe(after))
})

describe('undo', () => {
  it.each<Case>([
    ['takes back what was typed, word by word', '|', ['a', 'b', ' ', 'c', 'C-_'], 'ab|'],
    ['takes back a cut', 'a b|', ['C-w', 'C-_'], 'a b|'],
    ['and again', '|', ['a', ' ', 'b', 'C-_', 'C-_'], '|'],
    ['can be undone', 'ab|', ['Backspace', 'C-_', 'M-_'], 'a|'],
    ['is forgotten by a change', 'ab|', ['Backspace', 'C-_', 'x', 'M-_'], 'abx|'],
  ])('%s', (_, before, keys, after) => expect(typing(before).press(...keys).shows).toBe(after))

  it('takes back a paste as a whole, and its last newline was never there', () => {
    const pasted = typing('x|').paste('a\nb\n\n')
    expect(pasted.shows).toBe('xa\nb|')
    expect(pasted.press('C-_').shows).toBe('x|')
  })
})

it.each<readonly [string, readonly string[]]>([
  ['cancel', ['C-c']],
  ['leave', ['C-d']],
  ['complete', ['Tab']],
  ['enter', ['Enter']],
  ['clear-screen', ['C-l']],
  ['suspend', ['C-z']],
  ['open-editor', ['C-x', 'C-e']],
  ['bell', ['C-x', 'C-q']],
  ['bell', ['Up']],
])('wishes to %s', (wish, keys) => expect(typing().press(...keys).wishes).toEqual([wish]))
