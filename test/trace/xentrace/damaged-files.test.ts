// Files that are cut, garbled or of another kind: what is said, what it costs, and what is still
// there.
import { expect, it } from 'vitest'
import { XpvError } from '../../../src/base/error.js'
import type { ByteSource } from '../../../src/trace/byte-source.js'
import {
  encodeWindow,
  encodeXentrace,
  type XentraceRecord,
} from '../../../src/trace/xentrace/encode.js'
import { looksLikeXentrace, openXentrace } from '../../../src/trace/xentrace/xentrace-file.js'
import { CAPTURES, captureBytes } from './captures.js'
import { open, rowsOf } from './rows.js'

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0])

const FOREIGN = [
  { name: 'an empty file', bytes: new Uint8Array(), code: 'trace.empty', found: 'no bytes' },
  { name: 'a JPEG', bytes: JPEG, code: 'trace.not-xentrace', found: 'found ff d8 ff e0' },
  { name: 'one byte', bytes: ascii('x'), code: 'trace.not-xentrace', found: 'found 78' },
  {
    name: 'text',
    bytes: ascii('name,value\n'.repeat(99)),
    code: 'trace.not-xentrace',
    found: 'found 6e 61 6d 65',
  },
  {
    name: 'zeros',
    bytes: new Uint8Array(300_000),
    code: 'trace.not-xentrace',
    found: 'found 00 00 00 00',
  },
] as const

it.each(FOREIGN)('$name is refused, with what was expected and found', ({ bytes, code, found }) => {
  const refusal = refusalOf(() => open(bytes))
  expect(refusal.code).toBe(code)
  expect(refusal.message).toContain('test.xt')
  expect(refusal.message).toContain(found)
  expect(refusal.hint).toBeDefined()
  expect(looksLikeXentrace(bytes)).toBe(false)
})

it('a source that cannot be read is refused with the reason: a directory', () => {
  const directory: ByteSource = {
    name: '/tmp',
    sizeBytes: 4096,
    read: () => {
      throw new Error('EISDIR: illegal operation on a directory, read')
    },
    close: () => {},
  }
  const refusal = refusalOf(() => openXentrace(directory))
  expect(refusal.code).toBe('trace.unreadable')
  expect(refusal.message).toMatch(/\/tmp.*offset 0.*EISDIR/)
})

function refusalOf(action: () => unknown): XpvError {
  try {
    action()
  } catch (error) {
    if (error instanceof XpvError) return error
    throw error
  }
  throw new Error('not refused')
}

const wake = (n: number, tsc: number): XentraceRecord => ({
  code: 0x28004,
  tsc: BigInt(tsc),
  words: [n, 0],
})

/** Three windows: pcpu 0 with records 0, 1; pcpu 1 with 2, 3; pcpu 0 with 4, 5. Each has 52 bytes.
 *   */
const windows = [
  { pcpu: 0, records: [wake(0, 100), wake(1, 110)] },
  { pcpu: 1, records: [wake(2, 105), wake(3, 115)] },
  { pcpu: 0, records: [wake(4, 120), wake(5, 130)] },
]
const WINDOW_BYTES = 52

function damaged(change: (bytes: DataView) => void): Uint8Array {
  const bytes = encodeXentrace(windows)
  change(new DataView(bytes.buffer))
  return bytes
}

