// PciExpress: the PCI Express hierarchy of a simulated host: a configuration space for every
// function, errors injected into them, and what dom0 hears or finds of it.
//
//   inject({ kind: 'pcie', function: '03:00.0', error: 'CmpltTO' })
//     ->  registers, HW_PCIE on the bus, an interrupt
//   where there are messages for that; else nothing until somebody polls
//
// Holds: all state is bytes and plain numbers; what software writes goes through the register
// table, what hardware does is told on the bus step by step.

import { XpvError } from '../../base/error.js'
import {
  HW_PCIE,
  PCIE_INTERRUPT,
  PCIE_LATCHED,
  PCIE_MESSAGE,
  PCIE_POLLED,
  PCIE_ROOT_LATCHED,
  PCIE_SOURCE_LOST,
} from '../../machine/observation.js'
import type { PcieSeverity } from '../../machine/pci/aer-error.js'
import { CE_STATUS, ROOT_ERROR_STATUS, UE_STATUS } from '../../machine/pci/aer-registers.js'
import { readConfig } from '../../machine/pci/config-space.js'
import { BRIDGE_CONTROL } from '../../machine/pci/header-registers.js'
import type { PciListing } from '../../machine/pci/listing.js'
import { fieldOf, readRegister } from '../../machine/pci/register.js'
import {
  type AccessMasks,
  accessMasks,
  isBridge,
  resetConfig,
  writeConfig,
} from '../../machine/pci/register-map.js'
import { partsOf, printRequesterId, type RequesterId } from '../../machine/pci/requester-id.js'
import type { Bus, SeenAt } from './bus.js'
import type { Era } from './era.js'
import type { FaultTimes, PlannedFault } from './fault-scenario.js'
import type { Kernel } from './kernel.js'
import { HARDWARE_KINDS } from './kinds.js'
import { Faults, type FaultsState } from './mca/faults.js'
import { logPrefix } from './pci/aer-log.js'
import { enableReporting, serveRootPort } from './pci/dom0-errors.js'
import { clearErrors, type LatchedErrors, latchedErrors } from './pci/errors.js'
import {
  type CheckedFault,
  checkFault,
  checkTimes,
  foundError,
  type PcieFault,
} from './pci/fault.js'
import { type SimFunction, simFunction } from './pci/function-spec.js'
import {
  type Fabric,
  findError,
  isChecked,
  type SignallingRules,
  SPECIFIED,
  type Step,
} from './pci/signalling.js'
import { TOPOLOGY } from './pci/topology.js'

/** A fault is due: its number. */
const FAULT = HARDWARE_KINDS + 50
/** Dom0 serves the interrupt of a root port: its requester id. */
const SERVE = HARDWARE_KINDS + 51
/** Dom0 polls. */
const POLL = HARDWARE_KINDS + 52

/** Of the first root port's messages, as dom0 numbers interrupts. */
const FIRST_IRQ = 38
/** What dom0's handler takes until it has read the root port. */
const SERVE_NS = 6000

const AT_ONCE: FaultTimes = { atNs: 0, everyNs: 0, times: 1, random: false }

/** What a hierarchy is made of. */
export interface PciParts {
  readonly kernel: Kernel
  readonly bus: Bus
  readonly era: Era
  /** Where what hardware does is seen: the pcpu that takes its interrupts. */
  readonly seenAt: () => SeenAt
  /** Of faults that come at random. */
  readonly seed: number
  /** The functions; those of `topology.ts` when absent. */
  readonly functions?: readonly SimFunction[]
  readonly rules?: SignallingRules
  /** Takes lines of the log of dom0's kernel. */
  readonly log?: (line: string) => void
  /** Dom0's handler works so long, then this kind of thing happens; after that time whoever else
   *  works, when absent. */
  readonly work?: (ns: number, kind: number, a: number) => void
}

/** All that changes, as plain data. */
export interface PciState {
  readonly bytes: readonly (readonly [id: number, bytes: Uint8Array])[]
  readonly faults: FaultsState<CheckedFault>
  readonly pollNs: number
}

/** What a poll found at one function. */
export interface PolledErrors extends LatchedErrors {
  readonly at: RequesterId
}

interface Live {
  readonly made: SimFunction
  readonly bytes: Uint8Array
  masks: AccessMasks
}

/** The hierarchy of one machine. */
export class PciExpress implements Fabric {
  readonly rules: SignallingRules
  readonly #parts: PciParts
  readonly #functions = new Map<RequesterId, Live>()
  readonly #faults: Faults<CheckedFault>
  #pollNs = 0

