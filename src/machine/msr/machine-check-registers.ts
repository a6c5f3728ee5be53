// The registers of machine checks: what there is, what is going on, and four for each bank.
//
// Source: Intel SDM volume 3, chapter 15; AMD64 manual volume 2, chapter 9, and its processors'
// guides for what is only AMD's.
import { type FieldRow, family, type MsrDefinition, msr } from './msr.js'

/** First number of a bank's four: CTL, STATUS, ADDR, MISC. */
export const MC0_CTL = 0x400
/** First of the registers that set when a bank announces corrected errors. */
export const MC0_CTL2 = 0x280
/** First number of a bank of AMD's scalable machine checks; each has sixteen. */
const SMCA_BASE = 0xc000_2000
/** Most banks these families have numbers for. */
export const MAX_BANKS = 32

const STATUS_FIELDS: readonly FieldRow[] = [
  ['63', 'VAL', 'the bank holds an error', { sticky: true }],
  ['62', 'OVER', 'another error came while it held one', { sticky: true }],
  ['61', 'UC', 'the hardware could not correct it', { sticky: true }],
  ['60', 'EN', 'its enable bit was set in CTL', { sticky: true }],
  ['59', 'MISCV', 'MISC says more', { sticky: true }],
  ['58', 'ADDRV', 'ADDR says where', { sticky: true }],
  ['57', 'PCC', 'the state of the processor is corrupt', { sticky: true }],
  ['56', 'S', 'it was signalled by an exception (where MCG_SER_P)', { sticky: true }],
  ['55', 'AR', 'software must act before it goes on (where MCG_SER_P)', { sticky: true }],
  [
    '54:53',
    'TBES',
    'whether corrected errors are getting many (where MCG_TES_P, and not UC)',
    {
      values: { 0: 'not tracked', 1: 'green: below threshold', 2: 'yellow: above', 3: 'reserved' },
    },
  ],
  ['52:38', 'COUNT', 'corrected errors since it was cleared', { unit: 'errors' }],
  ['37', 'FWUPD', 'firmware has changed this status'],
  ['31:16', 'MSCOD', "the model's own error code"],
  ['15:0', 'MCACOD', 'the error code of the architecture'],
]

/** Fields that say something only where MCG_CAP says so. */
const ONLY_WHERE_TOLD: ReadonlySet<string> = new Set(['S', 'AR', 'TBES', 'COUNT', 'FWUPD'])
const MODELS_OWN: FieldRow = [
  '56:32',
  'MODEL',
  "the model's own; AMD's: 46 corrected by ECC, 45 found by it, 54:47 syndrome",
]

/** The status of a bank as a processor has it that neither counts nor tracks nor recovers. */
export function plainStatus(definition: MsrDefinition): MsrDefinition {
  const rows = STATUS_FIELDS.filter(([, name]) => !ONLY_WHERE_TOLD.has(name))
  const at = rows.findIndex(([, name]) => name === 'MSCOD')
  const { address, name, scope } = definition
  const place = [address, name, scope, 'rw0', 'both'] as const
  return msr(place, definition.doc, [...rows.slice(0, at), MODELS_OWN, ...rows.slice(at)])
}

const MISC_FIELDS: readonly FieldRow[] = [
  ['5:0', 'LSB', 'lowest bit of ADDR that is valid: 6 a cache line, 12 a page'],
  [
    '8:6',
    'MODE',
    'what ADDR is',
    {
      values: {
        0: 'offset in a segment',
        1: 'linear address',
        2: 'physical address',
        3: 'memory address',
        7: 'generic',
      },
    },
  ],
  ['63:9', 'MODEL', "the model's own: on some, channel, DIMM and syndrome"],
]

const bank = (n: number): readonly MsrDefinition[] => {
  const at = MC0_CTL + 4 * n
  return [
    msr([at, `IA32_MC${n}_CTL`, 'bank', 'rw', 'both'], `which errors of bank ${n} are signalled`, [
      ['63:0', 'EE', 'one enable bit for each kind of error'],
    ]),
    msr(
      [at + 1, `IA32_MC${n}_STATUS`, 'bank', 'rw0', 'both'],
      `the error that bank ${n} holds`,
      STATUS_FIELDS,
    ),
    msr(
      [at + 2, `IA32_MC${n}_ADDR`, 'bank', 'rw0', 'both'],
      `where it was, if ADDRV of IA32_MC${n}_STATUS`,
      [['63:0', 'ADDRESS', 'an address; what kind says MISC']],
    ),
    msr(
      [at + 3, `IA32_MC${n}_MISC`, 'bank', 'rw0', 'both'],
      `more about it, if MISCV of IA32_MC${n}_STATUS`,
      MISC_FIELDS,
    ),
  ]
}

