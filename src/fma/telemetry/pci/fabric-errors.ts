// FabricErrors: what the registers of one PCI function tell of errors, taken apart for ereports.
//
//   configuration space as it was when errors were read  ->  Status, DevSta, AER, RootSta ...
//
// Holds: a group of registers that the function has not, or that its source does not show, is
// absent, never 0; `new` has only what was not there when somebody looked before. Source:
// illumos-gate pcie_fault.c (pf_pci_regs_gather, pf_pcie_regs_gather); PCI Express to PCI bridge
// 1.0 for the secondary side.
import {
  AER_CONTROL,
  CE_MASK,
  CE_STATUS,
  ERROR_SOURCE,
  HEADER_LOG,
  ROOT_COMMAND,
  ROOT_ERROR_STATUS,
  UE_MASK,
  UE_SEVERITY,
  UE_STATUS,
} from '../../../machine/pci/aer-registers.js'
import { CAP_EXPRESS, capability, EXT_AER } from '../../../machine/pci/capability.js'
import { readConfig } from '../../../machine/pci/config-space.js'
import {
  DEVICE_CAPABILITIES,
  DEVICE_CONTROL,
  DEVICE_STATUS,
  DOWNSTREAM_PORT,
  FLAGS,
  ROOT_CONTROL,
  ROOT_PORT,
  ROOT_STATUS,
  SLOT_CAPABILITIES,
  SLOT_CONTROL,
  SLOT_STATUS,
} from '../../../machine/pci/express-registers.js'
import {
  BRIDGE_CONTROL,
  COMMAND,
  SECONDARY_STATUS,
  STATUS,
} from '../../../machine/pci/header-registers.js'
import { fieldOf, type PciRegister, readRegister } from '../../../machine/pci/register.js'
import { isBridge, portType } from '../../../machine/pci/register-map.js'
import { partsOf, type RequesterId } from '../../../machine/pci/requester-id.js'
import type { HeaderWords } from '../../../machine/pci/tlp-header.js'
import type { PciErrorFunction } from '../../../machine/telemetry.js'

/** Uncorrectable errors of one side of a function, with what is kept of the first. */
export interface UncorrectableErrors {
  readonly status: number
  readonly mask: number | undefined
  readonly severity: number | undefined
  readonly control: number | undefined
  /** The bit of the first error, as the control register points at it. */
  readonly first: number | undefined
  readonly header: HeaderWords | undefined
}

/** Status registers that errors set. */
export interface ErrorBits {
  readonly pci: number
  readonly bridge: number
  /** In Bridge Control: a discard timer expired. */
  readonly bridgeControl: number
  readonly express: number
  readonly uncorrectable: number
  readonly correctable: number
  readonly secondary: number
  readonly root: number
}

/** Errors of one function. */
export interface FabricErrors {
  readonly id: RequesterId
  /** Undefined where the source does not say: of a log, say. */
  readonly ids: { vendor: number; device: number; revision: number | undefined } | undefined
  /** `PORT_TYPES`; undefined for conventional PCI, or where nobody says. */
  readonly type: number | undefined
  /** Where capabilities begin; 0 where there is none, undefined where nobody says. */
  readonly expressAt: number | undefined
  readonly aerAt: number | undefined
  /** The first and the last bus below a bridge. */
  readonly buses: { first: number; last: number } | undefined
  readonly pci: { status: number; command: number } | undefined
  readonly bridge: { status: number; control: number } | undefined
  readonly express:
    | { status: number; control: number; capabilities: number | undefined }
    | undefined
  readonly uncorrectable: UncorrectableErrors | undefined
  readonly correctable: { status: number; mask: number | undefined } | undefined
  /** Of a bridge from PCI Express to PCI. */
  readonly secondary: UncorrectableErrors | undefined
  /** Power management at a root port. */
  readonly rootControl: { status: number; control: number } | undefined
  /** Messages that came to a root port; a source that is not known is 0. */
  readonly root:
    | {
        readonly status: number
        readonly command: number | undefined
        readonly correctableSource: number
        readonly uncorrectableSource: number
      }
    | undefined
  /** Of the slot that a port ends in, where cards can be changed while it is on. */
  readonly slot: { capabilities: number; control: number; status: number } | undefined
  /** What of all this is new. */
  readonly new: ErrorBits
}

