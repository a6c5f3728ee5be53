// Telemetry of real hosts, diagnosed without a machine. The expected diagnoses are what happened to
// those hosts: seven corrected errors of pcpu 1's level 1 data cache and seven of one page, in turn.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { caseLines } from '../../../src/fma/explain/case-lines.js'
import { unseenLines } from '../../../src/fma/explain/unseen.js'
import { diagnose } from '../../../src/fma/host/diagnose.js'
import { fates } from './managed.js'

const FILE = join(import.meta.dirname, '..', '..', 'sim', 'captures', 'mcelog-series.bin')
const SECOND = 1_000_000_000n
const EVERY = 19n

const series = () => diagnose('mcelog-series.bin', readFileSync(FILE), { everyNs: EVERY * SECOND })

it('a series of records gives a cache and a page, each at its fourth record', async () => {
  const management = await series()
  const cases = management.manager.cases()
  expect(cases.map(({ state }) => state)).toEqual(['solved', 'solved'])
  const [cache, page] = cases.map((each) => caseLines(each))
  expect(cache).toMatch(/^GMCA-8000-LF {2}Major.*\n {2}fault.cpu.generic-x86.l1dcache 100%/)
  expect(cache).toMatch(/core=1\/strand=0$/)
  expect(page).toMatch(/^GMCA-8000-WT {2}Minor.*\n {2}fault.memory.generic-x86.page_ce 100%/)
  expect(page).toMatch(/physaddr=12345000$/)
  const start = management.log('error')[0]?.timeNs ?? 0n
  const records = cases.map((each) => {
    const last = each.ereports.at(-1)?.timeNs ?? 0n
    return Number((last - start) / SECOND / EVERY)
  })
  expect(records).toEqual([6, 7])
})

it('the time is said to be assumed, as much as was', async () => {
  expect(unseenLines(await series()).join('\n')).toMatch(
    /^ {2}time, 14 times: a record does not say when it was; 19 s apart was assumed$/m,
  )
})

it('there is nothing to act upon, and agents are told so', async () => {
  expect(fates(await series())).toEqual([
    'GMCA-8000-LF solved offline-pcpu=ENODEV',
    'GMCA-8000-WT solved retire-page=ENODEV',
  ])
})

it('further apart than the window, nothing is diagnosed', async () => {
  const bytes = readFileSync(FILE)
  const management = await diagnose('x', bytes, { everyNs: 13n * 3600n * SECOND })
  expect(management.manager.cases()).toEqual([])
  expect(management.log('error').length).toBe(14)
})
