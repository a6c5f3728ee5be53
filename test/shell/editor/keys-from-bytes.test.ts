// What a terminal sends, as keys: each sequence, however it is cut into pieces.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { chord, type Key, textKey } from '../../../src/shell/editor/key.js'
import { KeyDecoder } from '../../../src/shell/editor/key-decoder.js'

const ESC = '\u001b'
const NAMES: readonly (readonly [string, string])[] = [
  ['\u0001', 'C-a'],
  ['\r', 'Enter'],
  ['\n', 'C-j'],
  ['\t', 'Tab'],
  ['\u007f', 'Backspace'],
  ['\b', 'C-h'],
  ['\u0000', 'C-Space'],
  ['\u001f', 'C-_'],
  [`${ESC}f`, 'M-f'],
  [`${ESC}\r`, 'M-Enter'],
  [`${ESC}\u007f`, 'M-Backspace'],
  [`${ESC}[A`, 'Up'],
  [`${ESC}OA`, 'Up'],
  [`${ESC}[1;5D`, 'C-Left'],
  [`${ESC}[1;3C`, 'M-Right'],
  [`${ESC}[1;2H`, 'S-Home'],
  [`${ESC}Od`, 'C-Left'],
  [`${ESC}[3~`, 'Delete'],
  [`${ESC}[3;5~`, 'C-Delete'],
  [`${ESC}[7~`, 'Home'],
  [`${ESC}[Z`, 'S-Tab'],
  [`${ESC}[[B`, 'F2'],
  [`${ESC}[24~`, 'F12'],
  [`${ESC}[13;2u`, 'S-Enter'],
  [`${ESC}[27;5;13~`, 'C-Enter'],
  [`${ESC}[97;5u`, 'C-a'],
]

it.each(NAMES)('%j is %s', (bytes, name) =>
  expect(new KeyDecoder().decode(bytes)).toEqual([chord(name)]),
)

it('what no key sends is passed over', () => {
  const decoder = new KeyDecoder()
  expect(decoder.decode(`a${ESC}[5;7R${ESC}[I${ESC}[?62;c${ESC}[99~b`)).toEqual([
    textKey('a'),
    textKey('b'),
  ])
})

it('an Escape is a key once nothing follows it', () => {
  const decoder = new KeyDecoder()
  expect(decoder.decode(ESC)).toEqual([])
  expect(decoder.isWaiting).toBe(true)
  expect(decoder.flush()).toEqual([chord('Escape')])
  expect(decoder.decode(`${ESC}${ESC}[A`)).toEqual([chord('Escape'), chord('Up')])
})

it('what is pasted is text, whatever is in it', () => {
  const pasted = `${ESC}[200~a\r\n\tb\rc${ESC}[31md\u0003${ESC}[201~x`
  const text = 'a\n\tb\nc[31md'
  expect(new KeyDecoder().decode(pasted)).toEqual([{ kind: 'paste', text }, textKey('x')])
})

it('cut anywhere, the same keys come out', () => {
  const piece = fc.constantFrom(
    ...NAMES.map(([bytes]) => bytes),
    'on',
    '界',
    `${ESC}[200~a\rb${ESC}[201~`,
  )
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.array(fc.nat(), { maxLength: 6 }),
      (pieces, cuts) => {
        const all = pieces.join('')
        const whole = joined(new KeyDecoder().decode(all))
        const decoder = new KeyDecoder()
        const places = [...new Set([0, ...cuts.map((cut) => cut % (all.length + 1)), all.length])]
        places.sort((a, b) => a - b)
        const keys = places.slice(1).flatMap((to, i) => decoder.decode(all.slice(places[i], to)))
        expect(joined(keys)).toEqual(whole)
      },
    ),
  )
})

/** Text keys that follow each other are one. */
function joined(keys: readonly Key[]): Key[] {
  const all: Key[] = []
  for (const key of keys) {
    const last = all.at(-1)
    if (key.kind === 'text' && last?.kind === 'text')
      all[all.length - 1] = textKey(last.text + key.text)
    else all.push(key)
  }
  return all
}
