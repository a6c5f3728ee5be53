// SimAccess: the raw things of a simulated host, for the typed objects.
//
// Holds: a look changes nothing. What somebody in the machine would do (an instruction of a vcpu, a
// hypercall) happens on the machine: time passes, probes fire.

import type { BoardFacts } from '../../../machine/board-facts.js'
import { ERRNO } from '../../../machine/errno.js'
import type {
  BanksFacts,
  DomainFacts,
  Found,
  HostAccess,
  HostActions,
  HypervisorFacts,
  MsrRoute,
  MsrUnknown,
  PcpuFacts,
  PortFacts,
  RetireOutcome,
  RetireWhat,
  VcpuFacts,
} from '../../../machine/host-access.js'
import type { DomainId, PcpuId, VcpuId } from '../../../machine/ids.js'
import type { MemoryShape } from '../../../machine/memory-map.js'
import type { MsrRead, MsrWrite } from '../../../machine/msr/msr-access.js'
import { known, type Obs, unknown } from '../../../machine/obs.js'
import type { PciListing } from '../../../machine/pci/listing.js'
import type { TelemetryFeed } from '../../../machine/telemetry.js'
import { isMetal } from '../era.js'
import type { Hypervisor } from '../hypervisor.js'
import type { MachineChecks } from '../machine-check.js'
import type { PciExpress } from '../pci.js'
import type { Processes } from '../processes.js'
import type { Registers } from '../registers.js'
import type { StoreView } from '../tool-world.js'
import { resourceRead, simActions } from './actions.js'
import { boardFacts } from './board.js'
import { domainFacts, hypervisorFacts, pcpuFacts, portFacts, vcpuFacts } from './facts.js'
import { retireOn } from './retire.js'
import { simTelemetry } from './telemetry.js'

const MCG_CAP = 0x179
const SYSTEM_TIME = 0x10
const METAL = 'there is no hypervisor: number 0 is the operating system, which has every pcpu'
const NO_HYPERVISOR = unknown('there is no hypervisor on this machine')

/** What a simulated host is looked at through. */
export interface SimAccessParts {
  readonly hypervisor: Hypervisor
  readonly processes: Processes
  readonly store: StoreView
  readonly registers: Registers
  readonly checks: MachineChecks
  readonly pci: PciExpress
}

/** Looks at a simulated host. */
export class SimAccess implements HostAccess {
  readonly actions: HostActions
  readonly telemetry: TelemetryFeed
  readonly #parts: SimAccessParts

  constructor(parts: SimAccessParts) {
    this.#parts = parts
    this.actions = simActions({ xen: parts.hypervisor, processes: parts.processes })
    this.telemetry = simTelemetry({ ...parts, era: parts.hypervisor.era })
  }

