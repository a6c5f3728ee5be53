// HardwareValues: what a register of a pcpu holds before anybody writes it, or at this moment where
// the hardware counts.
//
//   IA32_PERF_STATUS of a pcpu at 2.6 GHz  ->  RATIO 26, VOLTAGE 1.05 V  ->  0x2199_0000_1a00
//
// Holds: a register that is not here is not on the processor: reading it faults. Fields are put
// together by the table of registers alone.
// Source: Intel SDM volume 4, AMD's guides; constants of VMX as a Nehalem has them.

import { encodeMsr } from '../../../machine/msr/msr-value.js'
import type { PcpuPlace } from '../../../machine/pcpu-place.js'
import { FRAME_BYTES } from '../frames.js'
import { isAfterK8, type Processor } from '../processor.js'

/** A pcpu at a moment. Times are nanoseconds since boot. */
export interface PcpuMoment {
  readonly pcpu: number
  readonly place: PcpuPlace
  readonly processor: Processor
  readonly cpuHz: number
  readonly memoryBytes: number
  readonly threadsPerCore: number
  readonly coresPerSocket: number
  readonly nowNs: number
  /** The host's. */
  readonly seed: number
  /** In which it was not idle; of its package, the sum of all its pcpus and how many they are. */
  readonly busyNs: number
  readonly packageBusyNs: number
  readonly packagePcpus: number
}

/** A kind of register. `counts`: it goes on by itself, from whatever is written. */
export interface HardwareValue {
  readonly isThere: (processor: Processor) => boolean
  readonly counts: boolean
  readonly value: (at: PcpuMoment) => bigint
}

type Value = HardwareValue['value']
type Fields = Parameters<typeof encodeMsr>[1]

const always = (_: Processor): boolean => true
const constant = (value: bigint, isThere = always): HardwareValue => ({
  isThere,
  counts: false,
  value: () => value,
})
const counter = (value: Value, isThere = always): HardwareValue => ({
  isThere,
  counts: true,
  value,
})
const fields = (
  name: string,
  of: (at: PcpuMoment) => Fields,
  isThere = always,
): readonly [string, HardwareValue] => [
  name,
  { isThere, counts: false, value: (at) => encodeMsr(name, of(at)) },
]

const isBroadwell = ({ vendor, model }: Processor): boolean => vendor === 'intel' && model >= 79
const isFromWestmere = ({ vendor, model }: Processor): boolean => vendor === 'intel' && model >= 44
const hasVmx = ({ name, vendor }: Processor): boolean => vendor === 'intel' && name !== 'westmere'
const isNotK8 = (processor: Processor): boolean =>
  processor.vendor !== 'amd' || isAfterK8(processor)
const hasRapl = (processor: Processor): boolean => processor.hasRapl
const hasPpin = (processor: Processor): boolean => processor.hasPpin

/** Cycles a second of what ratios multiply. */
const BUS_HZ = 100e6
const PAGE = BigInt(FRAME_BYTES)
const LOW_END = 0xc000_0000
const HIGH_START = 2 ** 32
/** Degrees Celsius of an idle package, and what one busy all the time adds. */
const IDLE_DEGREES = 34
const BUSY_DEGREES = 27
/** Watts of a package without work, and of each pcpu that works. */
const PACKAGE_WATTS = 12
const PCPU_WATTS = 9
const DRAM_WATTS = 5
/** RAPL: 1/2^14 joule. */
const ENERGY_SHIFT = 14

const ratioOf = (at: PcpuMoment): number => Math.round(at.cpuHz / BUS_HZ)
const cycles = (at: PcpuMoment, ns: number): bigint =>
  (BigInt(Math.round(ns)) * BigInt(at.cpuHz)) / 1_000_000_000n

function packageLoad({ nowNs, packageBusyNs, packagePcpus }: PcpuMoment): number {
  return nowNs === 0 ? 0 : packageBusyNs / (nowNs * packagePcpus)
}

/** Below the greatest temperature, as readouts are. */
function readout(at: PcpuMoment): number {
  const degrees = IDLE_DEGREES + Math.round(BUSY_DEGREES * packageLoad(at))
  return Math.max(0, at.processor.tjMax - degrees)
}

function energy(watts: (at: PcpuMoment) => number): Value {
  return (at) => {
    const joules = watts(at)
    return BigInt.asUintN(32, BigInt(Math.floor(joules * 2 ** ENERGY_SHIFT)))
  }
}
const packageJoules = (at: PcpuMoment): number =>
  (PACKAGE_WATTS * at.nowNs + PCPU_WATTS * at.packageBusyNs) / 1e9