/** `type` of a bridge from PCI Express to PCI. */
export const BRIDGE_TO_PCI = 7
/** Bits of Status and Secondary Status that are errors. */
const PCI_ERRORS = 0xf900
const TIMER_STATUS = 0x400
const ROOT_ERRORS = 0x7f
/** The secondary side in the AER capability of a bridge to PCI. */
const SECONDARY = { status: 0x2c, mask: 0x30, severity: 0x34, control: 0x38, header: 0x3c } as const
const PRIMARY = {
  status: UE_STATUS.offset,
  mask: UE_MASK.offset,
  severity: UE_SEVERITY.offset,
  control: AER_CONTROL.offset,
  header: HEADER_LOG,
} as const

/** Whether nobody answers at a function any more: all its bits read one. */
export function isGone({ bytes }: PciErrorFunction): boolean {
  return readConfig(bytes, 0, 4) === 0xffff_ffff
}

/** The errors of a function. */
export function fabricErrors({ id, bytes, left }: PciErrorFunction): FabricErrors {
  const expressAt = capability(bytes, CAP_EXPRESS)?.at ?? 0
  const aerAt = capability(bytes, EXT_AER, true)?.at ?? 0
  const found = gather(bytes, expressAt, aerAt)
  const was = left === undefined ? NO_BITS : statusOf(gather(left, expressAt, aerAt))
  const word = (at: number, size: 1 | 2): number => readConfig(bytes, at, size) ?? 0
  return {
    id,
    ids: { vendor: word(0, 2), device: word(2, 2), revision: word(8, 1) },
    type: portType(bytes),
    expressAt,
    aerAt,
    buses: isBridge(bytes) ? { first: word(0x19, 1), last: word(0x1a, 1) } : undefined,
    ...found,
    new: without(statusOf(found), was),
  }
}

/** All that registers tell. */
export type Gathered = Omit<
  FabricErrors,
  'id' | 'ids' | 'type' | 'expressAt' | 'aerAt' | 'buses' | 'new'
>

/** What a source has that tells of nothing. */
export const NOTHING_GATHERED: Gathered = {
  pci: undefined,
  bridge: undefined,
  express: undefined,
  uncorrectable: undefined,
  correctable: undefined,
  secondary: undefined,
  rootControl: undefined,
  root: undefined,
  slot: undefined,
}

function gather(bytes: Uint8Array, expressAt: number, aerAt: number): Gathered {
  const raw = (base: number, register: PciRegister): number =>
    readRegister(bytes, base, register).raw
  const type = expressAt === 0 ? undefined : portType(bytes)
  const isRootPort = type === ROOT_PORT
  return {
    pci: { status: raw(0, STATUS), command: raw(0, COMMAND) },
    bridge: isBridge(bytes)
      ? { status: raw(0, SECONDARY_STATUS), control: raw(0, BRIDGE_CONTROL) }
      : undefined,
    express:
      expressAt === 0
        ? undefined
        : {
            status: raw(expressAt, DEVICE_STATUS),
            control: raw(expressAt, DEVICE_CONTROL),
            capabilities: raw(expressAt, DEVICE_CAPABILITIES),
          },
    uncorrectable: aerAt === 0 ? undefined : uncorrectableAt(bytes, aerAt, PRIMARY),
    correctable:
      aerAt === 0 ? undefined : { status: raw(aerAt, CE_STATUS), mask: raw(aerAt, CE_MASK) },
    secondary:
      aerAt === 0 || type !== BRIDGE_TO_PCI ? undefined : uncorrectableAt(bytes, aerAt, SECONDARY),
    rootControl: isRootPort
      ? { status: raw(expressAt, ROOT_STATUS), control: raw(expressAt, ROOT_CONTROL) }
      : undefined,
    root: isRootPort && aerAt !== 0 ? rootAt(bytes, aerAt) : undefined,
    slot: slotAt(bytes, expressAt, type),
  }
}