  retire(what: RetireWhat, ended: (outcome: RetireOutcome) => void): void {
    const { halted } = this.#parts.checks
    if (halted === undefined) retireOn(this.#parts, what, ended)
    else ended({ kind: 'refused', error: 'EIO', why: `the host has stopped: ${halted}` })
  }

  get isMetal(): boolean {
    return isMetal(this.#xen.era)
  }

  now(): Obs<number> {
    return known(this.#xen.kernel.now, 'sim')
  }

  hypervisor(): HypervisorFacts {
    return hypervisorFacts(this.#xen)
  }

  domains(): Found<DomainFacts> {
    const domains = [...this.#xen.domains.values()].sort((a, b) => a.domid - b.domid)
    const items = domains.map((domain) => domainFacts(this.#xen, this.#parts.store, domain))
    return this.isMetal ? { items, partial: METAL } : { items }
  }

  vcpus(domid: DomainId): Found<VcpuFacts> {
    const domain = this.#xen.domains.get(domid)
    if (domain === undefined) return { items: [] }
    return { items: domain.vcpus.map((_, vcpu) => vcpuFacts(this.#xen, domain, vcpu)) }
  }

  pcpus(): Found<PcpuFacts> {
    const { pcpus } = this.#xen
    return { items: Array.from({ length: pcpus }, (_, pcpu) => pcpuFacts(this.#xen, pcpu)) }
  }

  domain(domid: DomainId): DomainFacts | undefined {
    const domain = this.#xen.domains.get(domid)
    return domain && domainFacts(this.#xen, this.#parts.store, domain)
  }

  vcpu(domid: DomainId, vcpu: VcpuId): VcpuFacts | undefined {
    const domain = this.#xen.domains.get(domid)
    return domain?.vcpus[vcpu] && vcpuFacts(this.#xen, domain, vcpu)
  }

  pcpu(pcpu: PcpuId): PcpuFacts | undefined {
    return pcpu >= 0 && pcpu < this.#xen.pcpus ? pcpuFacts(this.#xen, pcpu) : undefined
  }

  readMsr(route: MsrRoute, msr: number): MsrRead | MsrUnknown {
    const { registers } = this.#parts
    switch (route.kind) {
      case 'vcpu':
        return this.#byEra(registers.guestRead({ domid: route.domid, vcpu: route.vcpu, msr }))
      case 'hypercall':
        return this.#byHypercall(route.pcpu, msr)
      case 'metal':
        return registers.metalRead(route.pcpu, msr)
      case 'hardware':
        return this.#look(route.pcpu, msr)
    }
  }

  writeMsr(route: MsrRoute, msr: number, value: bigint): MsrWrite | MsrUnknown {
    const { registers } = this.#parts
    if (route.kind === 'vcpu') {
      return registers.guestWrite({ domid: route.domid, vcpu: route.vcpu, msr, value })
    }
    if (route.kind === 'metal') return registers.metalWrite(route.pcpu, msr, value)
    const why = 'resource_op writes none of these'
    return { msr, executedOn: route.pcpu, atNs: this.#xen.kernel.now, why, kind: 'denied' }
  }

  banks(pcpu: PcpuId): Obs<BanksFacts> {
    const { checks } = this.#parts
    if (pcpu >= this.#xen.pcpus) return unknown(`there is no pcpu ${pcpu}`)
    const banks = checks.banks(pcpu)
    return known({ mcgCap: this.#mcgCap(pcpu), banks, note: this.#whoSees() }, 'sim')
  }

  bootedNs(): Obs<bigint> {
    return known(this.#xen.host.bootedAt, 'sim')
  }

  board(): Obs<BoardFacts> {
    const { era, host } = this.#xen
    const { registers, checks } = this.#parts
    const read = (pcpu: number, msr: number) => registers.read(pcpu, msr)
    return known(boardFacts({ era, host, memory: checks.memory, read }), 'sim')
  }

  memory(): Obs<MemoryShape> {
    return known(this.#parts.checks.memory.shape, 'sim')
  }

  pci(): Obs<readonly PciListing[]> {
    return known(this.#parts.pci.listings, 'sim')
  }

  consoleRing(): Obs<string> {
    return this.isMetal ? NO_HYPERVISOR : known(this.#xen.ring.text(), 'sim')
  }

  ports(domid: DomainId): Obs<readonly PortFacts[]> {
    if (this.isMetal) return NO_HYPERVISOR
    return known(portFacts(this.#xen, domid), 'sim')
  }

  grants(domid: DomainId): Obs<{ readonly frames: number; readonly mapped: number }> {
    if (this.isMetal) return NO_HYPERVISOR
    const { grants } = this.#xen
    return known({ frames: grants.frames(domid), mapped: grants.mappedOf(domid).length }, 'sim')
  }

  get #xen(): Hypervisor {
    return this.#parts.hypervisor
  }

  /** Who refuses is the hypervisor of an era. */
  #byEra(read: MsrRead): MsrRead {
    if (read.kind !== 'gp-fault' || this.isMetal) return read
    return { ...read, why: `${read.why} (${this.#xen.era.name})` }
  }

  #mcgCap(pcpu: PcpuId): bigint {
    return this.#parts.registers.read(pcpu, MCG_CAP) ?? 0n
  }

  /** A process of dom0 asks for it by resource_op. */
  #byHypercall(pcpu: PcpuId, msr: number): MsrRead {
    const { result, value } = resourceRead(this.#parts, pcpu, msr)
    const at = { msr, executedOn: pcpu, atNs: this.#xen.kernel.now }
    if (result === -ERRNO.ENOSYS) {
      const why = `${this.#xen.era.name} has no hypercall that reads registers: that came in 2014`
      return { ...at, kind: 'denied', why }
    }
    if (value === undefined) {
      const why = 'resource_op reads few registers, and none of machine checks'
      return { ...at, kind: 'denied', why }
    }
    if (msr !== SYSTEM_TIME) return { ...at, kind: 'read', value, why: 'read there by resource_op' }
    const why = 'resource_op gives system time in nanoseconds for this one'
    return { ...at, kind: 'virtualised', value, why }
  }

  /** What is in the register, seen by whoever simulates it. */
  #look(pcpu: PcpuId, msr: number): MsrRead {
    const at = { msr, executedOn: pcpu, atNs: this.#xen.kernel.now }
    const value = this.#parts.registers.read(pcpu, msr)
    return value === undefined
      ? { ...at, kind: 'gp-fault', why: 'the processor has no such register to be read' }
      : { ...at, kind: 'read', value, why: 'nobody in the machine has looked' }
  }

  /** Who in the machine can see what the banks hold. */
  #whoSees(): string {
    switch (this.#xen.era.mca) {
      case 'none':
        return 'nobody in this machine reads them: the hypervisor leaves them, dom0 may not'
      case 'unscanned':
        return 'this hypervisor never scans them; what dom0 reads is made up: two empty banks'
      case 'hypervisor':
        return 'the hypervisor scans them and tells dom0 what it found'
      case 'metal':
        return 'the operating system scans them'
    }
  }
}