const coreJoules = (at: PcpuMoment): number => (PCPU_WATTS * at.packageBusyNs) / 1e9
const dramJoules = (at: PcpuMoment): number => (DRAM_WATTS * at.nowNs) / 1e9

const temperature = (at: PcpuMoment): Fields => ({
  READOUT: readout(at),
  RESOLUTION: 1,
  VALID: 1,
})

/** Each package of each host has its own. */
const serial = (at: PcpuMoment): bigint =>
  0x2c5a_0f31_77b0_4000n + BigInt(at.place.socket) * 0x1_0003n + BigInt(at.seed) * 0x9e_3779n

const COMMON: readonly (readonly [string, HardwareValue])[] = [
  ['IA32_TIME_STAMP_COUNTER', counter((at) => cycles(at, at.nowNs))],
  ['IA32_MPERF', counter((at) => cycles(at, at.busyNs), isNotK8)],
  ['IA32_APERF', counter((at) => (cycles(at, at.busyNs) * BigInt(faster(at))) / 100n, isNotK8)],
  fields('IA32_APIC_BASE', ({ pcpu }) => ({ BSP: pcpu === 0, EN: 1, BASE: 0xfee00 })),
  ['IA32_P5_MC_ADDR', constant(0n, ({ vendor }) => vendor === 'intel')],
  ['IA32_P5_MC_TYPE', constant(0n, ({ vendor }) => vendor === 'intel')],
  ['IA32_SYSENTER_CS', constant(0xe008n)],
  ['IA32_SYSENTER_ESP', constant(0xffff_82d0_8045_fff0n)],
  ['IA32_SYSENTER_EIP', constant(0xffff_82d0_8023_4a10n)],
  ['IA32_DEBUGCTL', constant(0n)],
  fields('IA32_EFER', ({ processor }) => ({
    SCE: 1,
    LME: 1,
    LMA: 1,
    NXE: 1,
    SVME: processor.vendor === 'amd',
  })),
  fields('IA32_STAR', () => ({ SYSCALL_CS: 0xe008, SYSRET_CS: 0xe023 })),
  ['IA32_LSTAR', constant(0xffff_82d0_8023_4940n)],
  ['IA32_CSTAR', constant(0xffff_82d0_8023_4980n)],
  ['IA32_FMASK', constant(0x0004_7700n)],
  ['IA32_FS_BASE', constant(0n)],
  ['IA32_GS_BASE', constant(0n)],
  ['IA32_KERNEL_GS_BASE', constant(0n)],
  [
    'IA32_TSC_AUX',
    {
      isThere: ({ name }) => name !== 'westmere',
      counts: false,
      value: ({ pcpu }) => BigInt(pcpu),
    },
  ],
  ['IA32_PAT', constant(0x0005_0100_0704_06n)],
  fields('IA32_MTRRCAP', () => ({ VCNT: 8, FIX: 1, WC: 1 })),
  fields('IA32_MTRR_DEF_TYPE', () => ({ TYPE: 0, FE: 1, E: 1 })),
  fields('IA32_MTRR_PHYSBASE0', () => ({ TYPE: 6, BASE: 0 })),
  fields('IA32_MTRR_PHYSMASK0', (at) => ({
    VALID: 1,
    MASK: maskOf(Math.min(at.memoryBytes, LOW_END)),
  })),
  fields('IA32_MTRR_PHYSBASE1', (at) => ({
    TYPE: at.memoryBytes > LOW_END ? 6 : 0,
    BASE: at.memoryBytes > LOW_END ? HIGH_START / FRAME_BYTES : 0,
  })),
  fields('IA32_MTRR_PHYSMASK1', (at) => ({
    VALID: at.memoryBytes > LOW_END,
    MASK: at.memoryBytes > LOW_END ? maskOf(at.memoryBytes - LOW_END) : 0n,
  })),
  ...[2, 3, 4, 5, 6, 7].flatMap((n): (readonly [string, HardwareValue])[] => [
    [`IA32_MTRR_PHYSBASE${n}`, constant(0n)],
    [`IA32_MTRR_PHYSMASK${n}`, constant(0n)],
  ]),
  ['IA32_MTRR_FIX64K_00000', constant(0x0606_0606_0606_0606n)],
  ['IA32_MTRR_FIX16K_80000', constant(0x0606_0606_0606_0606n)],
  ['IA32_MTRR_FIX16K_A0000', constant(0n)],
  ...Array.from({ length: 8 }, (_, n): readonly [string, HardwareValue] => [
    `IA32_MTRR_FIX4K_${(0xc0000 + n * 0x8000).toString(16).toUpperCase()}`,
    constant(0x0505_0505_0505_0505n),
  ]),
  fields('IA32_BIOS_SIGN_ID', ({ processor }) =>
    processor.vendor === 'intel'
      ? { REVISION: processor.microcode }
      : { PATCH_LEVEL: processor.microcode },
  ),
]

