// MachineChecks: the machine-check hardware of a host: faults happen, banks hold what is told of
// them, and whoever owns machine checks in this era hears of it, or does not.
//
//   inject(fault)  ->  bank, HW_MCA  ->  poll, interrupt or exception  ->  telemetry  ->  dom0
//
// Holds: banks are bit-exact; everything here is plain data between two happenings, so that a
// machine can be copied. After a panic, nothing more is handled: banks keep what they hold.
import { XpvError } from '../../base/error.js'
import { type MciSeverity, mciSeverity } from '../../machine/mci-status.js'
import { MemoryMap } from '../../machine/memory-map.js'
import {
  HW_MCA,
  MCA_CLEARED,
  MCA_FETCHED,
  MCA_LATCHED,
  MCA_NO_BANK,
  MCA_OVERFLOWED,
} from '../../machine/observation.js'
import type { Bus } from './bus.js'
import type { Era } from './era.js'
import { type Fault, type FaultReport, type FaultyHost, faultReport } from './fault.js'
import { checkFault } from './fault-fields.js'
import {
  type FaultScenario,
  type FaultTimes,
  type InjectedFault,
  parseScenario,
  refuse,
  type ScenarioFault,
  type ScenarioMistake,
} from './fault-scenario.js'
import { FRAME_BYTES, HOLE_END, HOLE_START } from './frames.js'
import type { HostConfig } from './host-config.js'
import type { Kernel } from './kernel.js'
import { HARDWARE_KINDS } from './kinds.js'
import { type BankState, logError } from './mca/bank.js'
import { Banks, type BanksState } from './mca/banks.js'
import { Dom0Log, type Dom0LogState } from './mca/dom0-log.js'
import { Exceptions } from './mca/exceptions.js'
import { type ActiveFault, Faults, type FaultsState } from './mca/faults.js'
import type { McaHandler, McaHandlerParts, McaSurroundings } from './mca/handler.js'
import { makeHandler } from './mca/make-handler.js'
import { panicLines } from './mca/record-text.js'
import { TelemetryPool, type TelemetryRecord, type TelemetryState } from './mca/telemetry.js'
import type { PcieFault } from './pci/fault.js'
import type { Processor } from './processor.js'

/** A poll is due. */
const POLL = HARDWARE_KINDS
/** A fault is due: its number. */
const FAULT = HARDWARE_KINDS + 1
/** An interrupt for corrected errors: the pcpu and the bank. */
const INTERRUPT = HARDWARE_KINDS + 2
/** An exception: the pcpu and the bank. */
const EXCEPTION = HARDWARE_KINDS + 3
/** All pcpus have left an exception. */
const LEAVE = HARDWARE_KINDS + 4

const INTERRUPT_NS = 1_200
const EXCEPTION_NS = 300
const HANDLING_NS = 45_000

/** One bank as it is now. */
export interface BankReading extends Readonly<BankState> {
  readonly bank: number
  readonly unit: string
  readonly scope: 'thread' | 'core' | 'package'
  /** Undefined when it is empty. */
  readonly severity: MciSeverity | undefined
}

/** What machine-check hardware is made of. */
export interface MachineCheckParts {
  readonly kernel: Kernel
  readonly bus: Bus
  readonly era: Era
  readonly host: HostConfig
  readonly processor: Processor
  readonly around: McaSurroundings
  /** Where faults of PCI Express of a scenario happen. */
  readonly pcie: PcieFaults
  /** Called when an operating system on metal has logged a record. */
  readonly logged: () => void
}

/** What lets faults of PCI Express happen; `check` throws what `inject` would. */
export interface PcieFaults {
  check(fault: PcieFault): void
  inject(fault: PcieFault, times: FaultTimes): number
  mend(id: number): boolean
}

