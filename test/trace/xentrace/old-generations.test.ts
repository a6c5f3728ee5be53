// Files of old hypervisors: the fixed records of Xen 3.0 and 3.1 (so of xVM), and the numbering of
// scheduler events before 3.4 and of paravirtual events before 4.3.
//
// No capture of these machines is at hand: the bytes are laid out as xen/include/public/trace.h and
// tools/xentrace/xentrace.c of the 3.1 sources say.
import { expect, it } from 'vitest'
import { encodeXentrace } from '../../../src/trace/xentrace/encode.js'
import { looksLikeXentrace } from '../../../src/trace/xentrace/xentrace-file.js'
import { open, rowsOf } from './rows.js'

interface FixedRecord {
  readonly pcpu: number
  readonly tsc: bigint
  readonly event: number
  readonly data: readonly bigint[]
}

/** As xentrace of 3.1 writes: the pcpu's number, then struct t_rec as it lies in memory. */
function fixedFile(records: readonly FixedRecord[], longBytes: 8 | 4): Uint8Array {
  const size = longBytes === 8 ? 60 : 36
  const bytes = new Uint8Array(size * records.length)
  const view = new DataView(bytes.buffer)
  for (const [i, record] of records.entries()) {
    const at = i * size
    view.setUint32(at, record.pcpu, true)
    view.setBigUint64(at + 4, record.tsc, true)
    view.setUint32(at + 12, record.event, true)
    for (const [n, datum] of record.data.entries()) {
      if (longBytes === 8) view.setBigUint64(at + 20 + 8 * n, datum, true)
      else view.setUint32(at + 16 + 4 * n, Number(datum & 0xffff_ffffn), true)
    }
  }
  return bytes
}

const RIP = 0xffff_8300_0012_3456n
const VCPU = 3n << 16n

const RECORDS: readonly FixedRecord[] = [
  { pcpu: 0, tsc: 1000n, event: 0x2f00f, data: [3n, 40n, 30n] },
  { pcpu: 0, tsc: 1010n, event: 0x2f00a, data: [32767n, 0n, 3n, 0n] },
  { pcpu: 1, tsc: 1005n, event: 0x2f004, data: [4n, 1n] },
  { pcpu: 0, tsc: 1020n, event: 0x81002, data: [VCPU, RIP, 12n] },
  { pcpu: 0, tsc: 1030n, event: 0x8200d, data: [VCPU, 0x1bn, 0x1_0000_0001n] },
  { pcpu: 1, tsc: 1025n, event: 0x1f001, data: [77n] },
  { pcpu: 1, tsc: 1040n, event: 0x10f001, data: [5n] },
]

it.each([
  { name: '60 bytes, from 64-bit tools', longBytes: 8 as const },
  { name: '36 bytes, from 32-bit tools', longBytes: 4 as const },
])('fixed records of $name', ({ longBytes }) => {
  const bytes = fixedFile(RECORDS, longBytes)
  expect(looksLikeXentrace(bytes.subarray(0, 240))).toBe(true)
  const file = open(bytes)
  expect(file.info).toMatchObject({ generation: 'fixed (Xen 3.0, 3.1)', pcpus: [0, 1] })
  const wide = longBytes === 8
  const exit = wide ? [0x81102, [12, 0x00123456, 0xffff8300]] : [0x81002, [12, 0x00123456]]
  const stream = file.observe()
  expect(rowsOf(stream).map((r) => [r.ticks, r.pcpu, r.who, r.code, r.words])).toEqual([
    [0, 0, 'd32768v0', 0x2800f, [3, 40, 30]],
    [5, 1, 'd32768v1', 0x28004, [4, 1]],
    [10, 0, 'd32768v0', 0x2800a, [32767, 0, 3, 0]],
    [20, 0, 'd3v0', ...exit],
    [25, 1, 'd32768v1', 0x1f001, [77, 0x18000, 1025, 0, 1025, 0]],
    [30, 0, 'd3v0', 0x8200d, [0x1b, 1, wide ? 1 : 0]],
    [40, 1, 'd32768v1', 0x10f001, [5]],
  ])
  expect(stream.clock.zero).toBe(1000n)
  expect(stream.loss).toMatchObject({ records: 77, bytes: 0 })
  expect(file.survey()).toMatchObject({ records: 7, losses: 1, lastTsc: 1040n })
})

it('a garbled fixed record is passed over, the next ones are found again', () => {
  const many = Array.from({ length: 9 }, (_, i) => ({
    pcpu: 0,
    tsc: BigInt(100 + i),
    event: 0x2f004,
    data: [BigInt(i), 0n],
  }))
  const bytes = fixedFile(many, 8)
  bytes.fill(0xee, 5 * 60, 5 * 60 + 30)
  const stream = open(bytes.subarray(0, 9 * 60 - 10)).observe()
  expect(rowsOf(stream).map((row) => row.words[0])).toEqual([0, 1, 2, 3, 4, 6, 7])
  expect(stream.loss.bytes).toBe(60 + 50)
})

const OLD_AND_NEW = [
  { name: 'hypercall with its address, before 4.3', old: 0x20f101, today: 0x201101 },
  { name: 'trap, before 4.3', old: 0x20f003, today: 0x201003 },
  { name: 'page fault with 64-bit addresses, before 4.3', old: 0x20f104, today: 0x201104 },
  { name: 'wake, before 3.4', old: 0x2f004, today: 0x28004 },
  { name: 'switch, before 3.4', old: 0x2f00a, today: 0x2800a },
]

it.each(OLD_AND_NEW)('$name, comes out under its id of today', ({ old, today }) => {
  const record = { code: old, tsc: 5n, words: [7, 0, 9, 1] }
  const file = open(encodeXentrace([{ pcpu: 0, records: [record] }]))
  const asked: number[] = []
  const rows = rowsOf(file.observe((code) => asked.push(code) > 0))
  expect(rows.map((row) => [row.code, row.words])).toEqual([[today, [7, 0, 9, 1]]])
  expect(asked).toEqual([today])
  expect(rowsOf(file.observe((code) => code === today)).length).toBe(1)
  expect(rowsOf(file.observe((code) => code === old)).length).toBe(0)
})

it('the numbering is known after a survey', () => {
  const survey = (code: number) =>
    open(encodeXentrace([{ pcpu: 0, records: [{ code, tsc: 5n, words: [1, 2] }] }])).survey()
  expect(survey(0x20f001).oldNumbering).toBe(true)
  expect(survey(0x20100d).oldNumbering).toBe(false)
  expect(survey(0x28004).oldNumbering).toBeUndefined()
})

it('an old switch says who runs next', () => {
  const records = [
    { code: 0x2f00a, tsc: 5n, words: [32767, 0, 2, 1] },
    { code: 0x20f003, tsc: 6n, words: [1, 2] },
  ]
  const rows = rowsOf(open(encodeXentrace([{ pcpu: 3, records }])).observe())
  expect(rows.map((row) => row.who)).toEqual(['d32768v3', 'd2v1'])
})
