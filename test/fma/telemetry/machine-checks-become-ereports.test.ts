// Machine checks become ereports: classes for all codes, payload bit by bit, places. Oracles: the
// exhaustive table of facts (its hash), bits of Intel's SDM and AMD's guides, captured registers.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSimulator } from '../../../src/backend/sim/sim-machine.js'
import type { Ereport } from '../../../src/fma/event/ereport.js'
import { fmriFromNvlist, printFmri } from '../../../src/fma/event/fmri.js'
import { listsMember, type NvValue, stringMember } from '../../../src/fma/event/nvlist.js'
import {
  type MachineCheckContext,
  machineCheckEreports,
} from '../../../src/fma/telemetry/machine-check.js'
import { hostTopology } from '../../../src/fma/topo/host-topology.js'
import { Topology } from '../../../src/fma/topo/topology.js'
import type { PcpuId } from '../../../src/machine/ids.js'
import type { MachineCheckBank, MachineCheckRecord } from '../../../src/machine/telemetry.js'

const VAL_EN = 0x9000_0000_0000_0000n

const METAL = hostTopology(createSimulator({ era: 'metal' }).access)
const OPTERON = hostTopology(createSimulator({ era: 'metal', processor: 'opteron' }).access)

function ereportOf(
  bank: Partial<MachineCheckBank>,
  context: Partial<MachineCheckContext> = {},
  record: Partial<MachineCheckRecord> = {},
): Ereport {
  const banks = [{ bank: 0, status: 0n, addr: 0n, misc: 0n, ...bank }]
  const look: MachineCheckRecord = {
    atNs: 5_000_000_000,
    pcpu: 1 as PcpuId,
    cause: 'poll',
    mcgStatus: 0n,
    mcgCap: undefined,
    banks,
    ...record,
  }
  const [ereport] = machineCheckEreports(look, { topology: METAL, bootNs: undefined, ...context })
  if (ereport === undefined) throw new Error('no ereport')
  return ereport
}

const leafOf = ({ class: name }: Ereport): string => name.split('.').slice(3).join('.')
const resources = ({ payload }: Ereport): readonly string[] =>
  (listsMember(payload, 'resource') ?? []).map((list) => printFmri(fmriFromNvlist(list)))

function plain({ payload }: Ereport): Record<string, unknown> {
  const scalars = [...payload].filter(([, value]) => !value.kind.startsWith('nvlist'))
  return Object.fromEntries(
    scalars.map(([name, value]: [string, NvValue]) => [
      name,
      'value' in value ? value.value : true,
    ]),
  )
}

it('all 65,536 codes have the class and the name of the table', () => {
  const hash = createHash('sha256')
  for (let code = 0; code < 0x1_0000; code++) {
    const ereport = ereportOf({ status: VAL_EN | BigInt(code) })
    const name = stringMember(ereport.payload, 'compound_errorname') ?? '-'
    hash.update(`${code.toString(16).padStart(4, '0')} ${leafOf(ereport)} ${name}\n`)
  }
  expect(hash.digest('hex')).toBe(
    'cd1bb6ee4350c060f4804841d150eba4b11c14c8bfee616aadc5bd266485a459',
  )
})

it('a record says all that its registers say', () => {
  const status = 0xfe00_0000_0001_0135n
  const ereport = ereportOf(
    { bank: 1, status, addr: 0x2345040n, misc: 0x86n },
    { bootNs: 1_000n },
    { mcgStatus: 0x6n, mcgCap: 0x1c09n, ip: 0xffff_8000_0000_1234n },
  )
  expect(ereport.class).toBe('ereport.cpu.generic-x86.l1dcache_uc')
  expect(ereport.timeNs).toBe(5_000_001_000n)
  expect(plain(ereport)).toEqual({
    compound_errorname: 'DCACHEL1_DRD_ERR',
    disp: 'processor_context_corrupt,return_ip_invalid,unconstrained',
    IA32_MCG_STATUS: 6n,
    machine_check_in_progress: true,
    ip: 0xffff_8000_0000_1234n,
    bank_number: 1,
    bank_msr_offset: 0x404n,
    IA32_MCi_STATUS: status,
    overflow: true,
    error_uncorrected: true,
    error_enabled: true,
    processor_context_corrupt: true,
    error_code: 0x135,
    model_specific_error_code: 1,
    threshold_based_error_status: 'No tracking',
    IA32_MCi_ADDR: 0x2345040n,
    IA32_MCi_MISC: 0x86n,
  })
})

