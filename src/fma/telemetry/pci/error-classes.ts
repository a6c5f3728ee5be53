// ErrorClasses: which bit of which status register is an ereport of which class, in the order in
// which illumos makes them.
//
//   UESta bit 14  ->  ereport.io.pciex.tl.cto, of whom it was about: ereport.io.pci.target-ma
//
// Holds: nothing is made of bits that are not here: on x86, that of an unsupported request and
// those that illumos has no class for. Source: illumos-gate
// cmd/fm/modules/common/fabric-xlate/fx_fabric.c.

/** One bit of a register. */
export interface ErrorClass {
  readonly bits: number
  readonly class: string
  /** The class of whom it was about, where its header says. */
  readonly target?: string
}

const row =
  (prefix: string) =>
  ([bit, leaf, target]: readonly [bit: number, leaf: string, target?: string]): ErrorClass => ({
    bits: (1 << bit) >>> 0,
    class: `ereport.io.${prefix}${leaf}`,
    ...(target === undefined ? {} : { target: `ereport.io.pci.target-${target}` }),
  })

/** Status of conventional PCI. */
export const PCI_CLASSES = (
  [
    [15, 'dpe'],
    [8, 'mdpe'],
    [14, 'sserr'],
    [13, 'ma'],
    [12, 'rta'],
    [11, 'sta'],
  ] as const
).map(row('pci.'))

/** Secondary status of a bridge. */
export const BRIDGE_CLASSES = (
  [
    [15, 'dpe'],
    [8, 'mdpe'],
    [14, 'rserr'],
    [12, 'rta'],
    [11, 'sta'],
  ] as const
).map(row('pci.sec-'))

/** Bridge control. */
export const BRIDGE_CONTROL_CLASSES = [row('pci.')([10, 'dto'])]

/** Correctable errors. */
export const CORRECTABLE_CLASSES = (
  [
    [0, 'pl.re'],
    [8, 'dl.rnr'],
    [12, 'dl.rto'],
    [7, 'dl.bdllp'],
    [6, 'dl.btlp'],
    [13, 'a-nonfatal'],
  ] as const
).map(row('pciex.'))

/** Uncorrectable errors. */
export const UNCORRECTABLE_CLASSES = (
  [
    [0, 'pl.te'],
    [4, 'dl.dllp'],
    [5, 'dl.sd'],
    [17, 'tl.rof'],
    [13, 'tl.fcp'],
    [18, 'tl.mtlp'],
    [14, 'tl.cto', 'ma'],
    [16, 'tl.uc'],
    [19, 'tl.ecrc'],
    [15, 'tl.ca', 'rta'],
    [12, 'tl.ptlp', 'mdpe'],
  ] as const
).map(row('pciex.'))

/** Errors of the PCI side of a bridge from PCI Express. */
export const SECONDARY_CLASSES = (
  [
    [0, 'sec-ta-sc', 'rta'],
    [1, 'sec-ma-sc', 'ma'],
    [2, 'sec-rta', 'rta'],
    [5, 'usc'],
    [6, 'uscmd', 'rta'],
    [7, 'sec-ude', 'mdpe'],
    [8, 'sec-uat', 'mdpe'],
    [9, 'sec-uadr', 'mdpe'],
    [10, 'sec-tex'],
    [11, 'sec-perr', 'mdpe'],
    [12, 'sec-serr'],
    [13, 'sec-interr'],
  ] as const
).map(row('pciex.bdg.'))

/** Device status, of a function without Advanced Error Reporting. */
export const DEVICE_CLASSES = (
  [
    [2, 'fatal'],
    [1, 'nonfatal'],
    [0, 'correctable'],
  ] as const
).map(row('pciex.'))

/** Messages that came to a root port. */
export const ROOT_CLASSES = (
  [
    [6, 'fe-msg'],
    [5, 'nfe-msg'],
    [0, 'ce-msg'],
    [1, 'mce-msg'],
    [3, 'mue-msg'],
  ] as const
).map(row('pciex.rc.'))

/** Device status, where no root port says what messages came. */
export const MADE_UP_ROOT_CLASSES = (
  [
    [2, 'fe-msg'],
    [1, 'nfe-msg'],
    [0, 'ce-msg'],
  ] as const
).map(row('pciex.rc.'))

const KNOWN = {
  uncorrectable: bitsOf(UNCORRECTABLE_CLASSES),
  correctable: bitsOf(CORRECTABLE_CLASSES),
}

/** The bits of a register of errors of which no ereport is made. */
export function withoutClass(register: keyof typeof KNOWN, status: number): number {
  return (status & ~KNOWN[register]) >>> 0
}

function bitsOf(classes: readonly ErrorClass[]): number {
  return classes.reduce((all, { bits }) => all | bits, 0)
}
