import fc from 'fast-check'
import { expect, it } from 'vitest'
import { XpvError } from '../../../src/base/error.js'
import { bytesSource } from '../../../src/trace/byte-source.js'
import {
  type FtraceFile,
  looksLikeFtraceText,
  openFtraceRaw,
  openFtraceText,
} from '../../../src/trace/ftrace/ftrace.js'
import { openRawFiles } from '../../../src/trace/ftrace/raw-files.js'
import { captureText, rawFiles, rowsOf, textSource } from './captures.js'

const text = captureText('xl-create').split('\n').slice(0, 200).join('\n').concat('\n')
const bytes = new TextEncoder().encode(text)
const whole = rowsOf(openFtraceText(textSource(text)).observe())

/** Opens and reads to the end; a refusal must be an XpvError of this room that says where. */
function survives(open: () => FtraceFile): ReturnType<FtraceFile['observe']> | undefined {
  try {
    const stream = open().observe()
    const rows = rowsOf(stream)
    rows.forEach((row, i) => {
      expect(row.ticks).toBeGreaterThanOrEqual(rows[i - 1]?.ticks ?? 0)
    })
    return stream
  } catch (error) {
    if (!(error instanceof XpvError)) throw error
    expect(error.code).toMatch(/^trace\./)
    expect(error.message).toMatch(/offset 0/)
    expect(error.hint).not.toBe(undefined)
    return undefined
  }
}

const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1])

it.each([
  { name: 'an empty file', bytes: new Uint8Array(), code: 'trace.empty' },
  { name: 'a JPEG', bytes: JPEG, code: 'trace.not-ftrace' },
  { name: 'zeros', bytes: new Uint8Array(1 << 17), code: 'trace.not-ftrace' },
  {
    name: 'a shell script',
    bytes: new TextEncoder().encode('#!/bin/sh\necho\n'),
    code: 'trace.not-ftrace',
  },
])('$name is refused with what was found', ({ bytes: content, code }) => {
  expect(looksLikeFtraceText(content)).toBe(false)
  const error = thrown(() => openFtraceText(bytesSource('x.txt', content)))
  expect(error.code).toBe(code)
  expect(error.message).toMatch(/x\.txt.*offset 0/)
  expect(error.hint).toBeDefined()
})

it('a capture with its header and nothing else is empty, not wrong', () => {
  const stream = openFtraceText(textSource('# tracer: nop\n#\n')).observe()
  expect(rowsOf(stream)).toEqual([])
  expect(stream.loss.gaps).toBe(0)
})

it('text cut anywhere gives what came before, and books the cut line', () => {
  fc.assert(
    fc.property(fc.integer({ min: 200, max: bytes.length - 1 }), (size) => {
      const cut = bytes.subarray(0, size)
      const stream = openFtraceText(bytesSource('cut', cut)).observe()
      const rows = rowsOf(stream)
      const endsLine = cut.at(-1) === 10
      expect(stream.loss.gaps).toBe(endsLine ? 0 : 1)
      const known = rows.filter((row) => row.kind !== 'entry')
      expect(known).toEqual(whole.filter((row) => row.kind !== 'entry').slice(0, known.length))
      if (!endsLine) expect(stream.loss.notes[0]).toMatch(/^offset \d+: the line is cut/)
    }),
    { numRuns: 150 },
  )
})

const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
  minLength: 1,
  maxLength: 40,
})

function garble(content: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array {
  const copy = Uint8Array.from(content)
  for (const [place, value] of changes) copy[place % copy.length] = value
  return copy
}

it('garbled text never crashes, and rows stay in order', () => {
  fc.assert(
    fc.property(flips, (changes) => {
      survives(() => openFtraceText(bytesSource('garbled', garble(bytes, changes))))
    }),
    { numRuns: 150 },
  )
})

it('random bytes behind a header cost themselves, and are booked', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (junk) => {
      const head = new TextEncoder().encode('# tracer: nop\n')
      const content = new Uint8Array([...head, 0xff, ...junk, 10, ...bytes])
      const stream = openFtraceText(bytesSource('junk', content)).observe()
      expect(rowsOf(stream).length).toBe(whole.length)
      expect(stream.loss.bytes).toBeGreaterThan(0)
      expect(stream.loss.notes[0]).toMatch(/^offset \d+: /)
    }),
    { numRuns: 60 },
  )
})

