// What dom0's kernel does about PCI Express errors: it asks for them when it boots, and serves a
// root port that interrupts.
//
//   Linux with MSI      DevCtl, RootCmd and MSI enabled; RootSta is read and cleared on interrupt
//   Linux without MSI   nothing: the firmware keeps control, registers only latch
//   Solaris without MSI DevCtl enabled, RootCmd not: errors reach the root port and stay there;
//                       nothing is masked, end-to-end checksums are on
//
// Source: recordings of Linux 6.1 and 6.12 as dom0; illumos pcie_enable_errors, its defaults
// pcie_aer_uce_mask, pcie_aer_ce_mask and pcie_ecrc_value, and pcieb_no_aer_msi.
import type { PcieSeverity } from '../../../machine/pci/aer-error.js'
import {
  AER_CONTROL,
  CE_MASK,
  CE_STATUS,
  ERROR_SOURCE,
  ROOT_COMMAND,
  ROOT_ERROR_STATUS,
  UE_MASK,
  UE_STATUS,
} from '../../../machine/pci/aer-registers.js'
import {
  CAP_EXPRESS,
  CAP_MSI,
  CAP_MSIX,
  capability,
  EXT_AER,
} from '../../../machine/pci/capability.js'
import {
  DEVICE_CONTROL,
  DEVICE_STATUS,
  isRoot,
  UPSTREAM_PORT,
} from '../../../machine/pci/express-registers.js'
import { COMMAND } from '../../../machine/pci/header-registers.js'
import { MSI_CONTROL, MSIX_CONTROL } from '../../../machine/pci/message-registers.js'
import { fieldOf, type PciRegister, readRegister } from '../../../machine/pci/register.js'
import {
  type AccessMasks,
  isBridge,
  portType,
  writeConfig,
} from '../../../machine/pci/register-map.js'
import type { RequesterId } from '../../../machine/pci/requester-id.js'
import type { Era } from '../era.js'
import {
  type AerWords,
  errorLines,
  type LoggedFunction,
  receivedLine,
  recoveryLines,
} from './aer-log.js'

/** CorrErr, NonFatalErr, FatalErr, UnsupReq of DevCtl. */
const ALL_REPORTS = 0xf
/** CERptEn, NFERptEn, FERptEn of RootCmd. */
const ALL_INTERRUPTS = 7
const DISABLE_INTX = 0x400
/** Bits of ECRCGenEn and ECRCChkEn. */
const ECRC_GENERATE = 6
const ECRC_CHECK = 8
/** Where messages of interrupts are written, and the vector of error interrupts. */
const MSI_ADDRESS = 0xfee0_0000
const MSI_VECTOR = 0x4038

/** Asks one function to tell its errors, as far as this dom0 does; whether it will interrupt. */
export function enableReporting(bytes: Uint8Array, masks: AccessMasks, era: Era): boolean {
  const hasControl = era.msi || era.dom0 === 'solaris'
  const express = capability(bytes, CAP_EXPRESS)?.at
  if (express === undefined || !hasControl) return false
  const set = (base: number, register: PciRegister, bits: number): void => {
    const { raw } = readRegister(bytes, base, register)
    const at = { offset: base + register.offset, size: register.bytes }
    writeConfig(bytes, masks, at, raw | bits)
  }
  set(express, DEVICE_CONTROL, ALL_REPORTS)
  const aer = capability(bytes, EXT_AER, true)?.at
  if (era.dom0 === 'solaris' && aer !== undefined) unmask(bytes, masks, aer)
  if (!era.msi || aer === undefined || !isRoot(portType(bytes) ?? 0)) return false
  set(aer, ROOT_COMMAND, ALL_INTERRUPTS)
  set(0, COMMAND, DISABLE_INTX)
  enableMessages(bytes, masks)
  return true
}

/** No error is masked, and checksums are made and checked where the function can. */
function unmask(bytes: Uint8Array, masks: AccessMasks, aer: number): void {
  const write = ({ offset }: PciRegister, value: number): void =>
    writeConfig(bytes, masks, { offset: aer + offset, size: 4 }, value)
  write(UE_MASK, 0)
  write(CE_MASK, 0)
  const control = readRegister(bytes, aer, AER_CONTROL)
  const able = [
    fieldOf(control, 'ECRCGenCap') << ECRC_GENERATE,
    fieldOf(control, 'ECRCChkCap') << ECRC_CHECK,
  ]
  write(
    AER_CONTROL,
    able.reduce((bits, bit) => bits | bit, control.raw),
  )
}

