// GuestPolicy: what a hypervisor makes of a guest's rdmsr and wrmsr, as a table of the time.
//
//   (Xen 3.1, IA32_MC4_STATUS)        ->  the register of whatever pcpu it is executed on
//   (Xen 4.17, IA32_APIC_BASE)        ->  a constant
//   (Xen 4.17, NB_CFG, dom0, pinned)  ->  the register; 0 when the vcpu may run on several pcpus
//
// Holds: the first row that names a register decides; one that no row names is as the era says of
// all others. Virtual machine-check banks are in mca/virtual-banks.ts.
// Source: xen/arch/x86/traps.c of 3.1; msr.c and pv/emul-priv-op.c of 4.17.
import type { Era } from '../era.js'
import type { Processor } from '../processor.js'

/** Who executes it. */
export interface GuestVcpu {
  readonly domid: number
  readonly vcpu: number
  /** It may run on one pcpu only. */
  readonly isPinned: boolean
}

/** What a guest's read yields. */
export type ReadAnswer =
  /** The register of the pcpu it is executed on, without the bits of `hides`. */
  | { readonly kind: 'hardware'; readonly hides?: bigint }
  /** What the vcpu wrote, `start` before it did. */
  | { readonly kind: 'own'; readonly start: bigint }
  | { readonly kind: 'constant'; readonly value: bigint }
  | { readonly kind: 'fault' }

/** What becomes of a guest's write. */
export type WriteAnswer = 'hardware' | 'own' | 'dropped' | 'fault'

/** An answer, and who gives it. */
export interface Answered<Answer> {
  readonly answer: Answer
  readonly why: string
}

interface Rule {
  readonly names: readonly string[]
  readonly vendor?: Processor['vendor']
  readonly read?: (by: GuestVcpu) => ReadAnswer
  readonly write?: (by: GuestVcpu) => WriteAnswer
  readonly why: string
}

const HARDWARE: ReadAnswer = { kind: 'hardware' }
const FAULT: ReadAnswer = { kind: 'fault' }
const hardware = (): ReadAnswer => HARDWARE
const constant = (value: bigint) => (): ReadAnswer => ({ kind: 'constant', value })
const controlOnly = (by: GuestVcpu): ReadAnswer => (by.domid === 0 ? HARDWARE : FAULT)
const isPinnedControl = (by: GuestVcpu): boolean => by.domid === 0 && by.isPinned
const pinnedControl = (by: GuestVcpu): WriteAnswer => (isPinnedControl(by) ? 'hardware' : 'dropped')

const SEGMENTS = ['IA32_FS_BASE', 'IA32_GS_BASE', 'IA32_KERNEL_GS_BASE']
const OWN: Rule = {
  names: SEGMENTS,
  read: () => ({ kind: 'own', start: 0n }),
  write: () => 'own',
  why: 'each vcpu has its own',
}
const EFER_SVME = 1n << 12n
const APIC_BASE = 0xfee0_0800n
const APIC_BASE_BSP = 0xfee0_0900n
const XEN_PAT = 0x0005_0100_0704_06n
const PINNED =
  'the hardware has it only for a vcpu of the control domain that may run on one pcpu alone'

/** Xen 3.1: little is emulated. */
const RULES_3_1: readonly Rule[] = [
  OWN,
  { names: ['IA32_TIME_STAMP_COUNTER', 'IA32_EFER'], read: hardware, why: 'the hardware has it' },
  { names: ['IA32_CLOCK_MODULATION'], write: pinnedControl, why: PINNED },
]

