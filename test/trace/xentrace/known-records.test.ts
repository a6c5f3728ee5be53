// Records of every class, as bytes, with the fields that the documents give them: trace.h and the
// code that writes them. Where xenalyze prints the record as it is, its text too; asked live when
// installed.
import { expect, it } from 'vitest'
import { bytesSource } from '../../../src/trace/byte-source.js'
import { encodeWindow } from '../../../src/trace/xentrace/encode.js'
import { openXentrace } from '../../../src/trace/xentrace/xentrace-file.js'
import { hasXenalyze, xenalyze } from './xenalyze-run.js'
import { dumpLine, parseDump } from './xenalyze-text.js'

const T0 = 1_000_000_000n

interface KnownRecord {
  readonly name: string
  readonly bytes: string
  readonly code: number
  /** Cycles since T0; 0 without a time stamp. */
  readonly ticks: number
  readonly words: readonly number[]
  /** What xenalyze prints; absent where it has no text of its own or reads the record wrongly. */
  readonly text?: string
}

const RECORDS: readonly KnownRecord[] = [
  {
    name: 'runstate change of d3v0, blocked to runnable',
    bytes: '11120290 0aca9a3b 00000000 00000300',
    code: 0x21211,
    ticks: 10,
    words: [0x30000],
    text: 'runstate_change d3v0 blocked->runnable',
  },
  {
    name: 'd32767v0 ran for 5000 ns; no time stamp',
    bytes: '0e8002b0 00ca9a3b 00000000 ff7f0000 00000000 88130000',
    code: 0x2800e,
    ticks: 0,
    words: [32767, 0, 5000],
    text: 'sched_switch prev d32767v0, run for 5.0us',
  },
  {
    name: 'd0v0 is next, for 30 ms',
    bytes: '0f8002c0 18ca9a3b 00000000 00000000 00000000 00000000 80c3c901',
    code: 0x2800f,
    ticks: 24,
    words: [0, 0, 0, 30_000_000],
    text: 'sched_switch next d0v0, next slice 30000.0us',
  },
  {
    name: 'switch from d32767v0 to d0v0',
    bytes: '0a8002c0 30ca9a3b 00000000 ff7f0000 00000000 00000000 00000000',
    code: 0x2800a,
    ticks: 48,
    words: [32767, 0, 0, 0],
    text: 'sched_switch prev d32767v0 next d0v0',
  },
  {
    name: 'd3v0 is woken',
    bytes: '048002a0 05ca9a3b 00000000 03000000 00000000',
    code: 0x28004,
    ticks: 5,
    words: [3, 0],
    text: 'vcpu_wake d3v0',
  },
  {
    name: 'd4v0 shuts down: 3, crash',
    bytes: '078002b0 e4ef9a3b 00000000 04000000 00000000 03000000',
    code: 0x28007,
    ticks: 9700,
    words: [4, 0, 3],
    text: 'sched_shutdown d4v0, reason = 3',
  },
  {
    name: 'd5 is created',
    bytes: '01100490 2ccb9a3b 00000000 05000000',
    code: 0x41001,
    ticks: 300,
    words: [5],
    text: 'creating domain d5',
  },
  {
    name: 'hypercall 36, domctl, without arguments',
    bytes: '0d102090 f0ca9a3b 00000000 24000000',
    code: 0x20100d,
    ticks: 240,
    words: [36],
    text: 'hypercall 24 (domctl)',
  },
  {
    name: 'hypercall 29, sched_op, with its command',
    bytes: '0d1020a0 e0cb9a3b 00000000 1d001000 01000000',
    code: 0x20100d,
    ticks: 480,
    words: [29 | (1 << 20), 1],
    text: 'hypercall 1d (sched_op) block',
  },
  {
    name: 'hypercall 20, grant_table_op, with command and count',
    bytes: '0d1020b0 d0cc9a3b 00000000 14001001 05000000 03000000',
    code: 0x20100d,
    ticks: 720,
    words: [20 | (1 << 20) | (1 << 24), 5, 3],
    text: 'hypercall 14 (grant_table_op) copy 3 ops',
  },
  {
    name: 'subcall 26, mmuext_op, with its count',
    bytes: '0e2020a0 d4cd9a3b 00000000 1a004000 04000000',
    code: 0x20200e,
    ticks: 980,
    words: [26 | (1 << 22), 4],
    text: ' hypercall 1a (mmuext_op) 4 ops',
  },
  {
    name: 'page fault at ffffffff81000000 on 7f0012345678, error 6',
    bytes: '041120d0 b0ce9a3b 00000000 00000081 ffffffff 78563412 007f0000 06000000',
    code: 0x201104,
    ticks: 1200,
    words: [0x81000000, 0xffffffff, 0x12345678, 0x7f00, 6],
    text: 'page_fault[ 81000000 ffffffff 12345678 7f00 6 ]',
  },
  {
    name: 'trap 13 with error 0x10 at ffffffff81000010',
    bytes: '031120b0 14cf9a3b 00000000 10000081 ffffffff 0d801000',
    code: 0x201103,
    ticks: 1300,
    words: [0x81000010, 0xffffffff, 13 | (1 << 15) | (0x10 << 16)],
    text: 'trap d eip ffffffff81000010 ec 10',
  },
  {
    name: 'page table write of 8000000123456067 to ffff888000001000',
    bytes: '0b1120e0 78cf9a3b 00000000 67604523 01000080 00100000 8088ffff 20000081 ffffffff',
    code: 0x20110b,
    ticks: 1400,
    words: [0x23456067, 0x80000001, 0x1000, 0xffff8880, 0x81000020, 0xffffffff],
    text: 'ptwr l1e 8000000123456067 eip ffffffff81000020 addr ffff888000001000',
  },
  {
    name: 'd5 maps a grant',
    bytes: '01f01090 dccf9a3b 00000000 05000000',
    code: 0x10f001,
    ticks: 1500,
    words: [5],
    text: 'grant-map domain 5',
  },
  {
    name: 'p2m entry of d5, without time stamp',
    bytes: '04f01060 00010000 00000000 00020000 00000000 00000000 05000900',
    code: 0x10f004,
    ticks: 0,
    words: [0x100, 0, 0x200, 0, 0, 5 | (9 << 16)],
  },
  {
    name: 'VMX exit 12, hlt, at ffffffff81abcdef',
    bytes: '021108b0 90cb9a3b 00000000 0c000000 efcdab81 ffffffff',
    code: 0x81102,
    ticks: 400,
    words: [12, 0x81abcdef, 0xffffffff],
  },
  {
    name: 'guest reads MSR 0x401, without time stamp',
    bytes: '0c200830 01040000 90000100 4000008c',
    code: 0x8200c,
    ticks: 0,
    words: [0x401, 0x10090, 0x8c000040],
  },
  {
    name: 'pf_xen: error code first, then address (xenalyze reads the address first)',
    bytes: '01210830 02000000 78563412 0088ffff',
    code: 0x82101,
    ticks: 0,
    words: [2, 0x12345678, 0xffff8800],
  },
  {
    name: 'nested page fault on fee00300',
    bytes: '21200860 0003e0fe 00000000 ffffffff ffffffff 82010000 04000000',
    code: 0x82021,
    ticks: 0,
    words: [0xfee00300, 0, 0xffffffff, 0xffffffff, 0x182, 4],
  },
  {
    name: 'interrupt 24 handled in 800 cycles',
    bytes: '082080b0 1cef9a3b 00000000 18000000 00ca9a3b 20cd9a3b',
    code: 0x802008,
    ticks: 9500,
    words: [24, 1_000_000_000, 1_000_000_800],
    text: 'irq_handled irq 18 800 (1000000000,1000000800)',
  },
  {
    name: 'vector 0x51 assigned to irq 24 (xenalyze reads both halves as one irq)',
    bytes: `062080f0 80ef9a3b 00000000 18005100 01000000${' 00000000'.repeat(5)}`,
    code: 0x802006,
    ticks: 9600,
    words: [24 | (0x51 << 16), 1, 0, 0, 0, 0, 0],
  },
  {
    name: '7 records lost from T0+3000 to T0+9000; the row gains the end of the loss',
    bytes: '01f001c0 28ed9a3b 00000000 07000000 03000000 b8d59a3b 00000000',
    code: 0x1f001,
    ticks: 3000,
    words: [7, 3, 1_000_003_000, 0, 1_000_009_000, 0],
    text: 'lost_records count 7 d3v0 (cur d3v0) first_tsc 1000003000',
  },
]

