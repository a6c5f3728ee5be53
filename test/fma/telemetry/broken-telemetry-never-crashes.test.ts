// Telemetry that is cut, garbled, empty or huge is read as far as it goes, or refused with a code:
// never a crash, never a hang.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import load from 'sql.js'
import { expect, it } from 'vitest'
import { XpvError } from '../../../src/base/error.js'
import { ereportToNvlist } from '../../../src/fma/event/ereport.js'
import { printNvlistJson } from '../../../src/fma/event/nvlist-json.js'
import { printNvlist } from '../../../src/fma/event/nvlist-text.js'
import { readTelemetry } from '../../../src/fma/telemetry/read.js'

const CAPTURES = join(import.meta.dirname, '..', '..', 'sim', 'captures')
const captured = (name: string): Uint8Array => readFileSync(join(CAPTURES, name))
const EVERY = { everyNs: 10_000_000_000n }
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** How many ereports there are, or the code of the refusal; anything else is a failure. */
async function outcome(bytes: Uint8Array): Promise<number | string> {
  try {
    const { ereports, account } = await readTelemetry('x', bytes, EVERY)
    const count = [...ereports].length
    expect(account.ereports).toBe(count)
    return count
  } catch (error) {
    if (error instanceof XpvError) return error.code
    throw error
  }
}

async function samples(): Promise<readonly Uint8Array[]> {
  const { Database } = await load()
  const database = new Database()
  database.run(readFileSync(join(import.meta.dirname, 'ras-mc_event.sql'), 'utf8'))
  const series = captured('mcelog-series.bin')
  const read = await readTelemetry('x', series, EVERY)
  const lists = [...read.ereports].slice(0, 3).map(ereportToNvlist)
  const encode = (lines: readonly string[]): Uint8Array =>
    new TextEncoder().encode(lines.join('\n'))
  return [
    series,
    captured('mcelog-srao.bin'),
    database.export(),
    captured('xl-dmesg-srao-domU.txt'),
    captured('xen-4.20-aer.txt'),
    encode(lists.map((list) => printNvlist(list))),
    encode(lists.map(printNvlistJson)),
    encode(['x 1.000000: mce_record: CPU: 1, MCGc/s: 1/0, MC1: 9400000000000135, TIME: 5']),
    encode(['x 1.000000: mc_event: 1 Corrected error: a on b (mc:0 location:0:0:0 address:0x1)']),
  ]
}

it('cut anywhere', async () => {
  for (const bytes of await samples()) {
    const step = Math.max(1, Math.floor(bytes.length / 25))
    for (let end = 0; end <= bytes.length; end += step) await outcome(bytes.subarray(0, end))
  }
}, 20_000)

it('with bytes changed', async () => {
  const all = await samples()
  const change = fc.record({
    sample: fc.nat(all.length - 1),
    places: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 40 }),
  })
  await fc.assert(
    fc.asyncProperty(change, async ({ sample, places }) => {
      const bytes = new Uint8Array(all[sample] ?? [])
      for (const [at, value] of places) bytes[at % bytes.length] = value
      await outcome(bytes)
    }),
    { numRuns: 150 },
  )
}, 20_000)

it('pieces of lines put together', async () => {
  const lines = (await samples())
    .filter((bytes) => !bytes.includes(0))
    .flatMap((bytes) => text(bytes).split('\n'))
  const some = fc.array(fc.tuple(fc.constantFrom(...lines), fc.nat(120)), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(some, async (parts) => {
      const made = parts.map(([line, cut]) => (cut > 100 ? line : line.slice(0, cut))).join('\n')
      await outcome(new TextEncoder().encode(made))
    }),
    { numRuns: 150 },
  )
}, 20_000)

it.each([
  ['nothing', new Uint8Array(), 'fma.telemetry'],
  ['one byte', Uint8Array.of(7), 'fma.telemetry'],
  ['zeroes', new Uint8Array(1120), 'fma.telemetry'],
  ['ones', new Uint8Array(1120).fill(255), 'fma.telemetry'],
  ['words', new TextEncoder().encode('nothing to see\n'), 'fma.telemetry'],
  ['a database’s first bytes', new TextEncoder().encode('SQLite format 3\0'), 'fma.rasdaemon'],
  ['JSON that is none of ours', new TextEncoder().encode('{"a": 1}\n'), 'fma.telemetry'],
])('%s', async (_, bytes, expected) => {
  expect(await outcome(bytes)).toBe(expected)
})

it('fifty thousand records', async () => {
  const one = captured('mcelog-ce-domU.bin')
  const bytes = new Uint8Array(112 * 50_000)
  for (let n = 0; n < 50_000; n++) bytes.set(one, n * 112)
  const { account, ereports } = await readTelemetry('x', bytes, EVERY)
  expect(account.ereports).toBe(50_000)
  let count = 0
  for (const _ of ereports) if (++count === 1000) break
  expect(count).toBe(1000)
}, 20_000)

it('lines without end', async () => {
  const mc = `x 1.000000: mc_event: 1 Corrected error:${' on '.repeat(250_000)}`
  const xen = '(XEN) CPU1: '.repeat(100_000)
  const aer = ` 0000:01:00.0: AER: ${'0000:01:00.0: '.repeat(70_000)}`
  for (const line of [mc, xen, aer, '{"'.repeat(500_000), '\t'.repeat(1_000_000)]) {
    const bytes = new TextEncoder().encode(`${line}\nx 2.000000: mce_record: CPU: 1\n`)
    expect(typeof (await outcome(bytes))).toMatch(/number|string/)
  }
}, 20_000)

it('lists in lists without end', async () => {
  const json = `{"class":"ereport.x.y","a":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`
  expect(await outcome(new TextEncoder().encode(json))).toBe(0)
})

it('a time that no clock shows was not said', async () => {
  const bytes = new Uint8Array(captured('mcelog-ce-domU.bin'))
  new DataView(bytes.buffer).setBigUint64(48, 71_776_119_061_217_280n, true)
  const { ereports } = await readTelemetry('x', bytes, { startNs: 5n })
  expect([...ereports].map(({ timeNs }) => timeNs)).toEqual([5n])
})
