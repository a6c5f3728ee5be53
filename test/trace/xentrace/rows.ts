// Rows of a stream as plain objects, and files made of records: for tests that look at few of them.
import type { ObservationStream } from '../../../src/machine/observation.js'
import { bytesSource } from '../../../src/trace/byte-source.js'
import { openXentrace, type XentraceFile } from '../../../src/trace/xentrace/xentrace-file.js'

export interface Row {
  readonly ticks: number
  readonly code: number
  readonly pcpu: number
  readonly who: string
  readonly words: readonly number[]
}

export function open(bytes: Uint8Array): XentraceFile {
  return openXentrace(bytesSource('test.xt', bytes))
}

export function rowsOf(stream: ObservationStream): Row[] {
  const rows: Row[] = []
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) {
    for (let i = 0; i < batch.length; i++) {
      const at = batch.at[i] ?? 0
      rows.push({
        ticks: batch.ticks[i] ?? -1,
        code: batch.code[i] ?? -1,
        pcpu: batch.pcpu[i] ?? -1,
        who: `d${batch.domid[i]}v${batch.vcpu[i]}`,
        words: [...batch.words.subarray(at, at + (batch.extra[i] ?? 0))],
      })
    }
  }
  return rows
}
