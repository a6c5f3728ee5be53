// Registers that only AMD's processors have.
//
// Source: AMD64 manual volume 2, appendix A, and the guides of family 10h and 17h.
import { family, type MsrDefinition, msr } from './msr.js'

/** All of them, save those of machine checks. */
export const AMD_REGISTERS: readonly MsrDefinition[] = [
  msr([0xc001_0010, 'SYSCFG', 'core', 'rw', 'amd'], 'how memory is seen', [
    ['18', 'MtrrFixDramEn', 'fixed ranges say what is memory'],
    ['19', 'MtrrFixDramModEn', 'and software can change that'],
    ['20', 'MtrrVarDramEn', 'TOP_MEM is used'],
    ['21', 'MtrrTom2En', 'TOP_MEM2 is used'],
    ['22', 'Tom2ForceMemTypeWB', 'memory above 4 GiB is write-back'],
    ['23', 'SMEE', 'memory can be encrypted'],
  ]),
  msr([0xc001_0015, 'HWCR', 'core', 'rw', 'amd'], 'how the hardware behaves', [
    ['0', 'SmmLock', 'system management cannot be changed'],
    ['18', 'McStatusWrEn', 'the status of machine checks can be written'],
    ['24', 'TscFreqSel', 'the time-stamp counter has the greatest frequency'],
    ['25', 'CpbDis', 'no boost'],
  ]),
  msr([0xc001_001a, 'TOP_MEM', 'core', 'rw', 'amd'], 'end of memory below 4 GiB', [
    ['51:23', 'TOM', 'the address', { unit: 'bytes', scale: 2 ** 23 }],
  ]),
  msr([0xc001_001d, 'TOP_MEM2', 'core', 'rw', 'amd'], 'end of memory above 4 GiB', [
    ['51:23', 'TOM2', 'the address', { unit: 'bytes', scale: 2 ** 23 }],
  ]),
  msr([0xc001_001f, 'NB_CFG', 'node', 'rw', 'amd'], 'how the northbridge behaves', [
    ['46', 'EnableCf8ExtCfg', 'extended configuration space by port CF8'],
    ['54', 'InitApicIdCpuIdLo', 'the order of processor numbers'],
  ]),
  msr([0xc001_0058, 'MMIO_CONF_BASE', 'node', 'rw', 'amd'], 'configuration space in memory', [
    ['0', 'Enable', 'it is there'],
    ['5:2', 'BusRange', 'of how many buses, as a power of two'],
    ['47:20', 'Base', 'where', { unit: 'bytes', scale: 2 ** 20 }],
  ]),
  msr([0xc001_0061, 'PSTATE_LIMIT', 'core', 'ro', 'amd'], 'P-states it can have', [
    ['2:0', 'CurPstateLimit', 'the fastest it may have'],
    ['6:4', 'PstateMaxVal', 'the slowest there is'],
  ]),
  msr([0xc001_0062, 'PSTATE_CTL', 'core', 'rw', 'amd'], 'the P-state it is to have', [
    ['2:0', 'PstateCmd', 'which'],
  ]),
  msr([0xc001_0063, 'PSTATE_STATUS', 'core', 'ro', 'amd'], 'the P-state it has', [
    ['2:0', 'CurPstate', 'which'],
  ]),
  ...family(8, (n) =>
    msr([0xc001_0064 + n, `PSTATE_${n}`, 'core', 'rw', 'amd'], `what P-state ${n} is`, [
      ['5:0', 'CpuFid', 'multiplier'],
      ['8:6', 'CpuDid', 'divisor, as a power of two'],
      ['15:9', 'CpuVid', 'voltage'],
      ['63', 'PstateEn', 'it can be used'],
    ]),
  ),
  msr([0xc001_0114, 'VM_CR', 'core', 'rw', 'amd'], 'virtualisation', [
    ['3', 'LOCK', 'it cannot be changed'],
    ['4', 'SVMDIS', 'there is none'],
  ]),
  msr([0xc001_0117, 'VM_HSAVE_PA', 'core', 'rw', 'amd'], 'where the host is kept', [
    ['51:12', 'PA', 'a page', { unit: 'bytes', scale: 4096 }],
  ]),
  msr([0xc001_0299, 'RAPL_PWR_UNIT', 'package', 'ro', 'amd'], 'what a unit of power is', [
    ['3:0', 'PU', 'one is 1 / 2^n watt'],
    ['12:8', 'ESU', 'one is 1 / 2^n joule'],
    ['19:16', 'TU', 'one is 1 / 2^n second'],
  ]),
  msr([0xc001_029a, 'CORE_ENERGY_STAT', 'core', 'ro', 'amd'], 'energy of the core', [
    ['31:0', 'ENERGY', 'used since reset, wraps', { unit: 'energy units of RAPL_PWR_UNIT' }],
  ]),
  msr([0xc001_029b, 'PKG_ENERGY_STAT', 'package', 'ro', 'amd'], 'energy of the package', [
    ['31:0', 'ENERGY', 'used since reset, wraps', { unit: 'energy units of RAPL_PWR_UNIT' }],
  ]),
  msr([0xc001_02f0, 'AMD_PPIN_CTL', 'package', 'rw', 'amd'], 'whether the serial can be read', [
    ['0', 'LOCK', 'not to be changed before a reset'],
    ['1', 'ENABLE', 'it can be read'],
  ]),
  msr([0xc001_02f1, 'AMD_PPIN', 'package', 'ro', 'amd'], "the package's serial number", [
    ['63:0', 'PPIN', 'the same for all threads of a package, another in any other'],
  ]),
]
