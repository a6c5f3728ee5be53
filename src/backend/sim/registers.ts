// Registers: the registers of a host's pcpus, and the three ways to them: an instruction in a vcpu,
// which the hypervisor answers as its era does; a hypercall that names a pcpu; an instruction on
// metal.
//
//   guestRead({ domid: 0, vcpu: 1, msr: 0x411 })  ->  gp-fault on pcpu 3; a value; a made-up one
//   hypercallRead(2, 0x10)                        ->  the time on pcpu 2; denied for most others
//
// Holds: a guest's instruction takes time on its vcpu, so the scheduler may move the vcpu between
// two of them; whatever is tried is said on the bus (HW_MSR), save a look by `read`.
import { assert } from '../../base/assert.js'
import { XpvError } from '../../base/error.js'
import type { MsrRead, MsrWrite } from '../../machine/msr/msr-access.js'
import { msrAt } from '../../machine/msr/msr-table.js'
import {
  MSR_ANY_PCPU,
  MSR_BY_HYPERCALL,
  MSR_BY_METAL,
  MSR_BY_VCPU,
} from '../../machine/observation.js'
import type { Bus, SeenAt } from './bus.js'
import { type Era, isMetal } from './era.js'
import { type HostConfig, pcpuCount } from './host-config.js'
import type { Kernel } from './kernel.js'
import { HARDWARE_KINDS } from './kinds.js'
import type { MachineChecks } from './machine-check.js'
import { VirtualBanks, type VirtualBanksState } from './mca/virtual-banks.js'
import { GuestPolicy, type GuestVcpu } from './msr/guest-policy.js'
import { MsrRecords } from './msr/msr-records.js'
import { momentOf } from './msr/pcpu-moment.js'
import { RegisterFile, type RegisterFileState } from './msr/register-file.js'
import type { Processor } from './processor.js'
import type { Scheduler } from './scheduler.js'

/** A guest has executed the instruction of a number. */
const EXECUTED = HARDWARE_KINDS + 10
/** Nanoseconds of a trap into the hypervisor that emulates one instruction. */
const TRAP_NS = 2_000
/** How long a vcpu may wait for a pcpu before its instruction counts as never executed. */
const PATIENCE_NS = 60_000_000_000
const SHOWN_SYSTEM_TIME = 0x10

/** What registers are made of. */
export interface RegistersParts {
  readonly kernel: Kernel
  readonly bus: Bus
  readonly scheduler: Scheduler
  readonly era: Era
  readonly host: HostConfig
  readonly processor: Processor
  readonly checks: MachineChecks
  /** Whether a vcpu is there and was brought up. */
  readonly isUp: (domid: number, vcpu: number) => boolean
  readonly isOnline: (pcpu: number) => boolean
  readonly console: (line: string) => void
  /** Lets the next thing happen on the host; false when nothing ever will. */
  readonly step: () => boolean
}

/** One instruction of a guest. */
export interface GuestInstruction {
  readonly domid: number
  readonly vcpu: number
  readonly msr: number
}

/** All that was written, as plain data. */
export interface RegistersState {
  readonly file: RegisterFileState
  readonly virtual: VirtualBanksState
  readonly own: readonly (readonly [key: string, value: bigint])[]
  readonly nextTicket: number
}

/** Registers that resource_op reads; of these, those a processor has. */
const RESOURCES: ReadonlySet<number> = new Set([
  SHOWN_SYSTEM_TIME,
  0x4f,
  0x10f,
  0x122,
  0x123,
  0xc8d,
  0xc8e,
  0xc001_02f1,
])

/** The registers of one host. */
export class Registers {
  readonly #parts: RegistersParts
  readonly #file: RegisterFile
  readonly #policy: GuestPolicy
  readonly #virtual: VirtualBanks
  readonly #records: MsrRecords
  /** What vcpus wrote to registers of which each has its own. */
  #own = new Map<string, bigint>()
  #nextTicket = 1
  /** What instructions do that were begun and have not been executed. */
  readonly #due = new Map<number, () => void>()

