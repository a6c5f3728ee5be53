// The file of Xen 3.0 and 3.1 (and so of xVM): fixed records, each after the number of its pcpu.
//
//   u32 pcpu | u64 tsc | u32 id | (u32 pad) | 5 x unsigned long     60 bytes; 36 from 32-bit tools
//   runs of one pcpu  ->  WindowTable        records  ->  records as Xen 3.2 and later write them
//
// Holds: words that a 64-bit Xen used for an address become two words and the id of the 64-bit
// form.
// Source: xen/include/public/trace.h and xen/include/asm-x86/hvm/trace.h of 3.1.
import { bookLoss, type Loss } from '../../machine/observation.js'
import type { BlockReader } from './block-reader.js'
import { isEventCode, LOST_RECORDS, PCPU_LIMIT, swapHalves, TSC_FLAG, unknownOn } from './layout.js'
import type { WindowTable } from './window-table.js'

/** Bytes of a fixed record with its pcpu number: from 64-bit and from 32-bit tools. */
export type FixedRecordBytes = 60 | 36

const HEAD_RECORDS = 4
const RUN_RECORDS = 1024
const EVENT_OFFSET = 12
/** Classes that 3.1 knew: GEN, SCHED, DOM0OP, HVM, MEM. */
const LAST_EVENT = 0x001f_ffff
const FLAG_64 = 0x100
/** Their value is two words in every form, so there is no 64-bit id. */
const MSR_READ = 0x8200c
const MSR_WRITE = 0x8200d

/** Which of the two fixed forms `head` begins with, judged by its first records. */
export function fixedRecordBytes(head: Uint8Array): FixedRecordBytes | undefined {
  return ([60, 36] as const).find((size) => {
    if (head.length < size) return false
    const records = Math.min(HEAD_RECORDS, Math.floor(head.length / size))
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
    return Array.from({ length: records }, (_, i) => i * size).every((at) => isFixed(view, at))
  })
}

function isFixed(view: DataView, at: number): boolean {
  const code = view.getUint32(at + EVENT_OFFSET, true)
  return view.getUint32(at, true) < PCPU_LIMIT && code <= LAST_EVENT && isEventCode(code)
}

/** Adds the runs of each pcpu to `table`; what is no record is passed over and booked. */
export function indexFixedRecords(
  file: { readonly reader: BlockReader; readonly sizeBytes: number },
  recordBytes: FixedRecordBytes,
  table: WindowTable,
  loss: Loss,
): void {
  const bytes = new Uint8Array(recordBytes * RUN_RECORDS)
  const view = new DataView(bytes.buffer)
  let position = 0
  while (position + recordBytes <= file.sizeBytes) {
    const got = file.reader.direct(bytes, position)
    const used = addRuns({ view, got, position, recordBytes }, table)
    if (used === 0) {
      const next = nextRecord(file, recordBytes, position + 1)
      const note = `${next - position} bytes at offset ${position}: expected a fixed trace record`
      bookLoss(loss, note, { bytes: next - position })
      position = next
    } else position += used
  }
  const rest = file.sizeBytes - position
  if (rest > 0) bookLoss(loss, `${rest} bytes at offset ${position}: a cut record`, { bytes: rest })
}

interface Piece {
  readonly view: DataView
  readonly got: number
  readonly position: number
  readonly recordBytes: number
}

/** Adds runs from the start of a piece to its end or to the first place that is no record. */
function addRuns(piece: Piece, table: WindowTable): number {
  const { view, got, position, recordBytes } = piece
  let at = 0
  while (at + recordBytes <= got && isFixed(view, at)) {
    const pcpu = view.getUint32(at, true)
    const start = at
    while (at + recordBytes <= got && isFixed(view, at) && view.getUint32(at, true) === pcpu) {
      at += recordBytes
    }
    table.add(pcpu, position + start, at - start)
  }
  return at
}

/** The next place where two records in a row stand, or the end of the file. */
function nextRecord(
  file: { readonly reader: BlockReader; readonly sizeBytes: number },
  recordBytes: number,
  from: number,
): number {
  const bytes = new Uint8Array(1 << 16)
  const view = new DataView(bytes.buffer)
  for (let position = from; position + 2 * recordBytes <= file.sizeBytes; ) {
    const last = file.reader.direct(bytes, position) - 2 * recordBytes
    for (let i = 0; i <= last; i++) {
      if (isFixed(view, i) && isFixed(view, i + recordBytes)) return position + i
    }
    if (last < 0) break
    position += last + 1
  }
  return file.sizeBytes
}

/** What today's record of an HVM event holds, as places among the five data words of 3.1 (place 0
 *  is the vcpu, which today's records do not repeat). `wide`: an address or register, two words. */
interface HvmLayout {
  readonly narrow: readonly number[]
  readonly wide?: number
}

