import { expect, it } from 'vitest'
import { parseHeaderPage, parseRawFormat } from '../../../src/trace/ftrace/raw-format.js'
import { parseRawPage } from '../../../src/trace/ftrace/raw-page.js'

// Pages written by hand after the comments of the kernel's ring_buffer.h: what every type_len
// means.
const LAYOUT = { commitOffset: 8, commitSize: 8, dataOffset: 16, pageSize: 4096 }
const T0 = 1_000_000_000_000n

const head = (typeLen: number, delta: number) => ((delta << 5) | typeLen) >>> 0

function page(words: readonly number[], options: { flags?: number; time?: bigint } = {}) {
  const view = new DataView(new ArrayBuffer(4096))
  view.setBigUint64(0, options.time ?? T0, true)
  view.setUint32(8, ((words.length * 4) | (options.flags ?? 0)) >>> 0, true)
  words.forEach((word, i) => {
    view.setUint32(16 + 4 * i, word, true)
  })
  return view
}

const entriesOf = (view: DataView) =>
  parseRawPage(view, LAYOUT).entries.map(({ time, data }) => [time - T0, data.byteLength])

it.each([
  {
    name: 'two short records',
    words: [head(1, 5), 7, head(2, 6), 8, 9],
    is: [
      [5n, 4],
      [11n, 8],
    ],
  },
  {
    name: 'a long record: a length word that counts itself',
    words: [head(0, 3), 4 + 12, 1, 2, 3, head(1, 1), 9],
    is: [
      [3n, 12],
      [4n, 4],
    ],
  },
  {
    name: 'a longer delta: 27 bits here, the rest in the next word',
    words: [head(30, 1), 2, head(1, 4), 9],
    is: [[(2n << 27n) + 5n, 4]],
  },
  {
    name: 'an absolute time',
    words: [head(31, 77), Number((T0 + (1n << 30n)) >> 27n), head(1, 1), 9],
    is: [[(((T0 + (1n << 30n)) >> 27n) << 27n) + 78n - T0, 4]],
  },
  {
    name: 'a discarded record does not move the time',
    words: [head(29, 9), 8, 0, head(1, 4), 9],
    is: [[4n, 4]],
  },
  { name: 'padding to the end', words: [head(1, 5), 7, head(29, 0), 1, 2], is: [[5n, 4]] },
])('$name', ({ words, is }) => expect(entriesOf(page(words))).toEqual(is))

it('an absolute time keeps the five bits that it cannot carry', () => {
  const time = (3n << 59n) + 1000n
  const { entries } = parseRawPage(page([head(31, 5), 9, head(1, 0), 1], { time }), LAYOUT)
  expect(entries[0]?.time).toBe((3n << 59n) + (9n << 27n) + 5n)
})

it.each([
  { name: 'nothing was lost', flags: 0, lost: undefined },
  { name: 'records were lost, nobody knows how many', flags: 0x8000_0000, lost: 'some' },
  { name: 'the page says how many', flags: 0xc000_0000, lost: 42 },
])('$name', ({ flags, lost }) => {
  const view = page([head(1, 5), 7], { flags })
  view.setBigUint64(16 + 8, 42n, true)
  expect(parseRawPage(view, LAYOUT)).toMatchObject({ lost, damage: undefined })
  expect(parseRawPage(view, LAYOUT).entries).toHaveLength(1)
})

it.each([
  { name: 'a record longer than the page uses', words: [head(1, 5), 7, head(28, 1)], at: 24 },
  { name: 'a length that makes no sense', words: [head(0, 5), 0], at: 16 },
  { name: 'a length without a word', words: [head(1, 1), 1, head(30, 5)], at: 24 },
])('$name ends the page: $at is reported', ({ words, at }) => {
  const { damage } = parseRawPage(page(words), LAYOUT)
  expect(damage).toMatchObject({ offset: at, bytes: 16 + words.length * 4 - at })
})

it('a page that says it uses more than it has is none', () => {
  const view = page([])
  view.setUint32(8, 4081, true)
  expect(parseRawPage(view, LAYOUT)).toMatchObject({ entries: [], damage: { bytes: 4096 } })
})

it('header_page of another page size is followed', () => {
  const text =
    '\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n' +
    '\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n' +
    '\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n' +
    '\tfield: char data;\toffset:16;\tsize:65520;\tsigned:1;\n'
  expect(parseHeaderPage(text)).toEqual({ ...LAYOUT, pageSize: 65536 })
})

it('a format file gives names, places and signs', () => {
  const text =
    'name: ioctl_ret\nID: 1525\nformat:\n' +
    '\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n' +
    '\tfield:s64 ret;\toffset:24;\tsize:8;\tsigned:1;\n' +
    '\tfield:char buf[];\toffset:32;\tsize:0;\tsigned:1;\n'
  expect(parseRawFormat(text)).toEqual({
    name: 'ioctl_ret',
    id: 1525,
    fields: [
      { name: 'common_type', offset: 0, size: 2, signed: false },
      { name: 'ret', offset: 24, size: 8, signed: true },
      { name: 'buf', offset: 32, size: 0, signed: true },
    ],
  })
})
