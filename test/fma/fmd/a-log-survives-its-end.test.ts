// The logs' format: all types come back, a torn end is cut, the reader goes on behind garbage.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Ena } from '../../../src/fma/event/ena.js'
import type { NvList } from '../../../src/fma/event/nvlist.js'
import { nv, nvlist } from '../../../src/fma/event/nvlist.js'
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/fma/fmd/checkpoint.js'
import { crc32 } from '../../../src/fma/fmd/crc32.js'
import { parseData, printData } from '../../../src/fma/fmd/data-text.js'
import type { LogRecord } from '../../../src/fma/fmd/input.js'
import { encodeLogRecord, logHeader, readLog } from '../../../src/fma/fmd/log-format.js'
import { FaultManager } from '../../../src/fma/fmd/manager.js'
import { nvlists } from '../arbitraries.js'
import { ereportOf, modules, TOPOLOGY } from './one-host.js'

const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const timeNs = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const references = fc.array(
  fc.record({ timeNs, class: fc.string({ unit: 'grapheme' }), ena: uint64 as fc.Arbitrary<Ena> }),
  { maxLength: 3 },
)
const record: fc.Arbitrary<LogRecord> = fc.record(
  {
    log: fc.constantFrom('error' as const, 'fault' as const, 'resource' as const, 'info' as const),
    number: fc.nat(2 ** 31 - 1).map((n) => n * 2 ** 21),
    timeNs,
    event: nvlists,
    ereports: references,
  },
  { requiredKeys: ['log', 'number', 'timeNs', 'event'] },
)

function fileOf(records: readonly LogRecord[]): Uint8Array {
  return new Uint8Array(Buffer.concat([logHeader(), ...records.map(encodeLogRecord)]))
}

const entries = (records: readonly LogRecord[]) =>
  records.map(({ event, ...of }) => ({ ...of, event: [...event] }))

it('reading gives what was written: types, order, lists in lists', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 5 }), (records) => {
      const bytes = fileOf(records)
      const scan = readLog(bytes)
      expect(entries(scan.records)).toEqual(entries(records))
      expect(scan).toMatchObject({ wholeBytes: bytes.length, losses: [] })
    }),
  )
})

const small = (number: number, event: NvList = nvlist({ n: nv.int32(-number) })): LogRecord => {
  return { log: 'error', number, timeNs: 5n, event }
}

it('cut at any byte, it has all records that are whole, and says where the next belongs', () => {
  const records = [1, 2, 3].map((number) => small(number))
  const bytes = fileOf(records)
  const ends = [logHeader().length]
  for (const one of records) ends.push((ends.at(-1) ?? 0) + encodeLogRecord(one).length)
  for (let length = 0; length <= bytes.length; length++) {
    const { records: found, wholeBytes, losses } = readLog(bytes.subarray(0, length))
    const whole = ends.filter((end) => end <= length)
    expect(found.map(({ number }) => number)).toEqual(
      [1, 2, 3].slice(0, Math.max(0, whole.length - 1)),
    )
    expect(wholeBytes).toBe(whole.at(-1) ?? 0)
    const kinds = length === 0 || whole.includes(length) ? [] : ['torn']
    expect(losses.map(({ kind }) => kind)).toEqual(kinds)
  }
})

it('with any byte garbled, only the record it is in is lost', () => {
  const records = [1, 2, 3].map((number) => small(number))
  const bytes = fileOf(records)
  let start = 0
  for (const [i, part] of [logHeader(), ...records.map(encodeLogRecord)].entries()) {
    for (let at = start; at < start + part.length; at++) {
      const garbled = bytes.slice()
      garbled[at] = (garbled[at] ?? 0) ^ 0x41
      const { records: found, losses } = readLog(garbled)
      expect(found.map(({ number }) => number)).toEqual([1, 2, 3].filter((n) => n !== i))
      expect(losses).toMatchObject([{ at: start }])
    }
    start += part.length
  }
})

it('records that were appended behind a torn one are read', () => {
  const torn = encodeLogRecord(small(2)).subarray(0, 20)
  const bytes = Buffer.concat([fileOf([small(1)]), torn, encodeLogRecord(small(3))])
  const { records, losses } = readLog(bytes)
  expect(records.map(({ number }) => number)).toEqual([1, 3])
  expect(losses).toMatchObject([{ kind: 'garbled', bytes: 20 }])
})

it.each([
  { name: 'something else', bytes: 'SQLite format 3\0 and more', message: /no log of fmd/ },
  { name: 'a later version', bytes: 'xpv fmd log 2\n and more', message: /version 2/ },
])('refuses $name', ({ bytes, message }) => {
  expect(() => readLog(Buffer.from(bytes))).toThrow(message)
})

it('any bytes are read or refused, never more', () => {
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 2 }),
      fc.uint8Array({ maxLength: 60 }),
      (of, junk) => {
        const bytes = Buffer.concat([fileOf(of), junk])
        expect(readLog(bytes).records.length).toBe(of.length)
      },
    ),
  )
})

it('a checkpoint is whole or none', () => {
  const fmd = new FaultManager({ topology: TOPOLOGY, modules: modules(), seed: 3 })
  for (let i = 0; i < 6; i++) {
    fmd.take({ kind: 'ereport', timeNs: BigInt(i), ereport: ereportOf('l1dcache', 1) })
  }
  const bytes = encodeCheckpoint(fmd.save())
  expect(decodeCheckpoint(bytes)).toEqual(fmd.save())
  for (let length = 0; length < bytes.length; length += 7) {
    expect(decodeCheckpoint(bytes.subarray(0, length))).toBeUndefined()
    const garbled = bytes.slice()
    garbled[length] = (garbled[length] ?? 0) ^ 1
    expect(decodeCheckpoint(garbled)).toBeUndefined()
  }
})

it('data come back from text, whatever their names', () => {
  const data = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.oneof(timeNs, fc.double({ noNaN: true }), fc.string(), fc.boolean(), fc.constant(null)),
      fc.array(fc.option(tie('any'), { nil: undefined }), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', '$n', '$$m', 'n', '$d', '$m', '$u'), tie('any')),
      fc.array(fc.tuple(fc.string(), tie('any')), { maxLength: 3 }).map((pairs) => new Map(pairs)),
    ),
  })).any
  fc.assert(
    fc.property(data, (value) => {
      expect(parseData(printData(value))).toEqual(value)
    }),
  )
})

it('the sum is CRC-32, whole or in parts: cbf43926 of the nine digits', () => {
  const digits = new TextEncoder().encode('123456789')
  for (let cut = 0; cut <= digits.length; cut++) {
    const before = crc32(digits, { to: cut })
    expect(crc32(digits, { from: cut, before })).toBe(0xcbf4_3926)
  }
})
