// Keys of vi: each with what it makes of a text. The bar is before the character under the cursor.
import { describe, expect, it } from 'vitest'
import { typing } from './typing.js'

/** A text in normal mode, the cursor on the character behind the bar; what the keys make of it. */
function normal(before: string, ...keys: string[]): string {
  const at = before.indexOf('|')
  const start = typing('|', { vi: true }).press(before.replace('|', ''), 'Escape', 'g', 'g', '0')
  const there = { ...start.state.buffer, cursor: at }
  Object.assign(start.state, { buffer: there })
  return start.press(...keys).shows
}

type Case = readonly [string, string, string]

describe('motions', () => {
  it.each<Case>([
    ['h', 'ab|c', 'a|bc'],
    ['3l', '|abcde', 'abc|de'],
    ['l', 'ab|c', 'ab|c'],
    ['0', '  ab|c', '|  abc'],
    ['^', '  ab|c', '  |abc'],
    ['$', '|abc', 'ab|c'],
    ['w', '|on(x)', 'on|(x)'],
    ['W', '|on(x) y', 'on(x) |y'],
    ['2w', '|a b c', 'a b |c'],
    ['b', 'on(x|)', 'on(|x)'],
    ['B', 'a on(x|)', 'a |on(x)'],
    ['e', '|one two', 'on|e two'],
    ['E', '|on(x) two', 'on(x|) two'],
    ['fx', '|axbx', 'a|xbx'],
    ['2fx', '|axbx', 'axb|x'],
    ['tx', '|abx', 'a|bx'],
    ['Fa', 'abc|d', '|abcd'],
    ['Ta', 'abc|d', 'a|bcd'],
    ['fx;', '|axbx', 'axb|x'],
    ['fx;,', '|axbx', 'a|xbx'],
    ['gg', 'a\nb|c', '|a\nbc'],
    ['G', '|a\n  b', 'a\n  |b'],
    ['2G', '|a\nb\nc', 'a\n|b\nc'],
    ['j', 'a|b\ncd', 'ab\nc|d'],
    ['k', 'ab\nc|d', 'a|b\ncd'],
    ['%', 'f|(a[1])', 'f(a[1]|)'],
    ['fz', '|abc', '|abc'],
  ])('%s', (keys, before, after) => expect(normal(before, keys)).toBe(after))
})

describe('operators', () => {
  it.each<Case>([
    ['x', 'a|bc', 'a|c'],
    ['X', 'ab|c', 'a|c'],
    ['2x', '|abc', '|c'],
    ['dw', '|one two', '|two'],
    ['dw', 'one |two\nx', 'one| \nx'],
    ['d2w', '|a b c', '|c'],
    ['2dw', '|a b c', '|c'],
    ['de', '|one two', '| two'],
    ['db', 'one |two', '|two'],
    ['d$', 'ab|cd', 'a|b'],
    ['D', 'ab|cd', 'a|b'],
    ['d0', 'ab|cd', '|cd'],
    ['dfx', 'a|bxc', 'a|c'],
    ['dtx', 'a|bxc', 'a|xc'],
    ['dd', 'a\n|b\nc', 'a\n|c'],
    ['dd', 'a\n|b', '|a'],
    ['2dd', '|a\nb\nc', '|c'],
    ['dj', '|a\nb\nc', '|c'],
    ['dG', 'a\n|b\nc', '|a'],
    ['diw', 'one t|wo three', 'one | three'],
    ['daw', 'one t|wo three', 'one |three'],
    ['di"', 'f("a|b")', 'f("|")'],
    ["da'", "f('a|b')", 'f(|)'],
    ['di(', 'f(a, (b|), c)', 'f(a, (|), c)'],
    ['da{', 'x{a|b}y', 'x|y'],
    ['d%', 'f|(a)b', 'f|b'],
    ['>>', '|a', '  |a'],
    ['<<', '    |a', '  |a'],
    ['J', '|a\n  b', 'a| b'],
    ['~', '|ab', 'A|b'],
    ['rx', '|ab', '|xb'],
    ['3rx', '|abcd', 'xx|xd'],
    ['ywP', '|ab cd', 'ab| ab cd'],
    ['yyp', '|ab\nc', 'ab\n|ab\nc'],
    ['ddp', '|a\nb', 'b\n|a'],
    ['xp', '|ab', 'b|a'],
    ['dwu', '|one two', '|one two'],
  ])('%s', (keys, before, after) => expect(normal(before, keys)).toBe(after))
})

describe('typing', () => {
  it.each<readonly [string, readonly string[], string, string]>([
    ['in front', ['ix', 'Escape'], 'a|b', 'a|xb'],
    ['behind', ['ax', 'Escape'], '|ab', 'a|xb'],
    ['at the start', ['Ix', 'Escape'], '  a|b', '  |xab'],
    ['at the end', ['Ax', 'Escape'], '|ab', 'ab|x'],
    ['below', ['ox', 'Escape'], '|a\nb', 'a\n|x\nb'],
    ['above', ['Ox', 'Escape'], 'a\n|b', 'a\n|x\nb'],
    ['instead of a word', ['cwx', 'Escape'], '|one two', '|x two'],
    ['instead of the rest', ['Cx', 'Escape'], 'a|bc', 'a|x'],
    ['instead of a line', ['ccx', 'Escape'], 'a\n|bc\nd', 'a\n|x\nd'],
    ['instead of what is in brackets', ['ci(x', 'Escape'], 'f(a|b)', 'f(|x)'],
    ['again', ['cwx', 'Escape', 'w', '.'], '|a b', 'x |x'],
    ['again after x', ['x', '.'], '|abc', '|c'],
    ['again, and undone', ['x', '.', 'u', 'u'], '|abc', '|abc'],
    ['undone as a whole', ['cwx', 'y', ' ', 'z', 'Escape', 'u'], '|one two', '|one two'],
    ['undone and redone', ['x', 'u', 'C-r'], '|abc', '|bc'],
    ['what was given is forgotten by Escape', ['d', 'Escape', 'w'], '|a b', 'a |b'],
  ])('%s', (_, keys, before, after) => expect(normal(before, ...keys)).toBe(after))
})

it('starts ready to type; Meta is Escape; history is above and below', () => {
  const history = ['old', 'new']
  expect(typing('|', { vi: true }).press('abc', 'M-h').shows).toBe('a|bc')
  expect(typing('|', { vi: true, history }).press('Escape', 'k', 'k').shows).toMatch(/^ol\|d$/)
  expect(typing('|', { vi: true, history }).press('Escape', 'kkj').shows).toMatch(/^ne\|w$/)
  expect(typing('|', { vi: true, history }).press('Escape', '/', 'ol', 'Escape').shows).toBe('|old')
})