  constructor(parts: PciParts) {
    this.#parts = parts
    this.rules = parts.rules ?? SPECIFIED
    this.#faults = new Faults(parts.seed)
    for (const made of parts.functions ?? TOPOLOGY.map(simFunction)) {
      const bytes = made.booted.slice()
      this.#functions.set(made.id, { made, bytes, masks: accessMasks(bytes, made.fixed) })
    }
    parts.kernel.on(FAULT, (fault) => this.#due(fault))
    parts.kernel.on(SERVE, (root) => this.#serve(root as RequesterId))
    parts.kernel.on(POLL, () => this.#polls())
  }

  /** The kernel of dom0 comes up: it asks for errors to be told, as far as its era can. */
  boot(): void {
    let irq = FIRST_IRQ
    for (const { bytes, masks, made } of this.#functions.values()) {
      const isTold = enableReporting(bytes, masks, this.#parts.era)
      const port = logPrefix({ id: made.id, bytes, driver: 'pcieport' })
      if (isTold) this.#parts.log?.(`${port}AER: enabled with IRQ ${irq++}`)
    }
  }

  /** All functions, ascending. */
  get ids(): readonly RequesterId[] {
    return [...this.#functions.keys()].sort((a, b) => a - b)
  }

  /** The functions as lspci sees them. */
  get listings(): readonly PciListing[] {
    return this.ids.map((id) => {
      const { made, bytes } = this.#functions.get(id) as Live
      return { ...made.listing, id, bytes }
    })
  }

  /** The bytes of a function as they are; undefined where there is none. */
  bytesOf(id: RequesterId): Uint8Array | undefined {
    return this.#functions.get(id)?.bytes
  }

  /** The bridge whose secondary bus a function is on. */
  above(id: RequesterId): RequesterId | undefined {
    const { bus } = partsOf(id)
    if (bus === 0) return undefined
    for (const [bridge, { bytes }] of this.#functions) {
      if (isBridge(bytes) && readConfig(bytes, 0x19, 1) === bus) return bridge
    }
    return undefined
  }

  /** Reads configuration space as software does: all ones where nobody answers. */
  read(id: RequesterId, offset: number, size: 1 | 2 | 4): number {
    const bytes = this.bytesOf(id)
    const value = bytes === undefined ? undefined : readConfig(bytes, offset, size)
    return value ?? 2 ** (8 * size) - 1
  }

  /** Writes configuration space as software does: what may not be written stays. */
  write(id: RequesterId, at: { offset: number; size: 1 | 2 | 4 }, value: number): void {
    const written = this.#functions.get(id)
    if (written === undefined) return
    const inReset = isInReset(written.bytes)
    writeConfig(written.bytes, written.masks, at, value >>> 0)
    if (!inReset && isInReset(written.bytes)) this.#resetBelow(id)
  }

  /** Throws what `inject` would. */
  check(fault: PcieFault): void {
    this.#check(fault)
  }

  /** Lets a function find an error, now or later, once or again and again; the fault's number.
   *  Throws `XpvError` `pcie.*` for one that makes no sense. */
  inject(fault: PcieFault, times: Partial<FaultTimes> = {}): number {
    const planned = { ...AT_ONCE, ...times }
    checkTimes(planned)
    return this.#plan(this.#check(fault), planned)
  }

  /** Injects many; none when any makes no sense. The faults' numbers. */
  play(faults: readonly PlannedFault<PcieFault>[]): readonly number[] {
    for (const { fault, ...times } of faults) {
      this.#check(fault)
      checkTimes(times)
    }
    return faults.map(({ fault, ...times }) => this.inject(fault, times))
  }

  /** Ends a fault. False when it was over. */
  mend(id: number): boolean {
    return this.#faults.remove(id)
  }

  /** Dom0 looks for errors that were latched; with `clear`, the registers are clean afterwards. */
  poll(options: { readonly clear?: boolean } = {}): readonly PolledErrors[] {
    return this.ids.flatMap((at) => {
      const { bytes, masks } = this.#functions.get(at) as Live
      const found = latchedErrors(bytes)
      if (found === undefined) return []
      this.#sayPolled(at, found)
      if (options.clear === true) clearErrors(bytes, masks)
      return [{ at, ...found }]
    })
  }

  /** Lets dom0 poll every so often from now on, and clear what it finds; never again with 0. */
  pollEvery(ns: number): void {
    const isRunning = this.#pollNs > 0
    this.#pollNs = ns
    if (!isRunning && ns > 0) this.#parts.kernel.schedule(ns, POLL)
  }

  save(): PciState {
    return {
      bytes: [...this.#functions].map(([id, { bytes }]) => [id, bytes.slice()]),
      faults: this.#faults.save(),
      pollNs: this.#pollNs,
    }
  }

  restore(state: PciState): void {
    for (const [id, bytes] of state.bytes) this.bytesOf(id as RequesterId)?.set(bytes)
    this.#faults.restore(state.faults)
    this.#pollNs = state.pollNs
  }

  #check(fault: PcieFault): CheckedFault {
    const checked = checkFault(fault, (id) => this.bytesOf(id), this.ids)
    const { at, error } = checked
    if (isChecked(this, foundError(checked))) return checked
    throw new XpvError(
      'pcie.not-checked',
      `${printRequesterId(at)} does not check what ${error} is about: nobody would ever know`,
      'set ECRCChkEn, bit 8 of the AER control register',
    )
  }

  #plan(fault: CheckedFault, times: FaultTimes): number {
    const { id } = this.#faults.add(fault, times)
    if (times.atNs === 0) this.#due(id)
    else this.#parts.kernel.schedule(times.atNs, FAULT, id)
    return id
  }

  #due(id: number): void {
    const due = this.#faults.happens(id)
    if (due === undefined) return
    this.#find(due.fault.fault)
    if (due.againNs !== undefined) this.#parts.kernel.schedule(due.againNs, FAULT, id)
  }

  #find(fault: CheckedFault): void {
    for (const step of findError(this, foundError(fault))) this.#tell(step)
  }

  #tell(step: Step): void {
    this.#parts.bus.say(HW_PCIE, this.#parts.seenAt(), wordsOf(step))
    if (step.kind !== 'interrupt') return
    const { kernel, work = (ns, kind, a) => void kernel.schedule(ns, kind, a) } = this.#parts
    work(SERVE_NS, SERVE, step.at)
  }

  #serve(root: RequesterId): void {
    const { log = () => {}, era } = this.#parts
    serveRootPort(root, {
      log,
      words: era.aerWords,
      bytesOf: (id) => this.bytesOf(id),
      above: (id) => this.above(id),
      driver: (id) => this.#functions.get(id)?.made.listing.driver ?? 'pci',
      below: (id) => this.#below(id),
      recovers: (id) => this.#functions.get(id)?.made.recovers === true,
      write: (id, at, value) => this.write(id, at, value),
    })
  }

