// A crash at any byte that was being written: nothing that was logged is lost, nothing comes twice.
//
//   a life, its writes in order  ->  cut anywhere  ->  recover, go on  ->  the same end
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { integerMember, listMember, stringMember } from '../../../src/fma/event/nvlist.js'
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/fma/fmd/checkpoint.js'
import { printData } from '../../../src/fma/fmd/data-text.js'
import type { FmdAction, FmdInput, LogName, LogRecord } from '../../../src/fma/fmd/input.js'
import { encodeLogRecord, logHeader, readLog } from '../../../src/fma/fmd/log-format.js'
import { FaultManager } from '../../../src/fma/fmd/manager.js'
import { type Recovery, recover } from '../../../src/fma/fmd/recover.js'
import { follow, happen, lives, type Step } from './driven.js'
import { modules, SECOND, TOPOLOGY } from './one-host.js'

const parts = () => ({ topology: TOPOLOGY, modules: modules(), seed: 7 })
const LOGS: readonly LogName[] = ['error', 'fault', 'resource', 'info']
const START = 1_000_000n * SECOND

/** One write of a driver: bytes to the end of a log, or a new checkpoint in place of the old. */
type Write =
  | { readonly to: LogName; readonly bytes: Uint8Array }
  | { readonly to: 'checkpoint'; readonly bytes: Uint8Array }

/** When a step was, and the number of its input, if a log has it. */
interface Taken {
  readonly timeNs: bigint
  readonly input: number | undefined
}

interface Life {
  readonly fmd: FaultManager
  readonly writes: Write[]
  readonly records: LogRecord[]
  readonly taken: Taken[]
}

/** Lives from a step on, with a checkpoint after every `every` steps. */
function live(life: Life, steps: readonly Step[], every: number): void {
  const { fmd, writes, records, taken } = life
  for (const step of steps.slice(taken.length)) {
    const timeNs = (taken.at(-1)?.timeNs ?? START) + BigInt(step.afterS) * SECOND
    const before = records.length
    const input = happen(fmd, { step, timeNs }, (record) => {
      records.push(record)
      writes.push({ to: record.log, bytes: encodeLogRecord(record) })
    })
    const own = records.slice(before).find((record) => isOf(record, input?.kind))
    taken.push({ timeNs, input: own?.number })
    if (taken.length % every > 0) continue
    writes.push({ to: 'checkpoint', bytes: encodeCheckpoint(fmd.save()) })
  }
}

const className = ({ event }: LogRecord): string => stringMember(event, 'class') ?? ''

/** Whether a record is that of an input of a kind. */
function isOf(record: LogRecord, kind: FmdInput['kind'] | undefined): boolean {
  if (record.log === 'error') return kind === 'ereport' && !className(record).includes('.fm.fmd.')
  return record.log === 'info' && className(record) === `ireport.fmd.${kind}`
}

const born = (): Life => {
  const writes = LOGS.map((to) => ({ to, bytes: logHeader() }))
  return { fmd: new FaultManager(parts()), writes, records: [], taken: [] }
}

/** What is on the disk when so many bytes of all that was written are there. */
function cut(writes: readonly Write[], length: number): Recovery & { records: LogRecord[] } {
  const files = new Map<string, Uint8Array[]>(LOGS.map((log) => [log, []]))
  let [left, checkpoint]: [number, Uint8Array | undefined] = [length, undefined]
  for (const { to, bytes } of writes) {
    if (left <= 0) break
    if (to !== 'checkpoint') files.get(to)?.push(bytes.subarray(0, left))
    else if (bytes.length <= left) checkpoint = bytes
    left -= bytes.length
  }
  const records = LOGS.flatMap((log) => [...readLog(Buffer.concat(files.get(log) ?? [])).records])
  const state = checkpoint && decodeCheckpoint(checkpoint)
  return { ...recover(parts(), { checkpoint: state, records }), records }
}

/** Goes on after a crash as whoever drives a fault manager does. */
function goOn(whole: Life, steps: readonly Step[], crashed: ReturnType<typeof cut>): Life {
  const { manager: fmd, missing, acts, lostInputs, adopted } = crashed
  expect({ lostInputs, adopted }).toEqual({ lostInputs: 0, adopted: [] })
  const records = [...crashed.records, ...missing]
  const done = whole.taken.findLastIndex(({ input = Number.NaN }) => input <= fmd.inputs)
  const timeNs = whenActed(whole.records, acts[0])
  const actions = [...acts, ...fmd.take({ kind: 'time', timeNs })]
  follow(fmd, { actions, timeNs, log: (record) => records.push(record) })
  const life = { fmd, writes: [], records, taken: whole.taken.slice(0, done + 1) }
  live(life, steps, 1_000)
  return life
}