/** Xen 4.15 and later. */
const RULES_4_17: readonly Rule[] = [
  OWN,
  {
    names: ['IA32_TIME_STAMP_COUNTER', 'IA32_BIOS_SIGN_ID', 'IA32_MISC_ENABLE'],
    read: hardware,
    why: 'the hardware has it',
  },
  { names: ['IA32_PLATFORM_ID'], vendor: 'intel', read: hardware, why: 'the hardware has it' },
  {
    names: ['IA32_EFER'],
    read: () => ({ kind: 'hardware', hides: EFER_SVME }),
    why: 'the hardware has it; virtualisation is hidden',
  },
  {
    names: ['IA32_APIC_BASE'],
    read: ({ vcpu }) => ({ kind: 'constant', value: vcpu === 0 ? APIC_BASE_BSP : APIC_BASE }),
    why: 'made up: a guest has no local interrupt controller of its own',
  },
  { names: ['IA32_PAT'], read: constant(XEN_PAT), why: "Xen's own, for all guests" },
  {
    names: ['IA32_FEATURE_CONTROL'],
    vendor: 'intel',
    read: constant(1n),
    why: 'made up: locked, nothing allowed',
  },
  { names: ['MSR_PLATFORM_INFO'], vendor: 'intel', read: constant(0n), why: "the guest's policy" },
  {
    names: ['IA32_THERM_STATUS', 'IA32_PERF_STATUS', 'IA32_PERF_CTL', 'IA32_PERF_CAPABILITIES'],
    vendor: 'intel',
    read: constant(0n),
    why: 'made up: 0 whatever the hardware says',
  },
  {
    names: [
      'HWCR',
      'PSTATE_LIMIT',
      'PSTATE_CTL',
      'PSTATE_STATUS',
      ...Array.from({ length: 8 }, (_, n) => `PSTATE_${n}`),
    ],
    vendor: 'amd',
    read: constant(0n),
    why: 'made up: 0 whatever the hardware says',
  },
  {
    names: ['NB_CFG'],
    vendor: 'amd',
    read: (by) => (isPinnedControl(by) ? HARDWARE : { kind: 'constant', value: 0n }),
    write: pinnedControl,
    why: PINNED,
  },
  {
    names: ['MMIO_CONF_BASE'],
    vendor: 'amd',
    read: controlOnly,
    write: pinnedControl,
    why: PINNED,
  },
  {
    names: ['SYSCFG', 'TOP_MEM', 'TOP_MEM2'],
    vendor: 'amd',
    read: controlOnly,
    why: 'the control domain sees the hardware',
  },
  {
    names: ['IA32_CLOCK_MODULATION', 'IA32_ENERGY_PERF_BIAS'],
    vendor: 'intel',
    write: pinnedControl,
    why: PINNED,
  },
]

const OTHERS: Readonly<Record<Era['msrRead'], Answered<ReadAnswer>>> = {
  'pass-through': {
    answer: HARDWARE,
    why: 'passed through: the register of whichever pcpu the vcpu is on',
  },
  fault: { answer: FAULT, why: 'the hypervisor lets no guest read this register' },
}
const OTHER_WRITES: Readonly<Record<Era['msrWrite'], Answered<WriteAnswer>>> = {
  dropped: { answer: 'dropped', why: 'the hypervisor writes nothing, and does not say so' },
  fault: { answer: 'fault', why: 'the hypervisor lets no guest write this register' },
}
/** As xVM Server of 2008 has it: dom0 asks how many banks there are. */
const MCG_CAP: Rule = { names: ['IA32_MCG_CAP'], read: hardware, why: 'the hardware has it' }

/** What one era does with guests' reads and writes. */
export class GuestPolicy {
  readonly #era: Era
  readonly #rules: ReadonlyMap<string, Rule>

  constructor(era: Era, processor: Processor) {
    this.#era = era
    const isOld = era.virtualMca === 'none'
    const older = era.mca === 'hypervisor' ? [MCG_CAP, ...RULES_3_1] : RULES_3_1
    const rules = (isOld ? older : RULES_4_17).filter(
      ({ vendor }) => vendor === undefined || vendor === processor.vendor,
    )
    this.#rules = new Map(rules.flatMap((rule) => rule.names.map((name) => [name, rule] as const)))
  }

  /** What a read of the register of a name yields; of one without a name as of all others. */
  read(name: string | undefined, by: GuestVcpu): Answered<ReadAnswer> {
    const rule = this.#rules.get(name ?? '')
    const answer = rule?.read?.(by)
    return rule === undefined || answer === undefined
      ? OTHERS[this.#era.msrRead]
      : { answer, why: rule.why }
  }

  write(name: string | undefined, by: GuestVcpu): Answered<WriteAnswer> {
    const rule = this.#rules.get(name ?? '')
    const answer = rule?.write?.(by)
    return rule === undefined || answer === undefined
      ? OTHER_WRITES[this.#era.msrWrite]
      : { answer, why: rule.why }
  }
}
