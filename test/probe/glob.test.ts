// Globs of probe descriptions, as the kernel's matcher defines them.
import { expect, it } from 'vitest'
import { globMatcher } from '../../src/dtrace/probe/glob.js'

it.each([
  { glob: '', text: 'anything', matches: true },
  { glob: '*', text: '', matches: true },
  { glob: '?', text: '', matches: false },
  { glob: 'a*b*c', text: 'aXbYbZc', matches: true },
  { glob: 'a*b*c', text: 'aXbYbZ', matches: false },
  { glob: '**a', text: 'bba', matches: true },
  { glob: '*?', text: 'a', matches: true },
  { glob: '?*?', text: 'a', matches: false },
  { glob: '[abc]', text: 'b', matches: true },
  { glob: '[a-c]x', text: 'cx', matches: true },
  { glob: '[a-c]x', text: 'dx', matches: false },
  { glob: '[!a-c]x', text: 'dx', matches: true },
  { glob: '[!a-c]x', text: 'bx', matches: false },
  { glob: '[!ab-d]', text: 'a', matches: false },
  { glob: '[]x]', text: ']', matches: true },
  { glob: '[!]x]', text: ']', matches: false },
  { glob: '[!]x]', text: 'a', matches: true },
  { glob: '[a-]', text: '-', matches: true },
  { glob: '[-a]', text: '-', matches: true },
  { glob: '[\\]a]', text: ']', matches: true },
  { glob: '[\\!a]', text: '!', matches: true },
  { glob: '[a-\\c]', text: 'b', matches: true },
  { glob: '[^a]', text: '^', matches: true },
  { glob: '[^a]', text: 'b', matches: false },
  { glob: '\\*', text: '*', matches: true },
  { glob: '\\*', text: 'a', matches: false },
  { glob: 'a\\?c', text: 'abc', matches: false },
  { glob: '.+', text: 'ab', matches: false },
  { glob: '[a', text: '[a', matches: false },
  { glob: '[a', text: 'a', matches: false },
  { glob: '[]', text: ']', matches: false },
  { glob: 'a\\', text: 'a\\', matches: false },
  { glob: 'a]', text: 'a]', matches: true },
  { glob: '[a', text: '', matches: false },
])('$glob on "$text": $matches', ({ glob, text, matches }) => {
  expect(globMatcher(glob)(text)).toBe(matches)
})

it('many stars are no trouble', () => {
  expect(globMatcher('*a'.repeat(40))('a'.repeat(39))).toBe(false)
  expect(globMatcher('*a'.repeat(40))(`${'a'.repeat(5000)}b`)).toBe(false)
})
