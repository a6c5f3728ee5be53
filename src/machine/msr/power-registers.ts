// Registers of frequency, heat and energy.
//
// Source: Intel SDM volume 3, chapters 14 and 15 (thermal, RAPL, hardware P-states), volume 4.
import { type FieldRow, type MsrDefinition, msr } from './msr.js'

const RATIO = { unit: 'MHz', scale: 100 } as const

const THERMAL: readonly FieldRow[] = [
  ['0', 'STATUS', 'too hot now'],
  ['1', 'LOG', 'was too hot', { sticky: true }],
  ['2', 'PROCHOT', 'told to be slower now'],
  ['3', 'PROCHOT_LOG', 'was told so', { sticky: true }],
  ['4', 'CRITICAL', 'about to be turned off'],
  ['5', 'CRITICAL_LOG', 'was about to', { sticky: true }],
  ['6', 'THRESHOLD1', 'above the first threshold'],
  ['7', 'THRESHOLD1_LOG', 'crossed it', { sticky: true }],
  ['8', 'THRESHOLD2', 'above the second threshold'],
  ['9', 'THRESHOLD2_LOG', 'crossed it', { sticky: true }],
  ['10', 'POWER_LIMIT', 'slower to keep within its power'],
  ['11', 'POWER_LIMIT_LOG', 'was slower for that', { sticky: true }],
  ['22:16', 'READOUT', 'below the greatest temperature', { unit: 'degrees Celsius' }],
  ['30:27', 'RESOLUTION', 'of the readout', { unit: 'degrees Celsius' }],
  ['31', 'VALID', 'the readout can be trusted'],
]

const THERMAL_INTERRUPT: readonly FieldRow[] = [
  ['0', 'HIGH', 'interrupt when it gets too hot'],
  ['1', 'LOW', 'interrupt when it no longer is'],
  ['2', 'PROCHOT', 'interrupt when it is told to be slower'],
  ['4', 'CRITICAL', 'interrupt when it is about to be turned off'],
  ['14:8', 'THRESHOLD1', 'below the greatest temperature', { unit: 'degrees Celsius' }],
  ['15', 'THRESHOLD1_EN', 'interrupt at the first threshold'],
  ['22:16', 'THRESHOLD2', 'below the greatest temperature', { unit: 'degrees Celsius' }],
  ['23', 'THRESHOLD2_EN', 'interrupt at the second threshold'],
  ['24', 'POWER_LIMIT', 'interrupt when power is limited'],
]

const energy = (address: number, name: string, of: string): MsrDefinition =>
  msr([address, name, 'package', 'ro'], `energy of ${of}`, [
    ['31:0', 'ENERGY', 'used since reset, wraps', { unit: 'energy units of RAPL_POWER_UNIT' }],
  ])