  constructor(parts: RegistersParts) {
    this.#parts = parts
    const { era, host, processor, kernel } = parts
    this.#file = new RegisterFile(processor, host, (pcpu) => momentOf(parts, pcpu))
    this.#policy = new GuestPolicy(era, processor)
    this.#virtual = new VirtualBanks(processor, parts.console)
    this.#records = new MsrRecords(parts.bus)
    kernel.on(EXECUTED, (ticket) => {
      this.#due.get(ticket)?.()
      this.#due.delete(ticket)
    })
  }

  /** What the hardware holds: nobody in the machine has looked. Undefined where reads fault. */
  read(pcpu: number, msr: number): bigint | undefined {
    const { checks } = this.#parts
    return checks.has(msr) ? checks.read(pcpu, msr) : this.#file.read(pcpu, msr)
  }

  /** Lets a vcpu execute rdmsr; time passes until it has. Throws `XpvError` `sim.vcpu` when there
   *  is no such vcpu, or it does not run. */
  guestRead(of: GuestInstruction): MsrRead {
    const [read] = this.#execute(of, [TRAP_NS], () => this.executeRead(of))
    assert(read !== undefined, 'an instruction was executed')
    return read
  }

  /** Lets a vcpu execute several, one after another, `gapNs` of its time apart. */
  guestReads(
    of: { readonly domid: number; readonly vcpu: number; readonly msrs: readonly number[] },
    gapNs = TRAP_NS,
  ): readonly MsrRead[] {
    const times = of.msrs.map((_, n) => (n === 0 ? TRAP_NS : gapNs))
    return this.#execute(of, times, (n) => this.executeRead({ ...of, msr: of.msrs[n] ?? 0 }))
  }

  /** Lets a vcpu execute wrmsr; otherwise as `guestRead`. */
  guestWrite(of: GuestInstruction & { readonly value: bigint }): MsrWrite {
    const [write] = this.#execute(of, [TRAP_NS], () => this.executeWrite(of))
    assert(write !== undefined, 'an instruction was executed')
    return write
  }

  /** What a vcpu gets that executes rdmsr now, where it is. */
  executeRead({ domid, vcpu, msr }: GuestInstruction): MsrRead {
    const at = this.#parts.scheduler.place(domid, vcpu)
    const by = this.#guest(domid, vcpu)
    const read = this.#isMetal ? this.#fromHardware(msr, at.pcpu) : this.#guestAnswer(msr, by, at)
    this.#records.read(read, at, [this.#way, MSR_ANY_PCPU])
    return read
  }

  /** What becomes of a vcpu's wrmsr now, where it is. */
  executeWrite(of: GuestInstruction & { readonly value: bigint }): MsrWrite {
    const { domid, vcpu, msr, value } = of
    const at = this.#parts.scheduler.place(domid, vcpu)
    const decided = this.#isMetal
      ? this.#toHardware(at.pcpu, msr, value)
      : this.#guestWritten(of, this.#guest(domid, vcpu), at.pcpu)
    const atNs = this.#parts.kernel.now
    const write: MsrWrite = { ...decided, msr, executedOn: at.pcpu, atNs }
    this.#records.write(write, value, at, [this.#way, MSR_ANY_PCPU])
    return write
  }

  /** What resource_op answers: few registers, always of the pcpu that is named. */
  hypercallRead(pcpu: number, msr: number): MsrRead {
    const read = this.#resource(pcpu, msr)
    this.#records.read(read, this.#seenOn(pcpu), [MSR_BY_HYPERCALL, pcpu])
    return read
  }

  /** An operating system on metal reads, bound to a pcpu. Throws `XpvError` `sim.not-metal` where a
   *  hypervisor is between. */
  metalRead(pcpu: number, msr: number): MsrRead {
    this.#onlyOnMetal(pcpu)
    const read = this.#fromHardware(msr, pcpu)
    this.#records.read(read, this.#seenOn(pcpu), [MSR_BY_METAL, pcpu])
    return read
  }

  /** An operating system on metal writes; otherwise as `metalRead`. */
  metalWrite(pcpu: number, msr: number, value: bigint): MsrWrite {
    this.#onlyOnMetal(pcpu)
    const decided = this.#toHardware(pcpu, msr, value)
    const atNs = this.#parts.kernel.now
    const write: MsrWrite = { ...decided, msr, executedOn: pcpu, atNs }
    this.#records.write(write, value, this.#seenOn(pcpu), [MSR_BY_METAL, pcpu])
    return write
  }

