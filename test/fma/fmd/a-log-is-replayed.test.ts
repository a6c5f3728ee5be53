// A replay: the ereports of an error log through other modules, without what was said and done then.
import { expect, it } from 'vitest'
import { stringMember } from '../../../src/fma/event/nvlist.js'
import type { LogRecord } from '../../../src/fma/fmd/input.js'
import { encodeLogRecord, logHeader, readLog } from '../../../src/fma/fmd/log-format.js'
import { FaultManager } from '../../../src/fma/fmd/manager.js'
import { take } from './driven.js'
import { Counting, ereportOf, modules, Pondering, Retiring, SECOND, TOPOLOGY } from './one-host.js'
import { replayErrorLog } from './replay.js'

/** What one host logged, read back from bytes: six errors of a cache, one of a bus, one alien. */
function logged(): readonly LogRecord[] {
  const fmd = new FaultManager({ topology: TOPOLOGY, modules: modules(), seed: 1 })
  const bytes = [logHeader()]
  for (const [i, leaf] of ['bus_a', 'alien', ...Array(6).fill('l1dcache'), 'fatal'].entries()) {
    const timeNs = BigInt(i + 1) * SECOND
    const input = { kind: 'ereport', timeNs, ereport: ereportOf(leaf, 1, { timeNs }) } as const
    take(fmd, input, (record) => bytes.push(encodeLogRecord(record)))
  }
  return readLog(Buffer.concat(bytes)).records
}

const classes = (records: readonly LogRecord[], log: LogRecord['log']) =>
  records.filter((one) => one.log === log).map((one) => stringMember(one.event, 'class'))

it('the same modules and the same machine say the same again', () => {
  const parts = { topology: TOPOLOGY, modules: [new Counting(), new Retiring()], seed: 1 }
  const again = replayErrorLog(logged(), parts, { act: () => ({ kind: 'done' }) })
  const caches = again.manager.cases().filter(({ module }) => module === 'counting')
  expect(caches).toMatchObject([{ state: 'closed', code: 'GMCA-8000-LF' }])
  const said = ['list.suspect', 'list.suspect', 'list.suspect', 'list.isolated', 'list.suspect']
  expect(classes(again.records, 'fault')).toEqual(said)
})

it('other modules make something else of it, and no machine is asked', () => {
  const parts = { topology: TOPOLOGY, modules: [new Pondering(), new Retiring()], seed: 1 }
  const { manager, records } = replayErrorLog(
    logged().filter(({ event }) => stringMember(event, 'class')?.endsWith('fatal') === false),
    parts,
  )
  const codes = manager.cases().map((one) => [one.module, one.state])
  expect(codes).toEqual([
    ['pondering', 'solved'],
    ['fmd-self-diagnosis', 'solved'],
    ['fmd-self-diagnosis', 'solved'],
  ])
  expect(classes(records, 'error')).toHaveLength(8)
  expect(classes(records, 'fault')).toEqual(Array(3).fill('list.suspect'))
  expect(manager.resources().map(({ state }) => state)).toEqual(
    expect.arrayContaining(['degraded', 'degraded']),
  )
  expect(manager.nextTimerNs).toBeUndefined()
})
