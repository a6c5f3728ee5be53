// The real captures in examples/recordings and what xenalyze said of them (test/oracle).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { bytesSource } from '../../../src/trace/byte-source.js'
import { openXentrace, type XentraceFile } from '../../../src/trace/xentrace/xentrace-file.js'

const ROOT = join(import.meta.dirname, '..', '..', '..')

/** The clock rate that the oracle was run with. */
export const CAPTURE_HZ = 2_600_000_000

export const CAPTURES = [
  { name: 'idle', path: 'idle/idle.xt' },
  { name: 'load', path: 'load/load.xt' },
  { name: 'create', path: 'xl-create/create.xt' },
  { name: 'sched', path: 'contended/sched.xt' },
] as const

export function captureBytes(path: string): Uint8Array {
  return readFileSync(join(ROOT, 'examples', 'recordings', path))
}

export function openCapture(path: string): XentraceFile {
  return openXentrace(bytesSource(path, captureBytes(path)), { hz: CAPTURE_HZ })
}

export function oracleDump(name: string): string {
  const packed = readFileSync(join(ROOT, 'test', 'oracle', `${name}.dump-all.txt.gz`))
  return gunzipSync(packed).toString('utf8')
}

export function oracleSummary(name: string): string {
  return readFileSync(join(ROOT, 'test', 'oracle', `${name}.summary.txt`), 'utf8')
}
