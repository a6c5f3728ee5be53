// FabricSeverity: what a kernel that scans its PCI functions for errors thinks of one of them: may
// it go on? Flags, as `severity` of ereport.io.pci.fabric has them.
//
//   DLP unmasked  ->  0x40, it would panic      BadTLP  ->  0x02, corrected
//
// Holds: unmasked errors count alone. What a driver would have answered is not known here: like the
// kernel of today, none is asked. Source: illumos-gate pcie_fault.c (pf_analyse_error, its tables).
import { ENDPOINT, LEGACY_ENDPOINT, ROOT_PORT } from '../../../machine/pci/express-registers.js'
import { BRIDGE_TO_PCI, type FabricErrors } from './fabric-errors.js'
import { firstBit } from './tlp-target.js'

/** Flags of a severity. */
const CORRECTED = 0x02
const GOES_ON = 0x04
const PARENT_KNOWS = 0x20
const PANICS = 0x40

/** Bits of UESta. */
const TRAINING = 0
const DLP = 4
const SURPRISE = 5
const POISONED = 12
const FLOW = 13
const TIMEOUT = 14
const ABORT = 15
const UNEXPECTED = 16
const OVERFLOW = 17
const MALFORMED = 18
const ECRC = 19
const UNSUPPORTED = 20
const JUDGED = [
  ...[TRAINING, DLP, SURPRISE, POISONED, FLOW, TIMEOUT, ABORT, UNEXPECTED],
  ...[OVERFLOW, MALFORMED, ECRC, UNSUPPORTED],
]
/** Bits of DevSta. */
const CORRECTABLE_SEEN = 1
const NON_FATAL_SEEN = 2
const FATAL_SEEN = 4
const UNSUPPORTED_SEEN = 8
/** Bits of Status. */
const PARITY = 0x8000
const SIGNALLED_SERR = 0x4000
const SIGNALLED_ABORT = 0x0800
/** SERR# of the PCI side: told elsewhere. */
const SECONDARY_SERR = 1 << 12
/** Bit 13 of CESta. */
const ADVISORY = 1 << 13
const PRESENT = 0x40

/** What is thought of the errors of a function; `above` is the bridge above it, where it was looked
 *  at too, and `port` the root port. */
export function severityOf(
  of: FabricErrors,
  around: { readonly above: FabricErrors | undefined; readonly port: FabricErrors | undefined },
): number {
  if (of.express === undefined && of.uncorrectable === undefined) return conventional(of)
  const isRoot = of.type === ROOT_PORT
  const seen = of.express?.status ?? 0
  let flags = !isRoot && (seen & CORRECTABLE_SEEN) !== 0 ? CORRECTED : 0
  const isLeaf = of.type === ENDPOINT || of.type === LEGACY_ENDPOINT || of.type === BRIDGE_TO_PCI
  const status = unmasked(of)
  for (const bit of JUDGED) {
    if (((status >>> bit) & 1) === 0) continue
    if (isLeaf && (bit === TRAINING || bit === SURPRISE)) continue
    flags |= judge(bit, of, around)
  }
  if (of.type !== BRIDGE_TO_PCI) return flags
  const { status: below = 0, mask = 0 } = of.secondary ?? {}
  flags |= judgeSecondary(below & ~mask)
  return (seen & (NON_FATAL_SEEN | FATAL_SEEN)) === 0 ? flags | conventional(of) : flags
}

function judge(
  bit: number,
  of: FabricErrors,
  {
    above,
    port,
  }: { readonly above: FabricErrors | undefined; readonly port: FabricErrors | undefined },
): number {
  const isFirst = of.uncorrectable !== undefined && firstBit(of.uncorrectable) === bit
  const header = of.uncorrectable?.header
  switch (bit) {
    case TRAINING:
    case SURPRISE:
    case ECRC:
      return GOES_ON
    case ABORT:
    case UNSUPPORTED:
      return of.type === ROOT_PORT ? GOES_ON : PANICS
    case POISONED: {
      const hasLog = above?.uncorrectable !== undefined && firstBit(above.uncorrectable) === bit
      return hasLog && !(isFirst && hasAddress(of)) ? PARENT_KNOWS : PANICS
    }
    case TIMEOUT: {
      const isAdvised = isFirst && ((of.correctable?.status ?? 0) & ADVISORY) !== 0
      const isEmptySlot = port?.slot !== undefined && (port.slot.status & PRESENT) === 0
      return isAdvised || isEmptySlot ? GOES_ON : PANICS
    }
    case UNEXPECTED:
      return isFirst && header !== undefined && header[2] >>> 16 === of.id ? GOES_ON : PANICS
    default:
      return PANICS
  }
}

/** Whether its header is that of an access to an address. */
function hasAddress({ uncorrectable }: FabricErrors): boolean {
  const [first, , third] = uncorrectable?.header ?? [0, 0, 0]
  return (first >>> 24) % 32 <= 2 && third !== 0
}

function judgeSecondary(status: number): number {
  if (status === 0) return 0
  const goesOn = (status & SECONDARY_SERR) === 0 ? 0 : GOES_ON
  return goesOn | ((status & ~SECONDARY_SERR) === 0 ? 0 : PANICS)
}

/** Any error of conventional PCI. */
function conventional({ pci, bridge }: FabricErrors): number {
  const errors = ((pci?.status ?? 0) | (bridge?.status ?? 0)) & 0xf900
  return errors === 0 ? 0 : PANICS
}

/** Uncorrectable errors that are not masked; without Advanced Error Reporting, those that the other
 *  registers allow. */
function unmasked(of: FabricErrors): number {
  const { uncorrectable, express, pci } = of
  if (uncorrectable !== undefined) return uncorrectable.status & ~(uncorrectable.mask ?? 0)
  const seen = express?.status ?? 0
  const status = pci?.status ?? 0
  if ((seen & NON_FATAL_SEEN) === 0) {
    return (seen & FATAL_SEEN) === 0 ? 0 : bits(DLP, SURPRISE, FLOW, OVERFLOW, MALFORMED)
  }
  return bits(
    ...((status & PARITY) !== 0 ? [POISONED] : []),
    ...((status & SIGNALLED_ABORT) !== 0 ? [ABORT] : []),
    ...((seen & UNSUPPORTED_SEEN) !== 0 ? [UNSUPPORTED] : []),
    ...((status & SIGNALLED_SERR) !== 0 ? [TIMEOUT] : []),
  )
}

const bits = (...numbers: readonly number[]): number =>
  numbers.reduce((all, bit) => all | (1 << bit), 0)
