// Whatever is written: rules, or mistakes with a place in the text. Never an exception, and never
// long.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { positionOf } from '../../../src/base/span.js'
import { printRules } from '../../../src/fma/eversholt/print.js'
import { compileText, SOURCES, textOf } from './compile-file.js'

/** Of processor time: other work on the machine does not count. */
const LONGEST_MS = 2000

function isWell(text: string): void {
  const before = process.cpuUsage()
  const { diagnostics, rules, pragmas } = compileText(text)
  printRules(rules, pragmas)
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1000, `took too long: ${text.slice(0, 500)}`).toBeLessThan(LONGEST_MS)
  for (const { code, span, source, line, column } of diagnostics) {
    expect(code).toMatch(/^esc\.[a-z-]+$/)
    expect(span?.start).toBeGreaterThanOrEqual(0)
    expect(span?.end).toBeGreaterThanOrEqual(span?.start ?? 0)
    expect(span?.end).toBeLessThanOrEqual(source.text.length)
    expect(column).toBe(positionOf(source.text, span?.start ?? 0).column)
    expect(line).toBeGreaterThanOrEqual(0)
  }
}

const TEXTS = SOURCES.map(textOf).filter((text) => !text.includes('of-itself'))
const PIECES = [
  ...'event engine prop mask asru fru config if fault.x@chip ereport.x@chip/core error.a@chip<> serd.x@chip'.split(
    ' ',
  ),
  ...'{ } ( ) [ ] < > -> , ; : ? = == ! ~ & && | || + - * / % div @ $ . # " \\ /* */ /**/ \n'.split(
    ' ',
  ),
  ...'5 0x 08 5s 99999999999999999999 within confprop count N= T= FITrate= A infinity'.split(' '),
  ...[
    '\n#define A B B',
    '\n#define B A A',
    '\n#define F(x) x F(x) x',
    '\nF(F(A))',
    '\n#if',
    '\n#endif',
  ],
  ...[
    '\n#include "ok.all-statements.esc"\n',
    '\n#else\n',
    '\n# 5 "x"\n',
    '\n#pragma allow_cycles\n',
    'é\u{1f600}',
  ],
]

it('pieces of rules in any order', () => {
  const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 })
  fc.assert(
    fc.property(soup, (pieces) => isWell(pieces.join(' '))),
    { numRuns: 1500 },
  )
})

it('right and wrong files, cut and mixed', () => {
  const cut = fc.tuple(
    fc.constantFrom(...TEXTS),
    fc.nat(),
    fc.nat(),
    fc.constantFrom(...PIECES, ''),
  )
  fc.assert(
    fc.property(fc.array(cut, { minLength: 1, maxLength: 3 }), (cuts) => {
      const texts = cuts.map(([text, a, b, piece]) => {
        const from = a % (text.length + 1)
        return text.slice(0, from) + piece + text.slice(from + (b % 20))
      })
      isWell(texts.join('\n'))
    }),
    { numRuns: 1500 },
  )
})

it('any characters', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), isWell), { numRuns: 500 })
})

it.each([
  { what: 'parentheses', text: `event a.b@c { ${'('.repeat(1e5)} };` },
  { what: 'signs', text: `event a.b@c { ${'!'.repeat(1e5)}1 };` },
  { what: 'a long sum', text: `event a.b@c { ${'1+'.repeat(1e5)}1 };` },
  { what: 'a long path', text: `event fault.b@${'c/'.repeat(1e5)}c;` },
  { what: 'a long class', text: `event fault${'.c'.repeat(1e5)}@c;` },
  { what: 'many ifs', text: `${'if (1) '.repeat(1e5)} event a.b@c;` },
  { what: 'blocks', text: 'if (1) {'.repeat(1e5) },
  { what: 'conditionals', text: '#if 1\n'.repeat(1e4) },
  { what: 'a condition', text: `#if ${'('.repeat(1e5)}\n#endif\n` },
  { what: 'macro calls', text: `#define F(x) x\n${'F('.repeat(1e4)}${')'.repeat(1e4)}` },
  {
    what: 'a chain of macros',
    text:
      Array.from({ length: 1e4 }, (_, i) => `#define M${i} M${i + 1} M${i + 1}\n`).join('') +
      'M0\n',
  },
  { what: 'many mistakes', text: 'event fault;\n'.repeat(2e4) },
  {
    what: 'many undeclared',
    text: Array.from(
      { length: 3e3 },
      (_, i) => `event error.e${i}@c;\nprop error.f${i}@c -> error.e${i}@c;\n`,
    ).join(''),
  },
  { what: 'a net of errors', text: netOfErrors(60) },
  { what: 'a chain of errors', text: chainOfErrors(2e4) },
])('$what without end end', ({ text }) => isWell(text))

/** Every error leads to every later one: more ways than could ever be walked. */
function netOfErrors(count: number): string {
  const names = Array.from({ length: count }, (_, i) => `error.e${i}@c`)
  const events = names.map((name) => `event ${name};\n`)
  const props = names
    .slice(1)
    .map((_, i) => `prop ${names[i]} -> ${names.slice(i + 1).join(', ')};\n`)
  return [...events, ...props].join('')
}

function chainOfErrors(count: number): string {
  const all = Array.from({ length: count }, (_, i) => i)
  const events = all.map((i) => `event error.e${i}@c;\n`)
  return (
    events.join('') +
    all.map((i) => `prop error.e${i}@c -> error.e${(i + 1) % count}@c;\n`).join('')
  )
}
