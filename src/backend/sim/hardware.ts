// HostHardware: the registers and the machine-check banks of a host, with what they need of the
// hypervisor above them; and the part of dom0's kernel that fetches machine checks.
//
//   fault  ->  bank  ->  hypervisor  ->  VIRQ_MCA  ->  dom0: fetch, fetch, ... no more  ->  log
//
// Holds: dom0 asks for urgent records first, then for the others, until there are none.

import type { Bus } from './bus.js'
import type { Era } from './era.js'
import { VIRQ } from './event-channels.js'
import type { HostConfig } from './host-config.js'
import type { Hardware } from './hypercalls/xen.js'
import type { Hypervisor } from './hypervisor.js'
import type { Kernel } from './kernel.js'
import { HARDWARE_KINDS } from './kinds.js'
import { MachineChecks, type MachineChecksState } from './machine-check.js'
import type { McaSurroundings, PageOutcome } from './mca/handler.js'
import { kernelLines } from './mca/linux-lines.js'
import { MC_FETCH, mcaCall } from './mca/mca-call.js'
import type { PciExpress } from './pci.js'
import { type Processor, processorNamed } from './processor.js'
import { Registers, type RegistersState } from './registers.js'
import type { Scheduler } from './scheduler.js'
import { SHUTDOWN } from './shutdown.js'
import type { Reply } from './step.js'

/** dom0's kernel has come to fetch. */
const FETCH = HARDWARE_KINDS + 20
/** The register with a processor's own number. */
const PPIN = 0x4f
/** Nanoseconds until it has: an interrupt, a work queue. */
const FETCH_NS = 22_000

/** What it is made of. */
export interface HostHardwareParts {
  readonly kernel: Kernel
  readonly bus: Bus
  readonly era: Era
  readonly host: HostConfig
  readonly scheduler: Scheduler
  readonly pci: PciExpress
  readonly hypervisor: () => Hypervisor
  /** dom0's kernel, or that of the operating system on metal, says a line. */
  readonly log: (line: string) => void
  /** Lets the next thing happen on the host; false when nothing ever will. */
  readonly step: () => boolean
}

/** All of it, as plain data. */
export interface HostHardwareState {
  readonly checks: MachineChecksState
  readonly registers: RegistersState
}

/** A host's registers and machine checks. */
export class HostHardware {
  readonly checks: MachineChecks
  readonly registers: Registers
  /** What the hypervisor asks it. */
  readonly forHypervisor: Hardware
  readonly #parts: HostHardwareParts
  readonly #processor: Processor

  constructor(parts: HostHardwareParts) {
    const { kernel, bus, era, host, scheduler, pci } = parts
    this.#parts = parts
    const processor = processorNamed(host.processor ?? era.processor)
    this.#processor = processor
    const around = this.#around()
    this.checks = new MachineChecks({
      ...{ kernel, bus, era, host, processor, around },
      pcie: pci,
      logged: () => this.#tell(),
    })
    this.registers = new Registers({
      ...{ kernel, bus, scheduler, era, host, processor },
      checks: this.checks,
      isUp: (domid, vcpu) => parts.hypervisor().domains.get(domid)?.vcpus[vcpu]?.up === true,
      isOnline: (pcpu) => parts.hypervisor().isOnline(pcpu),
      console: (line) => parts.hypervisor().ring.print(line),
      step: () => parts.step(),
    })
    this.forHypervisor = this.#hardware()
    kernel.on(FETCH, () => this.#fetch())
  }

  /** Sets the hardware up, once the hypervisor is up. */
  boot(): void {
    this.checks.boot()
  }

  /** VIRQ_MCA reached dom0. */
  virq(): void {
    this.#parts.scheduler.work(0, 0, FETCH_NS, FETCH)
  }

  save(): HostHardwareState {
    return { checks: this.checks.save(), registers: this.registers.save() }
  }

  restore(state: HostHardwareState): void {
    this.checks.restore(state.checks)
    this.registers.restore(state.registers)
  }

  #hardware(): Hardware {
    const { era, hypervisor } = this.#parts
    const hasMca = era.mca === 'hypervisor' || era.mca === 'unscanned'
    const { checks, registers } = this
    return {
      hypercallRead: (pcpu, msr) => {
        const read = registers.hypercallRead(pcpu, msr)
        return 'value' in read ? read.value : undefined
      },
      ...(hasMca
        ? {
            mca: (call) => {
              const { pcpus } = hypervisor()
              const isOnline = (pcpu: number): boolean => hypervisor().isOnline(pcpu)
              const print = (line: string): void => hypervisor().ring.print(line)
              return mcaCall({ checks, pcpus, isOnline, print }, call)
            },
          }
        : {}),
    }
  }

