// Processor: what kind of processor a simulated host has: its identity, its machine-check hardware
// and which bank tells of what.
//
//   processorNamed('nehalem')  ->  9 banks, CMCI, bank 8 is the memory controller
//
// Source: Intel SDM volume 3, chapter 16 (banks by model), volume 4; AMD's guides of family 0Fh
// (NPT) and 10h; MCG_CAP of `opteron` as FreeBSD printed it of a machine, 0x105; `westmere` is what
// QEMU 7.2 makes of that name, as captured. Feature words: of westmere as captured; of the others
// composed from what is known of such processors, held against none.
import { XpvError } from '../../base/error.js'
import { nearest } from '../../base/nearest.js'
import type { MsrVendor } from '../../machine/msr/msr.js'

/** What a bank can tell of. */
export type BankReport =
  | 'l1i'
  | 'l1d'
  | 'l2'
  | 'l3'
  | 'itlb'
  | 'dtlb'
  | 'bus'
  | 'memory'
  | 'internal'

/** One bank. */
export interface BankModel {
  readonly unit: string
  /** Who shares it: nobody, the threads of a core, all of a package. */
  readonly scope: 'thread' | 'core' | 'package'
  readonly reports: readonly BankReport[]
}

/** One kind of processor. */
export interface Processor {
  readonly name: string
  readonly vendor: Exclude<MsrVendor, 'both'>
  readonly brand: string
  readonly family: number
  readonly model: number
  readonly stepping: number
  readonly microcode: number
  /** CPUID: EDX and ECX of leaf 1, EDX and ECX of 0x80000001, EAX of 0xd/1, EBX and ECX of 7,
   *  EDX of 0x80000007. */
  readonly features: readonly string[]
  readonly mcgCap: bigint
  /** A machine-check exception is told to all logical processors. */
  readonly broadcast: boolean
  readonly banks: readonly BankModel[]
  /** Memory of one socket. */
  readonly memory: {
    readonly controllers?: number
    readonly channels: number
    readonly dimmsPerChannel: number
    readonly ranksPerDimm: number
  }
  /** Degrees Celsius at which it gets slower. */
  readonly tjMax: number
  /** How many ratios of 100 MHz turbo adds with one busy core. */
  readonly turbo: number
  readonly hasRapl: boolean
  readonly hasPpin: boolean
}

type BankRow = readonly [unit: string, scope: BankModel['scope'], ...reports: readonly BankReport[]]

const banks = (rows: readonly BankRow[]): readonly BankModel[] =>
  rows.map(([unit, scope, ...reports]) => ({ unit, scope, reports }))

const words = (text: string): readonly string[] => text.split(':')

const TWO_CHANNELS = { channels: 2, dimmsPerChannel: 2, ranksPerDimm: 2 }

const NEHALEM: Processor = {
  name: 'nehalem',
  vendor: 'intel',
  brand: 'Intel(R) Xeon(R) CPU X5550',
  family: 6,
  model: 26,
  stepping: 5,
  microcode: 0x11,
  features: words('bfebfbff:009ce3bd:28100800:00000001:00000000:00000000:00000000:00000100'),
  mcgCap: 0x1c09n,
  broadcast: true,
  banks: banks([
    ['QuickPath', 'package', 'bus'],
    ['QuickPath', 'package'],
    ['data cache', 'core', 'l1d', 'dtlb'],
    ['instruction fetch', 'core', 'l1i', 'itlb'],
    ['middle cache', 'core', 'l2'],
    ['core', 'core', 'internal'],
    ['last-level cache', 'package', 'l3'],
    ['power control', 'package'],
    ['memory controller', 'package', 'memory'],
  ]),
  memory: TWO_CHANNELS,
  tjMax: 97,
  turbo: 3,
  hasRapl: false,
  hasPpin: false,
}

const WESTMERE: Processor = {
  ...NEHALEM,
  name: 'westmere',
  brand: 'Westmere E56xx/L56xx/X56xx (Nehalem-C)',
  model: 44,
  stepping: 1,
  microcode: 0x1,
  features: words('178bfbfd:82982203:20100800:00000001:00000000:00000000:00000000:00000000'),
  mcgCap: 0x100010an,
  banks: banks([
    ['instruction fetch', 'thread', 'l1i', 'itlb'],
    ['data cache', 'thread', 'l1d'],
    ['data TLB', 'thread', 'dtlb'],
    ['middle cache', 'thread', 'l2'],
    ['core', 'thread', 'internal'],
    ['QuickPath', 'thread', 'bus'],
    ['memory controller', 'thread', 'memory'],
    ['last-level cache', 'thread', 'l3'],
    ['', 'thread'],
    ['', 'thread'],
  ]),
}

/** A bank for each memory channel. */
const channelBanks = (count: number): readonly BankRow[] =>
  Array.from(
    { length: count },
    (_, n): BankRow =>
      n === 0
        ? ['memory controller', 'package', 'memory']
        : [`memory controller, channel ${n}`, 'package'],
  )