  #polls(): void {
    if (this.#pollNs === 0) return
    this.poll({ clear: true })
    this.#parts.kernel.schedule(this.#pollNs, POLL)
  }

  #sayPolled(at: RequesterId, found: LatchedErrors): void {
    const place = this.#parts.seenAt()
    for (const words of polledWords(at, found)) this.#parts.bus.say(HW_PCIE, place, words)
  }

  #resetBelow(bridge: RequesterId): void {
    for (const id of this.#below(bridge)) {
      const { bytes, masks, made } = this.#functions.get(id) as Live
      resetConfig(bytes, masks, made.powerOn)
    }
  }

  /** The functions on the buses that a bridge forwards to. */
  #below(bridge: RequesterId): readonly RequesterId[] {
    const bytes = this.bytesOf(bridge)
    if (bytes === undefined || !isBridge(bytes)) return []
    const first = readConfig(bytes, 0x19, 1) ?? 0
    const last = readConfig(bytes, 0x1a, 1) ?? 0
    return this.ids.filter((id) => {
      const { bus } = partsOf(id)
      return bus !== 0 && bus >= first && bus <= last
    })
  }
}

function isInReset(bytes: Uint8Array): boolean {
  return isBridge(bytes) && fieldOf(readRegister(bytes, 0, BRIDGE_CONTROL), '>Reset') === 1
}

// ---- Words of HW_PCIE.

const SEVERITIES: Readonly<Record<PcieSeverity, number>> = {
  correctable: 0,
  'non-fatal': 1,
  fatal: 2,
}

const ROOT_KINDS = {
  'root-latched': PCIE_ROOT_LATCHED,
  'source-lost': PCIE_SOURCE_LOST,
  interrupt: PCIE_INTERRUPT,
} as const

function wordsOf(step: Step): readonly number[] {
  const severity = SEVERITIES[step.severity]
  const uncorrectable = severity > 0 ? 1 : 0
  if (step.kind === 'latched') {
    const { at, error, header = [] } = step
    const { offset } = error.correctable ? CE_STATUS : UE_STATUS
    const bits = (1 << error.bit) >>> 0
    return [PCIE_LATCHED, at, bits, at, uncorrectable, severity, offset, ...header]
  }
  if (step.kind === 'message') {
    const { source, error } = step
    const { offset } = error.correctable ? CE_STATUS : UE_STATUS
    const bits = (1 << error.bit) >>> 0
    return [PCIE_MESSAGE, source, bits, source, uncorrectable, severity, offset]
  }
  const { kind, at, status, source } = step
  const { offset } = ROOT_ERROR_STATUS
  return [ROOT_KINDS[kind], at, status, source, uncorrectable, severity, offset]
}

/** One row for each status register that is not clean. */
function polledWords(at: RequesterId, found: LatchedErrors): readonly (readonly number[])[] {
  const rows: number[][] = []
  const { uncorrectable, correctable, root } = found
  if (uncorrectable !== 0) {
    const severity = found.isFatal ? 2 : 1
    const row = [PCIE_POLLED, at, uncorrectable, at, 1, severity, UE_STATUS.offset]
    rows.push([...row, ...found.header])
  }
  if (correctable !== 0) rows.push([PCIE_POLLED, at, correctable, at, 0, 0, CE_STATUS.offset])
  if (root !== undefined) {
    const isBad = root.uncorrectableSource !== undefined
    const source = root.uncorrectableSource ?? root.correctableSource ?? 0
    const severity = !isBad ? 0 : root.isFatal ? 2 : 1
    const { offset } = ROOT_ERROR_STATUS
    rows.push([PCIE_POLLED, at, root.status, source, isBad ? 1 : 0, severity, offset])
  }
  return rows
}
