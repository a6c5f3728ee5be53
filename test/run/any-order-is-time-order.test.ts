// Programs that say less than time order will do: what they yield is the same in file order, or
// stint by stint, and merged by time, on the recordings of real hosts and on random traces.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { keyText } from '../../src/dtrace/aggregate/merge.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import { orderOf } from '../../src/dtrace/run/order.js'
import { runProgram } from '../../src/dtrace/run/run.js'
import type { Machine } from '../../src/machine/machine.js'
import { unknown } from '../../src/machine/obs.js'
import type { ObservationOrder } from '../../src/machine/observation.js'
import { encodeXentrace, type XentraceRecord } from '../../src/trace/xentrace/encode.js'
import type { XentraceFile } from '../../src/trace/xentrace/xentrace-file.js'
import { CAPTURES, openCapture } from '../trace/xentrace/captures.js'
import { open } from '../trace/xentrace/rows.js'
import { d } from './build.js'

const FREE = [
  'xdt::: { @[probename, domid, vcpuid, cpu] = count(); }',
  'xdt:pv::hypercall { @[domid, arg1] = count(); }',
  'xdt:sched:: { @[probename, cpu] = max(arg2); @s[domid] = stddev(arg1); }',
  'xdt:sched::off-cpu { @[domid] = quantize(arg2); @a = avg(arg2); }',
  'xdt::: /domid > 0/ { this->t = xdt_timestamp; @m[tid] = min(this->t); @x[tid] = max(this->t); }',
  'BEGIN { limit = 2; } xdt::: /domid < limit/ { @[probefunc] = lquantize(vcpuid, 0, 8); }',
  'xdt::: { @[probename] = count(); } END { trunc(@, 3); printa(@); }',
] as const

const OF_VCPUS = [
  'xdt:pv::hypercall { self->n++; @[tid] = max(self->n); }',
  'self uint64_t t; self int n; xdt:pv:: /self->t/ { @[domid, cpu] = sum(xdt_timestamp - self->t); ' +
    '@q = quantize(self->n); } xdt:pv:: { self->t = xdt_timestamp; self->n = cpu; }',
  'xdt:sched::wake { self->woken = xdt_timestamp; } ' +
    'xdt:sched::continue-running /self->woken/ { @[vcpuid] = max(xdt_timestamp - self->woken); ' +
    'self->woken = 0; }',
  'xdt:sched::wake, xdt:pv::hypercall { self->a[arg0]++; self->b[arg0] = cpu + self->a[arg0]; ' +
    '@[tid] = sum(self->b[arg0]); }',
  'self int c; xdt:sched::off-cpu { @[domid] = count(); } xdt:pv::hypercall { @[self->c] = count(); ' +
    'self->c = cpu + 1; }',
] as const

const BOUND = [
  'xdt:sched::off-cpu { self->n++; }',
  'xdt:sched::runstate-change { self->n++; }',
  'xdt:pv::hypercall { self->n++; trace(self->n); }',
  'xdt:pv::hypercall { n = self->n++; }',
  'xdt::: { self->n++; }',
  'xdt::: { n = cpu; } END { trace(n); }',
  'xdt::: { a[cpu] = 1; }',
  'xdt::: { trace(cpu); }',
  'xdt::: {}',
  'xdt::: { exit(0); }',
  'xdt::: { @ = count(); clear(@); }',
  'xdt::: { @ = count(); } tick-1s { printa(@); }',
  'xdt::: { @[arg1 / arg2] = count(); } ERROR { @e[arg4] = count(); }',
  'xdt::: { @ = sum(rand()); }',
] as const

/** A machine of one file that is read in an order of our choice. */
function machineOf(file: XentraceFile, order: ObservationOrder): Machine {
  const absent = unknown('a test')
  const snapshot = { title: 'test', xenVersion: absent, clockHz: absent, pcpus: absent, inputs: [] }
  return {
    spec: 'test',
    backend: 'replay',
    capabilities: new Set(['observe']),
    snapshot: () => snapshot,
    observe: (wants) => file.observe(wants, { order }),
    close: () => {},
  }
}