function uncorrectableAt(
  bytes: Uint8Array,
  aerAt: number,
  places: Readonly<Record<keyof typeof SECONDARY, number>>,
): UncorrectableErrors {
  const word = (offset: number): number => readConfig(bytes, aerAt + offset, 4) ?? 0
  const { status, mask, severity, control, header } = places
  return {
    status: word(status),
    mask: word(mask),
    severity: word(severity),
    control: word(control),
    first: word(control) & 0x1f,
    header: [word(header), word(header + 4), word(header + 8), word(header + 12)],
  }
}

function rootAt(bytes: Uint8Array, aerAt: number): FabricErrors['root'] {
  const source = readRegister(bytes, aerAt, ERROR_SOURCE)
  return {
    status: readRegister(bytes, aerAt, ROOT_ERROR_STATUS).raw,
    command: readRegister(bytes, aerAt, ROOT_COMMAND).raw,
    correctableSource: fieldOf(source, 'ERR_COR'),
    uncorrectableSource: fieldOf(source, 'ERR_FATAL/NONFATAL'),
  }
}

function slotAt(
  bytes: Uint8Array,
  expressAt: number,
  type: number | undefined,
): FabricErrors['slot'] {
  if (type !== ROOT_PORT && type !== DOWNSTREAM_PORT) return undefined
  if (fieldOf(readRegister(bytes, expressAt, FLAGS), 'slot') === 0) return undefined
  const capabilities = readRegister(bytes, expressAt, SLOT_CAPABILITIES)
  if (fieldOf(capabilities, 'HotPlug') === 0) return undefined
  return {
    capabilities: capabilities.raw,
    control: readRegister(bytes, expressAt, SLOT_CONTROL).raw,
    status: readRegister(bytes, expressAt, SLOT_STATUS).raw,
  }
}

/** The bridges above a function, the nearest first, as far as they were looked at too. */
export function bridgesAbove(
  { id }: FabricErrors,
  all: readonly FabricErrors[],
): readonly FabricErrors[] {
  const { bus } = partsOf(id)
  const depth = ({ buses }: FabricErrors): number => buses?.first ?? 0
  return all
    .filter(({ buses }) => buses !== undefined && buses.first <= bus && bus <= buses.last)
    .filter(({ buses }) => buses?.first !== 0)
    .sort((a, b) => depth(b) - depth(a))
}

/** No error at all. */
export const NO_BITS: ErrorBits = {
  pci: 0,
  bridge: 0,
  bridgeControl: 0,
  express: 0,
  uncorrectable: 0,
  correctable: 0,
  secondary: 0,
  root: 0,
}

/** What the status registers say. */
export function statusOf(of: Gathered): ErrorBits {
  return {
    pci: (of.pci?.status ?? 0) & PCI_ERRORS,
    bridge: (of.bridge?.status ?? 0) & PCI_ERRORS,
    bridgeControl: (of.bridge?.control ?? 0) & TIMER_STATUS,
    express: (of.express?.status ?? 0) & 0xf,
    uncorrectable: of.uncorrectable?.status ?? 0,
    correctable: of.correctable?.status ?? 0,
    secondary: of.secondary?.status ?? 0,
    root: (of.root?.status ?? 0) & ROOT_ERRORS,
  }
}

/** The bits that were not there before. */
export function without(now: ErrorBits, was: ErrorBits): ErrorBits {
  const bits = (of: keyof ErrorBits): number => (now[of] & ~was[of]) >>> 0
  return {
    pci: bits('pci'),
    bridge: bits('bridge'),
    bridgeControl: bits('bridgeControl'),
    express: bits('express'),
    uncorrectable: bits('uncorrectable'),
    correctable: bits('correctable'),
    secondary: bits('secondary'),
    root: bits('root'),
  }
}