/** All of it, as plain data. */
export interface MachineChecksState {
  readonly banks: BanksState
  readonly pool: TelemetryState
  readonly faults: FaultsState<Fault>
  readonly handler: unknown
  readonly log: Dom0LogState
  readonly halted: string | undefined
  readonly handling: readonly number[]
}

/** The machine-check hardware of one host and the software that owns it. */
export class MachineChecks {
  readonly banksOf: Banks
  readonly memory: MemoryMap
  /** Records that wait for dom0, where the hypervisor keeps them. */
  readonly pool = new TelemetryPool()
  readonly #log: Dom0Log
  readonly #parts: MachineCheckParts
  readonly #host: FaultyHost
  readonly #faults: Faults<Fault>
  readonly #handler: McaHandler
  readonly #exceptions: Exceptions
  #halted: string | undefined

  constructor(parts: MachineCheckParts) {
    const { kernel, host, processor } = parts
    this.#parts = parts
    this.memory = new MemoryMap({
      bytes: host.memoryMiB * 2 ** 20,
      sockets: host.sockets,
      hole: { start: HOLE_START * FRAME_BYTES, end: HOLE_END * FRAME_BYTES },
      ...processor.memory,
    })
    this.banksOf = new Banks(processor, host)
    this.#host = { processor, shape: host, memory: this.memory }
    this.#faults = new Faults(host.seed)
    this.#log = new Dom0Log(parts.era.dom0 === 'linux' && parts.era.mca !== 'metal')
    const logged = (record: Omit<TelemetryRecord, 'id'>): void => {
      this.keep({ ...record, id: this.log.length + 1 })
      parts.logged()
    }
    this.#handler = makeHandler(parts.era, this.#handlerParts(), { pool: this.pool, logged })
    this.#exceptions = new Exceptions({
      banks: this.banksOf,
      online: () => parts.around.online,
      say: (what, pcpu, bank) => this.#say(what, pcpu, bank),
      handle: (pcpus) => this.#handler.exception(pcpus),
      shutdown: (reason) => this.halt(reason),
    })
    kernel.on(POLL, () => this.#whileUp(() => this.#handler.poll()))
    kernel.on(FAULT, (id) => this.#strike(id))
    kernel.on(INTERRUPT, (pcpu) => this.#whileUp(() => this.#handler.cmci(pcpu)))
    kernel.on(EXCEPTION, (pcpu, bank) => this.#whileUp(() => this.#except(pcpu, bank)))
    kernel.on(LEAVE, () => this.#exceptions.leave())
  }

  /** Sets the hardware up, as whoever owns it does at boot. */
  boot(): void {
    this.#handler.start()
  }

  /** Why the host stopped; undefined while it runs. */
  get halted(): string | undefined {
    return this.#halted
  }

  /** Records that reached dom0, or on metal the operating system: oldest first. */
  get log(): readonly TelemetryRecord[] {
    return this.#log.records
  }

  /** The host stops: it cannot go on. */
  halt(reason: string): void {
    this.#halted = reason
    const { era, around } = this.#parts
    const lines = era.mca === 'metal' ? [`panic: ${reason}`] : panicLines(reason)
    for (const line of lines) around.console(line)
  }

  /** What a read of /dev/mcelog yields in a Linux dom0, which empties it. */
  takeMcelog(): Uint8Array {
    return this.#log.takeMcelog()
  }

  /** Whether the processor can interrupt for corrected errors. */
  get hasInterrupt(): boolean {
    return this.banksOf.cap.cmci
  }

  /** What may still go wrong. */
  get faults(): readonly ActiveFault<Fault>[] {
    return this.#faults.active
  }

  /** Lets something go wrong, now or later, once or again and again; its number. Throws `XpvError`
   *  `sim.fault` for what makes no sense, or no part of this host has. */
  inject(fault: Fault, times: Partial<FaultTimes> = {}): number {
    checkFault(fault, times)
    faultReport(fault, this.#host)
    const { id, atNs } = this.#faults.add(fault, times)
    this.#parts.kernel.schedule(atNs, FAULT, id)
    return id
  }

  /** Lets everything of a scenario go wrong, a text or one that was read; nothing when any of it
   *  cannot. How many faults there are. Throws `XpvError` `sim.scenario`, which lists every
   *  mistake. */
  run(of: FaultScenario | string): number {
    return this.plan(of).length
  }

  /** The same; what was planned, each fault with its place and what ends it. */
  plan(of: FaultScenario | string): readonly InjectedFault[] {
    const { faults } = typeof of === 'string' ? parseScenario(of) : of
    refuse(faults.flatMap((planned) => this.#objections(planned)))
    return faults.map(({ fault, atNs, everyNs, times, random }) => {
      const when = { atNs, everyNs, times, random }
      if (fault.kind === 'pcie') {
        const { pcie } = this.#parts
        const id = pcie.inject(fault, when)
        const where = `function ${fault.function}`
        return { fault, ...when, where, mend: () => pcie.mend(id) }
      }
      const { bank, pcpu } = faultReport(fault, this.#host)
      const id = this.inject(fault, when)
      const where = `bank ${bank} of pcpu ${pcpu}`
      return { fault, ...when, where, mend: () => this.mend(id) }
    })
  }

  /** Ends a fault. False when it was over. */
  mend(id: number): boolean {
    return this.#faults.remove(id)
  }

  /** The banks of a pcpu as they are. */
  banks(pcpu: number): readonly BankReading[] {
    const { ser } = this.banksOf.cap
    return this.#parts.processor.banks.flatMap(({ unit, scope }, bank) => {
      const state = this.banksOf.at(pcpu, bank)
      if (state === undefined) return []
      const severity = state.status === 0n ? undefined : mciSeverity(state.status, ser)
      return [{ bank, unit, scope, ...state, severity }]
    })
  }

  /** Whether a register is one of machine checks. */
  has(msr: number): boolean {
    return this.banksOf.has(msr)
  }

  /** Reads a machine-check register on a pcpu; undefined where the hardware faults. */
  read(pcpu: number, msr: number): bigint | undefined {
    return this.banksOf.read(pcpu, msr)
  }

  /** Writes one; false where the hardware faults. */
  write(pcpu: number, msr: number, value: bigint): boolean {
    const bank = (msr - 0x400) >> 2
    const isStatus = bank >= 0 && bank < this.banksOf.count && (msr & 3) === 1
    const held = isStatus && this.banksOf.at(pcpu, bank)?.status !== 0n
    if (held && value === 0n) this.#say(MCA_CLEARED, pcpu, bank)
    return this.banksOf.write(pcpu, msr, value)
  }

  /** The oldest record of a class that waits: it stays until it is acknowledged. */
  fetch(urgent: boolean): TelemetryRecord | undefined {
    const record = this.pool.fetch(urgent)
    for (const found of record?.banks ?? []) {
      this.#say(MCA_FETCHED, record?.pcpu ?? 0, found.bank, found)
    }
    return record
  }

  /** Lets a record go that was fetched. */
  acknowledge(urgent: boolean, id: number): void {
    this.pool.ack(urgent, id)
  }

  /** Dom0 takes over what was fetched. */
  keep(record: TelemetryRecord): void {
    this.#log.keep(record)
    this.#parts.kernel.alert()
  }

  /** Puts a value into a register of a pcpu's banks, as the hardware might: for tests of whoever
   *  handles machine checks. */
  force(pcpu: number, msr: number, value: bigint): void {
    this.banksOf.force(pcpu, msr, value)
  }

  /** Interrupts a pcpu for corrected errors, as the mca hypercall can. */
  interrupt(pcpu: number): void {
    this.#parts.kernel.schedule(INTERRUPT_NS, INTERRUPT, pcpu)
  }

  /** Raises an exception on a pcpu, as the mca hypercall can. */
  raise(pcpu: number): void {
    this.#parts.kernel.schedule(EXCEPTION_NS, EXCEPTION, pcpu, MCA_NO_BANK)
  }

  save(): MachineChecksState {
    return structuredClone({
      banks: this.banksOf.save(),
      pool: this.pool.save(),
      faults: this.#faults.save(),
      handler: this.#handler.save(),
      log: this.#log.save(),
      halted: this.#halted,
      handling: this.#exceptions.save(),
    })
  }

  restore(saved: MachineChecksState): void {
    const state = structuredClone(saved)
    this.banksOf.restore(state.banks)
    this.pool.restore(state.pool)
    this.#faults.restore(state.faults)
    this.#handler.restore(state.handler)
    this.#log.restore(state.log)
    this.#halted = state.halted
    this.#exceptions.restore(state.handling)
  }

  /** What this host has against a fault of a scenario. */
  #objections({ fault, line }: ScenarioFault): readonly ScenarioMistake[] {
    try {
      if (fault.kind === 'pcie') this.#parts.pcie.check(fault)
      else faultReport(fault, this.#host)
      return []
    } catch (error) {
      if (!(error instanceof XpvError)) throw error
      return [{ line, column: 1, what: error.message, hint: error.hint }]
    }
  }

  #handlerParts(): McaHandlerParts {
    const { kernel, host, around } = this.#parts
    return {
      banks: this.banksOf,
      shape: host,
      around,
      panic: (reason) => this.halt(reason),
      say: (what, pcpu, bank) => this.#say(what, pcpu, bank),
      pollIn: (ns) => {
        kernel.schedule(ns, POLL)
      },
    }
  }

  #whileUp(act: () => void): void {
    if (this.#halted === undefined) act()
  }

  #strike(id: number): void {
    const due = this.#faults.happens(id)
    if (due === undefined) return
    this.#latch(faultReport(due.fault.fault, this.#host, due.fault.happened))
    if (due.againNs !== undefined) this.#parts.kernel.schedule(due.againNs, FAULT, id)
  }

  /** The hardware tells a bank, and whoever the bank tells. */
  #latch({ pcpu, bank, error }: FaultReport): void {
    const state = this.banksOf.at(pcpu, bank)
    if (state === undefined) return
    const { lost, cmci, exception } = logError(state, error, this.banksOf.cap)
    this.#say(lost ? MCA_OVERFLOWED : MCA_LATCHED, pcpu, bank)
    const { kernel, around } = this.#parts
    if (exception) kernel.schedule(EXCEPTION_NS, EXCEPTION, pcpu, bank)
    const owner = this.banksOf.owner(bank, pcpu, around.online)
    if (cmci && owner !== undefined) kernel.schedule(INTERRUPT_NS, INTERRUPT, owner, bank)
  }

  #except(pcpu: number, bank: number): void {
    if (!this.#exceptions.raise(pcpu, bank) || this.#halted !== undefined) return
    this.#parts.kernel.schedule(HANDLING_NS, LEAVE)
  }

  /** Says something of a bank, with what it holds unless told what it held. */
  #say(what: number, pcpu: number, bank: number | undefined, held?: HeldError): void {
    const { bus, around } = this.#parts
    if (!bus.wants(HW_MCA)) return
    const state = bank === undefined ? undefined : this.banksOf.at(pcpu, bank)
    const { status = 0n, addr = 0n, misc = 0n } = held ?? state ?? {}
    const words = [
      what,
      bank ?? MCA_NO_BANK,
      ...wordsOf(status),
      ...wordsOf(addr),
      ...wordsOf(misc),
    ]
    bus.say(HW_MCA, around.running(pcpu), words)
  }
}

/** What a bank says of an error. */
type HeldError = Pick<BankState, 'status' | 'addr' | 'misc'>

const wordsOf = (value: bigint): readonly [low: number, high: number] => [
  Number(value & 0xffff_ffffn),
  Number(value >> 32n),
]
