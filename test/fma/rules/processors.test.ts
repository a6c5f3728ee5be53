// Rules for processors, by experiment: how many errors of each kind convict, and how soon.
import { describe, expect, it } from 'vitest'
import { mcaEreportClasses } from '../../../src/fma/event/mca-class.js'
import { nv } from '../../../src/fma/event/nvlist.js'
import { HOUR, HostOfRules, partsOf, SECOND, withProperties } from './host-of-rules.js'

const STRAND = 'chip=0/core=1/strand=0'
const OTHER = 'chip=0/core=0/strand=0'

const host = (): HostOfRules =>
  new HostOfRules(withProperties(partsOf([STRAND, OTHER]), () => undefined))

/** Tells of an error and lets what waits come to its end. */
function once(on: HostOfRules, leaf: string, place = STRAND, payload = {}): readonly string[] {
  on.tell(`cpu.generic-x86.${leaf}`, place, payload)
  return on.codes()
}

describe('a level 1 data cache', () => {
  it('is silent for three corrected errors and convicted by the fourth', () => {
    const on = host()
    for (let n = 0; n < 3; n++) expect(once(on, 'l1dcache')).toEqual([])
    on.tell('cpu.generic-x86.l1dcache', STRAND)
    expect(on.diagnoses()).toEqual([
      {
        code: 'GMCA-8000-LF',
        message: true,
        suspects: [`100% fault.cpu.generic-x86.l1dcache@${STRAND}`],
      },
    ])
  })

  it('is not convicted by errors that are further apart than three days hold four of', () => {
    const on = host()
    for (let n = 0; n < 40; n++) {
      expect(once(on, 'l1dcache')).toEqual([])
      on.wait(24n * HOUR)
    }
  })

  it('is not convicted by errors of another strand', () => {
    const on = host()
    for (let n = 0; n < 3; n++) {
      expect(once(on, 'l1dcache')).toEqual([])
      expect(once(on, 'l1dcache', OTHER)).toEqual([])
    }
    expect(once(on, 'l1dcache', OTHER)).toEqual(['GMCA-8000-LF'])
  })

  it('is convicted at once by an error that was not corrected', () => {
    expect(once(host(), 'l1dcache_uc')).toEqual(['GMCA-8000-LF'])
  })
})

/** From the public dictionary: what each class is convicted under. */
const CODES: Readonly<Record<string, string>> = {
  l0cache: '21',
  l1cache: '3W',
  l2cache: '47',
  cache: '5U',
  l0dtlb: '68',
  l1dtlb: '7M',
  l2dtlb: '8V',
  dtlb: '90',
  l0itlb: 'AL',
  l1itlb: 'CG',
  l2itlb: 'DN',
  itlb: 'E9',
  l0tlb: 'FT',
  l1tlb: 'G6',
  l2tlb: 'HW',
  tlb: 'J1',
  l0dcache: 'KK',
  l1dcache: 'LF',
  l2dcache: 'MM',
  dcache: 'N8',
  l0icache: 'PU',
  l1icache: 'Q7',
  l2icache: 'RG',
  icache: 'SL',
  bus_interconnect: 'T0',
  bus_interconnect_memory: 'UV',
  bus_interconnect_io: 'V6',
}
const codeOf = (leaf: string): string =>
  leaf === 'mc' ? 'GMCA-8001-1N' : `GMCA-8000-${CODES[leaf] ?? '1K'}`
/** How many errors chance explains: facts of the public rules. */
const mostOf = (leaf: string): number => {
  if (/^(bus|mc)/.test(leaf)) return 10
  return CODES[leaf] !== undefined && !/^l\d/.test(leaf) ? 12 : 3
}
const IGNORED = ['external', 'unknown']
const LEAVES = mcaEreportClasses()
  .map((name) => name.replace('ereport.cpu.generic-x86.', ''))
  .filter((leaf) => !IGNORED.includes(leaf))

describe('every class of machine check', () => {
  it.each(LEAVES.filter((leaf) => !leaf.endsWith('_uc')))('%s convicts past its limit', (leaf) => {
    const on = host()
    const most = mostOf(leaf)
    for (let n = 0; n < most; n++) expect(once(on, leaf)).toEqual([])
    expect(once(on, leaf)).toEqual([codeOf(leaf)])
  })

  it.each(LEAVES.filter((leaf) => leaf.endsWith('_uc')))('%s convicts at once', (leaf) => {
    expect(once(host(), leaf)).toEqual([codeOf(leaf.slice(0, -'_uc'.length))])
  })

  it('the inside of a processor is convicted at once when the payload says so', () => {
    const payload = { error_uncorrected: nv.boolean(true) }
    expect(once(host(), 'internal_timer', STRAND, payload)).toEqual(['GMCA-8000-1K'])
    const corrected = { error_uncorrected: nv.boolean(false) }
    expect(once(host(), 'internal_timer', STRAND, corrected)).toEqual([])
  })

  it('the inside of a processor adds up over its kinds', () => {
    const on = host()
    const leaves = ['unclassified', 'frc', 'internal_parity', 'internal_timer']
    expect(leaves.map((leaf) => once(on, leaf))).toEqual([[], [], [], ['GMCA-8000-1K']])
  })

  it.each([...IGNORED, 'gart_tbl_walk'])('%s leads nowhere, however often', (leaf) => {
    const on = host()
    for (let n = 0; n < 30; n++) expect(once(on, leaf)).toEqual([])
    expect(on.manager.cases().filter(({ state }) => state === 'unsolved')).toEqual([])
  })
})

it('a bus error is told, and nothing is to be done about it by itself', () => {
  const on = host()
  on.tell('cpu.generic-x86.bus_interconnect_uc', STRAND)
  on.wait(60n * SECOND)
  const [solved] = on.manager.cases()
  if (solved === undefined || solved.state === 'unsolved') throw new Error('not solved')
  expect(solved.suspects.map(({ fault }) => [fault.retire, fault.response])).toEqual([
    [false, false],
  ])
})

it('a class or a place that no rule knows is said to be that', () => {
  const on = host()
  expect(once(on, 'l9cache')).toEqual(['FMD-8000-0W'])
  expect(once(on, 'l1dcache', 'chip=7/core=0/strand=0')).toEqual(['SUNOS-8000-J0'])
})