it('a line without end is passed over in pieces', () => {
  const content = new Uint8Array(200_000).fill(0x41)
  content.set(new TextEncoder().encode('# tracer: nop\n'))
  const stream = openFtraceText(bytesSource('long', content)).observe()
  expect(rowsOf(stream)).toEqual([])
  expect(stream.loss.bytes).toBe(200_000 - 14)
})

it('lines that go back in time are left out and booked', () => {
  const twice = openFtraceText(textSource(text + text)).observe()
  expect(rowsOf(twice).filter((row) => row.kind !== 'entry')).toEqual(
    whole.filter((row) => row.kind !== 'entry'),
  )
  expect(twice.loss.notes.at(0)).toMatch(/back in time/)
})

const isPages = (path: string) => path.endsWith('trace_pipe_raw')

it('raw pages cut anywhere give a prefix, and book the cut', () => {
  const all = rowsOf(openFtraceRaw(rawFiles()).observe())
  fc.assert(
    fc.property(fc.integer({ min: 40, max: 24575 }), (size) => {
      const cut = rawFiles((path, content) =>
        path.startsWith('cpu0') ? content.subarray(0, size) : content,
      )
      const stream = openFtraceRaw(cut).observe()
      expect(rowsOf(stream).length).toBeLessThanOrEqual(all.length)
      if (size % 4096 > 16 && size % 4096 < 2800) expect(stream.loss.gaps).toBe(1)
      for (const note of stream.loss.notes) expect(note).toMatch(/cpu0.* offset \d+: /)
    }),
    { numRuns: 60 },
  )
})

it('garbled raw pages never crash, and rows stay in order', () => {
  fc.assert(
    fc.property(flips, (changes) => {
      survives(() =>
        openFtraceRaw(
          rawFiles((path, content) => (isPages(path) ? garble(content, changes) : content)),
        ),
      )
    }),
    { numRuns: 80 },
  )
})

it('garbled format files are refused or lose their records, never crash', () => {
  fc.assert(
    fc.property(flips, (changes) => {
      survives(() =>
        openFtraceRaw(
          rawFiles((path, content) => (isPages(path) ? content : garble(content, changes))),
        ),
      )
    }),
    { numRuns: 60 },
  )
})

it('one page with a wrong time costs that page alone', () => {
  const late = rawFiles((path, content) => {
    const copy = Uint8Array.from(content)
    if (path.startsWith('cpu0')) copy[4096 + 5] = 0x7f
    return copy
  })
  const stream = openFtraceRaw(late).observe()
  expect(rowsOf(stream).length).toBeGreaterThan(550)
  expect(stream.loss).toMatchObject({ gaps: 1, bytes: 4096 })
  expect(stream.loss.notes[0]).toMatch(/cpu0.trace_pipe_raw offset 4096/)
})

it('records that the kernel says it lost before a page are counted', () => {
  const marked = rawFiles((path, content) => {
    const copy = Uint8Array.from(content)
    if (!path.startsWith('cpu0')) return copy
    const view = new DataView(copy.buffer)
    const used = view.getUint32(4096 + 8, true)
    expect(used + 8).toBeLessThanOrEqual(4080)
    view.setUint32(4096 + 8, (used | 0xc000_0000) >>> 0, true)
    view.setBigUint64(4096 + 16 + used, 42n, true)
    return copy
  })
  const stream = openFtraceRaw(marked).observe()
  rowsOf(stream)
  expect(stream.loss).toMatchObject({ records: 42, gaps: 1 })
  expect(stream.loss.notes[0]).toMatch(/vcpu 0: the kernel dropped 42 records/)
})

it('pages that are none, and a directory without them, are refused', () => {
  const zeros = rawFiles((path, content) => (isPages(path) ? new Uint8Array(8192) : content))
  expect(thrown(() => openFtraceRaw(zeros)).code).toBe('trace.not-ftrace')
  const empty = rawFiles((path, content) => (isPages(path) ? new Uint8Array() : content))
  expect(thrown(() => openFtraceRaw(empty)).code).toBe('trace.empty')
  const open = () => bytesSource('x', new Uint8Array())
  const nothing = thrown(() => openRawFiles({ name: 'd', paths: ['a/b'], open }))
  expect(nothing.code).toBe('trace.incomplete')
  expect(nothing.message).toMatch(/header_page/)
})

function thrown(action: () => unknown): XpvError {
  try {
    action()
  } catch (error) {
    if (error instanceof XpvError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
