// PcieFault: an error to be injected, as a person or a scenario file writes it, and the check that
// it makes sense on this machine.
//
//   { kind: 'pcie', function: '03:00.0', error: 'CmpltTO', header: [0x00000001, ...] }
import { XpvError } from '../../../base/error.js'
import { AER_ERRORS, type AerError, aerErrorNamed } from '../../../machine/pci/aer-error.js'
import { CAP_EXPRESS, capability } from '../../../machine/pci/capability.js'
import { DOWNSTREAM_PORT, ROOT_PORT } from '../../../machine/pci/express-registers.js'
import { portType } from '../../../machine/pci/register-map.js'
import {
  parseRequesterId,
  printRequesterId,
  type RequesterId,
} from '../../../machine/pci/requester-id.js'
import type { HeaderWords } from '../../../machine/pci/tlp-header.js'
import type { FaultTimes } from '../fault-scenario.js'
import type { FoundError } from './signalling.js'

/** An error to inject. */
export interface PcieFault {
  readonly kind: 'pcie'
  /** The function that finds it: `03:00.0`. */
  readonly function: string
  /** Its name, as lspci or Linux prints it: `CmpltTO`, `BadTLP`. */
  readonly error: string
  /** The first four words of the TLP it is about. */
  readonly header?: readonly number[]
  /** Somebody else handles it: told as a correctable error. When absent, by the error and its
   *  TLP. */
  readonly advisory?: boolean
}

/** A fault that makes sense: plain data, to be saved. */
export interface CheckedFault {
  readonly at: RequesterId
  readonly error: string
  readonly header: HeaderWords | undefined
  readonly advisory: boolean | undefined
}

const KEYS: readonly string[] = ['kind', 'function', 'error', 'header', 'advisory']

/** Checks a fault against the functions there are. Throws `XpvError` `pcie.*`. */
export function checkFault(
  fault: PcieFault,
  bytesOf: (id: RequesterId) => Uint8Array | undefined,
  ids: readonly RequesterId[],
): CheckedFault {
  const unknown = Object.keys(fault).find((key) => !KEYS.includes(key))
  if (unknown !== undefined) {
    throw new XpvError('pcie.unknown-key', `a fault has no "${unknown}"`, KEYS.join(', '))
  }
  const error = checkError(fault.error)
  const at = checkPlace(fault.function, error, { bytesOf, ids })
  const header = checkHeader(fault.header, error)
  return { at, error: error.name, header, advisory: fault.advisory }
}

/** What a checked fault makes a function find. */
export function foundError({ at, error, header, advisory }: CheckedFault): FoundError {
  const kind = aerErrorNamed(error)
  if (kind === undefined) throw new XpvError('pcie.no-error', `no error is called ${error}`)
  return {
    at,
    error: kind,
    ...(advisory === undefined ? {} : { advisory }),
    ...(header === undefined ? {} : { header }),
  }
}

function checkError(name: unknown): AerError {
  const error = aerErrorNamed(String(name))
  if (error !== undefined) return error
  const names = (correctable: boolean): string =>
    AER_ERRORS.filter((e) => e.correctable === correctable)
      .map((e) => e.name)
      .join(' ')
  throw new XpvError(
    'pcie.no-error',
    `no PCI Express error is called ${String(name)}`,
    `uncorrectable ${names(false)}; correctable ${names(true)}`,
  )
}

interface Functions {
  readonly bytesOf: (id: RequesterId) => Uint8Array | undefined
  readonly ids: readonly RequesterId[]
}

function checkPlace(text: unknown, error: AerError, functions: Functions): RequesterId {
  const id = parseRequesterId(String(text))
  const bytes = id === undefined ? undefined : functions.bytesOf(id)
  if (id === undefined || bytes === undefined) {
    const told = functions.ids.map(printRequesterId).join(' ')
    throw new XpvError('pcie.no-function', `there is no function ${String(text)}`, told)
  }
  if (capability(bytes, CAP_EXPRESS) === undefined) {
    const express = functions.ids.filter((i) => isExpress(functions.bytesOf(i)))
    throw new XpvError(
      'pcie.not-express',
      `${printRequesterId(id)} is no PCI Express function: it has nowhere to latch ${error.name}`,
      express.map(printRequesterId).join(' '),
    )
  }
  const type = portType(bytes)
  if (error.name === 'SDES' && type !== ROOT_PORT && type !== DOWNSTREAM_PORT) {
    throw new XpvError(
      'pcie.wrong-function',
      `${printRequesterId(id)} cannot find its own link gone: the port above it does`,
      'a root port or a downstream port of a switch',
    )
  }
  return id
}

function isExpress(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined && capability(bytes, CAP_EXPRESS) !== undefined
}

function checkHeader(words: unknown, error: AerError): HeaderWords | undefined {
  if (words === undefined) return undefined
  if (!isHeader(words)) {
    throw new XpvError(
      'pcie.bad-header',
      'a TLP header is four words of 32 bits',
      'header: [0x04000001, 0x00200a03, 0x05010000, 0x00000000]',
    )
  }
  if (error.correctable) {
    throw new XpvError(
      'pcie.no-header',
      `${error.name} is correctable: only uncorrectable errors have a header in the log`,
      'leave the header out',
    )
  }
  return words
}

/** Whether this is a header: four words of 32 bits. */
export function isHeader(words: unknown): words is HeaderWords {
  return (
    Array.isArray(words) &&
    words.length === 4 &&
    words.every((w: unknown) => Number.isInteger(w) && Number(w) >= 0 && Number(w) <= 0xffff_ffff)
  )
}

/** Checks when a fault is to happen. Throws `XpvError` `pcie.bad-number`. */
export function checkTimes({ atNs, everyNs, times }: FaultTimes): void {
  checkNumber('atNs', atNs, 0)
  if (times !== Number.POSITIVE_INFINITY) checkNumber('times', times, 1)
  checkNumber('everyNs', everyNs, times > 1 ? 1 : 0)
}

function checkNumber(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw new XpvError('pcie.bad-number', `${name} is ${value}`, `a whole number from ${least} on`)
}
