// Signalling: how far the news of an error gets: what is latched where it is found, the message
// that goes up, what a root port keeps of it.
//
//   CmpltTO at 03:00.0  ->  UESta, DevSta, Status  ->  ERR_NONFATAL past every bridge  ->  RootSta,
//   ErrorSrc of the root port  ->  an interrupt, if anybody asked for one
//
// Holds: nothing here tells anybody; each step is returned in order. Source: PCI Express Base 3.0
// section 6.2, figures 6-2 and 6-3.
import type { AerError, PcieSeverity } from '../../../machine/pci/aer-error.js'
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
import {
  CAP_EXPRESS,
  CAP_MSI,
  CAP_MSIX,
  capability,
  EXT_AER,
} from '../../../machine/pci/capability.js'
import { putConfig } from '../../../machine/pci/config-space.js'
import {
  DEVICE_CAPABILITIES,
  DEVICE_CONTROL,
  DEVICE_STATUS,
  isRoot,
} from '../../../machine/pci/express-registers.js'
import {
  BRIDGE_CONTROL,
  COMMAND,
  SECONDARY_STATUS,
  STATUS,
} from '../../../machine/pci/header-registers.js'
import { MSI_CONTROL, MSIX_CONTROL } from '../../../machine/pci/message-registers.js'
import { fieldOf, type PciRegister, putField, readRegister } from '../../../machine/pci/register.js'
import { portType } from '../../../machine/pci/register-map.js'
import type { RequesterId } from '../../../machine/pci/requester-id.js'
import { decodeTlp, type HeaderWords } from '../../../machine/pci/tlp-header.js'

/** Where real hardware and an emulator differ. */
export interface SignallingRules {
  /** The first error keeps the pointer and the header log until it is cleared; else the newest
   *  takes them. */
  readonly keepsFirst: boolean
  /** SERR of Command alone makes a function send what is not correctable. */
  readonly serrSends: boolean
  /** ERR_COR gets further than the function. */
  readonly routesCorrectable: boolean
  /** A root port's own errors go through its secondary side too. */
  readonly ownThroughSecondary: boolean
  /** Status of conventional PCI tells parity errors and aborts. */
  readonly legacyStatus: boolean
  /** An error that by its nature somebody else handles is advisory without being said to be. */
  readonly rolesDecide: boolean
  /** An end-to-end checksum is wrong only where it is checked. */
  readonly checksumEnabled: boolean
}

/** As the specification has it. */
export const SPECIFIED: SignallingRules = {
  keepsFirst: true,
  serrSends: true,
  routesCorrectable: true,
  ownThroughSecondary: false,
  legacyStatus: true,
  rolesDecide: true,
  checksumEnabled: true,
}

/** As QEMU 7.2 does it, measured: examples are the recordings made on it. */
export const QEMU_7_2: SignallingRules = {
  keepsFirst: false,
  serrSends: false,
  routesCorrectable: false,
  ownThroughSecondary: true,
  legacyStatus: false,
  rolesDecide: false,
  checksumEnabled: false,
}

/** An error where it is found. */
export interface FoundError {
  readonly at: RequesterId
  readonly error: AerError
  /** The TLP it is about. */
  readonly header?: HeaderWords
  /** Somebody else handles it: by role-based error reporting it is only a correctable one. When
   *  absent, the error and its header decide. */
  readonly advisory?: boolean
}

/** A message on its way. */
interface Message {
  readonly source: RequesterId
  readonly severity: PcieSeverity
}

/** One step of the way, in the terms of HW_PCIE. */
export type Step =
  | {
      readonly kind: 'latched'
      readonly at: RequesterId
      readonly error: AerError
      readonly severity: PcieSeverity
      readonly header?: HeaderWords
    }
  | ({ readonly kind: 'message'; readonly error: AerError } & Message)
  | ({ readonly kind: 'root-latched'; readonly at: RequesterId; readonly status: number } & Message)
  | ({ readonly kind: 'source-lost'; readonly at: RequesterId; readonly status: number } & Message)
  | ({ readonly kind: 'interrupt'; readonly at: RequesterId; readonly status: number } & Message)

