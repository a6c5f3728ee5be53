// Machine checks as ereports: what one look at one pcpu's banks found, as fault management is told
// of it: one ereport a bank.
//
//   pcpu 1, bank 1, status 0x9400000000000135, addr 0x2345040
//     ->  ereport.cpu.generic-x86.l1dcache, hc:///motherboard=0/chip=1/core=0/strand=0
//         compound_errorname DCACHEL1_DRD_ERR, bank_number 0x1, IA32_MCi_STATUS ...
//
// Holds: ereports of one look share an ENA (format 1, of the strand). Without a pcpu that the
// topology knows the detector is the memory controller of the address, or the motherboard: nobody's
// strand is blamed. Source: illumos-gate uts/i86pc/cpu/generic_cpu/gcpu_mca.c, authamd_main.c;
// memory-ereport.ts for memory.
import { type McaCode, mcaCode } from '../../machine/mca-code.js'
import { MCI_STATUS, type MciTracking, mciTracking } from '../../machine/mci-status.js'
import type { MachineCheckBank, MachineCheckRecord } from '../../machine/telemetry.js'
import { type Ena, makeEna } from '../event/ena.js'
import type { Ereport } from '../event/ereport.js'
import type { HcFmri } from '../event/fmri-hc.js'
import { mcaEreportClass } from '../event/mca-class.js'
import { type NvValue, nv } from '../event/nvlist.js'
import type { Topology } from '../topo/topology.js'
import { isMemoryController, memoryLeaf, type ProcessorVendor } from './memory-ereport.js'
import { memoryPayload } from './memory-payload.js'
import { type Places, placesOf } from './places.js'

/** What a record means rests on. */
export interface MachineCheckContext {
  readonly topology: Topology
  /** Who made the processors; Intel where nobody says. */
  readonly vendor?: ProcessorVendor | undefined
  /** When the host booted, in nanoseconds since 1970; undefined where times count from there. */
  readonly bootNs: bigint | undefined
  /** Its source did not say when: the time was made up. */
  readonly timeAssumed?: boolean
}

const { VAL, OVER, UC, EN, MISCV, ADDRV, PCC } = MCI_STATUS
const RIPV = 1n
const EIPV = 2n
const MCIP = 4n
const TES_P = 1n << 11n
const BANK_REGISTERS = 0x400n
const NORTHBRIDGE = 4

const TRACKING: Readonly<Record<MciTracking, string>> = {
  none: 'No tracking',
  green: 'Green - below threshold',
  yellow: 'Yellow - above threshold',
  reserved: 'Reserved',
}

/** One ereport for each bank that holds an error, in the banks' order. */
export function machineCheckEreports(
  record: MachineCheckRecord,
  context: MachineCheckContext,
): readonly Ereport[] {
  const hrtime = BigInt(Math.trunc(record.atNs))
  const places = placesOf(context.topology)
  const strand = places.strand(record.pcpu)
  const ena = makeEna({ format: 1, generation: 0, id: strand?.enaId ?? 0, timeNs: hrtime })
  const timeNs = context.bootNs === undefined ? hrtime : context.bootNs + hrtime
  const banks = record.banks.filter(({ status }) => (status & VAL) !== 0n)
  return banks.map((bank) => bankEreport({ record, bank, context, places, ena, timeNs }))
}

/** One bank with all that its ereport says. */
interface BankCase {
  readonly record: MachineCheckRecord
  readonly bank: MachineCheckBank
  readonly context: MachineCheckContext
  readonly places: Places
  readonly ena: Ena
  readonly timeNs: bigint
}

function bankEreport(of: BankCase): Ereport {
  const { record, bank, context, places, ena, timeNs } = of
  const { vendor = 'intel' } = context
  const memory = memoryLeaf(bank, { vendor, mcgCap: record.mcgCap })
  const code = mcaCode(Number(bank.status & 0xffffn))
  const payload = new Map<string, NvValue>()
  addGlobal(payload, of, code)
  addBank(payload, bank, record.mcgCap)
  if (memory !== undefined) memoryPayload(payload, bank, { vendor, places, pcpu: record.pcpu })
  if (context.timeAssumed === true) payload.set('time_assumed', nv.boolean(true))
  return {
    class: classOf(bank, { memory, vendor }),
    ena,
    detector: detectorOf(of, memory !== undefined),
    timeNs,
    payload,
  }
}