/** All of them. */
export const POWER_REGISTERS: readonly MsrDefinition[] = [
  msr([0xce, 'MSR_PLATFORM_INFO', 'package', 'ro'], 'frequencies it can have', [
    ['15:8', 'MAX_NON_TURBO', 'greatest without turbo', RATIO],
    ['28', 'PROGRAMMABLE_TURBO', 'turbo ratios can be set'],
    ['29', 'PROGRAMMABLE_TDP', 'power limits can be set'],
    ['31', 'CPUID_FAULTING', 'CPUID can be made to fault'],
    ['47:40', 'MIN', 'least', RATIO],
  ]),
  msr([0xe7, 'IA32_MPERF', 'thread', 'rw', 'both'], 'cycles it was not idle, at the base rate', [
    ['63:0', 'COUNT', 'APERF over MPERF is its frequency over the base', { unit: 'cycles' }],
  ]),
  msr([0xe8, 'IA32_APERF', 'thread', 'rw', 'both'], 'cycles it was not idle, as they were', [
    ['63:0', 'COUNT', 'APERF over MPERF is its frequency over the base', { unit: 'cycles' }],
  ]),
  msr([0x198, 'IA32_PERF_STATUS', 'core', 'ro'], 'its frequency now', [
    ['15:8', 'RATIO', 'frequency', RATIO],
    ['47:32', 'VOLTAGE', 'core voltage', { unit: 'V', scale: 2 ** -13 }],
  ]),
  msr([0x199, 'IA32_PERF_CTL', 'core'], 'the frequency it is to have', [
    ['15:8', 'RATIO', 'frequency', RATIO],
    ['32', 'TURBO_OFF', 'no turbo'],
  ]),
  msr([0x19a, 'IA32_CLOCK_MODULATION', 'core'], 'clock cycles that are left out', [
    ['3:1', 'DUTY', 'of eight, how many are used; 0 is all'],
    ['4', 'EN', 'some are left out'],
  ]),
  msr([0x19b, 'IA32_THERM_INTERRUPT', 'core'], 'what heat interrupts', THERMAL_INTERRUPT),
  msr([0x19c, 'IA32_THERM_STATUS', 'core'], 'how hot the core is', THERMAL),
  msr([0x1a0, 'IA32_MISC_ENABLE', 'package'], 'features that can be turned off', [
    ['0', 'FAST_STRINGS', 'fast string operations'],
    ['3', 'THERMAL_CONTROL', 'gets slower by itself when hot'],
    ['7', 'PERFMON', 'there are performance counters'],
    ['11', 'BTS_UNAVAILABLE', 'branches cannot be stored'],
    ['12', 'PEBS_UNAVAILABLE', 'there are no precise events'],
    ['16', 'EIST', 'frequency can be changed'],
    ['18', 'MONITOR', 'MONITOR and MWAIT'],
    ['22', 'LIMIT_CPUID', 'CPUID ends at leaf 3'],
    ['34', 'XD_DISABLE', 'pages cannot forbid execution'],
    ['38', 'TURBO_DISABLE', 'no turbo'],
  ]),
  msr([0x1a2, 'MSR_TEMPERATURE_TARGET', 'package'], 'the greatest temperature', [
    ['23:16', 'TJ_MAX', 'at which it gets slower', { unit: 'degrees Celsius' }],
    ['29:24', 'OFFSET', 'earlier than that', { unit: 'degrees Celsius' }],
  ]),
  msr([0x1ad, 'MSR_TURBO_RATIO_LIMIT', 'package'], 'turbo, by how many cores are busy', [
    ...Array.from(
      { length: 8 },
      (_, n): FieldRow => [`${8 * n + 7}:${8 * n}`, `MAX_${n + 1}C`, `${n + 1} busy`, RATIO],
    ),
  ]),
  msr([0x1b0, 'IA32_ENERGY_PERF_BIAS', 'thread'], 'speed or saving', [
    ['3:0', 'BIAS', '0 speed, 15 saving'],
  ]),
  msr([0x1b1, 'IA32_PACKAGE_THERM_STATUS', 'package'], 'how hot the package is', THERMAL),
  msr(
    [0x1b2, 'IA32_PACKAGE_THERM_INTERRUPT', 'package'],
    'what heat of the package interrupts',
    THERMAL_INTERRUPT,
  ),
  msr([0x606, 'MSR_RAPL_POWER_UNIT', 'package', 'ro'], 'what a unit of power is', [
    ['3:0', 'POWER', 'one is 1 / 2^n watt'],
    ['12:8', 'ENERGY', 'one is 1 / 2^n joule'],
    ['19:16', 'TIME', 'one is 1 / 2^n second'],
  ]),
  energy(0x611, 'MSR_PKG_ENERGY_STATUS', 'the package'),
  energy(0x619, 'MSR_DRAM_ENERGY_STATUS', 'its memory'),
  energy(0x639, 'MSR_PP0_ENERGY_STATUS', 'its cores'),
  energy(0x641, 'MSR_PP1_ENERGY_STATUS', 'what else is on it (graphics)'),
  msr([0x770, 'IA32_PM_ENABLE', 'package'], 'who chooses the frequency', [
    ['0', 'HWP_ENABLE', 'the hardware; until a reset'],
  ]),
  msr([0x771, 'IA32_HWP_CAPABILITIES', 'thread', 'ro'], 'performance it can have', [
    ['7:0', 'HIGHEST', 'highest'],
    ['15:8', 'GUARANTEED', 'guaranteed'],
    ['23:16', 'EFFICIENT', 'most efficient'],
    ['31:24', 'LOWEST', 'lowest'],
  ]),
  msr([0x774, 'IA32_HWP_REQUEST', 'thread'], 'performance it is to have', [
    ['7:0', 'MINIMUM', 'at least'],
    ['15:8', 'MAXIMUM', 'at most'],
    ['23:16', 'DESIRED', 'just this; 0 leaves it to the hardware'],
    ['31:24', 'PREFERENCE', '0 speed, 255 saving'],
  ]),
  msr([0x777, 'IA32_HWP_STATUS', 'thread'], 'what became of it', [
    ['0', 'GUARANTEED_CHANGE', 'the guaranteed performance changed', { sticky: true }],
    ['2', 'EXCURSION', 'it was slower than asked for', { sticky: true }],
  ]),
]