const isIntel = ({ vendor }: Processor): boolean => vendor === 'intel'

const INTEL: readonly (readonly [string, HardwareValue])[] = [
  fields('IA32_PLATFORM_ID', () => ({ PlatformId: 0 }), isIntel),
  fields(
    'MSR_CORE_THREAD_COUNT',
    (at) => ({ THREADS: at.coresPerSocket * at.threadsPerCore, CORES: at.coresPerSocket }),
    isIntel,
  ),
  fields('IA32_FEATURE_CONTROL', ({ processor }) => ({ LOCK: 1, VMX: hasVmx(processor) }), isIntel),
  ['IA32_TSC_ADJUST', constant(0n, isBroadwell)],
  fields('MSR_PPIN_CTL', () => ({ ENABLE: 1 }), hasPpin),
  ['MSR_PPIN', { isThere: hasPpin, counts: false, value: serial }],
  fields(
    'MSR_PLATFORM_INFO',
    (at) => ({ MAX_NON_TURBO: ratioOf(at), PROGRAMMABLE_TURBO: 1, MIN: 12 }),
    isIntel,
  ),
  ...Array.from({ length: 4 }, (_, n): readonly (readonly [string, HardwareValue])[] => [
    [`IA32_PMC${n}`, constant(0n, isIntel)],
    [`IA32_PERFEVTSEL${n}`, constant(0n, isIntel)],
  ]).flat(),
  fields('IA32_PERF_STATUS', (at) => ({ RATIO: ratioOf(at), VOLTAGE: 0x2199 }), isIntel),
  fields('IA32_PERF_CTL', (at) => ({ RATIO: ratioOf(at) }), isIntel),
  ['IA32_CLOCK_MODULATION', constant(0n, isIntel)],
  fields('IA32_THERM_INTERRUPT', () => ({ HIGH: 1, LOW: 1 }), isIntel),
  fields('IA32_THERM_STATUS', temperature, isIntel),
  fields(
    'IA32_MISC_ENABLE',
    () => ({ FAST_STRINGS: 1, THERMAL_CONTROL: 1, PERFMON: 1, EIST: 1, MONITOR: 1 }),
    isIntel,
  ),
  fields('MSR_TEMPERATURE_TARGET', ({ processor }) => ({ TJ_MAX: processor.tjMax }), isIntel),
  fields('MSR_TURBO_RATIO_LIMIT', turboRatios, isIntel),
  ['IA32_ENERGY_PERF_BIAS', constant(6n, isFromWestmere)],
  fields('IA32_PACKAGE_THERM_STATUS', temperature, isFromWestmere),
  fields('IA32_PACKAGE_THERM_INTERRUPT', () => ({ HIGH: 1, LOW: 1 }), isFromWestmere),
  fields('IA32_PERF_CAPABILITIES', () => ({ LBR_FMT: 4, PEBS_TRAP: 1, PEBS_REC_FMT: 1 }), isIntel),
  ['IA32_TSC_DEADLINE', constant(0n, isBroadwell)],
  fields('MSR_RAPL_POWER_UNIT', () => ({ POWER: 3, ENERGY: ENERGY_SHIFT, TIME: 10 }), hasRapl),
  ['MSR_PKG_ENERGY_STATUS', counter(energy(packageJoules), hasRapl)],
  ['MSR_PP0_ENERGY_STATUS', counter(energy(coreJoules), hasRapl)],
  ['MSR_DRAM_ENERGY_STATUS', counter(energy(dramJoules), hasRapl)],
  fields(
    'IA32_VMX_BASIC',
    () => ({ REVISION: 0xe, SIZE: 1024, DUAL_MONITOR: 1, TYPE: 6, INS_OUTS: 1, TRUE_CTLS: 1 }),
    hasVmx,
  ),
  ...(
    [
      ['PINBASED_CTLS', 0x0000_007f_0000_0016n],
      ['PROCBASED_CTLS', 0xf7f9_fffe_0401_e172n],
      ['EXIT_CTLS', 0x007f_ffff_0003_6dffn],
      ['ENTRY_CTLS', 0x0000_ffff_0000_11ffn],
      ['MISC', 0x0004_01c0n],
      ['CR0_FIXED0', 0x8000_0021n],
      ['CR0_FIXED1', 0xffff_ffffn],
      ['CR4_FIXED0', 0x2000n],
      ['CR4_FIXED1', 0x0000_27ffn],
      ['VMCS_ENUM', 0x2cn],
      ['PROCBASED_CTLS2', 0x0000_00ff_0000_0000n],
      ['EPT_VPID_CAP', 0x0000_0f01_0611_4141n],
      ['TRUE_PINBASED_CTLS', 0x0000_007f_0000_0016n],
      ['TRUE_PROCBASED_CTLS', 0xf7f9_fffe_0400_6172n],
      ['TRUE_EXIT_CTLS', 0x007f_ffff_0003_6dfbn],
      ['TRUE_ENTRY_CTLS', 0x0000_ffff_0000_11fbn],
    ] as const
  ).map(([name, value]): readonly [string, HardwareValue] => [
    `IA32_VMX_${name}`,
    constant(value, hasVmx),
  ]),
]

