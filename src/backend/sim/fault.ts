// Fault: something that goes wrong in a host's hardware, and what the hardware writes down of it.
//
//   { kind: 'memory', channel: 1, dimm: 0, rank: 1, row: 0x123, severity: 'corrected' }
//     ->  bank 8 of socket 0: code 0x0091, address, channel and DIMM in MISC
//   { kind: 'cache', pcpu: 2, level: 1, cache: 'data' }  ->  bank 2 of pcpu 2: code 0x0135
//
// Holds: a fault is plain data; what has no bank on a processor is refused, never left out.
// Source: codes as machine/mca-code.ts reads them; MISC of a memory controller as Nehalem has it;
// a northbridge's status as FreeBSD printed it: 0x940c4001fe080813 is syndrome 0xfe18, corrected.

import { XpvError } from '../../base/error.js'
import { REQUESTS } from '../../machine/mca-code.js'
import { MCI_STATUS, mcgCapability } from '../../machine/mci-status.js'
import type { MemoryMap, MemoryPlace, PartialPlace } from '../../machine/memory-map.js'
import type { PcpuShape } from '../../machine/pcpu-place.js'
import { pcpuCount } from './host-config.js'
import type { BankError } from './mca/bank.js'
import { type BankReport, bankFor, isAfterK8, type Processor } from './processor.js'

/** How bad. `uncorrected` on a processor that tells these apart is one that needs no action;
 *  one that does not knows only `corrected`, `uncorrected` and `fatal`: the others are
 *  `uncorrected` there. */
export type FaultSeverity = 'corrected' | 'ucna' | 'srao' | 'srar' | 'uncorrected' | 'fatal'

/** A request, in lower case: `rd`, `drd`, `evict` ... */
export type FaultRequest = Lowercase<(typeof REQUESTS)[number]>

interface Anywhere {
  /** Corrected unless said otherwise. */
  readonly severity?: FaultSeverity
}
interface OnPcpu extends Anywhere {
  /** 0 unless said otherwise. */
  readonly pcpu?: number
  /** Physical. */
  readonly address?: bigint
}

/** A cache: of level 3 all of a package have one. */
export interface CacheFault extends OnPcpu {
  readonly kind: 'cache'
  readonly level: 1 | 2 | 3
  /** Data unless said otherwise, generic from level 2 on. */
  readonly cache?: 'data' | 'instruction' | 'generic'
  readonly request?: FaultRequest
}
/** A translation buffer. */
export interface TlbFault extends OnPcpu {
  readonly kind: 'tlb'
  readonly level?: 0 | 1 | 2
  readonly tlb?: 'data' | 'instruction' | 'generic'
}
/** What connects processors, memory and devices. */
export interface BusFault extends OnPcpu {
  readonly kind: 'bus'
  readonly participant?: 'source' | 'responder' | 'observer' | 'generic'
  readonly request?: FaultRequest
  readonly space?: 'memory' | 'io' | 'generic'
  readonly timeout?: boolean
}
/** A DIMM, by its place or by an address. */
export interface MemoryFault extends Anywhere, PartialPlace {
  readonly kind: 'memory'
  readonly address?: bigint
  readonly access?: 'read' | 'write' | 'command' | 'scrub'
  /** Who used the data, where action is required. */
  readonly pcpu?: number
  /** Which bits were wrong. */
  readonly syndrome?: number
  /** So many on one page, then the next row: a DIMM that wears out. Without, all in one place. */
  readonly perPage?: number
}
/** Inside of a core. */
export interface InternalFault extends OnPcpu {
  readonly kind: 'internal'
  readonly what: keyof typeof INTERNAL_CODES
}
/** Bits as they are, in a bank as it is. */
export interface RawFault {
  readonly kind: 'raw'
  readonly pcpu?: number
  readonly bank: number
  readonly status: bigint
  readonly address?: bigint
  readonly misc?: bigint
}

/** Something that goes wrong. */
export type Fault = CacheFault | TlbFault | BusFault | MemoryFault | InternalFault | RawFault

/** Codes of what goes wrong inside a core. */
export const INTERNAL_CODES = {
  unclassified: 0x0001,
  'microcode-rom-parity': 0x0002,
  external: 0x0003,
  frc: 0x0004,
  'internal-parity': 0x0005,
  'internal-timer': 0x0400,
  internal: 0x0401,
} as const

/** Hardware that faults happen in. */
export interface FaultyHost {
  readonly processor: Processor
  readonly shape: PcpuShape
  readonly memory: MemoryMap
}