const BROADWELL: Processor = {
  ...NEHALEM,
  name: 'broadwell',
  brand: 'Intel(R) Xeon(R) CPU E5-2690 v4',
  model: 79,
  stepping: 1,
  microcode: 0xb000040,
  features: words('bfebfbff:77fef3ff:2c100800:00000121:00000001:001cbfbb:00000000:00000100'),
  mcgCap: 0x7000c16n,
  banks: banks([
    ['instruction fetch', 'core', 'l1i', 'itlb'],
    ['data cache', 'core', 'l1d'],
    ['data TLB', 'core', 'dtlb'],
    ['middle cache', 'core', 'l2'],
    ['power control', 'package', 'internal'],
    ['QuickPath', 'package', 'bus'],
    ['integrated I/O', 'package'],
    ['home agent', 'package'],
    ['home agent', 'package'],
    ...channelBanks(8),
    ['last-level cache', 'package', 'l3'],
    ['last-level cache', 'package'],
    ['last-level cache', 'package'],
    ['QuickPath', 'package'],
    ['QuickPath', 'package'],
  ]),
  memory: { controllers: 2, channels: 4, dimmsPerChannel: 2, ranksPerDimm: 2 },
  tjMax: 95,
  turbo: 9,
  hasRapl: true,
  hasPpin: true,
}

const SKYLAKE: Processor = {
  ...BROADWELL,
  name: 'skylake',
  brand: 'Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz',
  model: 85,
  stepping: 4,
  microcode: 0x2000065,
  features: words('bfebfbff:77fef3ff:2c100800:00000121:0000000f:d39ffffb:00000008:00000100'),
  mcgCap: 0xf000c14n,
  banks: banks([
    ['instruction fetch', 'core', 'l1i', 'itlb'],
    ['data cache', 'core', 'l1d'],
    ['data TLB', 'core', 'dtlb'],
    ['middle cache', 'core', 'l2'],
    ['power control', 'package', 'internal'],
    ['UltraPath', 'package', 'bus'],
    ['integrated I/O', 'package'],
    ['mesh to memory', 'package'],
    ['mesh to memory', 'package'],
    ['last-level cache', 'package', 'l3'],
    ['last-level cache', 'package'],
    ['last-level cache', 'package'],
    ['UltraPath', 'package'],
    ...channelBanks(6),
    ['UltraPath', 'package'],
  ]),
  memory: { controllers: 2, channels: 6, dimmsPerChannel: 2, ranksPerDimm: 2 },
  tjMax: 97,
  turbo: 16,
}

const BARCELONA: Processor = {
  name: 'barcelona',
  vendor: 'amd',
  brand: 'Quad-Core AMD Opteron(tm) Processor 2356',
  family: 16,
  model: 2,
  stepping: 3,
  microcode: 0x1000095,
  features: words('178bfbff:00802009:efd3fbff:000007ff:00000000:00000000:00000000:000001f9'),
  mcgCap: 0x106n,
  broadcast: false,
  banks: banks([
    ['data cache', 'core', 'l1d', 'dtlb'],
    ['instruction cache', 'core', 'l1i', 'itlb'],
    ['bus unit', 'core', 'l2'],
    ['load and store', 'core'],
    ['northbridge', 'package', 'memory', 'bus', 'l3'],
    ['fixed issue', 'core', 'internal'],
  ]),
  memory: TWO_CHANNELS,
  tjMax: 95,
  turbo: 0,
  hasRapl: false,
  hasPpin: false,
}

/** The eighth generation, revision F: what is in a Sun Fire of 2006 and 2007. Each package is a
 *  node with memory of its own. */
const OPTERON: Processor = {
  ...BARCELONA,
  name: 'opteron',
  brand: 'Dual-Core AMD Opteron(tm) Processor 2218',
  family: 15,
  model: 65,
  stepping: 2,
  microcode: 0,
  features: words('178bfbff:00002001:ebd3fbff:0000001f:00000000:00000000:00000000:0000003f'),
  mcgCap: 0x105n,
  banks: banks([
    ['data cache', 'core', 'l1d', 'dtlb'],
    ['instruction cache', 'core', 'l1i', 'itlb'],
    ['bus unit', 'core', 'l2'],
    ['load and store', 'core'],
    ['northbridge', 'package', 'memory', 'bus'],
  ]),
}

/** All kinds there are. */
const PROCESSORS: readonly Processor[] = [OPTERON, BARCELONA, NEHALEM, WESTMERE, BROADWELL, SKYLAKE]

/** Whether it is AMD's of a generation after the eighth. */
export function isAfterK8({ vendor, family }: Processor): boolean {
  return vendor === 'amd' && family > 15
}

/** The processor of a name. Throws `XpvError` `sim.no-processor`. */
export function processorNamed(name: string): Processor {
  const found = PROCESSORS.find((p) => p.name === name)
  if (found !== undefined) return found
  const names = PROCESSORS.map((p) => p.name)
  const hint = nearest(name, names) ?? `there are ${names.join(', ')}`
  throw new XpvError('sim.no-processor', `no processor is called ${name}`, hint)
}

/** Which bank tells of something; undefined where none does. A processor with a bank for each
 *  channel has those of memory one after another. */
export function bankFor(processor: Processor, report: BankReport, channel = 0): number | undefined {
  const bank = processor.banks.findIndex((b) => b.reports.includes(report))
  if (bank < 0) return undefined
  const next = processor.banks[bank + 1]?.unit ?? ''
  const perChannel = report === 'memory' && next.includes('channel')
  return perChannel ? bank + channel : bank
}