  #around(): McaSurroundings {
    const { scheduler, hypervisor, kernel, host } = this.#parts
    return {
      get nowNs() {
        return kernel.now
      },
      get tsc() {
        return (BigInt(Math.round(kernel.now)) * BigInt(host.cpuHz)) / 1_000_000_000n
      },
      get online() {
        return hypervisor().onlinePcpus
      },
      get virqBound() {
        return hypervisor().channels.virqPort(0, VIRQ.mca) !== undefined
      },
      running: (pcpu) => scheduler.running(pcpu),
      console: (line) => hypervisor().ring.print(line),
      virq: () => hypervisor().raise(VIRQ.mca, 0),
      ownerOf: (mfn) => this.#ownerOf(mfn),
      offlinePage: (mfn) => this.#offlinePage(mfn),
      crash: (domid) => this.#crash(domid),
    }
  }

  #ownerOf(mfn: number): number | undefined {
    const owner = this.#parts.hypervisor().frames.ownerOf(mfn)
    return owner.kind === 'domain' ? owner.domid : undefined
  }

  #offlinePage(mfn: number): PageOutcome {
    const outcome = this.#parts.hypervisor().frames.retire(mfn, true)
    switch (outcome.kind) {
      case 'hole':
      case 'xen':
        return { outcome: 'failed', domid: undefined }
      case 'retired':
      case 'already':
        return { outcome: 'offlined', domid: undefined }
      case 'pending':
        return { outcome: 'pending', domid: outcome.domid }
    }
  }

  /** The operating system on metal says what it found last. */
  #tell(): void {
    const { host, log } = this.#parts
    const ppin = (pcpu: number): bigint => this.registers.read(pcpu, PPIN) ?? 0n
    for (const line of kernelLines(this.checks.log, { host, processor: this.#processor, ppin })) {
      log(line)
    }
  }

  /** A domain crashes; without dom0 the host cannot go on. */
  #crash(domid: number): void {
    if (domid === 0) this.checks.halt('Hardware Dom0 crashed: rebooting machine in 5 seconds.')
    const domain = this.#parts.hypervisor().domains.get(domid)
    if (domain !== undefined) this.#parts.hypervisor().shutdown(domain, SHUTDOWN.crash)
  }

  #fetch(): void {
    for (const flag of [MC_FETCH.URGENT, MC_FETCH.NONURGENT]) {
      const urgent = flag === MC_FETCH.URGENT
      while (this.#mca(flag).out['flags'] === 0) {
        const record = this.checks.pool.waiting.find((r) => r.urgent === urgent)
        if (record === undefined) break
        this.checks.keep(record)
        this.#mca(flag | MC_FETCH.ACK, record.id)
      }
    }
  }

  #mca(flags: number, id?: number): Reply {
    const more = id === undefined ? undefined : { id }
    const step = { hypercall: 'mca', operation: 'fetch', args: { u0: flags }, more } as const
    return this.#parts.hypervisor().call({ domid: 0, vcpu: 0 }, { kind: 'call', ...step }).reply
  }
}