  /** A domain is gone: what its vcpus wrote with it. */
  forget(domid: number): void {
    this.#virtual.forget(domid)
    for (const key of this.#own.keys()) if (key.startsWith(`${domid} `)) this.#own.delete(key)
  }

  save(): RegistersState {
    return {
      file: this.#file.save(),
      virtual: this.#virtual.save(),
      own: [...this.#own],
      nextTicket: this.#nextTicket,
    }
  }

  restore(state: RegistersState): void {
    this.#file.restore(state.file)
    this.#virtual.restore(state.virtual)
    this.#own = new Map(state.own)
    this.#nextTicket = state.nextTicket
  }

  get #isMetal(): boolean {
    return isMetal(this.#parts.era)
  }

  get #way(): number {
    return this.#isMetal ? MSR_BY_METAL : MSR_BY_VCPU
  }

  /** Time passes until a vcpu has executed instructions, each after so many nanoseconds of its
   *  time; `run` is what the nth does, on the pcpu where the vcpu is then. */
  #execute<T>(
    { domid, vcpu }: { readonly domid: number; readonly vcpu: number },
    times: readonly number[],
    run: (n: number) => T,
  ): readonly T[] {
    const { kernel, scheduler, checks, isUp, step } = this.#parts
    if (!isUp(domid, vcpu)) {
      throw new XpvError('sim.vcpu', `domain ${domid} has no vcpu ${vcpu} that is up`, 'domains')
    }
    const { halted } = checks
    if (halted !== undefined) throw new XpvError('sim.halted', `the host has stopped: ${halted}`)
    const done: T[] = []
    const first = this.#nextTicket
    times.forEach((ns, n) => {
      const ticket = this.#nextTicket++
      this.#due.set(ticket, () => done.push(run(n)))
      scheduler.work(domid, vcpu, ns, EXECUTED, ticket)
    })
    const untilNs = kernel.now + PATIENCE_NS
    while (done.length < times.length) {
      const isThere = isUp(domid, vcpu) && scheduler.state(domid, vcpu).runstate !== 'offline'
      if (isThere && kernel.now <= untilNs && step()) continue
      for (let ticket = first; ticket < this.#nextTicket; ticket++) this.#due.delete(ticket)
      throw doesNotRun(domid, vcpu)
    }
    return done
  }

  #guest(domid: number, vcpu: number): GuestVcpu {
    const isPinned = this.#parts.scheduler.state(domid, vcpu).affinity.length === 1
    return { domid, vcpu, isPinned }
  }

  #guestAnswer(msr: number, by: GuestVcpu, at: SeenAt): MsrRead {
    if (this.#isVirtual(msr)) {
      const why = 'the hypervisor gives each vcpu two banks of its own; no error of the host is in'
      return this.#made(msr, at.pcpu, { value: this.#virtual.read(by, msr), why })
    }
    const { answer, why } = this.#policy.read(msrAt(msr)?.name, by)
    switch (answer.kind) {
      case 'hardware':
        return { ...this.#fromHardware(msr, at.pcpu, answer.hides), why }
      case 'constant':
        return this.#made(msr, at.pcpu, { value: answer.value, why })
      case 'own':
        return this.#made(msr, at.pcpu, { value: this.#ownOf(by, msr) ?? answer.start, why })
      case 'fault':
        return this.#made(msr, at.pcpu, { value: undefined, why })
    }
  }