it('registers that are not valid are not in it', () => {
  const ereport = ereportOf({ status: VAL_EN | 0x135n, addr: 1n, misc: 1n })
  const names = Object.keys(plain(ereport))
  expect(names).not.toContain('IA32_MCi_ADDR')
  expect(names).not.toContain('IA32_MCi_MISC')
  expect(names).not.toContain('threshold_based_error_status')
  expect(names).not.toContain('disp')
})

it('ereports of one look share an ENA: format 1, the strand, the time', () => {
  const banks = [0x135n, 0x151n].map((code, bank) => {
    return { bank, status: VAL_EN | code, addr: 0n, misc: 0n }
  })
  const record = { atNs: 7, pcpu: 5 as PcpuId, cause: undefined, mcgStatus: 0n, mcgCap: 0n, banks }
  const found = machineCheckEreports(record, { topology: METAL, bootNs: 0n })
  expect(found).toHaveLength(2)
  const [, chip = '', core = '', strand = ''] =
    /chip=(\d+)\/core=(\d+)\/strand=(\d+)$/.exec(printFmri(found[0]?.detector ?? BOARD)) ?? []
  const id = (BigInt(chip) << 6n) | (BigInt(core) << 3n) | BigInt(strand)
  for (const { ena } of found) expect(ena).toBe((7n << 20n) | (id << 10n) | 1n)
})

const BOARD = { scheme: 'hc', path: [{ name: 'motherboard', id: '0' }] } as const

describe('places', () => {
  it.each([
    { name: 'a record does not say whose bank', pcpu: undefined, topology: METAL },
    { name: 'the host has no such pcpu', pcpu: 99 as PcpuId, topology: METAL },
    { name: 'nothing is known of the host', pcpu: 1 as PcpuId, topology: new Topology([]) },
  ])('$name: the board noticed it', ({ pcpu, topology }) => {
    const ereport = ereportOf({ status: VAL_EN | 0x135n }, { topology }, { pcpu })
    expect(printFmri(ereport.detector)).toMatch(/\/motherboard=0$/)
  })

  it('memory of nobody’s pcpu: the controller of the address noticed it', () => {
    const status = 0x9c00_0000_0001_0091n
    const ereport = ereportOf({ status, addr: 0x1234_5678n }, {}, { pcpu: undefined })
    expect(printFmri(ereport.detector)).toMatch(/\/chip=\d\/memory-controller=0$/)
  })
})

