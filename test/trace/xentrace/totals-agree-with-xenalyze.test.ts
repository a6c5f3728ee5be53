// The totals of four real captures, against `xenalyze --summary`: bytes by pcpu and class;
// hypercalls by number, faults and page-table writes by vcpu; runstate intervals by vcpu.
import { expect, it } from 'vitest'
import type { ObservationBatch } from '../../../src/machine/observation.js'
import type { XentraceFile } from '../../../src/trace/xentrace/xentrace-file.js'
import { CAPTURES, openCapture, oracleSummary } from './captures.js'
import { RunstateCounts } from './runstate-counts.js'
import { parseSummary } from './summary-text.js'

/** What xenalyze's summary gets wrong, by name, and what it costs there. */
const FAULTS = {
  'a lost record is counted twice': {
    reason: 'process_record runs again for the end of the loss and adds the volume again',
    bytesEach: 28,
  },
} as const

const IDLE = 32767
const UNKNOWN = 32768
const LOST = 0x1f001

class Totals {
  readonly counts = new Map<string, number>()

  add(key: string, by = 1): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + by)
  }
}

function volumes(file: XentraceFile, totals: Totals): void {
  const each = FAULTS['a lost record is counted twice'].bytesEach
  for (const [pcpu, classes] of file.survey().volumes) {
    for (const [name, { bytes }] of classes) totals.add(`cpu ${pcpu} ${name}`, bytes)
  }
  forEachRow(file, (batch, i) => {
    if (batch.code[i] === LOST) totals.add(`cpu ${batch.pcpu[i]} gen`, each)
  })
}

function paravirtual(file: XentraceFile, totals: Totals): void {
  forEachRow(file, (batch, i) => {
    const [code, domid] = [batch.code[i] ?? 0, batch.domid[i] ?? 0]
    if (code >>> 16 !== 0x20 || domid === IDLE || domid === UNKNOWN) return
    const who = `d${domid}v${batch.vcpu[i]}`
    const isSubcall = (code & 0xff) === 0x0e
    if ((code & 0xff) === 0x0d || isSubcall) {
      totals.add(`${who} hypercall`)
      totals.add(`${who} op ${(batch.words[batch.at[i] ?? 0] ?? 0) & 0xfffff}`)
    }
    if (isSubcall) totals.add(`${who} hypercall (subcall)`)
    if ((code & 0xff) === 0x04) totals.add(`${who} page_fault`)
    if ((code & 0xff) === 0x0b) totals.add(`${who} ptwr`)
    if ((code & 0xff) === 0x03) totals.add(`${who} trap`)
  })
}

/** Losses that began and did not end yet. */
interface OpenLoss {
  readonly pcpu: number
  readonly end: bigint
  readonly vcpu: string
}

function runstates(file: XentraceFile, totals: Totals): void {
  const last = new Map<number, number>()
  let rows = 0
  forEachRow(file, (batch, i) => last.set(batch.pcpu[i] ?? 0, rows++))
  const counts = new RunstateCounts()
  const open: OpenLoss[] = []
  rows = 0
  forEachRow(file, (batch, i, zero) => {
    const pcpu = batch.pcpu[i] ?? 0
    const tsc = BigInt(batch.ticks[i] ?? 0) + zero
    const code = batch.code[i] ?? 0
    const words = batch.words.subarray(batch.at[i])
    for (const loss of open.filter((o) => o.end <= tsc).sort((a, b) => Number(a.end - b.end))) {
      counts.endLoss(loss.pcpu, loss.end, loss.vcpu)
      open.splice(open.indexOf(loss), 1)
    }
    counts.see(pcpu, tsc)
    const w0 = words[0] ?? 0
    if (code === LOST) {
      counts.beginLoss(pcpu, tsc)
      const end = (BigInt(words[5] ?? 0) << 32n) | BigInt(words[4] ?? 0)
      const w1 = words[1] ?? 0
      open.push({ pcpu, end, vcpu: `d${w1 & 0xffff}v${w1 >>> 16}` })
    } else if (code >>> 12 === 0x21) {
      const vcpu = `d${w0 >>> 16}v${w0 & 0xffff}`
      const [before, after] = [(code >>> 8) & 0xf, (code >>> 4) & 0xf]
      const isChange = (code & 0xf) === 1
      counts.change({ pcpu, tsc, vcpu, before: isChange ? before : 0, after: isChange ? after : 0 })
    }
    if (last.get(pcpu) === rows++) counts.end(pcpu, tsc)
  })
  for (const [vcpu, states] of counts.counts) {
    for (const [state, n] of states) totals.add(`${vcpu} ${state}`, n)
  }
}

function forEachRow(
  file: XentraceFile,
  visit: (batch: ObservationBatch, i: number, zero: bigint) => void,
): void {
  const stream = file.observe()
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) {
    for (let i = 0; i < batch.length; i++) visit(batch, i, stream.clock.zero)
  }
}

const sorted = (counts: ReadonlyMap<string, number>): string[] =>
  [...counts].map(([key, n]) => `${key}: ${n}`).sort()

it.each(CAPTURES)('$name: every count of the summary is the same', ({ name, path }) => {
  const file = openCapture(path)
  const totals = new Totals()
  volumes(file, totals)
  paravirtual(file, totals)
  runstates(file, totals)
  const theirs = parseSummary(oracleSummary(name))
  expect(sorted(totals.counts)).toEqual(sorted(theirs))
})
