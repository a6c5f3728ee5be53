// Registers of the processor itself: who it is, its time, its modes and its system calls.
//
// Source: Intel SDM volume 4, table 2-2; AMD64 manual volume 2, appendix A.
import { family, type MsrDefinition, msr } from './msr.js'

const SEGMENT = 'a linear address'

/** Registers that both vendors, or only Intel, have. */
export const PROCESSOR_REGISTERS: readonly MsrDefinition[] = [
  msr([0x10, 'IA32_TIME_STAMP_COUNTER', 'thread', 'rw', 'both'], 'time', [
    ['63:0', 'TSC', 'cycles since reset', { unit: 'cycles' }],
  ]),
  msr([0x17, 'IA32_PLATFORM_ID', 'package', 'ro'], 'the socket it fits', [
    ['52:50', 'PlatformId', 'which bit of a microcode update must be set for it'],
  ]),
  msr([0x1b, 'IA32_APIC_BASE', 'thread', 'rw', 'both'], 'its local interrupt controller', [
    ['8', 'BSP', 'this is the processor that booted'],
    ['10', 'EXTD', 'x2APIC mode'],
    ['11', 'EN', 'it is on'],
    ['51:12', 'BASE', 'the page at which it is', { scale: 4096, unit: 'bytes' }],
  ]),
  msr([0x35, 'MSR_CORE_THREAD_COUNT', 'package', 'ro'], 'how many of each are enabled', [
    ['15:0', 'THREADS', 'threads', { unit: 'threads' }],
    ['31:16', 'CORES', 'cores', { unit: 'cores' }],
  ]),
  msr([0x3a, 'IA32_FEATURE_CONTROL', 'thread'], 'what firmware allows', [
    ['0', 'LOCK', 'nothing here can be changed before a reset'],
    ['1', 'VMX_IN_SMX', 'virtualisation inside trusted execution'],
    ['2', 'VMX', 'virtualisation'],
    ['14:8', 'SENTER_PARAMS', 'parts of SENTER that are allowed'],
    ['15', 'SENTER', 'SENTER'],
    ['18', 'SGX', 'enclaves'],
    ['20', 'LMCE_ON', 'local machine checks'],
  ]),
  msr([0x3b, 'IA32_TSC_ADJUST', 'thread'], 'what was added to time', [
    ['63:0', 'ADJUST', 'added to the time-stamp counter', { unit: 'cycles', signed: true }],
  ]),
  msr([0x48, 'IA32_SPEC_CTRL', 'thread', 'rw', 'both'], 'speculation that is held back', [
    ['0', 'IBRS', 'branches are not predicted from less privileged code'],
    ['1', 'STIBP', 'branches are not predicted from the other thread'],
    ['2', 'SSBD', 'loads do not pass stores'],
    ['7', 'PSFD', 'stores are not forwarded on a guess'],
    ['10', 'BHI_DIS_S', 'branch history is not used in the kernel'],
  ]),
  msr([0x49, 'IA32_PRED_CMD', 'thread', 'wo', 'both'], 'commands to the predictors', [
    ['0', 'IBPB', 'forget all indirect branches'],
  ]),
  msr([0x4e, 'MSR_PPIN_CTL', 'package'], 'whether the serial number can be read', [
    ['0', 'LOCK', 'not to be changed before a reset'],
    ['1', 'ENABLE', 'it can be read'],
  ]),
  msr([0x4f, 'MSR_PPIN', 'package', 'ro'], "the package's serial number", [
    ['63:0', 'PPIN', 'the same for all threads of a package, another in any other'],
  ]),
  msr([0x8b, 'IA32_BIOS_SIGN_ID', 'core', 'ro', 'both'], 'the microcode it runs', [
    ['63:32', 'REVISION', 'revision (Intel)'],
    ['31:0', 'PATCH_LEVEL', 'patch level (AMD)'],
  ]),
  msr([0xfe, 'IA32_MTRRCAP', 'core', 'ro', 'both'], 'what memory type ranges there are', [
    ['7:0', 'VCNT', 'how many variable ranges', { unit: 'ranges' }],
    ['8', 'FIX', 'fixed ranges'],
    ['10', 'WC', 'write-combining'],
    ['11', 'SMRR', 'a range for system management'],
  ]),
  msr([0x10a, 'IA32_ARCH_CAPABILITIES', 'package', 'ro'], 'flaws it does not have', [
    ['0', 'RDCL_NO', 'user code cannot speculate on kernel pages (Meltdown)'],
    ['1', 'IBRS_ALL', 'IBRS can stay on'],
    ['2', 'RSBA', 'an empty return stack takes other predictions'],
    ['3', 'SKIP_L1DFL_VMENTRY', 'the hypervisor need not flush the data cache'],
    ['4', 'SSB_NO', 'loads do not pass stores'],
    ['5', 'MDS_NO', 'buffers do not leak'],
    ['6', 'IF_PSCHANGE_MC_NO', 'changing a page size is no machine check'],
    ['7', 'TSX_CTRL', 'transactions can be turned off'],
    ['8', 'TAA_NO', 'aborted transactions do not leak'],
  ]),
  msr([0x174, 'IA32_SYSENTER_CS', 'thread', 'rw', 'both'], 'code segment of SYSENTER', [
    ['15:0', 'CS', 'the selector'],
  ]),
  msr([0x175, 'IA32_SYSENTER_ESP', 'thread', 'rw', 'both'], 'stack of SYSENTER', [
    ['63:0', 'ESP', SEGMENT],
  ]),
  msr([0x176, 'IA32_SYSENTER_EIP', 'thread', 'rw', 'both'], 'entry of SYSENTER', [
    ['63:0', 'EIP', SEGMENT],
  ]),
  ...family(8, (n) =>
    msr([0xc1 + n, `IA32_PMC${n}`, 'thread'], `performance counter ${n}`, [
      ['47:0', 'COUNT', 'what its event select says', { unit: 'events' }],
    ]),
  ),
  ...family(8, (n) =>
    msr([0x186 + n, `IA32_PERFEVTSEL${n}`, 'thread'], `what performance counter ${n} counts`, [
      ['7:0', 'EVENT', 'which event'],
      ['15:8', 'UMASK', 'which kind of it'],
      ['16', 'USR', 'in user code'],
      ['17', 'OS', 'in the kernel'],
      ['18', 'E', 'edges, not cycles'],
      ['20', 'INT', 'interrupts when it overflows'],
      ['21', 'ANY', 'of either thread of the core'],
      ['22', 'EN', 'it counts'],
      ['23', 'INV', 'the comparison is inverted'],
      ['31:24', 'CMASK', 'counts cycles with at least as many'],
    ]),
  ),
  msr([0x1d9, 'IA32_DEBUGCTL', 'thread', 'rw', 'both'], 'tracing of branches', [
    ['0', 'LBR', 'the last branches are recorded'],
    ['1', 'BTF', 'single steps stop at branches only'],
    ['6', 'TR', 'branches are messages on the bus'],
    ['7', 'BTS', 'and stored in memory'],
    ['8', 'BTINT', 'and a full store interrupts'],
    ['11', 'FREEZE_LBRS_ON_PMI', 'the record stops at a counter interrupt'],
    ['12', 'FREEZE_PERFMON_ON_PMI', 'the counters stop at one'],
    ['15', 'RTM', 'transactions can be debugged'],
  ]),
  msr([0x345, 'IA32_PERF_CAPABILITIES', 'thread', 'ro'], 'what the counters can do', [
    ['5:0', 'LBR_FMT', 'format of the record of branches'],
    ['6', 'PEBS_TRAP', 'precise events are traps'],
    ['11:8', 'PEBS_REC_FMT', 'format of their records'],
    ['13', 'FW_WRITE', 'counters can be written in full'],
  ]),
  msr([0x6e0, 'IA32_TSC_DEADLINE', 'thread'], 'when the timer is due', [
    ['63:0', 'DEADLINE', 'time-stamp counter; 0 is never', { unit: 'cycles' }],
  ]),
  msr([0xc000_0080, 'IA32_EFER', 'thread', 'rw', 'both'], 'extended features', [
    ['0', 'SCE', 'SYSCALL'],
    ['8', 'LME', 'long mode is wanted'],
    ['10', 'LMA', 'long mode is on'],
    ['11', 'NXE', 'pages can forbid execution'],
    ['12', 'SVME', 'virtualisation (AMD)'],
    ['13', 'LMSLE', 'segment limits in long mode (AMD)'],
    ['14', 'FFXSR', 'FXSAVE without the vector registers (AMD)'],
  ]),
  msr([0xc000_0081, 'IA32_STAR', 'thread', 'rw', 'both'], 'segments of SYSCALL', [
    ['47:32', 'SYSCALL_CS', 'selector on entry'],
    ['63:48', 'SYSRET_CS', 'selector on return'],
  ]),
  msr([0xc000_0082, 'IA32_LSTAR', 'thread', 'rw', 'both'], 'entry of SYSCALL', [
    ['63:0', 'RIP', SEGMENT],
  ]),
  msr([0xc000_0083, 'IA32_CSTAR', 'thread', 'rw', 'both'], 'entry of SYSCALL, 32-bit (AMD)', [
    ['63:0', 'RIP', SEGMENT],
  ]),
  msr([0xc000_0084, 'IA32_FMASK', 'thread', 'rw', 'both'], 'flags that SYSCALL clears', [
    ['31:0', 'MASK', 'bits of RFLAGS'],
  ]),
  ...['FS_BASE', 'GS_BASE', 'KERNEL_GS_BASE'].map((name, n) =>
    msr([0xc000_0100 + n, `IA32_${name}`, 'thread', 'rw', 'both'], 'where a segment begins', [
      ['63:0', 'BASE', SEGMENT],
    ]),
  ),
  msr([0xc000_0103, 'IA32_TSC_AUX', 'thread', 'rw', 'both'], 'what RDTSCP tells besides time', [
    ['31:0', 'AUX', 'a number of the system, which processor it is'],
  ]),
]

