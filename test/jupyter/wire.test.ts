// Messages as frames: signed, read back, refused.
import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Request } from '../../src/jupyter/message.js'
import { type Decoded, Wire } from '../../src/jupyter/wire.js'

const KEY = 'a0436f6c-1916-498b-8eb9-e81ab9368e84'
const HEADER = '{"msg_id":"1","session":"s","msg_type":"execute_request"}'

/** Frames as another program signs them: node:crypto alone. */
function signed(parts: readonly string[], key = KEY): Buffer[] {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(Buffer.from(part))
  return ['<IDS|MSG>', hmac.digest('hex'), ...parts].map((part) => Buffer.from(part))
}

function reasonOf(decoded: Decoded): string {
  return decoded.kind === 'refused' ? decoded.reason : 'taken'
}

function requestIn(decoded: Decoded): Request {
  if (decoded.kind === 'refused') throw new Error(decoded.reason)
  return decoded.request
}

it('a message is signed over its four parts, as the protocol says', () => {
  const frames = new Wire(KEY).encode({
    type: 'stream',
    content: { name: 'stdout', text: 'ü', count: 2n ** 64n },
    parent: undefined,
    identities: [Buffer.from('who')],
  })
  const texts = frames.map((frame) => Buffer.from(frame).toString())
  expect(texts.slice(0, 2)).toEqual(['who', '<IDS|MSG>'])
  const parts = texts.slice(3)
  expect(texts[2]).toBe(String(signed(parts)[1]))
  expect(JSON.parse(parts[0] ?? '')).toMatchObject({ msg_type: 'stream', version: '5.3' })
  expect(parts.slice(1, 3)).toEqual(['{}', '{}'])
  expect(JSON.parse(parts[3] ?? '').count).toBe('18446744073709551616')
})

it('what is encoded is decoded, with who asked', () => {
  const frames = new Wire(KEY).encode({
    type: 'execute_request',
    content: { code: '1 + 1' },
    parent: undefined,
    identities: [Buffer.from([0, 255])],
  })
  const { content, header, identities } = requestIn(new Wire(KEY).decode('shell', frames))
  expect([content, header.msg_type]).toEqual([{ code: '1 + 1' }, 'execute_request'])
  expect(identities).toEqual([Buffer.from([0, 255])])
})

it.each([
  ['nothing', [], 'no <IDS|MSG>'],
  ['junk', [Buffer.from('junk')], 'no <IDS|MSG>'],
  ['the delimiter alone', [Buffer.from('<IDS|MSG>')], '0 frames'],
  ['three parts', signed(['{}', '{}', '{}']), '4 frames'],
  ['another key', signed([HEADER, '{}', '{}', '{}'], 'other'), 'wrong signature'],
  ['no JSON', signed(['no', '{}', '{}', '{}']), 'its header is none'],
  ['a header without an id', signed(['{"msg_type":"x"}', '{}', '{}', '{}']), 'its header is none'],
  ['a header that is a list', signed(['[]', '{}', '{}', '{}']), 'its header is none'],
  ['a content that is a list', signed([HEADER, '{}', '{}', '[]']), 'its content'],
  ['a content that is cut', signed([HEADER, '{}', '{}', '{"code":']), 'its content'],
])('%s is refused', (_, frames, reason) => {
  expect(reasonOf(new Wire(KEY).decode('shell', frames))).toMatch(reason)
})

it('bytes that are no UTF-8 are no content', () => {
  const frames = signed([HEADER, '{}', '{}', '{}'])
  const bad = Buffer.from([0x7b, 0xff, 0x7d])
  const hmac = createHmac('sha256', KEY)
  for (const part of [...frames.slice(2, 5), bad]) hmac.update(part)
  const forged = [
    ...frames.slice(0, 1),
    Buffer.from(hmac.digest('hex')),
    ...frames.slice(2, 5),
    bad,
  ]
  expect(reasonOf(new Wire(KEY).decode('shell', forged))).toMatch('its content')
})

it('a message is taken once', () => {
  const wire = new Wire(KEY)
  const frames = signed([HEADER, '{}', '{}', '{}'])
  expect(reasonOf(wire.decode('shell', frames))).toBe('taken')
  expect(reasonOf(wire.decode('shell', frames))).toBe('it came before')
})

it('without a key nothing is signed, and everything believed', () => {
  const frames = new Wire('').encode({ type: 'x', content: {}, parent: undefined })
  expect(String(frames[1])).toBe('')
  const unsigned = ['<IDS|MSG>', '', HEADER, '{}', '{}', '{}'].map((part) => Buffer.from(part))
  expect(reasonOf(new Wire('').decode('shell', unsigned))).toBe('taken')
})
