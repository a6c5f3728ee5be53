// Registers of memory types, and of what virtualisation can do.
//
// Source: Intel SDM volume 3, 11.11 and 11.12, appendix A.
import { type FieldRow, family, type MsrDefinition, msr } from './msr.js'

const TYPES = {
  0: 'uncacheable',
  1: 'write-combining',
  4: 'write-through',
  5: 'write-protected',
  6: 'write-back',
  7: 'uncached, unless ranges combine it',
} as const

/** First numbers of ranges: their base; the mask is the next. */
const PHYSBASE0 = 0x200

const byteTypes = (name: (n: number) => string, doc: string): readonly FieldRow[] =>
  Array.from({ length: 8 }, (_, n) => [`${8 * n + 7}:${8 * n}`, name(n), doc, { values: TYPES }])

/** Name and first address of each fixed range. */
const FIXED: readonly (readonly [address: number, name: string])[] = [
  [0x250, '64K_00000'],
  [0x258, '16K_80000'],
  [0x259, '16K_A0000'],
  ...Array.from({ length: 8 }, (_, n) => {
    const from = (0xc0000 + n * 0x8000).toString(16).toUpperCase()
    return [0x268 + n, `4K_${from}`] as const
  }),
]

const VMX = [
  ['BASIC', 'what virtualisation there is'],
  ['PINBASED_CTLS', 'pin-based controls'],
  ['PROCBASED_CTLS', 'processor-based controls'],
  ['EXIT_CTLS', 'controls of leaving a guest'],
  ['ENTRY_CTLS', 'controls of entering a guest'],
  ['MISC', 'what else'],
  ['CR0_FIXED0', 'bits of CR0 that must be 1'],
  ['CR0_FIXED1', 'bits of CR0 that may be 1'],
  ['CR4_FIXED0', 'bits of CR4 that must be 1'],
  ['CR4_FIXED1', 'bits of CR4 that may be 1'],
  ['VMCS_ENUM', 'the highest field of a control structure'],
  ['PROCBASED_CTLS2', 'more processor-based controls'],
  ['EPT_VPID_CAP', 'nested paging and tagged TLBs'],
  ['TRUE_PINBASED_CTLS', 'pin-based controls, without defaults'],
  ['TRUE_PROCBASED_CTLS', 'processor-based controls, without defaults'],
  ['TRUE_EXIT_CTLS', 'controls of leaving, without defaults'],
  ['TRUE_ENTRY_CTLS', 'controls of entering, without defaults'],
  ['VMFUNC', 'functions a guest may use'],
] as const

const BASIC: readonly FieldRow[] = [
  ['30:0', 'REVISION', 'revision of control structures'],
  ['44:32', 'SIZE', 'of a control structure', { unit: 'bytes' }],
  ['48', 'ADDRESS_32', 'structures are below 4 GiB'],
  ['49', 'DUAL_MONITOR', 'system management can have a monitor of its own'],
  ['53:50', 'TYPE', 'memory type of structures', { values: TYPES }],
  ['54', 'INS_OUTS', 'leaving on INS and OUTS tells more'],
  ['55', 'TRUE_CTLS', 'the TRUE registers are there'],
]

const allowed: readonly FieldRow[] = [
  ['31:0', 'ALLOWED0', 'bits that must be 1'],
  ['63:32', 'ALLOWED1', 'bits that may be 1'],
]

/** All of them. */
export const MEMORY_REGISTERS: readonly MsrDefinition[] = [
  ...family(10, (n) =>
    msr([PHYSBASE0 + 2 * n, `IA32_MTRR_PHYSBASE${n}`, 'core', 'rw', 'both'], 'a range of memory', [
      ['7:0', 'TYPE', 'how it is cached', { values: TYPES }],
      ['51:12', 'BASE', 'where it begins', { unit: 'bytes', scale: 4096 }],
    ]),
  ),
  ...family(10, (n) =>
    msr([PHYSBASE0 + 2 * n + 1, `IA32_MTRR_PHYSMASK${n}`, 'core', 'rw', 'both'], 'its size', [
      ['11', 'VALID', 'the range is used'],
      ['51:12', 'MASK', 'bits of an address that must be those of the base'],
    ]),
  ),
  ...FIXED.map(([address, name]) =>
    msr([address, `IA32_MTRR_FIX${name}`, 'core', 'rw', 'both'], 'eight fixed ranges', [
      ...byteTypes((n) => `TYPE${n}`, 'how it is cached'),
    ]),
  ),
  msr([0x277, 'IA32_PAT', 'thread', 'rw', 'both'], 'memory types that pages can have', [
    ...byteTypes((n) => `PA${n}`, 'how such a page is cached'),
  ]),
  msr([0x2ff, 'IA32_MTRR_DEF_TYPE', 'core', 'rw', 'both'], 'memory in no range', [
    ['7:0', 'TYPE', 'how it is cached', { values: TYPES }],
    ['10', 'FE', 'fixed ranges are used'],
    ['11', 'E', 'ranges are used'],
  ]),
  ...VMX.map(([name, doc], n) =>
    msr([0x480 + n, `IA32_VMX_${name}`, 'package', 'ro'], doc, n === 0 ? BASIC : vmxFields(name)),
  ),
]

function vmxFields(name: string): readonly FieldRow[] {
  return name.includes('CTLS') ? allowed : [['63:0', 'BITS', 'bits']]
}