const isAmd = ({ vendor }: Processor): boolean => vendor === 'amd'

const AMD: readonly (readonly [string, HardwareValue])[] = [
  fields('SYSCFG', () => ({ MtrrVarDramEn: 1, MtrrTom2En: 1, Tom2ForceMemTypeWB: 1 }), isAmd),
  fields('HWCR', () => ({ SmmLock: 1 }), isAmd),
  fields('TOP_MEM', (at) => ({ TOM: Math.min(at.memoryBytes, LOW_END) / 2 ** 23 }), isAmd),
  fields('TOP_MEM2', (at) => ({ TOM2: Math.ceil(endOf(at.memoryBytes) / 2 ** 23) }), isAmd),
  fields('NB_CFG', () => ({ InitApicIdCpuIdLo: 1 }), isAmd),
  fields('MMIO_CONF_BASE', () => ({ Enable: 1, BusRange: 8, Base: 0xe00 }), isAfterK8),
  fields('PSTATE_LIMIT', () => ({ PstateMaxVal: 4 }), isAfterK8),
  ['PSTATE_CTL', constant(0n, isAfterK8)],
  ['PSTATE_STATUS', constant(0n, isAfterK8)],
  ...Array.from({ length: 5 }, (_, n) =>
    fields(
      `PSTATE_${n}`,
      (at) => ({
        CpuFid: Math.max(0, ratioOf(at) - 16 - 3 * n),
        CpuVid: 0x1c + 4 * n,
        PstateEn: 1,
      }),
      isAfterK8,
    ),
  ),
  fields('VM_CR', () => ({ LOCK: 1 }), isAmd),
  [
    'VM_HSAVE_PA',
    { isThere: isAmd, counts: false, value: ({ pcpu }) => 0x20_0000n + BigInt(pcpu) * PAGE },
  ],
  ...Array.from({ length: 6 }, (_, n): readonly [string, HardwareValue] => [
    `MC${n}_CTL_MASK`,
    constant(0n, (processor) => isAmd(processor) && n < processor.banks.length),
  ]),
  fields('MC4_MISC1', () => ({ Valid: 1, CntP: 1, Locked: 1 }), isAfterK8),
]

/** What the registers of processors hold, by name. */
export const HARDWARE_VALUES: ReadonlyMap<string, HardwareValue> = new Map([
  ...COMMON,
  ...INTEL,
  ...AMD,
])

/** Percent of the base frequency that a busy core has. */
function faster(at: PcpuMoment): number {
  return Math.round((100 * (ratioOf(at) + at.processor.turbo)) / ratioOf(at))
}

function turboRatios(at: PcpuMoment): Fields {
  const most = ratioOf(at) + at.processor.turbo
  const cores = Math.min(8, at.coresPerSocket)
  return Object.fromEntries(
    Array.from({ length: cores }, (_, n) => [
      `MAX_${n + 1}C`,
      Math.max(ratioOf(at), most - Math.floor(n / 2)),
    ]),
  )
}

/** Bits that addresses of a range share, for a size up to the next power of two. */
function maskOf(bytes: number): bigint {
  const size = 2n ** BigInt(Math.ceil(Math.log2(bytes)))
  return BigInt.asUintN(40, ~(size / PAGE - 1n))
}

const endOf = (bytes: number): number => (bytes > LOW_END ? bytes + HIGH_START - LOW_END : bytes)