/** d3v0 begins to run on pcpu 0 at T0. */
const RUNS = { code: 0x21101, tsc: T0, words: [0x30000] }

function fileOf(bytes: string): Uint8Array {
  const record = Buffer.from(bytes.replaceAll(' ', ''), 'hex')
  const window = encodeWindow({ pcpu: 0, records: [RUNS] })
  const file = new Uint8Array([...window, ...record])
  new DataView(file.buffer).setUint32(8, file.length - 12, true)
  return file
}

it.each(RECORDS)('$name', ({ bytes, code, ticks, words }) => {
  const stream = openXentrace(bytesSource('known', fileOf(bytes))).observe()
  const batch = stream.next()
  expect(batch?.length).toBe(2)
  const at = batch?.at[1] ?? 0
  const found = [...(batch?.words.subarray(at, at + (batch.extra[1] ?? 0)) ?? [])]
  expect({ code: batch?.code[1], ticks: batch?.ticks[1], words: found }).toEqual({
    code,
    ticks,
    words: words.map((word) => word >>> 0),
  })
  expect([batch?.domid[1], batch?.vcpu[1], batch?.pcpu[1], stream.clock.zero]).toEqual([
    3,
    0,
    0,
    T0,
  ])
})

const SPOKEN = RECORDS.filter((record) => record.text !== undefined)

it.each(SPOKEN)('xenalyze says the same: $name', ({ bytes, text }) => {
  const file = fileOf(bytes)
  const stream = openXentrace(bytesSource('known', file)).observe()
  const batch = stream.next()
  const ours = batch && dumpLine(batch, 1, stream.clock, 2_000_000_000)
  expect(ours?.text).toBe(text)
  if (!hasXenalyze) return
  const theirs = parseDump(xenalyze(file, '--cpu-hz', '2G', '--dump-all'))
  expect(ours).toEqual(theirs[1])
})

it('wrap padding is passed over: two words, no row', () => {
  const bytes = '02f00120 adde0000 efbe0000'
  const stream = openXentrace(bytesSource('known', fileOf(bytes))).observe()
  expect(stream.next()?.length).toBe(1)
  expect(stream.next()).toBeUndefined()
  expect(stream.loss.bytes).toBe(0)
})
