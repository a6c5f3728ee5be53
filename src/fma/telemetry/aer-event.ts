// AerEvent: PCI Express errors as the trace event ras:aer_event and rasdaemon's table tell of them:
// by words, without the root port.
//
//   0000:03:00.0, Uncorrected (Non-Fatal), Completion Timeout, no header
//     ->  ereport.io.pci.fabric, ereport.io.pciex.tl.cto of 03:00.0
//
// Holds: words that are none of the driver's are counted. Source: Linux include/ras/ras_event.h;
// rasdaemon 0.8.5, ras-aer-handler.c (their words differ little).
import { parseRequesterId, type RequesterId } from '../../machine/pci/requester-id.js'
import type { HeaderWords } from '../../machine/pci/tlp-header.js'
import type { AerSeverity } from './pci/aer-lines.js'
import { LoggedFunctions } from './pci/aer-logged.js'
import { impliedListing } from './pci/implied-listing.js'
import type { PciLook } from './pci/pci-look.js'
import type { SpokenFunction } from './source.js'
import type { Unknowns } from './unknowns.js'

/** One such event. */
export interface AerEvent {
  readonly device: string
  readonly severity: string
  /** `Bad TLP|Bad DLLP`, `Completion Timeout, BIT27`. */
  readonly words: string
  readonly header: HeaderWords | undefined
}

const CORRECTABLE: Readonly<Record<string, number>> = {
  receiver: 0,
  'bad tlp': 6,
  'bad dllp': 7,
  'relay_num rollover': 8,
  'replay timer timeout': 12,
  'advisory non-fatal': 13,
  'corrected internal': 14,
  'header log overflow': 15,
}

const UNCORRECTABLE: Readonly<Record<string, number>> = {
  'data link protocol': 4,
  'surprise link down': 5,
  'surprise down': 5,
  'poisoned tlp': 12,
  'flow control protocol': 13,
  'completion timeout': 14,
  'completer abort': 15,
  'unexpected completion': 16,
  'receiver overflow': 17,
  'malformed tlp': 18,
  ecrc: 19,
  'unsupported request': 20,
  'acs violation': 21,
  'uncorrected internal': 22,
  'uncorrectable internal': 22,
  'mc blocked tlp': 23,
  'atomicop egress blocked': 24,
  'tlp prefix blocked': 25,
  'poisoned tlp egrees blocked': 26,
  'poisoned tlp egress blocked': 26,
}

const NO_ROOT = 'an event does not say which root port was told, nor by whom'
const NO_FIRST = 'an event does not say which error came first'

/** What events make of functions, each knowing what was told before it. */
export class AerEvents {
  readonly #unknowns: Unknowns
  readonly #functions = new LoggedFunctions()

  constructor(unknowns: Unknowns) {
    this.#unknowns = unknowns
  }

  /** What the driver saw; undefined where that cannot be understood. */
  look(of: AerEvent): PciLook | undefined {
    const [id, severity] = [parseRequesterId(of.device), severityOf(of.severity)]
    if (id === undefined || severity === undefined) {
      this.#unknowns.add('record', 'an event of PCI Express names no function or severity here')
      return undefined
    }
    const incident = this.#incidentOf(of, id, severity)
    const errors = this.#functions.take(incident)
    this.#functions.ended(incident)
    this.#unknowns.add('source-id', NO_ROOT)
    return { errors, gone: [] }
  }

  #incidentOf({ words, header }: AerEvent, id: RequesterId, severity: AerSeverity) {
    const status = this.#statusOf(words, severity)
    const isOne = (status & (status - 1)) === 0
    if (severity !== 'correctable' && !isOne) this.#unknowns.add('header', NO_FIRST)
    const first = isOne && status !== 0 ? 31 - Math.clz32(status) : undefined
    const report = { id, severity, ids: undefined, status, mask: 0, first, header }
    return { message: undefined, reports: [report], outcome: undefined }
  }

  #statusOf(words: string, severity: AerSeverity): number {
    const bits = severity === 'correctable' ? CORRECTABLE : UNCORRECTABLE
    let status = 0
    for (const word of words.split(/\s*[|,]\s*/).filter((each) => each !== '')) {
      const name = word.toLowerCase().replace(/ (?:error|status)$/, '')
      const numbered = /^bit(\d{1,2})$/.exec(name)?.[1]
      const bit = numbered === undefined ? bits[name] : Number(numbered)
      if (bit !== undefined && bit < 32) status |= 1 << bit
      else if (/^0x[0-9a-f]{1,8}$/.test(name)) status |= Number(name)
      else this.#unknowns.add('class', `an error of PCI Express has a name of its own: ${word}`)
    }
    return status >>> 0
  }
}

/** The functions that events name. */
export function aerEventFunctions(devices: readonly string[]): readonly SpokenFunction[] {
  const ids = new Set(devices.flatMap((device) => parseRequesterId(device) ?? []))
  return [...ids].map((id) => {
    return { listing: impliedListing(id, { ids: undefined, bus: undefined }), by: 'mention' }
  })
}

function severityOf(text: string): AerSeverity | undefined {
  if (/non-?fatal/i.test(text)) return 'non-fatal'
  if (/fatal/i.test(text)) return 'fatal'
  return /corrected/i.test(text) && !/uncorrected/i.test(text) ? 'correctable' : undefined
}