function enableMessages(bytes: Uint8Array, masks: AccessMasks): void {
  const msi = capability(bytes, CAP_MSI)
  const msix = capability(bytes, CAP_MSIX)
  const write = (offset: number, size: 2 | 4, value: number): void =>
    writeConfig(bytes, masks, { offset, size }, value)
  if (msi !== undefined) {
    const { raw } = readRegister(bytes, msi.at, MSI_CONTROL)
    write(msi.at + 4, 4, MSI_ADDRESS)
    write(msi.at + ((raw & 0x80) !== 0 ? 0x0c : 0x08), 2, MSI_VECTOR)
    write(msi.at + MSI_CONTROL.offset, 2, raw | 1)
  } else if (msix !== undefined) {
    const { raw } = readRegister(bytes, msix.at, MSIX_CONTROL)
    write(msix.at + MSIX_CONTROL.offset, 2, raw | 0x8000)
  }
}

/** What a handler can reach. */
export interface Reach {
  bytesOf(id: RequesterId): Uint8Array | undefined
  /** The bridge right above a function. */
  above(id: RequesterId): RequesterId | undefined
  /** The functions on the buses below a bridge. */
  below(id: RequesterId): readonly RequesterId[]
  /** Whether the driver of a function takes part in recovery. */
  recovers(id: RequesterId): boolean
  driver(id: RequesterId): string
  write(id: RequesterId, at: { offset: number; size: 1 | 2 | 4 }, value: number): void
  /** Adds a line to the log of dom0's kernel, which speaks like this. */
  log(line: string): void
  readonly words: AerWords
}

/** Serves a root port: reads who it was, clears the root status, then what the sources have
 *  latched that was correctable, or from which their drivers recover. Where a source is lost, all
 *  functions below are looked at. */
export function serveRootPort(root: RequesterId, reach: Reach): void {
  const bytes = reach.bytesOf(root)
  const aer = bytes === undefined ? undefined : capability(bytes, EXT_AER, true)?.at
  if (bytes === undefined || aer === undefined) return
  const status = readRegister(bytes, aer, ROOT_ERROR_STATUS)
  const source = readRegister(bytes, aer, ERROR_SOURCE)
  reach.write(root, { offset: aer + ROOT_ERROR_STATUS.offset, size: 4 }, status.raw)
  const serve = (sender: string, severity: PcieSeverity, isMultiple: boolean): void =>
    serveMessage(
      { root, source: fieldOf(source, sender) as RequesterId, severity, isMultiple },
      reach,
    )
  if (fieldOf(status, 'CERcvd') === 1) {
    serve('ERR_COR', 'correctable', fieldOf(status, 'MultCERcvd') === 1)
  }
  if (fieldOf(status, 'UERcvd') === 1) {
    const severity = fieldOf(status, 'FatalMsg') === 1 ? 'fatal' : 'non-fatal'
    serve('ERR_FATAL/NONFATAL', severity, fieldOf(status, 'MultUERcvd') === 1)
  }
}

/** One kind of message that a root port was sent. */
interface Served {
  readonly root: RequesterId
  readonly source: RequesterId
  readonly severity: PcieSeverity
  readonly isMultiple: boolean
}

function serveMessage(served: Served, reach: Reach): void {
  const { root, source, severity, isMultiple } = served
  const { words } = reach
  const port = loggedAs(root, reach)
  if (port !== undefined) reach.log(receivedLine(port, { severity, source, isMultiple, words }))
  for (const id of isMultiple ? [root, ...reach.below(root)] : [source]) {
    const of = loggedAs(id, reach)
    const lines = of === undefined ? [] : errorLines(of, severity, words)
    for (const line of lines) reach.log(line)
    if (severity === 'correctable') serveSource(id, CE_STATUS, reach)
    else {
      if (lines.length > 0) sayRecovery(id, severity, reach)
      if (reach.recovers(id)) serveSource(id, UE_STATUS, reach)
    }
  }
}

function sayRecovery(id: RequesterId, severity: PcieSeverity, reach: Reach): void {
  const bytes = reach.bytesOf(id)
  const isPort = bytes !== undefined && isBridge(bytes) && portType(bytes) !== UPSTREAM_PORT
  const bridge = loggedAs(isPort ? id : (reach.above(id) ?? id), reach)
  if (bridge === undefined) return
  const without = reach.below(bridge.id).flatMap((below) => {
    const of = loggedAs(below, reach)
    return of === undefined || reach.recovers(below) || isBridge(of.bytes) ? [] : [of]
  })
  for (const line of recoveryLines({ bridge, severity, without })) reach.log(line)
}

function loggedAs(id: RequesterId, reach: Reach): LoggedFunction | undefined {
  const bytes = reach.bytesOf(id)
  return bytes === undefined ? undefined : { id, bytes, driver: reach.driver(id) }
}

function serveSource(id: RequesterId, register: PciRegister, reach: Reach): void {
  const bytes = reach.bytesOf(id)
  if (bytes === undefined) return
  const clear = (base: number | undefined, of: PciRegister): void => {
    if (base === undefined) return
    const { raw } = readRegister(bytes, base, of)
    reach.write(id, { offset: base + of.offset, size: of.bytes }, raw)
  }
  clear(capability(bytes, EXT_AER, true)?.at, register)
  clear(capability(bytes, CAP_EXPRESS)?.at, DEVICE_STATUS)
}