/** When an act ended in a life; the beginning of time for none. */
function whenActed(records: readonly LogRecord[], act: FmdAction | undefined): bigint {
  const ended = records.find((record) => {
    const attr = listMember(record.event, 'attr')
    const request = attr && integerMember(attr, 'request')
    return act?.kind === 'act' && isOf(record, 'acted') && request === BigInt(act.request)
  })
  return ended?.timeNs ?? 0n
}

/** All records, as bytes, by log and number. */
const byKey = (records: readonly LogRecord[]): string[] =>
  records
    .map((record) => {
      const bytes = Buffer.from(encodeLogRecord(record)).toString('base64')
      return `${record.log} ${record.number} ${bytes}`
    })
    .sort()

function expectSame(whole: Life, steps: readonly Step[], length: number): void {
  const after = goOn(whole, steps, cut(whole.writes, length))
  expect(printData(after.fmd.save())).toBe(printData(whole.fmd.save()))
  expect(byKey(after.records)).toEqual(byKey(whole.records))
}

const ereport = (leaf: string, core: number, afterS = 1): Step => {
  return { afterS, what: { kind: 'ereport', leaf, core, lateS: 0, injected: false } }
}

/** With all that happens: SERD, acts, one that is refused, timers, repairs, a module that fails. */
const STORY: readonly Step[] = [
  ...[1, 1, 1, 1, 2, 2, 2, 2].map((core) => ereport('l1dcache', core)),
  ereport('bus_a', 0),
  ereport('alien', 0),
  { afterS: 20, what: { kind: 'time' } },
  { afterS: 1, what: { kind: 'repaired', by: 'core', n: 1 } },
  ereport('bus_quiet', 3),
  ...[1, 1, 1].map((core) => ereport('l1dcache', core, 5)),
  ereport('fatal', 0),
  { afterS: 1, what: { kind: 'acquitted', by: 'case', n: 0 } },
  { afterS: 1, what: { kind: 'reset', module: 'pondering', serd: false } },
  ereport('l1dcache', 1),
]

it('one story, a checkpoint every five steps, cut in and between all writes', () => {
  const whole = born()
  live(whole, STORY, 5)
  expect(whole.records.filter(({ log }) => log === 'fault').length).toBeGreaterThan(8)
  let end = 0
  for (const [i, { bytes }] of whole.writes.entries()) {
    if (i % 3 === 0) expectSame(whole, STORY, end + (bytes.length >> 1))
    end += bytes.length
    expectSame(whole, STORY, end)
  }
})

it('any life, cut at any byte', () => {
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
  fc.assert(
    fc.property(lives, fc.integer({ min: 1, max: 12 }), cuts, (steps, every, at) => {
      const whole = born()
      live(whole, steps, every)
      const length = whole.writes.reduce((sum, { bytes }) => sum + bytes.length, 0)
      for (const part of at) expectSame(whole, steps, Math.floor(part * length))
    }),
    { numRuns: 60 },
  )
})

it('a garbled error log: what is made up without the lost ereport is no second case', () => {
  const whole = born()
  live(whole, STORY.slice(0, 4), 1_000)
  live(whole, [...STORY.slice(0, 4), ereport('l1dcache', 1)], 1_000)
  const records = whole.records.filter(({ log, number }) => log !== 'error' || number !== 2)
  const { manager, adopted } = recover(parts(), { checkpoint: undefined, records })
  expect(manager.cases().map(({ uuid }) => uuid)).toEqual(whole.fmd.cases().map((one) => one.uuid))
  expect(adopted).toHaveLength(1)
})

it('a garbled error log: what was diagnosed is taken over from the fault log, and not made twice', () => {
  const whole = born()
  live(whole, STORY.slice(0, 10), 1_000)
  const records = whole.records.filter(({ log, number }) => log !== 'error' || number !== 2)
  const { manager, lostInputs, adopted, missing } = recover(parts(), {
    checkpoint: undefined,
    records,
  })
  const [before, after] = [whole.fmd, manager].map((fmd) =>
    fmd.cases().flatMap((one) => {
      if (one.state === 'unsolved') return []
      const suspects = one.suspects.map(({ fault, status }) => `${fault.location} ${status}`)
      return [{ uuid: one.uuid, state: one.state, code: one.code, suspects }]
    }),
  )
  expect(lostInputs).toBeGreaterThan(0)
  expect(after).toEqual(before)
  expect(adopted).toHaveLength(1)
  expect(missing.filter(({ log }) => log === 'fault')).toEqual([])
  expect(manager.inputs).toBe(whole.fmd.inputs)
})