/** The functions of a machine, by their ids. */
export interface Fabric {
  readonly rules: SignallingRules
  bytesOf(id: RequesterId): Uint8Array | undefined
  /** The bridge right above a function; undefined on the root bus. */
  above(id: RequesterId): RequesterId | undefined
}

/** Lets a function find an error. Changes the registers, returns what was told on the way. */
export function findError(fabric: Fabric, found: FoundError): readonly Step[] {
  const bytes = fabric.bytesOf(found.at)
  if (bytes === undefined || !isChecked(fabric, found)) return []
  const f = new ErrorFunction(bytes)
  const severity = severityAt(f, found, fabric.rules)
  if (fabric.rules.legacyStatus) latchLegacy(fabric, found)
  const isTold = latch(f, { ...found, severity }, fabric.rules)
  const { at, error, header } = found
  const latched: Step = {
    kind: 'latched',
    at,
    error,
    severity,
    ...(header === undefined ? {} : { header }),
  }
  return isTold ? [latched, ...send(fabric, f, { ...found, severity })] : [latched]
}

type Judged = FoundError & { readonly severity: PcieSeverity }

/** The registers of one function that errors concern. */
class ErrorFunction {
  readonly bytes: Uint8Array
  readonly express: number | undefined
  readonly aer: number | undefined

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.express = capability(bytes, CAP_EXPRESS)?.at
    this.aer = capability(bytes, EXT_AER, true)?.at
  }

  /** A field; 0 where the function has no such capability. */
  get(base: number | undefined, register: PciRegister, name: string): number {
    return base === undefined ? 0 : fieldOf(readRegister(this.bytes, base, register), name)
  }

  raw(base: number | undefined, register: PciRegister): number {
    return base === undefined ? 0 : readRegister(this.bytes, base, register).raw
  }

  set(base: number | undefined, register: PciRegister, name: string, value = 1): void {
    if (base !== undefined) putField(this.bytes, { base, register }, name, value)
  }
}

/** Whether the function looks for this error at all: checksums are checked where that is on. */
export function isChecked(fabric: Fabric, { at, error }: FoundError): boolean {
  const bytes = fabric.bytesOf(at)
  if (error.name !== 'ECRC' || !fabric.rules.checksumEnabled || bytes === undefined) return true
  const f = new ErrorFunction(bytes)
  return f.get(f.aer, AER_CONTROL, 'ECRCChkEn') === 1
}

function severityAt(f: ErrorFunction, found: FoundError, rules: SignallingRules): PcieSeverity {
  const { error, advisory = rules.rolesDecide && isAdvisory(found) } = found
  if (error.correctable) return 'correctable'
  const severity = f.aer === undefined ? error.severity : chosenSeverity(f, error)
  const byRole = f.get(f.express, DEVICE_CAPABILITIES, 'RBE') === 1
  return advisory && severity === 'non-fatal' && byRole ? 'correctable' : severity
}

/** Section 6.2.3.2.4: who asked hears of it by the completion, or it is nobody's completion. */
function isAdvisory({ error: { name }, header }: FoundError): boolean {
  if (name === 'UnxCmplt') return true
  const isRefusal = name === 'UnsupReq' || name === 'CmpltAbrt'
  return isRefusal && header !== undefined && isAnswered(header)
}

/** Whether a request gets a completion. */
function isAnswered(header: HeaderWords): boolean {
  const { kind } = decodeTlp(header)
  return kind !== 'memory-write' && kind !== 'message' && kind !== 'completion'
}

const chosenSeverity = (f: ErrorFunction, { name }: AerError): PcieSeverity =>
  f.get(f.aer, UE_SEVERITY, name) === 1 ? 'fatal' : 'non-fatal'

// ---- Where it is found: figure 6-2.

/** Latches an error; says whether it may be told. */
function latch(f: ErrorFunction, found: Judged, rules: SignallingRules): boolean {
  const { error, severity } = found
  f.set(f.express, DEVICE_STATUS, DETECTED[severity])
  if (error.name === 'UnsupReq') f.set(f.express, DEVICE_STATUS, 'UnsupReq')
  if (error.correctable) return latchCorrectable(f, error.name)
  if (severity === 'correctable' && !latchCorrectable(f, 'AdvNonFatalErr')) return false
  const isMasked = f.get(f.aer, UE_MASK, error.name) === 1
  if (!isMasked) logHeader(f, found, rules)
  f.set(f.aer, UE_STATUS, error.name)
  return !isMasked
}

