// LatchedErrors: what a function's registers still know of errors: what somebody finds who comes
// later, without having been told.
import {
  AER_CONTROL,
  CE_STATUS,
  ERROR_SOURCE,
  HEADER_LOG,
  ROOT_ERROR_STATUS,
  UE_SEVERITY,
  UE_STATUS,
} from '../../../machine/pci/aer-registers.js'
import { CAP_EXPRESS, capability, EXT_AER } from '../../../machine/pci/capability.js'
import { readConfig } from '../../../machine/pci/config-space.js'
import { DEVICE_STATUS, isRoot } from '../../../machine/pci/express-registers.js'
import { SECONDARY_STATUS, STATUS } from '../../../machine/pci/header-registers.js'
import { fieldOf, type PciRegister, readRegister } from '../../../machine/pci/register.js'
import {
  type AccessMasks,
  isBridge,
  portType,
  writeConfig,
} from '../../../machine/pci/register-map.js'
import type { RequesterId } from '../../../machine/pci/requester-id.js'
import type { HeaderWords } from '../../../machine/pci/tlp-header.js'

/** What the root error registers know. */
export interface RootErrors {
  /** Root error status. */
  readonly status: number
  /** Who sent the first ERR_COR, the first ERR_NONFATAL or ERR_FATAL; undefined when none came. */
  readonly correctableSource: RequesterId | undefined
  readonly uncorrectableSource: RequesterId | undefined
  readonly isFatal: boolean
}

/** What is latched at one function. */
export interface LatchedErrors {
  /** UESta and CESta; 0 where the function has no AER. */
  readonly uncorrectable: number
  readonly correctable: number
  readonly isFatal: boolean
  /** Bit in UESta of the error whose header is logged; undefined when none is. */
  readonly firstError: number | undefined
  /** The log; empty when nothing is in it. */
  readonly header: HeaderWords | readonly []
  readonly deviceStatus: number
  readonly root: RootErrors | undefined
}

/** The errors that a function's registers know of; undefined when they are clean. */
export function latchedErrors(bytes: Uint8Array): LatchedErrors | undefined {
  const express = capability(bytes, CAP_EXPRESS)?.at
  if (express === undefined) return undefined
  const aer = capability(bytes, EXT_AER, true)?.at
  const raw = (register: PciRegister): number =>
    aer === undefined ? 0 : readRegister(bytes, aer, register).raw
  const uncorrectable = raw(UE_STATUS)
  const correctable = raw(CE_STATUS)
  const deviceStatus = readRegister(bytes, express, DEVICE_STATUS).raw & 0xf
  const root = aer === undefined ? undefined : rootErrors(bytes, aer)
  if (uncorrectable === 0 && correctable === 0 && deviceStatus === 0 && root === undefined) {
    return undefined
  }
  const first = raw(AER_CONTROL) & 0x1f
  const hasFirst = ((uncorrectable >>> first) & 1) === 1
  return {
    uncorrectable,
    correctable,
    isFatal: (uncorrectable & raw(UE_SEVERITY)) !== 0,
    firstError: hasFirst ? first : undefined,
    header: hasFirst && aer !== undefined ? headerLog(bytes, aer) : [],
    deviceStatus,
    root,
  }
}

function rootErrors(bytes: Uint8Array, aer: number): RootErrors | undefined {
  if (!isRoot(portType(bytes) ?? 0)) return undefined
  const value = readRegister(bytes, aer, ROOT_ERROR_STATUS)
  const status = value.raw & 0x7f
  if (status === 0) return undefined
  const source = readRegister(bytes, aer, ERROR_SOURCE)
  const sender = (name: string): RequesterId => fieldOf(source, name) as RequesterId
  return {
    status,
    correctableSource: fieldOf(value, 'CERcvd') === 1 ? sender('ERR_COR') : undefined,
    uncorrectableSource: fieldOf(value, 'UERcvd') === 1 ? sender('ERR_FATAL/NONFATAL') : undefined,
    isFatal: fieldOf(value, 'FatalMsg') === 1,
  }
}

function headerLog(bytes: Uint8Array, aer: number): HeaderWords {
  const word = (n: number): number => readConfig(bytes, aer + HEADER_LOG + 4 * n, 4) ?? 0
  return [word(0), word(1), word(2), word(3)]
}

/** Clears all that `latchedErrors` tells, and the status of conventional PCI, by writing ones. */
export function clearErrors(bytes: Uint8Array, masks: AccessMasks): void {
  const clear = (base: number | undefined, register: PciRegister): void => {
    if (base === undefined) return
    const at = { offset: base + register.offset, size: register.bytes }
    writeConfig(bytes, masks, at, errorBits(register))
  }
  const aer = capability(bytes, EXT_AER, true)?.at
  clear(0, STATUS)
  if (isBridge(bytes)) clear(0, SECONDARY_STATUS)
  clear(capability(bytes, CAP_EXPRESS)?.at, DEVICE_STATUS)
  for (const register of [UE_STATUS, CE_STATUS]) clear(aer, register)
  if (isRoot(portType(bytes) ?? 0)) clear(aer, ROOT_ERROR_STATUS)
}

/** The bits of a register that a one clears: what happened. */
export function errorBits({ fields }: PciRegister): number {
  let bits = 0
  for (const { low, access } of fields) if (access.startsWith('rw1c')) bits |= 1 << low
  return bits >>> 0
}