const HVM_LAYOUTS: ReadonlyMap<number, HvmLayout> = new Map<number, HvmLayout>([
  [0x81001, { narrow: [] }],
  [0x81002, { narrow: [2], wide: 1 }],
  [0x82001, { narrow: [2], wide: 1 }],
  [0x82002, { narrow: [2], wide: 1 }],
  [0x82003, { narrow: [1, 2] }],
  [0x82004, { narrow: [1, 2] }],
  [0x82005, { narrow: [1] }],
  [0x82006, { narrow: [1, 2] }],
  [0x82007, { narrow: [1, 2] }],
  [0x82008, { narrow: [1], wide: 2 }],
  [0x82009, { narrow: [1], wide: 2 }],
  [0x8200a, { narrow: [] }],
  [0x8200b, { narrow: [] }],
  [MSR_READ, { narrow: [1], wide: 2 }],
  [MSR_WRITE, { narrow: [1], wide: 2 }],
  // cpuid packed two registers into a word; only the leaf has today's form.
  [0x8200e, { narrow: [1] }],
  [0x8200f, { narrow: [1] }],
  [0x82010, { narrow: [] }],
  [0x82011, { narrow: [] }],
  [0x82012, { narrow: [1] }],
  [0x82013, { narrow: [1] }],
  [0x82014, { narrow: [1], wide: 2 }],
])

/** Data words in use by each scheduler event of 3.1 from 0x2f001 on. */
const SCHED_WORDS = [2, 2, 2, 2, 2, 2, 3, 0, 1, 4, 0, 0, 0, 2, 3] as const

/** Rewrites fixed records as variable ones, into `target` from `at`; yields the index after the
 *  last. Never needs more bytes than it is given. */
export function transcodeFixed(
  records: DataView,
  recordBytes: FixedRecordBytes,
  target: Uint32Array,
  at: number,
): number {
  let to = at
  for (let from = 0; from + recordBytes <= records.byteLength; from += recordBytes) {
    const size = variableRecord(new FixedRecord(records, from, recordBytes === 60), target, to + 3)
    const code = recoded(records.getUint32(from + EVENT_OFFSET, true), recordBytes === 60)
    target[to] = (TSC_FLAG | (size << 28) | code) >>> 0
    target[to + 1] = records.getUint32(from + 4, true)
    target[to + 2] = records.getUint32(from + 8, true)
    to += 3 + size
  }
  return to
}

/** The five data words of one fixed record. */
class FixedRecord {
  readonly code: number
  readonly pcpu: number
  readonly #view: DataView
  readonly #data: number
  readonly #step: 4 | 8

  constructor(view: DataView, at: number, wide: boolean) {
    this.#view = view
    this.#data = at + (wide ? 20 : 16)
    this.#step = wide ? 8 : 4
    this.pcpu = view.getUint32(at, true)
    this.code = view.getUint32(at + EVENT_OFFSET, true)
  }

  get wide(): boolean {
    return this.#step === 8
  }

  low(n: number): number {
    return this.#view.getUint32(this.#data + n * this.#step, true)
  }

  high(n: number): number {
    return this.wide ? this.#view.getUint32(this.#data + n * 8 + 4, true) : 0
  }

  get tsc(): readonly [number, number] {
    const at = this.#data - (this.wide ? 16 : 12)
    return [this.#view.getUint32(at, true), this.#view.getUint32(at + 4, true)]
  }
}

const isMsr = (code: number): boolean => code === MSR_READ || code === MSR_WRITE

/** Today's id of an HVM event that carries an address: the 64-bit form from a 64-bit Xen. */
function recoded(code: number, wide: boolean): number {
  const wideWord = HVM_LAYOUTS.get(code)?.wide !== undefined
  return wide && wideWord && !isMsr(code) ? code | FLAG_64 : code
}

/** Writes the words of one record at `to`; yields how many. */
function variableRecord(record: FixedRecord, target: Uint32Array, to: number): number {
  if (record.code === LOST_RECORDS) return lostWords(record, target, to)
  const hvm = HVM_LAYOUTS.get(record.code)
  if (hvm !== undefined) return hvmWords(record, hvm, target, to)
  const used = wordsInUse(record.code)
  for (let n = 0; n < used; n++) target[to + n] = record.low(n)
  return used
}

function wordsInUse(code: number): number {
  const minor = code & 0xfff
  if (code >>> 12 === 0x2f) return SCHED_WORDS[minor - 1] ?? 5
  return code >>> 12 === 0x10f && minor <= 3 ? 1 : 5
}

function hvmWords(record: FixedRecord, layout: HvmLayout, target: Uint32Array, to: number): number {
  let at = to
  for (const place of layout.narrow) target[at++] = record.low(place)
  if (layout.wide !== undefined) {
    target[at++] = record.low(layout.wide)
    if (record.wide || isMsr(record.code)) target[at++] = record.high(layout.wide)
  }
  return at - to
}

/** 3.1 says how many were lost, not since when nor from whom: the loss has no length. */
function lostWords(record: FixedRecord, target: Uint32Array, to: number): number {
  const [low, high] = record.tsc
  target[to] = record.low(0)
  target[to + 1] = swapHalves(unknownOn(record.pcpu))
  target[to + 2] = low
  target[to + 3] = high
  return 4
}