/** What the hardware tells of a fault, and to which bank of which pcpu. */
export interface FaultReport {
  readonly pcpu: number
  readonly bank: number
  readonly error: BankError
}

const { UC, PCC, S, AR } = MCI_STATUS
/** MISC: a physical address, valid from its cache line, or from its page. */
const PHYSICAL_LINE = 0x86n
const PHYSICAL_PAGE = 0x8cn
/** CTL's bits here are one for each kind. */
const ENABLE = { cache: 0, tlb: 1, bus: 2, memory: 3, internal: 4 } as const

/** What the hardware tells when a fault happens for the nth time, from 0. Throws `XpvError`
 *  `sim.fault` when this host has no such part or no bank tells of it, `memory.*` for a place that
 *  is not there. */
export function faultReport(fault: Fault, host: FaultyHost, n = 0): FaultReport {
  if (fault.kind === 'raw') return rawReport(fault, host)
  if (fault.kind === 'memory') return memoryReport(fault, host, n)
  const pcpu = pcpuOf(fault.pcpu ?? 0, host)
  const bank = bankOf(host, reportOf(fault))
  const { address } = fault
  const line = fault.kind === 'tlb' ? undefined : address
  return {
    pcpu,
    bank,
    error: {
      status: BigInt(codeOf(fault)) | severityBits(fault.severity, host.processor),
      ...(address === undefined ? {} : { address }),
      ...(line === undefined ? {} : { misc: PHYSICAL_LINE }),
      enable: ENABLE[fault.kind],
      tracked: fault.kind === 'cache',
    },
  }
}

function reportOf(fault: CacheFault | TlbFault | BusFault | InternalFault): BankReport {
  if (fault.kind === 'bus' || fault.kind === 'internal') return fault.kind
  if (fault.kind === 'tlb') return fault.tlb === 'instruction' ? 'itlb' : 'dtlb'
  if (fault.level > 1) return fault.level === 2 ? 'l2' : 'l3'
  return fault.cache === 'instruction' ? 'l1i' : 'l1d'
}

function codeOf(fault: CacheFault | TlbFault | BusFault | InternalFault): number {
  switch (fault.kind) {
    case 'cache': {
      const type = fault.cache ?? (fault.level === 1 ? 'data' : 'generic')
      const usual = { data: 'drd', instruction: 'ird', generic: 'err' } as const
      return 0x100 | (requestBits(fault.request ?? usual[type]) << 4) | typeBits(type) | fault.level
    }
    case 'tlb':
      return 0x10 | typeBits(fault.tlb ?? 'data') | (fault.level ?? 1)
    case 'bus': {
      const party = ['source', 'responder', 'observer', 'generic'].indexOf(
        fault.participant ?? 'generic',
      )
      const space = ['memory', '', 'io', 'generic'].indexOf(fault.space ?? 'memory')
      const timeout = fault.timeout === true ? 0x100 : 0
      return (
        0x803 | (party << 9) | timeout | (requestBits(fault.request ?? 'err') << 4) | (space << 2)
      )
    }
    case 'internal':
      return INTERNAL_CODES[fault.what]
  }
}

const typeBits = (type: 'instruction' | 'data' | 'generic'): number =>
  ['instruction', 'data', 'generic'].indexOf(type) << 2

function requestBits(request: FaultRequest): number {
  return REQUESTS.indexOf(request.toUpperCase() as (typeof REQUESTS)[number])
}

function severityBits(severity: FaultSeverity = 'corrected', processor: Processor): bigint {
  const { ser } = mcgCapability(processor.mcgCap)
  switch (severity) {
    case 'corrected':
      return 0n
    case 'fatal':
      return UC | PCC | (ser ? S : 0n)
    case 'srao':
      return UC | (ser ? S : 0n)
    case 'srar':
      return UC | (ser ? S | AR : 0n)
    case 'ucna':
    case 'uncorrected':
      return UC
  }
}

function rawReport(fault: RawFault, host: FaultyHost): FaultReport {
  const pcpu = pcpuOf(fault.pcpu ?? 0, host)
  const count = host.processor.banks.length
  if (!(fault.bank >= 0 && fault.bank < count)) {
    throw new XpvError('sim.fault', `there is no bank ${fault.bank}`, `0 to ${count - 1}`)
  }
  const { status, address, misc } = fault
  return {
    pcpu,
    bank: fault.bank,
    error: {
      status,
      ...(address === undefined ? {} : { address }),
      ...(misc === undefined ? {} : { misc }),
      tracked: false,
    },
  }
}

const ACCESS_BITS = { read: 1, write: 2, command: 3, scrub: 4 } as const