  #guestWritten(
    { msr, value }: { readonly msr: number; readonly value: bigint },
    by: GuestVcpu,
    pcpu: number,
  ): Decided {
    if (this.#isVirtual(msr)) {
      const kind = this.#virtual.write(by, msr, value) ? 'virtualised' : 'gp-fault'
      return { kind, why: 'a register of the virtual banks of this vcpu' }
    }
    const { answer, why } = this.#policy.write(msrAt(msr)?.name, by)
    switch (answer) {
      case 'hardware':
        return { ...this.#toHardware(pcpu, msr, value), why }
      case 'own':
        this.#own.set(`${by.domid} ${by.vcpu} ${msr}`, value)
        return { kind: 'virtualised', why }
      case 'dropped':
        this.#complain(pcpu, { msr, value })
        return { kind: 'write-dropped', why }
      case 'fault':
        return { kind: 'gp-fault', why }
    }
  }

  /** What Xen 3 prints of a write that it drops, if it would have changed anything. */
  #complain(pcpu: number, { msr, value }: { readonly msr: number; readonly value: bigint }): void {
    const { era, console: print } = this.#parts
    const held = this.read(pcpu, msr)
    if (era.virtualMca !== 'none' || held === undefined || held === value) return
    const number = msr.toString(16).padStart(16, '0')
    print(`Domain attempted WRMSR ${number} from ${halves(held)} to ${halves(value)}.`)
  }

  #isVirtual(msr: number): boolean {
    return this.#parts.era.virtualMca !== 'none' && this.#virtual.has(msr)
  }

  #ownOf({ domid, vcpu }: GuestVcpu, msr: number): bigint | undefined {
    return this.#own.get(`${domid} ${vcpu} ${msr}`)
  }

  #resource(pcpu: number, msr: number): MsrRead {
    const at = { msr, executedOn: pcpu, atNs: this.#parts.kernel.now }
    const isListed = RESOURCES.has(msr) && this.#parts.isOnline(pcpu)
    const value = isListed ? this.read(pcpu, msr) : undefined
    if (value === undefined)
      return { ...at, kind: 'denied', why: 'resource_op reads few registers' }
    const why = 'executed on the pcpu that was named'
    if (msr !== SHOWN_SYSTEM_TIME) return { ...at, kind: 'read', value, why }
    const systemTime = BigInt(Math.round(at.atNs))
    return { ...at, kind: 'virtualised', value: systemTime, why: 'system time in nanoseconds' }
  }

  #fromHardware(msr: number, pcpu: number, hides = 0n): MsrRead {
    const at = { msr, executedOn: pcpu, atNs: this.#parts.kernel.now }
    const value = this.read(pcpu, msr)
    return value === undefined
      ? { ...at, kind: 'gp-fault', why: 'the processor has no such register to be read' }
      : { ...at, kind: 'read', value: value & ~hides, why: 'the hardware has it' }
  }

  #toHardware(pcpu: number, msr: number, value: bigint): Decided {
    const { checks } = this.#parts
    const isDone = checks.has(msr)
      ? checks.write(pcpu, msr, value)
      : this.#file.write(pcpu, msr, value)
    return isDone
      ? { kind: 'written', why: 'the hardware has it' }
      : { kind: 'gp-fault', why: 'the processor has no such register, or does not take this value' }
  }

  #made(
    msr: number,
    executedOn: number,
    of: { readonly value: bigint | undefined; readonly why: string },
  ): MsrRead {
    const { value, why } = of
    const at = { msr, executedOn, atNs: this.#parts.kernel.now, why }
    return value === undefined ? { ...at, kind: 'gp-fault' } : { ...at, kind: 'virtualised', value }
  }

  #onlyOnMetal(pcpu: number): void {
    if (!this.#isMetal) {
      throw new XpvError(
        'sim.not-metal',
        'a hypervisor is between the operating system and the hardware',
        'guestRead, hypercallRead; or --machine sim:metal',
      )
    }
    if (this.#parts.isOnline(pcpu)) return
    const last = pcpuCount(this.#parts.host) - 1
    throw new XpvError('sim.pcpu', `pcpu ${pcpu} is not online`, `there are pcpus 0 to ${last}`)
  }

  #seenOn(pcpu: number): SeenAt {
    return this.#parts.scheduler.running(pcpu)
  }
}

/** What was decided about a write. */
type Decided = Pick<MsrWrite, 'kind' | 'why'>

function doesNotRun(domid: number, vcpu: number): XpvError {
  return new XpvError(
    'sim.vcpu',
    `vcpu ${vcpu} of domain ${domid} does not run: it executes nothing`,
    'unpause the domain first',
  )
}

/** High and low half, as Xen 3 prints them. */
function halves(value: bigint): string {
  const hex = value.toString(16).padStart(16, '0')
  return `${hex.slice(0, 8)}:${hex.slice(8)}`
}
