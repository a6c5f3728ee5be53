// Records of a trace buffer as the bytes a file holds, for tests: hex in, code and words out.
import { allocateBatch, type ObservationBatch } from '../../src/machine/observation.js'

/** One record: its event code and extra words. */
export interface TestRecord {
  readonly code: number
  readonly words: readonly number[]
}

/** Reads a record from hex in file order; blanks between words are ignored. */
export function recordOf(hex: string): TestRecord {
  const bytes = Buffer.from(hex.replace(/\s+/g, ''), 'hex')
  const header = bytes.readUInt32LE(0)
  const first = header >>> 31 === 1 ? 12 : 4
  const count = (header >>> 28) & 7
  if (bytes.length !== first + 4 * count) throw new Error(`${hex} has no ${count} words`)
  const words = Array.from({ length: count }, (_, i) => bytes.readUInt32LE(first + 4 * i))
  return { code: header & 0xfff_ffff, words }
}

/** Where and when a test record is observed. */
export interface TestRow extends TestRecord {
  readonly ticks?: number
  readonly pcpu?: number
  readonly domid?: number
  readonly vcpu?: number
}

/** A batch of observations; rows without a time come one tick apart, on pcpu 0, in d0v0. */
export function batchOf(rows: readonly TestRow[]): ObservationBatch {
  const batch = allocateBatch(rows.length)
  batch.words = Uint32Array.from(rows.flatMap((row) => [...row.words]))
  let at = 0
  rows.forEach((row, i) => {
    batch.ticks[i] = row.ticks ?? i
    batch.code[i] = row.code
    batch.pcpu[i] = row.pcpu ?? 0
    batch.domid[i] = row.domid ?? 0
    batch.vcpu[i] = row.vcpu ?? 0
    batch.at[i] = at
    batch.extra[i] = row.words.length
    at += row.words.length
  })
  batch.length = rows.length
  return batch
}