function classOf(
  bank: MachineCheckBank,
  of: {
    readonly memory: string | undefined
    readonly vendor: ProcessorVendor
  },
): string {
  const { memory, vendor } = of
  if (memory !== undefined) return `ereport.cpu.generic-x86.${memory}`
  if (isMemoryController(bank)) return 'ereport.cpu.generic-x86.mc'
  const isNorthbridge = vendor === 'amd' && bank.bank === NORTHBRIDGE
  const isGartWalk = (bank.status & 0xefffn) === 0x001bn && (bank.status & UC) !== 0n
  if (isNorthbridge && isGartWalk) return 'ereport.cpu.generic-x86.gart_tbl_walk'
  return mcaEreportClass(bank.status)
}

function detectorOf({ record, bank, places }: BankCase, isMemory: boolean): HcFmri {
  const strand = places.strand(record.pcpu)
  if (strand !== undefined) return strand.fmri
  return (isMemory ? places.controller(bank.addr)?.resource : undefined) ?? places.board
}

function addGlobal(payload: Map<string, NvValue>, of: BankCase, code: McaCode): void {
  const { record, bank } = of
  const { mcgStatus, ip } = record
  const isException = (mcgStatus & MCIP) !== 0n
  const disposition = dispositionOf(bank.status, mcgStatus)
  if (code.compoundName !== undefined) {
    payload.set('compound_errorname', nv.string(code.compoundName))
  }
  if (disposition !== '') payload.set('disp', nv.string(disposition))
  payload.set('IA32_MCG_STATUS', nv.uint64(mcgStatus))
  payload.set('machine_check_in_progress', nv.boolean(isException))
  if (isException && (mcgStatus & EIPV) !== 0n && ip !== undefined) {
    payload.set('ip', nv.uint64(ip))
  }
}

/** What is lost by this error, as the handler that panics or goes on sees it. */
function dispositionOf(status: bigint, mcgStatus: bigint): string {
  const isException = (mcgStatus & MCIP) !== 0n
  const isCorrupt = isException && (status & PCC) !== 0n
  const isUncorrected = (status & UC) !== 0n
  const words = [
    isCorrupt ? 'processor_context_corrupt' : '',
    isException && (mcgStatus & RIPV) === 0n && (isUncorrected || isCorrupt)
      ? 'return_ip_invalid'
      : '',
    isUncorrected ? 'unconstrained' : '',
  ]
  return words.filter((word) => word !== '').join(',')
}

function addBank(
  payload: Map<string, NvValue>,
  { bank, status, addr, misc }: MachineCheckBank,
  mcgCap: bigint | undefined,
): void {
  const has = (bit: bigint): NvValue => nv.boolean((status & bit) !== 0n)
  payload.set('bank_number', nv.uint8(bank))
  payload.set('bank_msr_offset', nv.uint64(BANK_REGISTERS + 4n * BigInt(bank)))
  payload.set('IA32_MCi_STATUS', nv.uint64(status))
  payload.set('overflow', has(OVER))
  payload.set('error_uncorrected', has(UC))
  payload.set('error_enabled', has(EN))
  payload.set('processor_context_corrupt', has(PCC))
  payload.set('error_code', nv.uint16(Number(status & 0xffffn)))
  payload.set('model_specific_error_code', nv.uint16(Number((status >> 16n) & 0xffffn)))
  if (mcgCap !== undefined && (mcgCap & TES_P) !== 0n) {
    payload.set('threshold_based_error_status', nv.string(TRACKING[mciTracking(status)]))
  }
  if ((status & ADDRV) !== 0n) payload.set('IA32_MCi_ADDR', nv.uint64(addr))
  if ((status & MISCV) !== 0n) payload.set('IA32_MCi_MISC', nv.uint64(misc))
}