/** What a run leaves behind, as text: groups by key, faults sorted. */
function outcome(text: string, file: XentraceFile, order: ObservationOrder): string {
  const catalog = standardCatalog()
  const records: string[] = []
  const shown = (value: unknown): string =>
    JSON.stringify(value, (name, v: unknown) => {
      if (typeof v === 'bigint') return `${v}n`
      if (name !== 'groups') return v
      const groups = v as { key: (bigint | string)[] }[]
      return [...groups].sort((a, b) => (keyText(a.key) < keyText(b.key) ? -1 : 1))
    })
  const sink = (record: unknown): void => void records.push(shown(record))
  const result = runProgram(d(text, catalog), machineOf(file, order), catalog, { sink })
  return [shown(result), ...records.sort()].join('\n')
}

it.each(FREE)('any order will do: %s', (text) => {
  expect(orderOf(d(text, standardCatalog()))).toBe('any')
})

it.each(OF_VCPUS)('the order of vcpus will do: %s', (text) => {
  expect(orderOf(d(text, standardCatalog()))).toBe('vcpu')
})

it.each(BOUND)('only time order will do: %s', (text) => {
  expect(orderOf(d(text, standardCatalog()))).toBe('time')
})

it.each(CAPTURES)('a recording yields the same in both orders: $name', ({ path }) => {
  const file = openCapture(path)
  for (const text of FREE) expect(outcome(text, file, 'any')).toBe(outcome(text, file, 'time'))
  for (const text of [...FREE, ...OF_VCPUS]) {
    expect(outcome(text, file, 'vcpu')).toBe(outcome(text, file, 'time'))
  }
})

const CODES = [0x20100d, 0x201104, 0x28004, 0x2800a, 0x2800e, 0x2800f, 0x21101, 0x21021, 0x28007]

const record = fc.record({
  code: fc.constantFrom(...CODES),
  gap: fc.option(fc.nat(300), { nil: undefined, freq: 4 }),
  words: fc.array(fc.oneof(fc.nat(3), fc.nat(0xffff_ffff)), { maxLength: 7 }),
  lost: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
})

/** Windows of some pcpus in turn, with contexts that change, wrong ones too, and losses. */
const trace = fc
  .array(fc.tuple(fc.constantFrom(0, 1, 2), fc.array(record, { maxLength: 15 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((drafts) => {
    const times = new Map<number, bigint>()
    return drafts.map(([pcpu, records]) => ({
      pcpu,
      records: records.map(({ code, gap, words, lost }): XentraceRecord => {
        if (gap === undefined && times.has(pcpu)) return { code, words }
        const before = times.get(pcpu) ?? 1_000_000n
        const tsc = before + BigInt(gap ?? 0)
        times.set(pcpu, tsc)
        const losing = [5, 0x0001_0000 | pcpu, Number(before), 0]
        return lost ? { code: 0x1f001, words: losing, tsc } : { code, words, tsc }
      }),
    }))
  })

it('random traces yield the same in both orders', () => {
  fc.assert(
    fc.property(trace, fc.constantFrom(...FREE), (windows, text) => {
      const file = open(encodeXentrace(windows))
      expect(outcome(text, file, 'any')).toBe(outcome(text, file, 'time'))
    }),
    { numRuns: 150 },
  )
})

it('random traces yield the same in the order of vcpus', () => {
  fc.assert(
    fc.property(trace, fc.constantFrom(...FREE, ...OF_VCPUS), (windows, text) => {
      const file = open(encodeXentrace(windows))
      expect(outcome(text, file, 'vcpu')).toBe(outcome(text, file, 'time'))
    }),
    { numRuns: 150 },
  )
})