const control2 = (n: number): MsrDefinition =>
  msr([MC0_CTL2 + n, `IA32_MC${n}_CTL2`, 'bank'], `when bank ${n} announces corrected errors`, [
    ['14:0', 'THRESHOLD', 'at how many corrected errors it interrupts', { unit: 'errors' }],
    ['30', 'CMCI_EN', 'it interrupts'],
  ])

const GLOBAL: readonly MsrDefinition[] = [
  msr([0x0, 'IA32_P5_MC_ADDR', 'thread', 'ro'], 'address of a machine check, as of the Pentium', [
    ['63:0', 'ADDRESS', 'where it was'],
  ]),
  msr([0x1, 'IA32_P5_MC_TYPE', 'thread', 'ro'], 'kind of a machine check, as of the Pentium', [
    ['4:0', 'TYPE', 'the bus cycle'],
  ]),
  msr([0x179, 'IA32_MCG_CAP', 'thread', 'ro', 'both'], 'what machine-check hardware there is', [
    ['7:0', 'Count', 'how many banks', { unit: 'banks' }],
    ['8', 'MCG_CTL_P', 'IA32_MCG_CTL is there'],
    ['9', 'MCG_EXT_P', 'registers of the moment of the error are there'],
    ['10', 'MCG_CMCI_P', 'corrected errors are counted and can interrupt'],
    ['11', 'MCG_TES_P', 'banks say whether corrected errors are getting many'],
    ['23:16', 'MCG_EXT_CNT', 'how many registers of that moment'],
    ['24', 'MCG_SER_P', 'software can recover from some uncorrected errors'],
    ['25', 'MCG_EMC_P', 'firmware can be told of machine checks'],
    ['26', 'MCG_ELOG_P', 'firmware can add a log of its own'],
    ['27', 'MCG_LMCE_P', 'one logical processor alone can be told'],
  ]),
  msr([0x17a, 'IA32_MCG_STATUS', 'thread', 'rw', 'both'], 'what the machine check interrupted', [
    ['0', 'RIPV', 'the interrupted program can be resumed', { sticky: true }],
    ['1', 'EIPV', 'its instruction pointer belongs to the error', { sticky: true }],
    ['2', 'MCIP', 'a machine check is being handled: another one shuts down', { sticky: true }],
    ['3', 'LMCE_S', 'only this logical processor was told', { sticky: true }],
  ]),
  msr([0x17b, 'IA32_MCG_CTL', 'thread', 'rw', 'both'], 'which banks report at all', [
    ['63:0', 'EE', 'enable bits; there if MCG_CTL_P of IA32_MCG_CAP'],
  ]),
  msr([0x4d0, 'IA32_MCG_EXT_CTL', 'thread'], 'machine checks of one logical processor alone', [
    ['0', 'LMCE_EN', 'errors that concern only this one are told only to it'],
  ]),
]

const THRESHOLD_FIELDS: readonly FieldRow[] = [
  ['63', 'Valid', 'there is a threshold counter'],
  ['62', 'CntP', 'the counter is present'],
  ['61', 'Locked', 'only firmware may change this'],
  ['51', 'CntEn', 'it counts'],
  [
    '50:49',
    'IntType',
    'what happens on overflow',
    { values: { 0: 'nothing', 1: 'APIC', 2: 'SMI' } },
  ],
  ['48', 'Ovrflw', 'the counter passed its end', { sticky: true }],
  ['43:32', 'ErrCnt', 'the counter: overflows at 4095', { unit: 'errors' }],
]