function memoryReport(fault: MemoryFault, host: FaultyHost, n: number): FaultReport {
  const start = fault.address === undefined ? fault : host.memory.placeOf(Number(fault.address))
  const moved = Math.floor(n / (fault.perPage ?? Number.POSITIVE_INFINITY))
  const row = ((start.row ?? 0) + moved) % host.memory.rows
  const at = host.memory.addressOf({ ...withoutOthers(start), row })
  const within = fault.address === undefined ? 0n : fault.address % 64n
  const place = host.memory.placeOf(at)
  const told = { fault, place, address: BigInt(at) + within }
  const isUsed = fault.severity === 'srar' && mcgCapability(host.processor.mcgCap).ser
  return isUsed ? usedReport(told, host) : controllerReport(told, host)
}

interface ToldMemory {
  readonly fault: MemoryFault
  readonly place: MemoryPlace
  readonly address: bigint
}

/** A core loaded bad data: its data cache tells. */
function usedReport({ fault, place, address }: ToldMemory, host: FaultyHost): FaultReport {
  const first = place.socket * host.shape.coresPerSocket * host.shape.threadsPerCore
  const status = 0x134n | severityBits('srar', host.processor)
  const error = { status, address, misc: PHYSICAL_LINE, enable: ENABLE.memory, tracked: false }
  return { pcpu: pcpuOf(fault.pcpu ?? first, host), bank: bankOf(host, 'l1d'), error }
}

/** The memory controller tells. */
function controllerReport({ fault, place, address }: ToldMemory, host: FaultyHost): FaultReport {
  const { processor, shape } = host
  const usual = fault.severity === 'srao' ? 'scrub' : 'read'
  const access = ACCESS_BITS[fault.access ?? usual]
  const code =
    processor.vendor === 'amd'
      ? amdMemoryCode(fault, processor)
      : BigInt(0x0001_0080 | (access << 4) | place.channel)
  return {
    pcpu: place.socket * shape.coresPerSocket * shape.threadsPerCore,
    bank: bankOf(host, 'memory', place.channel),
    error: {
      status: code | severityBits(fault.severity, processor),
      address,
      ...memoryMisc({ fault, place, address }, processor),
      enable: ENABLE.memory,
      tracked: false,
    },
  }
}

/** Where MISC cannot say that ADDR is physical it is the model's: DIMM, channel and syndrome. */
function memoryMisc(
  { fault, place }: ToldMemory,
  processor: Processor,
): { readonly misc?: bigint } {
  if (processor.vendor === 'amd') return {}
  if (mcgCapability(processor.mcgCap).ser) {
    return { misc: (fault.severity ?? 'corrected') === 'corrected' ? PHYSICAL_LINE : PHYSICAL_PAGE }
  }
  const syndrome = BigInt(fault.syndrome ?? 1) << 32n
  return { misc: syndrome | BigInt(place.channel << 18) | BigInt(place.dimm << 16) }
}

/** A bus error seen by the northbridge: chipkill ECC, with CECC or UECC and the syndrome; of the
 *  eighth generation, that the node asked itself, for its first core. */
function amdMemoryCode(fault: MemoryFault, processor: Processor): bigint {
  const syndrome = BigInt(fault.syndrome ?? 1)
  const isCorrected = (fault.severity ?? 'corrected') === 'corrected'
  const ecc = isCorrected ? 1n << 46n : 1n << 45n
  const asked = isAfterK8(processor) ? 0x0008_0a13n : 0x1_0008_0813n
  return asked | ecc | ((syndrome & 0xffn) << 47n) | (((syndrome >> 8n) & 0xffn) << 24n)
}

function withoutOthers(place: PartialPlace): PartialPlace {
  const { socket = 0, channel = 0, dimm = 0, rank = 0, bank = 0, column = 0 } = place
  return { socket, channel, dimm, rank, bank, column }
}

function bankOf(host: FaultyHost, report: BankReport, channel = 0): number {
  const bank = bankFor(host.processor, report, channel)
  if (bank !== undefined) return bank
  const known = host.processor.banks.flatMap((b) => b.reports).join(', ')
  throw new XpvError(
    'sim.fault',
    `no bank of ${host.processor.name} processors tells of ${report}`,
    `its banks tell of ${known}`,
  )
}

function pcpuOf(pcpu: number, { shape }: FaultyHost): number {
  const count = pcpuCount(shape)
  if (Number.isInteger(pcpu) && pcpu >= 0 && pcpu < count) return pcpu
  throw new XpvError('sim.fault', `there is no pcpu ${pcpu}`, `there are pcpus 0 to ${count - 1}`)
}
