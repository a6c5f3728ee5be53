// Operators group as the D language guide's table says: the order here is copied from its text,
// not from us.
import { expect, it } from 'vitest'
import { bare, codesOf, traced } from './tree.js'

const DECLARED = 'BEGIN { a = 1; b = 2; c = 3; s = "x"; } END'
const tree = (text: string): unknown => bare(traced(`${DECLARED} { trace(${text}); }`))

/** Tightest first; all of these group from the left. */
const LEVELS = [
  ['*', '/', '%'],
  ['+', '-'],
  ['<<', '>>'],
  ['<', '<=', '>', '>='],
  ['==', '!='],
  ['&'],
  ['^'],
  ['|'],
  ['&&'],
  ['^^'],
  ['||'],
]

const pairs = LEVELS.flatMap((tight, i) =>
  LEVELS.slice(i + 1).flatMap((loose) =>
    tight.flatMap((t) => loose.map((l): [string, string] => [t, l])),
  ),
)

it.each(pairs)('%s binds tighter than %s', (tight, loose) => {
  expect(tree(`a ${loose} b ${tight} c`)).toEqual(tree(`a ${loose} (b ${tight} c)`))
  expect(tree(`a ${tight} b ${loose} c`)).toEqual(tree(`(a ${tight} b) ${loose} c`))
})

it.each(LEVELS.flatMap((level) => level.flatMap((x) => level.map((y) => [x, y]))))(
  '%s and %s group from the left',
  (x, y) => expect(tree(`a ${x} b ${y} c`)).toEqual(tree(`(a ${x} b) ${y} c`)),
)

it.each([
  { text: 'a ? b : c ? a : b', same: 'a ? b : (c ? a : b)' },
  { text: 'a || b ? b : c', same: '(a || b) ? b : c' },
  { text: 'a = b = c', same: 'a = (b = c)' },
  { text: 'a = b ? c : a', same: 'a = (b ? c : a)' },
  { text: 'a += b << c', same: 'a += (b << c)' },
  { text: '-a * b', same: '(-a) * b' },
  { text: '!a == b', same: '(!a) == b' },
  { text: '~a & b', same: '(~a) & b' },
  { text: '- -a', same: '-(-a)' },
  { text: '(char)a + b', same: '((char)a) + b' },
  { text: '(char)-a', same: '(char)(-a)' },
  { text: '-(char)a', same: '-((char)a)' },
  { text: 'a++ + b', same: '(a++) + b' },
  { text: '++a - --b', same: '(++a) - (--b)' },
  { text: 'sizeof a + b', same: '(sizeof a) + b' },
  { text: '(a, b, c)', same: '((a, b), c)' },
])('$text is $same', ({ text, same }) => expect(tree(text)).toEqual(tree(same)))

it.each(['a + b = c', 'a ? b : c = a', '(char)a = b', '-a = b'])(
  'nothing can be assigned to what is left of the = in %s',
  (text) => expect(codesOf(`${DECLARED} { ${text}; }`)).not.toEqual([]),
)

it.each([
  { text: '/a / b/ {}', division: true },
  { text: '/a / (b)/\n{ }', division: true },
  { text: '/a/ {}', division: false },
  { text: '/a\n/\n\n{}', division: false },
  { text: '/a/ /* why */ {}', division: false },
])('a slash ends a predicate only before { ; / or the end: $text', ({ text, division }) => {
  expect(codesOf(`${DECLARED} ${text}`)).toEqual([])
  expect(codesOf(`${DECLARED} ${text.replace('a', 's')}`)).toEqual([
    division ? 'd.op-arith' : 'd.pred-scalar',
  ])
})
