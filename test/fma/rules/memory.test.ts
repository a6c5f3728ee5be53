// Rules for memory, by experiment: when a page goes, and when its module does.
import { describe, expect, it } from 'vitest'
import { type NvValue, nv } from '../../../src/fma/event/nvlist.js'
import type { SolvedCase } from '../../../src/fma/fmd/case.js'
import { HOUR, HostOfRules, partsOf, resourceOf, SECOND, withProperties } from './host-of-rules.js'

const STRAND = 'chip=0/core=0/strand=0'
const CONTROLLER = 'chip=0/memory-controller=0'
const DIMM = `${CONTROLLER}/dram-channel=0/dimm=1`
const RANK = `${DIMM}/rank=0`
const SELECT = `${CONTROLLER}/dram-channel=0/chip-select=2`
const ELSEWHERE = 'chip=1/memory-controller=0/dram-channel=0/dimm=0/rank=0'
const PAGE = 0x1234_5000n
const PAGE_SIZE = 0x1000n

const host = (): HostOfRules =>
  new HostOfRules(
    withProperties(partsOf([STRAND, RANK, `${DIMM}/rank=1`, SELECT, ELSEWHERE]), () => ({})),
  )

interface MemoryError {
  readonly leaf?: 'mem_ce' | 'mem_ue'
  readonly address?: bigint | undefined
  readonly at?: string | undefined
  readonly misc?: bigint
}

function tell(on: HostOfRules, { leaf = 'mem_ce', address = PAGE, at = RANK, misc }: MemoryError) {
  on.tell(`cpu.generic-x86.${leaf}`, STRAND, {
    IA32_MCi_ADDR: nv.uint64(address),
    resource: resourceOf(at),
    ...(misc === undefined ? {} : { IA32_MCi_MISC: nv.uint64(misc) }),
  })
}

/** Tells of one error and lets what waits come to its end. */
function once(on: HostOfRules, error: MemoryError = {}): readonly string[] {
  tell(on, error)
  return on.codes()
}

const QUIET_PAGE = 'GMCA-8000-WT'
const WEAK_MODULE = 'GMCA-8000-YN'

describe('a page', () => {
  it('is quietly diagnosed at its fourth corrected error', () => {
    const on = host()
    for (let n = 0n; n < 3n; n++) expect(once(on, { address: PAGE + 64n * n })).toEqual([])
    tell(on, { address: PAGE + 0xfc0n })
    expect(on.diagnoses()).toEqual([
      {
        code: QUIET_PAGE,
        message: false,
        suspects: [`100% fault.memory.generic-x86.page_ce@${RANK}`],
      },
    ])
  })

  it('is what the fault names to be taken away', () => {
    const on = host()
    for (let n = 0; n < 4; n++) once(on, { address: PAGE + 0x40n })
    const [solved] = on.manager.cases().filter(({ state }) => state !== 'unsolved')
    const fault = (solved as SolvedCase).suspects[0]?.fault
    expect(fault?.asru).toMatchObject({ scheme: 'hc', physaddr: PAGE })
  })

  it('is not diagnosed by errors of others of the same module', () => {
    const on = host()
    for (let n = 0n; n < 12n; n++) expect(once(on, { address: PAGE + n * PAGE_SIZE })).toEqual([])
  })

  it('is not diagnosed by errors that a day does not hold four of', () => {
    const on = host()
    for (let n = 0; n < 20; n++) {
      expect(once(on)).toEqual([])
      on.wait(8n * HOUR)
    }
  })

  it('is not diagnosed where the error may be of several', () => {
    const on = host()
    const misc = (2n << 6n) | 13n
    for (let n = 0; n < 8; n++) expect(once(on, { misc })).toEqual([])
    expect(on.manager.cases().filter(({ state }) => state === 'unsolved')).toEqual([])
  })

  it.each([
    { name: 'a chip-select', at: SELECT },
    { name: 'a module', at: DIMM },
    { name: 'a controller', at: CONTROLLER },
    { name: 'memory of another chip', at: ELSEWHERE },
  ])('may be known by $name', ({ at }) => {
    const on = host()
    for (let n = 0; n < 3; n++) expect(once(on, { at })).toEqual([])
    tell(on, { at })
    expect(on.diagnoses()[0]?.suspects).toEqual([`100% fault.memory.generic-x86.page_ce@${at}`])
  })
})