const DETECTED = {
  correctable: 'CorrErr',
  'non-fatal': 'NonFatalErr',
  fatal: 'FatalErr',
} as const

function latchCorrectable(f: ErrorFunction, name: string): boolean {
  f.set(f.aer, CE_STATUS, name)
  return f.get(f.aer, CE_MASK, name) === 0
}

function logHeader(f: ErrorFunction, { error, header }: Judged, rules: SignallingRules): void {
  const { aer } = f
  if (aer === undefined || (rules.keepsFirst && hasFirst(f))) return
  f.set(aer, AER_CONTROL, 'First Error Pointer', error.bit)
  const words = header ?? [0, 0, 0, 0]
  words.forEach((word, n) => {
    putConfig(f.bytes, aer + HEADER_LOG + 4 * n, 4, word)
  })
}

/** Whether the pointer points at an error that nobody has cleared. */
function hasFirst(f: ErrorFunction): boolean {
  const first = f.get(f.aer, AER_CONTROL, 'First Error Pointer')
  return ((f.raw(f.aer, UE_STATUS) >>> first) & 1) === 1
}

/** What conventional PCI has a bit for: of the function, and of who asked it. */
function latchLegacy(fabric: Fabric, { at, error, header }: FoundError): void {
  const bytes = fabric.bytesOf(at)
  if (bytes === undefined) return
  if (error.name === 'TLP') latchPoisoned(bytes)
  if (error.name === 'CmpltAbrt') putField(bytes, { base: 0, register: STATUS }, '>TAbort', 1)
  const isAbort = error.name === 'CmpltAbrt'
  if (header === undefined || !(isAbort || error.name === 'UnsupReq')) return
  const { requester } = decodeTlp(header)
  const asker = requester === undefined ? undefined : fabric.bytesOf(requester)
  if (!isAnswered(header) || asker === undefined) return
  putField(asker, { base: 0, register: STATUS }, isAbort ? '<TAbort' : '<MAbort', 1)
}

function latchPoisoned(bytes: Uint8Array): void {
  putField(bytes, { base: 0, register: STATUS }, '<PERR', 1)
  if (fieldOf(readRegister(bytes, 0, COMMAND), 'ParErr') === 0) return
  putField(bytes, { base: 0, register: STATUS }, 'ParErr', 1)
}

// ---- On its way: figure 6-3.

function send(fabric: Fabric, f: ErrorFunction, found: Judged): readonly Step[] {
  const { at, error, severity } = found
  const { rules } = fabric
  const isReported = maySend(f, found, rules)
  const hasSerr = severity !== 'correctable' && f.get(0, COMMAND, 'SERR') === 1
  if (hasSerr && (isReported || !rules.serrSends)) f.set(0, STATUS, '>SERR')
  const ofRoot = isRoot(portType(f.bytes) ?? 0)
  const isShown = rules.routesCorrectable || severity !== 'correctable'
  if (ofRoot && rules.ownThroughSecondary && isShown) comesFromBelow(f, severity)
  if (!isReported || !isShown) return []
  const message: Message = { source: at, severity }
  const steps: Step[] = [{ kind: 'message', error, ...message }]
  return [...steps, ...(ofRoot ? receive(at, f, message) : forward(fabric, at, message))]
}

function maySend(f: ErrorFunction, found: Judged, { serrSends }: SignallingRules): boolean {
  const { error, severity } = found
  const hasSerr = serrSends && severity !== 'correctable' && f.get(0, COMMAND, 'SERR') === 1
  if (hasSerr) return true
  const isUnsupported = error.name === 'UnsupReq'
  if (isUnsupported && f.get(f.express, DEVICE_CONTROL, 'UnsupReq') === 0) return false
  return f.get(f.express, DEVICE_CONTROL, DETECTED[severity]) === 1
}

