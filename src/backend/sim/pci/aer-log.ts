// AerLog: what Linux' driver for Advanced Error Reporting says of an error it was told of.
//
//   pcieport 0000:00:02.0: AER: Uncorrectable (Non-Fatal) error message received from 0000:03:00.0
//   e1000e 0000:03:00.0: PCIe Bus Error: severity=Uncorrectable (Non-Fatal), type=Transaction ...
//   e1000e 0000:03:00.0:   device [8086:105e] error status/mask=00004000/00000000
//   e1000e 0000:03:00.0:    [14] CmpltTO                (First)
//
// Held to recordings of Linux 6.1 and 6.12 as dom0. Source: drivers/pci/pcie/aer.c, err.c.
import { AER_ERRORS, type PcieLayer, type PcieSeverity } from '../../../machine/pci/aer-error.js'
import {
  AER_CONTROL,
  CE_MASK,
  CE_STATUS,
  HEADER_LOG,
  UE_MASK,
  UE_STATUS,
} from '../../../machine/pci/aer-registers.js'
import { capability, EXT_AER } from '../../../machine/pci/capability.js'
import { readConfig } from '../../../machine/pci/config-space.js'
import { DOWNSTREAM_PORT, isRoot } from '../../../machine/pci/express-registers.js'
import { type PciRegister, readRegister } from '../../../machine/pci/register.js'
import { portType } from '../../../machine/pci/register-map.js'
import { printRequesterId, type RequesterId } from '../../../machine/pci/requester-id.js'

/** How a kernel names severities. */
export type AerWords = 'corrected' | 'correctable'

/** A function as the driver sees it. */
export interface LoggedFunction {
  readonly id: RequesterId
  readonly bytes: Uint8Array
  /** Its driver, or `pci`. */
  readonly driver: string
}

const SEVERITIES: Readonly<Record<AerWords, Readonly<Record<PcieSeverity, string>>>> = {
  corrected: {
    correctable: 'Corrected',
    'non-fatal': 'Uncorrected (Non-Fatal)',
    fatal: 'Uncorrected (Fatal)',
  },
  correctable: {
    correctable: 'Correctable',
    'non-fatal': 'Uncorrectable (Non-Fatal)',
    fatal: 'Uncorrectable (Fatal)',
  },
}

const dotted = (id: RequesterId): string => `0000:${printRequesterId(id)}`

/** How a line about a function begins. */
export const logPrefix = ({ driver, id }: LoggedFunction): string => `${driver} ${dotted(id)}: `

/** A root port was told. */
export function receivedLine(
  root: LoggedFunction,
  of: {
    readonly severity: PcieSeverity
    readonly source: RequesterId
    readonly isMultiple: boolean
    readonly words: AerWords
  },
): string {
  const severity = SEVERITIES[of.words][of.severity]
  const begin = `${logPrefix(root)}AER: ${of.isMultiple ? 'Multiple ' : ''}`
  return `${begin}${severity} error message received from ${dotted(of.source)}`
}

/** What the registers of who found it say; nothing where they are clean. */
export function errorLines(
  of: LoggedFunction,
  severity: PcieSeverity,
  words: AerWords,
): readonly string[] {
  const at = capability(of.bytes, EXT_AER, true)?.at
  if (at === undefined) return []
  const raw = (register: PciRegister): number => readRegister(of.bytes, at, register).raw
  const isCorrectable = severity === 'correctable'
  const hex = (n: number): string => (n >>> 0).toString(16).padStart(8, '0')
  const title = `PCIe Bus Error: severity=${SEVERITIES[words][severity]}, type=`
  const begin = logPrefix(of)
  // The link to a device that found a fatal error may be down: it is not asked.
  if (severity === 'fatal' && !isAsked(of.bytes)) {
    return [`${begin}${title}Inaccessible, (Unregistered Agent ID)`]
  }
  const status = raw(isCorrectable ? CE_STATUS : UE_STATUS)
  const mask = raw(isCorrectable ? CE_MASK : UE_MASK)
  if ((status & ~mask) === 0) return []
  const first = isCorrectable ? -1 : raw(AER_CONTROL) & 0x1f
  const word = (n: number): string => hex(readConfig(of.bytes, at + HEADER_LOG + 4 * n, 4) ?? 0)
  const hasHeader = !isCorrectable && (status & HEADER_BITS) !== 0
  const [vendor, device] = [0, 2].map((n) => readConfig(of.bytes, n, 2) ?? 0)
  const ids = [vendor, device].map((n) => (n ?? 0).toString(16).padStart(4, '0')).join(':')
  return [
    `${begin}${title}${layerOf(isCorrectable, status)}, (${agentOf(isCorrectable, status)})`,
    `${begin}  device [${ids}] error status/mask=${hex(status)}/${hex(mask)}`,
    ...bitLines(isCorrectable, status & ~mask, first).map((line) => `${begin}${line}`),
    ...(hasHeader ? [`${begin}AER:   TLP Header: ${[0, 1, 2, 3].map(word).join(' ')}`] : []),
  ]
}

const isAsked = (bytes: Uint8Array): boolean => {
  const type = portType(bytes) ?? 0
  return isRoot(type) || type === DOWNSTREAM_PORT
}

/** Poisoned, completer abort, unexpected completion, malformed, ECRC, unsupported. */
const HEADER_BITS = (1 << 12) | (1 << 15) | (1 << 16) | (1 << 18) | (1 << 19) | (1 << 20)

function bitLines(isCorrectable: boolean, status: number, first: number): readonly string[] {
  return AER_ERRORS.filter(
    ({ correctable, bit }) => correctable === isCorrectable && ((status >>> bit) & 1) === 1,
  ).map(({ bit, linuxName }) => {
    const mark = bit === first ? ' (First)' : ''
    return `   [${String(bit).padStart(2)}] ${linuxName.padEnd(22)}${mark}`
  })
}

/** By the worst of the bits: physical before link before transaction layer. */
function layerOf(isCorrectable: boolean, status: number): PcieLayer {
  const layers = AER_ERRORS.filter(
    ({ correctable, bit }) => correctable === isCorrectable && ((status >>> bit) & 1) === 1,
  ).map(({ layer }) => layer)
  if (layers.includes('Physical Layer')) return 'Physical Layer'
  return layers.includes('Data Link Layer') ? 'Data Link Layer' : 'Transaction Layer'
}

function agentOf(isCorrectable: boolean, status: number): string {
  const has = (...bits: readonly number[]): boolean =>
    bits.some((bit) => ((status >>> bit) & 1) === 1)
  if (!isCorrectable && has(15)) return 'Completer ID'
  if (!isCorrectable && has(14, 20)) return 'Requester ID'
  return isCorrectable && has(8, 12) ? 'Transmitter ID' : 'Receiver ID'
}

/** How recovery ends: those of the functions below that have no say, the reset of the link after a
 *  fatal error, success or not. */
export function recoveryLines(of: {
  readonly bridge: LoggedFunction
  readonly severity: PcieSeverity
  /** Devices below whose drivers take no part. */
  readonly without: readonly LoggedFunction[]
}): readonly string[] {
  const { bridge, severity, without } = of
  const port = isRoot(portType(bridge.bytes) ?? 0) ? 'Root' : 'Downstream'
  const begin = `${logPrefix(bridge)}AER: `
  return [
    ...without.map((f) => `${logPrefix(f)}AER: can't recover (no error_detected callback)`),
    ...(severity === 'fatal' ? [`${begin}${port} Port link has been reset (0)`] : []),
    `${begin}device recovery ${without.length === 0 ? 'successful' : 'failed'}`,
  ]
}
