// The traces that the benchmarks run on: what our generator writes is a sound trace for xenalyze
// too, record by record, with time stamps that do not fit a double.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { generateXentrace } from '../../../bench/xentrace-generator.js'
import { open } from './rows.js'
import { hasXenalyze, xenalyze } from './xenalyze-run.js'
import { type DumpLine, dumpLine, parseDump } from './xenalyze-text.js'

const HZ = 2_400_000_000
/** What xenalyze says when a trace does not add up. */
const COMPLAINT = /strange|warning|error|fatal|skew|unexpected|leaving|exceeds/i

function generated(seed: number): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'xpv-generated-'))
  try {
    const path = join(folder, 'trace.xt')
    generateXentrace(path, { sizeBytes: 2_000_000, seed })
    return readFileSync(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function dumpLines(bytes: Uint8Array): DumpLine[] {
  const stream = open(bytes).observe()
  const lines: DumpLine[] = []
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) {
    for (let i = 0; i < batch.length; i++) {
      const line = dumpLine(batch, i, stream.clock, HZ)
      if (line !== undefined) lines.push(line)
    }
  }
  return lines
}

it('one seed gives the same bytes, another seed others; nothing is lost in reading them', () => {
  const bytes = generated(7)
  expect(Buffer.compare(generated(7), bytes)).toBe(0)
  expect(Buffer.compare(generated(8), bytes)).not.toBe(0)
  const file = open(bytes)
  const stream = file.observe()
  let rows = 0
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) rows += batch.length
  expect(rows).toBe(file.survey().records - file.survey().wraps)
  expect(stream.clock.zero).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER))
  expect(stream.loss.gaps).toBe(0)
})

it.runIf(hasXenalyze)('xenalyze reads it without a complaint, and as we do', () => {
  const bytes = generated(9)
  const summary = xenalyze(bytes, '--cpu-hz', '2.4G', '--summary').split('\n')
  expect(summary.filter((line) => COMPLAINT.test(line))).toEqual([])
  expect(summary.filter((line) => line.startsWith('|-- Domain')).length).toBe(7)
  const theirs = parseDump(xenalyze(bytes, '--cpu-hz', '2.4G', '--dump-all'))
  const ours = dumpLines(bytes)
  const at = ours.findIndex((line, i) => JSON.stringify(line) !== JSON.stringify(theirs[i]))
  expect({ at, line: ours[at] }).toEqual({ at: -1, line: theirs[at] })
  expect(ours.length).toBe(theirs.length)
})