const DAMAGE = [
  {
    name: 'a garbled window header costs its window',
    bytes: damaged((view) => view.setUint32(WINDOW_BYTES, 0xdeadbeef, true)),
    kept: [0, 1, 4, 5],
    lostBytes: WINDOW_BYTES,
    note: /52 bytes at offset 52: expected a window header; the next is at offset 104/,
  },
  {
    name: 'a garbled first header costs the first window',
    bytes: damaged((view) => view.setUint32(0, 0, true)),
    kept: [2, 3, 4, 5],
    lostBytes: WINDOW_BYTES,
    note: /bytes 0 to 51: expected a window header \(03 f0 01 20\); resumed at offset 52/,
  },
  {
    name: 'a window that says too much ends where the next one begins, and costs nothing',
    bytes: damaged((view) => view.setUint32(8, 4096, true)),
    kept: [0, 2, 1, 3, 4, 5],
    lostBytes: 0,
    note: /window of pcpu 0 at offset 0: says 4096 bytes, but the next window begins after 40/,
  },
  {
    name: 'a window that says too little costs its rest',
    bytes: damaged((view) => view.setUint32(8, 20, true)),
    kept: [0, 2, 3, 4, 5],
    lostBytes: 20,
    note: /20 bytes at offset 32: expected a window header; the next is at offset 52/,
  },
  {
    name: 'a window of no bytes is followed by what cannot be read',
    bytes: damaged((view) => view.setUint32(8, 0, true)),
    kept: [2, 3, 4, 5],
    lostBytes: 40,
    note: /40 bytes at offset 12: expected a window header/,
  },
  {
    name: 'an impossible pcpu makes a header invalid',
    bytes: damaged((view) => view.setUint32(WINDOW_BYTES + 4, 0x7fff_ffff, true)),
    kept: [0, 1, 4, 5],
    lostBytes: WINDOW_BYTES,
    note: /expected a window header/,
  },
  {
    name: 'a garbled record costs the rest of its window',
    bytes: damaged((view) => view.setUint32(WINDOW_BYTES + 12 + 20, 0, true)),
    kept: [0, 2, 1, 4, 5],
    lostBytes: 20,
    note: /20 bytes at offset 84, pcpu 1: expected a record, found 00000000/,
  },
  {
    name: 'a record that would leave its window is cut off there',
    bytes: damaged((view) => view.setUint8(WINDOW_BYTES + 12 + 23, 0xf0)),
    kept: [0, 2, 1, 4, 5],
    lostBytes: 20,
    note: /20 bytes at offset 84, pcpu 1: a record is cut where its window ends/,
  },
  {
    name: 'the last window is cut: the records before the cut are there',
    bytes: encodeXentrace(windows).subarray(0, 3 * WINDOW_BYTES - 6),
    kept: [0, 2, 1, 3, 4],
    lostBytes: 14,
    note: /window of pcpu 0 at offset 104: says 40 bytes, but the file ends after 34/,
  },
  {
    name: 'the file ends within a header',
    bytes: encodeXentrace(windows).subarray(0, 2 * WINDOW_BYTES + 7),
    kept: [0, 2, 1, 3],
    lostBytes: 7,
    note: /7 bytes at offset 104: expected a window header; none follows/,
  },
  {
    name: 'bytes between windows are passed over, whatever their number',
    bytes: new Uint8Array([...encodeXentrace(windows.slice(0, 2)), 1, 2, 3, ...lastWindow()]),
    kept: [0, 2, 1, 3, 4, 5],
    lostBytes: 3,
    note: /3 bytes at offset 104: expected a window header; the next is at offset 107/,
  },
  {
    name: 'a time stamp that goes back takes the time of the record before',
    bytes: damaged((view) => view.setUint32(WINDOW_BYTES + 12 + 24, 50, true)),
    kept: [0, 2, 3, 1, 4, 5],
    lostBytes: 0,
    note: /record at offset 84, pcpu 1: time stamp 50 before its predecessor's/,
  },
  {
    name: 'a time stamp far ahead of its successor takes the time of the record before',
    bytes: damaged((view) => view.setUint32(2 * WINDOW_BYTES + 12 + 8, 0x100, true)),
    kept: [0, 2, 1, 4, 3, 5],
    lostBytes: 0,
    note: /record at offset 116, pcpu 0: time stamp 1099511627896 after its successor's/,
  },
]

function lastWindow(): Uint8Array {
  return encodeXentrace(windows.slice(2))
}

it.each(DAMAGE)('$name', ({ bytes, kept, lostBytes, note }) => {
  const stream = open(bytes).observe()
  expect(rowsOf(stream).map((row) => row.words[0])).toEqual(kept)
  expect(stream.loss.bytes).toBe(lostBytes)
  expect(stream.loss.gaps).toBe(stream.loss.notes.length)
  expect(stream.loss.notes.join('\n')).toMatch(note)
})

it('a pcpu beyond 255 is a pcpu like any other', () => {
  const file = open(encodeXentrace([{ pcpu: 4095, records: [wake(1, 5)] }]))
  expect(file.info.pcpus).toEqual([4095])
  expect(rowsOf(file.observe())[0]).toMatchObject({ pcpu: 4095, who: 'd32768v4095' })
})

it('a source that became shorter than it says ends early', () => {
  const bytes = encodeXentrace(windows)
  const shrunk: ByteSource = {
    name: 'shrunk.xt',
    sizeBytes: bytes.length,
    read: (target, position) => {
      const piece = bytes.subarray(position, Math.min(position + target.length, WINDOW_BYTES + 20))
      target.set(piece)
      return piece.length
    },
    close: () => {},
  }
  expect(rowsOf(openXentrace(shrunk).observe()).map((row) => row.words[0])).toEqual([0, 1])
})

it('notes stop at a hundred, the count goes on', () => {
  const broken = encodeWindow({ pcpu: 0, records: [wake(0, 1)] })
  broken[12] = 0
  broken[14] = 0
  const bytes = new Uint8Array(broken.length * 300)
  for (let i = 0; i < 300; i++) bytes.set(broken, i * broken.length)
  const stream = open(bytes).observe()
  expect(rowsOf(stream)).toEqual([])
  expect(stream.loss).toMatchObject({ gaps: 300, bytes: 300 * 20 })
  expect(stream.loss.notes.length).toBe(100)
})

it.each(CAPTURES)('$name: is recognised by its first bytes', ({ path }) => {
  expect(looksLikeXentrace(captureBytes(path).subarray(0, 64))).toBe(true)
})

it('one garbled window of a real capture costs that window', () => {
  const bytes = captureBytes('idle/idle.xt').slice()
  const whole = rowsOf(open(bytes).observe())
  const size = new DataView(bytes.buffer).getUint32(8, true)
  bytes.fill(0xff, 12, 12 + size)
  const file = open(bytes)
  const stream = file.observe()
  const rows = rowsOf(stream)
  expect(stream.loss.bytes).toBe(size)
  const others = whole.filter((row) => row.pcpu !== 0)
  expect(rows.filter((row) => row.pcpu !== 0).map((row) => row.words)).toEqual(
    others.map((row) => row.words),
  )
})