const LVT_ROWS = [
  ['7:0', 'VECTOR', 'the interrupt'],
  ['10:8', 'DELIVERY', 'how', { values: { 0: 'fixed', 2: 'SMI', 4: 'NMI', 7: 'ExtINT' } }],
  ['12', 'PENDING', 'sent, not accepted yet'],
  ['16', 'MASKED', 'it is held back'],
] as const

const LVT = ['TIMER', 'THERMAL', 'PMI', 'LINT0', 'LINT1', 'ERROR']

/** The local interrupt controller in x2APIC mode. */
export const APIC_REGISTERS: readonly MsrDefinition[] = [
  msr([0x802, 'IA32_X2APIC_APICID', 'thread', 'ro', 'both'], 'which processor this is', [
    ['31:0', 'ID', 'its number among all'],
  ]),
  msr([0x803, 'IA32_X2APIC_VERSION', 'thread', 'ro', 'both'], 'which version', [
    ['7:0', 'VERSION', 'version'],
    ['23:16', 'MAX_LVT', 'how many local interrupts, less one'],
    ['24', 'EOI_SUPPRESS', 'end of interrupt need not be told to all'],
  ]),
  msr([0x808, 'IA32_X2APIC_TPR', 'thread', 'rw', 'both'], 'priority below which it waits', [
    ['7:0', 'TPR', 'priority'],
  ]),
  msr([0x80d, 'IA32_X2APIC_LDR', 'thread', 'ro', 'both'], 'its logical number', [
    ['15:0', 'ID', 'one bit in the cluster'],
    ['31:16', 'CLUSTER', 'the cluster'],
  ]),
  msr([0x80f, 'IA32_X2APIC_SIVR', 'thread', 'rw', 'both'], 'spurious interrupts', [
    ['7:0', 'VECTOR', 'the interrupt'],
    ['8', 'ENABLE', 'the controller is on'],
  ]),
  msr([0x828, 'IA32_X2APIC_ESR', 'thread', 'rw0', 'both'], 'errors of interrupts', [
    ['7:0', 'ERRORS', 'one bit a kind', { sticky: true }],
  ]),
  msr([0x82f, 'IA32_X2APIC_LVT_CMCI', 'thread', 'rw'], 'interrupt of corrected machine checks', [
    ...LVT_ROWS,
  ]),
  ...family(6, (n) =>
    msr([0x832 + n, `IA32_X2APIC_LVT_${LVT[n]}`, 'thread', 'rw', 'both'], 'a local interrupt', [
      ...LVT_ROWS,
    ]),
  ),
]
