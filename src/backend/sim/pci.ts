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
import { HW_PCIE } from '../../machine/observation.js'
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
import type { PciErrorRecord, TelemetryGap } from '../../machine/telemetry.js'
import type { Bus, SeenAt } from './bus.js'
import type { Era } from './era.js'
import type { FaultTimes, PlannedFault } from './fault-scenario.js'
import type { Kernel } from './kernel.js'
import { HARDWARE_KINDS } from './kinds.js'
import { Faults, type FaultsState } from './mca/faults.js'
import { logPrefix } from './pci/aer-log.js'
import { polledWords, wordsOf } from './pci/bus-words.js'
import { enableReporting, serveRootPort } from './pci/dom0-errors.js'
import {
  lookEveryNs,
  namedBy,
  PciErrorFeed,
  type PciErrorFeedState,
  pciErrorGaps,
} from './pci/error-feed.js'
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

const NOTHING = new Uint8Array(0)
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
  readonly polls: Polls
  readonly seen: PciErrorFeedState
}

/** Dom0 polls every so often, counted from then; never with 0. */
interface Polls {
  readonly everyNs: number
  readonly fromNs: number
  /** One is due: there is something to be found. */
  readonly isDue: boolean
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
  readonly #seen = new PciErrorFeed(this)
  #polls: Polls = { everyNs: 0, fromNs: 0, isDue: false }

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
    parts.kernel.on(POLL, () => this.#poll())
  }

  /** The kernel of dom0 comes up: it asks for errors to be told, as far as its era can. */
  boot(): void {
    let irq = FIRST_IRQ
    for (const { bytes, masks, made } of this.#functions.values()) {
      const isTold = enableReporting(bytes, masks, this.#parts.era)
      const port = logPrefix({ id: made.id, bytes, driver: 'pcieport' })
      const isLinux = this.#parts.era.dom0 === 'linux'
      if (isTold && isLinux) this.#parts.log?.(`${port}AER: enabled with IRQ ${irq++}`)
    }
    this.#polls = { ...this.#polls, everyNs: lookEveryNs(this.#parts.era) }
  }

  /** All functions, ascending. */
  get ids(): readonly RequesterId[] {
    return [...this.#functions.keys()].sort((a, b) => a - b)
  }

  /** What dom0 got to see of errors, oldest first. */
  get seen(): readonly PciErrorRecord[] {
    return this.#seen.records
  }

  /** Why it does not see all. */
  get gaps(): readonly TelemetryGap[] {
    return pciErrorGaps(this.#parts.era)
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

  /** Looks for errors that are latched; with `clear` dom0 does, and the registers are clean
   *  afterwards. */
  poll(options: { readonly clear?: boolean } = {}): readonly PolledErrors[] {
    const found = this.ids.flatMap((at) => {
      const latched = latchedErrors(this.bytesOf(at) ?? NOTHING)
      return latched === undefined ? [] : [{ at, ...latched }]
    })
    for (const each of found) this.#sayPolled(each.at, each)
    if (options.clear === true) this.#look('poll', this.ids, () => this.#clear(this.ids))
    return found
  }

  /** Lets dom0 poll every so often from now on, and clear what it finds; never again with 0. */
  pollEvery(ns: number): void {
    this.#polls = { ...this.#polls, everyNs: ns, fromNs: this.#parts.kernel.now }
    this.#awaitPoll()
  }

  save(): PciState {
    return {
      bytes: [...this.#functions].map(([id, { bytes }]) => [id, bytes.slice()]),
      faults: this.#faults.save(),
      polls: this.#polls,
      seen: this.#seen.save(),
    }
  }

  restore(state: PciState): void {
    for (const [id, bytes] of state.bytes) this.bytesOf(id as RequesterId)?.set(bytes)
    this.#faults.restore(state.faults)
    this.#polls = state.polls
    this.#seen.restore(state.seen)
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
    this.#awaitPoll()
  }

  #tell(step: Step): void {
    this.#parts.bus.say(HW_PCIE, this.#parts.seenAt(), wordsOf(step))
    if (step.kind !== 'interrupt') return
    const { kernel, work = (ns, kind, a) => void kernel.schedule(ns, kind, a) } = this.#parts
    work(SERVE_NS, SERVE, step.at)
  }

  #serve(root: RequesterId): void {
    const named = namedBy(root, this.#parts.era, this)
    const isLinux = this.#parts.era.dom0 === 'linux'
    this.#look('interrupt', named, () => (isLinux ? this.#linux(root) : this.#clear(named)), root)
  }

  #linux(root: RequesterId): void {
    const { log = () => {}, era } = this.#parts
    serveRootPort(root, {
      log,
      words: era.aerWords,
      bytesOf: (id) => this.bytesOf(id),
      above: (id) => this.above(id),
      driver: (id) => this.#functions.get(id)?.made.listing.driver ?? 'pci',
      below: (id) => this.below(id),
      recovers: (id) => this.#functions.get(id)?.made.recovers === true,
      write: (id, at, value) => this.write(id, at, value),
    })
  }

  /** Dom0 looks at functions and serves them. */
  #look(
    cause: PciErrorRecord['cause'],
    ids: readonly RequesterId[],
    serve: () => void,
    root?: RequesterId,
  ): void {
    const atNs = this.#parts.kernel.now
    const of = root === undefined ? { atNs, cause } : { atNs, cause, root }
    if (this.#seen.look(of, ids, serve)) this.#parts.kernel.alert()
  }

  #clear(ids: readonly RequesterId[]): void {
    for (const id of ids) {
      const { bytes, masks } = this.#functions.get(id) as Live
      clearErrors(bytes, masks)
    }
  }

  /** The next poll is due once something may be found. */
  #awaitPoll(): void {
    const { everyNs, fromNs, isDue } = this.#polls
    if (isDue || everyNs === 0) return
    const { kernel } = this.#parts
    kernel.schedule(everyNs - ((kernel.now - fromNs) % everyNs), POLL)
    this.#polls = { everyNs, fromNs, isDue: true }
  }

  #poll(): void {
    const wasDue = this.#polls.isDue
    this.#polls = { ...this.#polls, isDue: false }
    if (wasDue && this.#polls.everyNs > 0) this.poll({ clear: true })
  }

  #sayPolled(at: RequesterId, found: LatchedErrors): void {
    const place = this.#parts.seenAt()
    for (const words of polledWords(at, found)) this.#parts.bus.say(HW_PCIE, place, words)
  }

  #resetBelow(bridge: RequesterId): void {
    for (const id of this.below(bridge)) {
      const { bytes, masks, made } = this.#functions.get(id) as Live
      resetConfig(bytes, masks, made.powerOn)
    }
  }

  /** The functions on the buses that a bridge forwards to. */
  below(bridge: RequesterId): readonly RequesterId[] {
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