describe('memory', () => {
  const CE = 0x9c00_0000_0000_0000n
  const cap = 0x100_0000n | 9n

  it.each([
    ['read', CE | 0x91n, 0x8cn, 'mem_ce'],
    ['write', CE | 0xa0n, 0x8cn, 'mem_ce'],
    ['scrub, as captured', 0xbd00_0000_0000_00c0n, 0x8cn, 'mem_ue'],
    ['on no channel, as captured', 0x9c00_0040_0001_009fn, 0x8cn, 'mem_ce'],
    ['address or command: the channel’s', CE | 0xb0n, 0x8cn, 'mc'],
    ['reserved access', CE | 0xd0n, 0x8cn, 'mc'],
    ['no address', VAL_EN | 0x91n, 0n, 'mc'],
    ['a linear address', CE | 0x91n, 0x4cn, 'mc'],
    ['bad data was loaded (SRAR)', 0xbd80_0000_0000_0134n, 0x86n, 'mem_ue'],
    ['bad code was fetched (SRAR)', 0xbd80_0000_0000_0150n, 0x86n, 'mem_ue'],
    ['the cache itself', 0xbc00_0000_0000_0134n, 0x86n, 'l0dcache_uc'],
  ])('Intel: %s', (_, status, misc, leaf) => {
    const ereport = ereportOf({ status, addr: 0x1234_5678n, misc }, {}, { mcgCap: cap })
    expect(leafOf(ereport)).toBe(leaf)
    expect(listsMember(ereport.payload, 'resource') !== undefined).toBe(leaf.startsWith('mem'))
  })

  it('without recovery MISC is the model’s own: the address is physical', () => {
    const misc = 0x1_0009_0040n
    const ereport = ereportOf({ status: CE | 0x91n, addr: 0x1000n, misc }, {}, { mcgCap: 0x1c09n })
    expect(leafOf(ereport)).toBe('mem_ce')
  })

  it.each([
    ['corrected, chipkill', 4, 0x940c_4001_fe08_0813n, 'mem_ce', [0xfe18, 'C4']],
    ['uncorrected', 4, 0xb400_2000_0000_0813n, 'mem_ue', [0, 'E']],
    ['not the northbridge', 2, 0x940c_4001_fe08_0813n, 'bus_interconnect_memory', undefined],
    ['neither CECC nor UECC', 4, 0x9400_0000_0000_0813n, 'bus_interconnect_memory', undefined],
    ['a GART table walk', 4, 0xb400_0000_0005_001bn, 'gart_tbl_walk', undefined],
    ['a GART code that was corrected', 4, 0x9400_0000_0005_001bn, 'tlb', undefined],
  ])('AMD: %s', (_, bank, status, leaf, syndrome) => {
    const at = { topology: OPTERON, vendor: 'amd' } as const
    const ereport = ereportOf({ bank, status, addr: 0x1234_5678n }, at)
    expect(leafOf(ereport)).toBe(leaf)
    const { payload } = ereport
    const told = [payload.get('syndrome'), payload.get('syndrome-type')].map((value) =>
      value !== undefined && 'value' in value ? value.value : undefined,
    )
    expect(told).toEqual(syndrome ?? [undefined, undefined])
  })

  it('AMD since family 17h: a memory controller’s own address is no page', () => {
    const status = 0x9c20_4000_0000_011bn
    const ereport = ereportOf(
      { bank: 17, status, addr: 0x1234n, ipid: 0x96_0005_0f00n },
      { vendor: 'amd' },
    )
    expect(leafOf(ereport)).toBe('mc')
  })

  it('Intel’s is at a rank, the page without what is within it', () => {
    const found = resources(ereportOf({ status: CE | 0x91n, addr: 0x1234_5678n, misc: 0x8cn }))
    expect(found).toHaveLength(1)
    const rank = '/chip=0/memory-controller=0/dram-channel=\\d/dimm=\\d/rank=\\d'
    expect(found[0]).toMatch(new RegExp(`${rank}/physaddr=12345000$`))
  })

  it('AMD’s is at a chip select too', () => {
    const status = 0x940c_4001_fe08_0813n
    const at = { topology: OPTERON, vendor: 'amd' } as const
    const found = resources(ereportOf({ bank: 4, status, addr: 0x1234_5678n }, at))
    expect(found.map((fmri) => /\/(rank|chip-select)=\d\/physaddr/.exec(fmri)?.[1])).toEqual([
      'rank',
      'chip-select',
    ])
  })

  it('an address of which only high bits count names no page', () => {
    const misc = 0x80n | 30n
    const [found] = resources(
      ereportOf({ status: CE | 0x91n, addr: 0x4000_0000n, misc }, {}, { mcgCap: cap }),
    )
    expect(found).toMatch(/\/rank=\d$/)
  })

  it('where the memory is not known: the controller of the strand’s chip', () => {
    const bare = new Topology([bareBoard()])
    const at = { topology: bare }
    const [found] = resources(ereportOf({ status: CE | 0x91n, addr: 0x1234_5678n }, at))
    expect(found).toBe('hc:///motherboard=0/chip=3/memory-controller=0/physaddr=12345000')
  })
})

/** A board with one strand, pcpu 1, on chip 3, and that chip's memory controller. */
function bareBoard() {
  const cpuid = { name: 'cpuid', type: 'int32', value: 1n } as const
  const group = { name: 'strand-properties', version: 1, nameStability: 'Private' }
  const groups = [{ ...group, dataStability: 'Private', properties: [cpuid] }]
  const core = { name: 'core', id: 0, children: [{ name: 'strand', id: 0, groups }] }
  const chip = { name: 'chip', id: 3, children: [core, { name: 'memory-controller', id: 0 }] }
  return { name: 'motherboard', id: 0, children: [chip] }
}