const smca = (n: number): readonly MsrDefinition[] => {
  const at = SMCA_BASE + 16 * n
  const of = (offset: number, name: string, doc: string, rows: readonly FieldRow[]) =>
    msr([at + offset, `MCA_${name}_${n}`, 'bank', 'rw', 'amd'], doc, rows)
  return [
    of(0, 'CTL', `which errors of bank ${n} are reported`, [['63:0', 'EE', 'enable bits']]),
    of(1, 'STATUS', `the error that bank ${n} holds`, SMCA_STATUS),
    of(2, 'ADDR', 'where it was', [
      ['55:0', 'ErrorAddr', 'the address'],
      ['61:56', 'LSB', 'lowest bit of it that is valid'],
    ]),
    of(3, 'MISC0', 'counting and threshold', THRESHOLD_FIELDS),
    of(4, 'CONFIG', 'how the bank is set up', [
      ['0', 'McaX', 'the registers of scalable machine checks are there'],
      ['2', 'DeferredErrorLoggingSupported', 'deferred errors are logged'],
      ['5', 'DeferredIntTypeSupported', 'deferred errors can interrupt'],
      ['32', 'McaXEnable', 'software knows these registers'],
      ['34', 'LogDeferredInMcaStat', 'deferred errors are logged in STATUS too'],
      ['38:37', 'DeferredIntType', 'what a deferred error does'],
    ]),
    of(5, 'IPID', 'which piece of hardware this bank is', [
      ['31:0', 'InstanceId', 'which of them'],
      ['43:32', 'HardwareID', 'what it is'],
      ['63:48', 'McaType', 'which kind of bank of it'],
    ]),
    of(6, 'SYND', 'the syndrome', [
      ['31:0', 'ErrorInformation', 'more, by the kind of error'],
      ['63:32', 'Syndrome', 'which bits were wrong'],
    ]),
    of(8, 'DESTAT', 'a deferred error', SMCA_STATUS),
    of(9, 'DEADDR', 'where that was', [['55:0', 'ErrorAddr', 'the address']]),
    ...family(4, (m) => of(10 + m, `MISC${m + 1}`, 'more counters', THRESHOLD_FIELDS)),
  ]
}

const SMCA_STATUS: readonly FieldRow[] = [
  ['63', 'Val', 'the bank holds an error', { sticky: true }],
  ['62', 'Overflow', 'another error came while it held one', { sticky: true }],
  ['61', 'UC', 'the hardware could not correct it', { sticky: true }],
  ['60', 'En', 'its enable bit was set', { sticky: true }],
  ['59', 'MiscV', 'MISC0 says more', { sticky: true }],
  ['58', 'AddrV', 'ADDR says where', { sticky: true }],
  ['57', 'PCC', 'the state of the processor is corrupt', { sticky: true }],
  ['55', 'TCC', 'the state of this thread is corrupt', { sticky: true }],
  ['53', 'SyndV', 'SYND holds the syndrome', { sticky: true }],
  ['46', 'CECC', 'corrected by ECC', { sticky: true }],
  ['45', 'UECC', 'not correctable by ECC', { sticky: true }],
  ['44', 'Deferred', 'not corrected, not used yet', { sticky: true }],
  ['43', 'Poison', 'data known to be bad was used', { sticky: true }],
  ['40', 'Scrub', 'the scrubber found it', { sticky: true }],
  ['21:16', 'ErrorCodeExt', 'which error of this bank'],
  ['15:0', 'ErrorCode', 'the error code of the architecture'],
]

/** All of them. */
export const MACHINE_CHECK_REGISTERS: readonly MsrDefinition[] = [
  ...GLOBAL,
  ...family(MAX_BANKS, control2),
  ...Array.from({ length: MAX_BANKS }, (_, n) => bank(n)).flat(),
  ...family(3, (n) =>
    msr(
      [0xc000_0408 + n, `MC4_MISC${n + 1}`, 'node', 'rw', 'amd'],
      'counting and threshold of errors of the northbridge',
      THRESHOLD_FIELDS,
    ),
  ),
  ...family(8, (n) =>
    msr(
      [0xc001_0044 + n, `MC${n}_CTL_MASK`, 'bank', 'rw', 'amd'],
      `which errors of bank ${n} are not even logged`,
      [['63:0', 'Mask', 'one bit for each enable bit of CTL']],
    ),
  ),
  ...Array.from({ length: MAX_BANKS }, (_, n) => smca(n)).flat(),
]
