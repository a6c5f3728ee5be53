// Any bytes are a text and come back; as D writes, compares and measures them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOfText, textOfBytes } from '../../src/base/byte-text.js'
import { compareStrings } from '../../src/dtrace/aggregate/text-order.js'
import { quoteString, readEscapes } from '../../src/dtrace/program/string-literal.js'
import { ENGINES, runD, traced } from '../run/build.js'

const bytes = fc.uint8Array({ min: 1, maxLength: 12 })

it('bytes become a text and the same bytes again', () => {
  fc.assert(
    fc.property(bytes, (b) => {
      expect(bytesOfText(textOfBytes(b))).toEqual(b)
    }),
  )
})

it('UTF-8 is what it says, text without lone bytes is UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(bytesOfText(text)).toEqual(new TextEncoder().encode(text))
      expect(textOfBytes(bytesOfText(text))).toBe(text)
    }),
  )
})

it('texts compare as their bytes do', () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const order = Math.sign(compareStrings(textOfBytes(a), textOfBytes(b)))
      expect(order).toBe(Buffer.compare(a, b))
    }),
  )
})

it('a literal is read back as it was written', () => {
  fc.assert(
    fc.property(bytes, (b) => {
      const text = textOfBytes(b)
      expect(readEscapes(quoteString(text).slice(1, -1))).toBe(text)
    }),
  )
})

describe.each(ENGINES)('%s', (engine) => {
  it.each([
    ['an octal escape is a byte', `strlen("\\377")`, 1n],
    ['so is a hexadecimal one', `strlen("\\xff\\xfe")`, 2n],
    ['two of them may be one character', '"\\303\\251" == "é"', 1n],
    ['a string literal is as long as its bytes', 'sizeof ("\\377")', 2n],
    ['a character constant is one byte', `'\\377'`, 255n],
    ['or several', `'\\377a'`, 0xff61n],
    ['a byte is found', 'index("a\\377b", "b")', 2n],
    ['bytes order by their value', '"\\200" < "é"', 1n],
  ])('%s', (_name, expression, value) => {
    expect(traced(runD(`BEGIN { trace(${expression}); }`, [], { engine }))).toEqual([[value]])
  })
})
