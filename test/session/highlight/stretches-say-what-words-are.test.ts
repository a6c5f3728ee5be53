// Colour while typing: every stretch is what it says it is, and any text has stretches.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { codeTokens } from '../../../src/session/highlight/code-tokens.js'
import { stretchesOf } from '../../../src/session/highlight/stretches.js'

const isCommand = (word: string): boolean => word === 'dtrace' || word === 'xm'

/** The stretches of a text, as `role:text`. */
const shown = (text: string): readonly string[] =>
  stretchesOf(text, isCommand).map(({ start, end, role }) => `${role}:${text.slice(start, end)}`)

it.each<[text: string, stretches: readonly string[]]>([
  ['const n = 0x1fn // all', ['keyword:const', 'number:0x1fn', 'comment:// all']],
  ['a.if = `x$' + '{new K()}y`', ['string:`x$' + '{', 'keyword:new', 'string:}y`']],
  ['x = 1 / 2 / 3', ['number:1', 'number:2', 'number:3']],
  ['x.replace(/a\'b/g, "c")', ["string:/a'b/g", 'string:"c"']],
  ["on('xpv:::').by('domid')", ["probe:'xpv:::'", "string:'domid'"]],
  [
    'd`xpv:::x /pid/ { @a = count(); }`',
    ['string:`', 'probe:xpv:::x', 'name:pid', 'aggregation:@a', 'name:count', 'string:`'],
  ],
  ["'open", ["string:'open"]],
  ['/* open', ['comment:/* open']],
  ["xm create web1 -p memory=512 'a b'", ['command:xm', 'option:-p', "string:'a b'"]],
  [
    '# dtrace -qn \'BEGIN { trace("x"); }\' 5',
    [
      'command:dtrace',
      'option:-qn',
      "string:'",
      'probe:BEGIN',
      'name:trace',
      'string:"x"',
      "string:'",
      'number:5',
    ],
  ],
  ['xm list\nxm info', ['command:xm', 'command:xm']],
  [
    "dtrace -n '#pragma D option quiet\n/* c */ tick-1s { this->x = $target; }'",
    [
      'command:dtrace',
      'option:-n',
      "string:'",
      'option:#pragma D option quiet',
      'comment:/* c */',
      'probe:tick-1s',
      'keyword:this',
      'name:$target',
      "string:'",
    ],
  ],
])('%j', (text, stretches) => expect(shown(text)).toEqual(stretches))

const PIECES = [
  ...[
    '`',
    '$',
    '{',
    '}',
    '{',
    '(',
    ')',
    "'",
    '"',
    '\\',
    '/',
    '/*',
    '*/',
    '//',
    '\n',
    ' ',
    '@a',
    '$',
  ],
  ...[
    'dtrace',
    'xm',
    ' -n',
    'd',
    'on',
    'const',
    '1',
    'xpv:::x',
    'é',
    '🙂',
    '[',
    ']',
    '.',
    '#',
    '=',
  ],
]

it('any text has stretches, in order, none over another', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }), (pieces) => {
      const text = pieces.join('')
      for (const found of [stretchesOf(text, isCommand), codeTokens(text)]) {
        let at = 0
        for (const { start, end } of found) {
          expect(start).toBeGreaterThanOrEqual(at)
          expect(end).toBeGreaterThan(start)
          at = end
        }
        expect(at).toBeLessThanOrEqual(text.length)
      }
    }),
    { numRuns: 500 },
  )
})

it('a long text has all its stretches', () => {
  const text = `const a = [${'"x", `y`, 0x1f, '.repeat(3000)}]`
  expect(stretchesOf(text, isCommand)).toHaveLength(9001)
})
