// Messages of a language server come in any pieces; what is no message is refused.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FrameReader, frame } from '../../../src/session/types/frames.js'

it('however the bytes are cut, the same messages come out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 5 }),
      fc.array(fc.nat({ max: 40 }), { minLength: 1 }),
      (messages, cuts) => {
        const bytes = Buffer.concat(messages.map(frame))
        const reader = new FrameReader()
        const found: unknown[] = []
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const next = at + 1 + (cuts[i % cuts.length] ?? 0)
          found.push(...reader.push(bytes.subarray(at, next)))
          at = next
        }
        expect(found).toEqual(JSON.parse(JSON.stringify(messages)))
      },
    ),
    { numRuns: 200 },
  )
})

it.each(['hello\r\n\r\n', 'Content-Length: -1\r\n\r\n', 'Content-Length: 999999999\r\n\r\n'])(
  '%j is no message',
  (text) => expect(() => new FrameReader().push(Buffer.from(text))).toThrow('no length'),
)

it('what is no JSON is no message', () => {
  expect(() => new FrameReader().push(Buffer.from('Content-Length: 1\r\n\r\n{'))).toThrow()
})