/** Passes a message up, bridge by bridge, until one holds it back or a root port takes it. */
function forward(fabric: Fabric, from: RequesterId, message: Message): readonly Step[] {
  const passed = new Set<RequesterId>()
  let at = fabric.above(from)
  while (at !== undefined && !passed.has(at)) {
    passed.add(at)
    const bytes = fabric.bytesOf(at)
    if (bytes === undefined) return []
    const bridge = new ErrorFunction(bytes)
    if (!comesFromBelow(bridge, message.severity)) return []
    if (isRoot(portType(bytes) ?? 0)) return receive(at, bridge, message)
    if (!goesUp(bridge, message.severity)) return []
    at = fabric.above(at)
  }
  return []
}

/** The secondary side of a bridge takes a message; says whether it goes further. */
function comesFromBelow(bridge: ErrorFunction, severity: PcieSeverity): boolean {
  if (severity !== 'correctable') bridge.set(0, SECONDARY_STATUS, '<SERR')
  return bridge.get(0, BRIDGE_CONTROL, 'SERR') === 1
}

/** The primary side of a switch's port passes a message on. */
function goesUp(bridge: ErrorFunction, severity: PcieSeverity): boolean {
  if (severity === 'correctable') return true
  const hasSerr = bridge.get(0, COMMAND, 'SERR') === 1
  if (hasSerr) bridge.set(0, STATUS, '>SERR')
  return hasSerr || bridge.get(bridge.express, DEVICE_CONTROL, DETECTED[severity]) === 1
}

// ---- At the root port: section 6.2.4.1.

const RECEIVED = {
  correctable: { first: 'CERcvd', more: 'MultCERcvd', source: 'ERR_COR', command: 'CERptEn' },
  'non-fatal': {
    first: 'UERcvd',
    more: 'MultUERcvd',
    source: 'ERR_FATAL/NONFATAL',
    command: 'NFERptEn',
  },
  fatal: { first: 'UERcvd', more: 'MultUERcvd', source: 'ERR_FATAL/NONFATAL', command: 'FERptEn' },
} as const

function receive(at: RequesterId, root: ErrorFunction, message: Message): readonly Step[] {
  const { severity, source } = message
  const { aer } = root
  if (aer === undefined) return []
  const was = pendingInterrupts(root)
  const names = RECEIVED[severity]
  const isFirst = root.get(aer, ROOT_ERROR_STATUS, names.first) === 0
  root.set(aer, ROOT_ERROR_STATUS, isFirst ? names.first : names.more)
  if (isFirst) root.set(aer, ERROR_SOURCE, names.source, source)
  if (isFirst && severity === 'fatal') root.set(aer, ROOT_ERROR_STATUS, 'FirstFatal')
  if (severity === 'fatal') root.set(aer, ROOT_ERROR_STATUS, 'FatalMsg')
  if (severity === 'non-fatal') root.set(aer, ROOT_ERROR_STATUS, 'NonFatalMsg')
  const status = root.raw(aer, ROOT_ERROR_STATUS)
  const steps: Step[] = [{ kind: 'root-latched', at, status, ...message }]
  if (!isFirst) steps.push({ kind: 'source-lost', at, status, ...message })
  if (!was && pendingInterrupts(root) && interrupts(root)) {
    steps.push({ kind: 'interrupt', at, status, ...message })
  }
  return steps
}

/** Whether something has come that is to be an interrupt. */
function pendingInterrupts(root: ErrorFunction): boolean {
  const { aer } = root
  const is = (status: string, command: string): boolean =>
    root.get(aer, ROOT_ERROR_STATUS, status) === 1 && root.get(aer, ROOT_COMMAND, command) === 1
  return is('CERcvd', 'CERptEn') || is('NonFatalMsg', 'NFERptEn') || is('FatalMsg', 'FERptEn')
}

/** Whether an interrupt gets out as a message. Else it is only pending on a pin. */
function interrupts(root: ErrorFunction): boolean {
  const msi = capability(root.bytes, CAP_MSI)
  const msix = capability(root.bytes, CAP_MSIX)
  if (root.get(msi?.at, MSI_CONTROL, 'Enable') === 1) return true
  if (root.get(msix?.at, MSIX_CONTROL, 'Enable') === 1) return true
  if (root.get(0, COMMAND, 'DisINTx') === 0) root.set(0, STATUS, 'INTx')
  return false
}
