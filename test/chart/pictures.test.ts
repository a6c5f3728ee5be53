// Heat maps, timelines, hex dumps: what is drawn, in text, in ASCII and as SVG. `npm run
// test:update` rewrites the pictures.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { asciiText, wantsAscii } from '../../src/base/ascii.js'
import { type Table, table } from '../../src/base/table.js'
import { hexDump, hexFields } from '../../src/chart/hex.js'
import { picture } from '../../src/chart/picture.js'

const TIME = { name: 'time', unit: 'ns' }

/** Ten intervals of calls of a microsecond, two slow ones in the sixth, none in the eighth. */
const heat: Table = table(
  [TIME, { name: 'low', unit: 'ns' }, { name: 'high', unit: 'ns' }, 'count'],
  Array.from({ length: 10 }, (_, i) => i)
    .filter((i) => i !== 7)
    .flatMap((i) => [
      [i * 1e8, 512, 1023, i + 1],
      [i * 1e8, 1024, 2047, 100 * (i + 1)],
      ...(i === 5 ? [[i * 1e8, 131072, 262143, 2]] : []),
    ]),
)

const calls: Table = table(
  [TIME, 'probe', 'vcpuid', 'probefunc', { name: 'latency', unit: 'ns' }],
  [
    [1000, 'p', 0, 'createdomain', 400n],
    [2000, 'p', 1, 'populate_physmap', 900n],
    [2400, 'p', 0, 'createdomain', 200n],
    [2500, 'p', 1, 'max_mem', 10n],
    [5000, 'p', 0, 'unpause<domain>', 2000n],
  ],
)

it.each([
  { name: 'heat', data: heat, kind: 'heat' },
  { name: 'timeline', data: calls, kind: 'timeline' },
] as const)('$name', async ({ name, data, kind }) => {
  const drawn = picture(data, kind, { width: 80 })
  const plain = drawn['text/plain']
  await expect(`${plain}\n\n${asciiText(plain)}\n`).toMatchFileSnapshot(`${name}.txt`)
  await expect(`${drawn['image/svg+xml']}\n`).toMatchFileSnapshot(`${name}.svg.txt`)
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g')
  expect(drawn['text/x-ansi']).not.toBe(plain)
  expect(drawn['text/x-ansi']?.replace(escapes, '')).toBe(plain)
})

it('less than one of something is drawn, too', () => {
  const data = table(
    ['time', 'value', 'hours'],
    [
      [1, 1, 0.9],
      [2, 1, 40],
    ],
  )
  const drawn = picture(data, 'heat', { width: 40 })
  expect(drawn['text/plain']).toMatch(/│░+█+$/m)
  expect(drawn['image/svg+xml']).not.toContain('undefined')
})

it('no line is wider than asked for, whatever is drawn', () => {
  const rows = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 1e6 }), fc.nat()),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(rows, fc.integer({ min: 40, max: 120 }), (found, width) => {
      const data = table([TIME, { name: 'value', unit: 'ns' }, 'count'], found)
      for (const kind of ['heat', 'timeline'] as const) {
        const lines = picture(data, kind, { width })['text/plain'].split('\n')
        expect(lines.filter((line) => line.length > width)).toEqual([])
      }
    }),
    { numRuns: 60 },
  )
})

it.each(['heat', 'timeline', 'bar', 'line'] as const)('%s of nothing says so', (kind) => {
  const drawn = picture(table(['a'], []), kind, { width: 80 })
  expect(drawn['text/plain']).toBe('(no data)')
  expect(drawn['image/svg+xml']).toMatch(/no data/)
})

it('a timeline may be told its columns; ends that look the same tell how long it is', () => {
  const stints = table(
    [TIME, 'pcpu', 'domid', { name: 'ran_ns', unit: 'ns' }],
    [
      [100_000_000_500, 0, 1, 500],
      [100_000_001_000, 1, 2, 1000],
    ],
  )
  const options = { width: 30, lane: 'pcpu', kind: 'domid', took: 'ran_ns' }
  expect(picture(stints, 'timeline', options)['text/plain'].split('\n')).toEqual([
    `0 │${'a'.repeat(13)}${' '.repeat(13)}│`,
    `1 │${'b'.repeat(26)}│`,
    `   100s${' '.repeat(18)}+1µs`,
    'a 1  b 2',
  ])
})

it('one slow call among a million is seen', () => {
  const data = table(
    [TIME, { name: 'value', unit: 'ns' }, 'count'],
    [
      [0, 1000, 1e6],
      [0, 1e6, 1],
    ],
  )
  const [slow = ''] = picture(data, 'heat', { width: 80 })['text/plain'].split('\n').slice(1)
  expect(slow).toMatch(/1ms │░/)
})

it('bytes come sixteen a line; lines that repeat are one star', () => {
  const bytes = new Uint8Array(70)
  bytes.set([0xde, 0x10, 0x41], 0)
  expect(hexDump(bytes)).toBe(
    [
      '000000  de 10 41 00 00 00 00 00  00 00 00 00 00 00 00 00  |..A.............|',
      '000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|',
      '*',
      '000040  00 00 00 00 00 00                                 |......|',
    ].join('\n'),
  )
  expect(hexDump(new Uint8Array())).toBe('(no bytes)')
})

it('a field is a little-endian number, or lies beyond the bytes', () => {
  const fields = [
    { name: 'Vendor', offset: 0, bytes: 2, doc: 'who made it' },
    { name: 'far', offset: 60, bytes: 4 },
  ]
  expect(hexFields(Uint8Array.of(0xde, 0x10), fields).rows).toEqual([
    ['0x0', '10de', 'Vendor', 'who made it'],
    ['0x3c', 'not among the bytes', 'far', ''],
  ])
})

it('ASCII keeps the width of what it replaces', () => {
  expect(asciiText('└─ 1.2µs ▁▂█ …\u00a0漢 é')).toBe('`- 1.2us _.# ~ ?? ?')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect([...asciiText(text)].every((char) => char <= '\u007f')).toBe(true)
    }),
    { numRuns: 30 },
  )
})

it.each([
  { env: {}, ascii: false },
  { env: { LANG: 'C' }, ascii: true },
  { env: { LANG: 'de_DE.UTF-8' }, ascii: false },
  { env: { LANG: 'en_US.UTF-8', LC_ALL: 'POSIX' }, ascii: true },
  { env: { LANG: 'C.UTF-8', XPV_ASCII: '1' }, ascii: true },
  { env: { LANG: 'C', XPV_ASCII: '0' }, ascii: false },
])('ASCII under $env: $ascii', ({ env, ascii }) => expect(wantsAscii(env)).toBe(ascii))

it('what takes no time is wide enough to be seen in SVG', () => {
  const moments = table(
    [TIME, 'lane', 'kind'],
    [
      [0, 'a', 'x'],
      [1e9, 'a', 'x'],
    ],
  )
  const drawn = picture(moments, 'timeline', { width: 80 })['image/svg+xml'] ?? ''
  expect(drawn.match(/width="3" height="16"/g)).toHaveLength(2)
})