describe('a module', () => {
  it('is diagnosed with the 65th page, at the 260th error', () => {
    const on = host()
    const told: string[] = []
    for (let n = 1; n <= 260; n++) {
      const address = PAGE + BigInt(Math.floor((n - 1) / 4)) * PAGE_SIZE
      for (const code of once(on, { address })) told.push(`${code} ${n}`)
    }
    expect(told.slice(0, 64)).toEqual(
      Array.from({ length: 64 }, (_, page) => `${QUIET_PAGE} ${4 * (page + 1)}`),
    )
    expect(told.slice(64).sort()).toEqual([`${QUIET_PAGE} 260`, `${WEAK_MODULE} 260`])
    expect(on.manager.cases().at(-1)).toBeDefined()
  })

  it('counts the pages of all its ranks', () => {
    const on = host()
    const told: string[] = []
    for (let n = 0; n < 260; n++) {
      const page = Math.floor(n / 4)
      const at = `${DIMM}/rank=${page % 2}`
      told.push(...once(on, { at, address: PAGE + BigInt(page) * PAGE_SIZE }))
    }
    expect(told.filter((code) => code === WEAK_MODULE)).toHaveLength(1)
  })

  it('has no more pages diagnosed past twice that many', () => {
    const on = host()
    for (let n = 0; n < 4 * 140; n++) {
      tell(on, { address: PAGE + BigInt(Math.floor(n / 4)) * PAGE_SIZE })
      on.wait(10n * SECOND)
    }
    const codes = on.codes()
    expect(codes.filter((code) => code === QUIET_PAGE)).toHaveLength(129)
    expect(codes.filter((code) => code === WEAK_MODULE)).toHaveLength(1)
    expect(codes).toHaveLength(130)
  })
})

it('an error that was not corrected takes the page and names the module, at once', () => {
  const on = host()
  tell(on, { leaf: 'mem_ue' })
  expect(on.diagnoses()).toEqual([
    {
      code: 'GMCA-8001-09',
      message: true,
      suspects: [`100% fault.memory.generic-x86.dimm_ue@${DIMM}`],
    },
    {
      code: 'GMCA-8000-X9',
      message: false,
      suspects: [`100% fault.memory.generic-x86.page_ue@${RANK}`],
    },
  ])
})

it('an uncorrected error of no certain page names the module alone', () => {
  expect(once(host(), { leaf: 'mem_ue', misc: (2n << 6n) | 20n })).toEqual(['GMCA-8001-09'])
})

it('an error without a place, or without an address, leads nowhere', () => {
  const on = host()
  const members: readonly Record<string, NvValue>[] = [
    {},
    { resource: resourceOf(RANK) },
    { IA32_MCi_ADDR: nv.uint64(PAGE) },
  ]
  for (const leaf of ['mem_ce', 'mem_ue'])
    for (const payload of members)
      for (let n = 0; n < 6; n++) {
        on.tell(`cpu.generic-x86.${leaf}`, STRAND, payload)
        expect(on.codes()).toEqual([])
      }
})

it('a controller speaks for itself where nobody knows which strand read the bank', () => {
  const on = host()
  const payload = { IA32_MCi_ADDR: nv.uint64(PAGE), resource: resourceOf(RANK) }
  for (let n = 0; n < 4; n++) {
    on.tell('cpu.generic-x86.mem_ce', CONTROLLER, payload)
    expect(on.codes()).toEqual(n === 3 ? [QUIET_PAGE] : [])
  }
})

it("AMD's ranks are known by their chip-select, though both are told", () => {
  const parts = withProperties(partsOf([STRAND, RANK, SELECT]), (place) =>
    place === RANK ? { csnum: '0x2' } : undefined,
  )
  const on = new HostOfRules(parts)
  for (let n = 0; n < 4; n++) {
    on.tell('cpu.generic-x86.mem_ce', STRAND, {
      IA32_MCi_ADDR: nv.uint64(PAGE),
      resource: resourceOf(RANK, SELECT),
    })
    on.wait(20n * SECOND)
  }
  const [found] = on.diagnoses()
  expect(found?.suspects).toEqual([`100% fault.memory.generic-x86.page_ce@${SELECT}`])
})
