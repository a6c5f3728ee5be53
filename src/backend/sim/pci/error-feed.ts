// PciErrorFeed: errors of PCI Express as whoever serves them gets to see them: which functions are
// looked at when, and how their registers were before anything was cleared.
//
//   Linux or Solaris with MSI   a root port interrupts: it, the sources it names, the bridges
//                               between; all below it where sources are lost
//   Solaris without MSI         dom0 looks at everything, every so often
//   Linux without MSI           nobody looks: its driver for such errors needs the interrupt
//
// Holds: a record has functions with errors that were not there the last time, and all bridges
// above them; what was the same before is the same bytes, so that a storm of one error takes little
// room. Source: drivers/pci/pcie/aer.c; illumos pcie_fault.c (pf_pci_find_rp_fault,
// pf_scan_fabric).
import { CE_STATUS, ROOT_ERROR_STATUS, UE_STATUS } from '../../../machine/pci/aer-registers.js'
import { CAP_EXPRESS, capability, EXT_AER } from '../../../machine/pci/capability.js'
import { DEVICE_STATUS, isRoot } from '../../../machine/pci/express-registers.js'
import { SECONDARY_STATUS, STATUS } from '../../../machine/pci/header-registers.js'
import { type PciRegister, readRegister } from '../../../machine/pci/register.js'
import { isBridge, portType } from '../../../machine/pci/register-map.js'
import type { RequesterId } from '../../../machine/pci/requester-id.js'
import type { PciErrorRecord, TelemetryGap } from '../../../machine/telemetry.js'
import type { Era } from '../era.js'
import { errorBits, latchedErrors } from './errors.js'

/** How often dom0 looks where nothing tells it: a choice, as long as between two looks at the
 *  banks of a processor. A Solaris dom0 scans whenever one of its drivers checks an access. */
const LOOK_NS = 10_000_000_000

/** The functions of a host. */
export interface Hierarchy {
  readonly ids: readonly RequesterId[]
  bytesOf(id: RequesterId): Uint8Array | undefined
  /** The bridge right above a function. */
  above(id: RequesterId): RequesterId | undefined
  below(id: RequesterId): readonly RequesterId[]
}

/** All of it, as plain data. */
export interface PciErrorFeedState {
  readonly records: readonly PciErrorRecord[]
  readonly left: readonly (readonly [id: RequesterId, bytes: Uint8Array])[]
}

/** Nanoseconds between two looks of an era's dom0; 0 where it does not look by itself. */
export function lookEveryNs({ dom0, msi }: Era): number {
  return dom0 === 'solaris' && !msi ? LOOK_NS : 0
}

/** Why errors are not seen, or not whole. */
export function pciErrorGaps({ dom0, msi }: Era): readonly TelemetryGap[] {
  if (msi) return []
  if (dom0 === 'linux') return [{ kind: 'pci', extent: 'all', reason: NOBODY_LOOKS }]
  return [{ kind: 'pci', extent: 'some', reason: FOUND_LATER }]
}

const NOBODY_LOOKS =
  'without message-signalled interrupts this kernel does not serve PCI Express errors: registers ' +
  'latch them and nobody looks'
const FOUND_LATER =
  'no root port can interrupt: dom0 looks every 10 s and finds bits, not how often, in what ' +
  'order or, but for the first of each kind, from whom'

/** The functions to look at when a root port interrupts: the sources that it still knows; all
 *  below it where it does not, or where Solaris finds two errors at once. */
export function namedBy(root: RequesterId, { dom0 }: Era, host: Hierarchy): readonly RequesterId[] {
  const bytes = host.bytesOf(root)
  const told = bytes === undefined ? undefined : latchedErrors(bytes)?.root
  if (told === undefined) return [root]
  const { status, correctableSource, uncorrectableSource } = told
  const sources = [correctableSource, uncorrectableSource].filter((id) => id !== undefined)
  const isLost = (status & SEVERAL) !== 0 || (dom0 === 'solaris' && sources.length > 1)
  if (isLost || sources.some((id) => host.bytesOf(id) === undefined)) {
    return [root, ...host.below(root)]
  }
  return [root, ...sources]
}

/** MultCERcvd and MultUERcvd of RootSta. */
const SEVERAL = 0b1010

/** What was seen, oldest first. */
export class PciErrorFeed {
  readonly #host: Hierarchy
  #records: PciErrorRecord[] = []
  #left = new Map<RequesterId, Uint8Array>()
  /** The last ones of each function. */
  readonly #snapshots = new Map<RequesterId, Uint8Array[]>()

  constructor(host: Hierarchy) {
    this.#host = host
  }

  get records(): readonly PciErrorRecord[] {
    return this.#records
  }

  /** Somebody looks at functions, then clears them by `serve`, as far as he does. Whether there was
   *  anything to see. */
  look(
    of: Pick<PciErrorRecord, 'atNs' | 'cause' | 'root'>,
    ids: readonly RequesterId[],
    serve: () => void,
  ): boolean {
    const looked = this.#involved(ids)
    const functions = looked.map((id) => {
      const bytes = this.#bytes(id)
      const left = this.#left.get(id)
      return left === undefined ? { id, bytes } : { id, bytes, left }
    })
    serve()
    for (const id of looked) this.#left.set(id, this.#bytes(id))
    if (functions.length > 0) this.#records.push({ ...of, functions })
    return functions.length > 0
  }

  save(): PciErrorFeedState {
    return { records: [...this.#records], left: [...this.#left] }
  }

  restore({ records, left }: PciErrorFeedState): void {
    this.#records = [...records]
    this.#left = new Map(left)
  }

  /** Those with new errors and all bridges above them, ascending. */
  #involved(ids: readonly RequesterId[]): readonly RequesterId[] {
    const found = new Set<RequesterId>()
    for (const id of ids) {
      const bytes = this.#host.bytesOf(id)
      if (bytes === undefined || !hasNewErrors(bytes, this.#left.get(id))) continue
      let at: RequesterId | undefined = id
      while (at !== undefined && !found.has(at)) {
        found.add(at)
        at = this.#host.above(at)
      }
    }
    return [...found].sort((a, b) => a - b)
  }

  #bytes(id: RequesterId): Uint8Array {
    const bytes = this.#host.bytesOf(id) ?? new Uint8Array(0)
    const known = this.#snapshots.get(id) ?? []
    const same = known.find((each) => isSame(each, bytes))
    if (same !== undefined) return same
    const copy = bytes.slice()
    this.#snapshots.set(id, [copy, ...known.slice(0, MOST_SNAPSHOTS - 1)])
    return copy
  }
}

const MOST_SNAPSHOTS = 8

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at])

/** Whether a status register has an error that it did not have when it was left. */
function hasNewErrors(bytes: Uint8Array, left: Uint8Array | undefined): boolean {
  const isNew = (base: number | undefined, register: PciRegister): boolean => {
    if (base === undefined) return false
    const was = left === undefined ? 0 : readRegister(left, base, register).raw
    return (readRegister(bytes, base, register).raw & ~was & errorBits(register)) !== 0
  }
  const express = capability(bytes, CAP_EXPRESS)?.at
  const aer = capability(bytes, EXT_AER, true)?.at
  return (
    isNew(0, STATUS) ||
    (isBridge(bytes) && isNew(0, SECONDARY_STATUS)) ||
    isNew(express, DEVICE_STATUS) ||
    isNew(aer, UE_STATUS) ||
    isNew(aer, CE_STATUS) ||
    (isRoot(portType(bytes) ?? 0) && isNew(aer, ROOT_ERROR_STATUS))
  )
}
