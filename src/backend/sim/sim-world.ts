// SimWorld: the view that tools of dom0 have of a simulated machine.
import type { Domain } from './domain.js'
import type { Era } from './era.js'
import type { Files } from './files.js'
import type { HostConfig } from './host-config.js'
import type { Hypervisor } from './hypervisor.js'
import type { DomainView, StoreView, ToolWorld, VcpuView } from './tool-world.js'

/** Looks at a hypervisor, a store and files. */
export class SimWorld implements ToolWorld {
  readonly #hypervisor: Hypervisor
  readonly #files: Files
  readonly store: StoreView
  readonly hostNamed: ToolWorld['hostNamed']

  constructor(parts: {
    readonly hypervisor: Hypervisor
    readonly store: StoreView
    readonly files: Files
    readonly hostNamed: ToolWorld['hostNamed']
  }) {
    this.#hypervisor = parts.hypervisor
    this.#files = parts.files
    this.store = parts.store
    this.hostNamed = parts.hostNamed
  }

  get era(): Era {
    return this.#hypervisor.era
  }

  get host(): HostConfig {
    return this.#hypervisor.host
  }

  get nowNs(): number {
    return this.#hypervisor.kernel.now
  }

  get totalPages(): number {
    return this.#hypervisor.frames.total
  }

  get freePages(): number {
    return this.#hypervisor.frames.free
  }

  get claimedPages(): number {
    return this.#hypervisor.frames.claimed
  }

  get onlinePcpus(): readonly number[] {
    return this.#hypervisor.onlinePcpus
  }

  domains(): readonly DomainView[] {
    return [...this.#hypervisor.domains.values()]
      .sort((a, b) => a.domid - b.domid)
      .map((domain) => this.#view(domain))
  }

  vcpus(domid: number): readonly VcpuView[] {
    const domain = this.#hypervisor.domains.get(domid)
    return domain?.vcpus.map((_, v) => this.#hypervisor.vcpu(domain, v)) ?? []
  }

  weight(domid: number): { readonly weight: number; readonly cap: number } {
    const { weight = 0, cap = 0 } = this.#hypervisor.domains.get(domid) ?? {}
    return { weight, cap }
  }

  frameOf(domid: number, pfn: number): number | undefined {
    return this.#hypervisor.frames.frameOf(domid, pfn)
  }

  sharedInfoFrame(domid: number): number | undefined {
    return this.#hypervisor.domains.get(domid)?.sharedInfoFrame
  }

  channelTo(domid: number, port: number): number | undefined {
    const bound = this.#hypervisor.channels.port(domid, port)
    return bound?.kind === 'interdomain' && bound.remote === 0 ? bound.remotePort : undefined
  }

  consoleRing(): string {
    return this.#hypervisor.ring.text()
  }

  file(path: string): string | undefined {
    return this.#files.read(path)
  }

  #view(domain: Domain): DomainView {
    const { domid, type, handle, maxPages, maxVcpus } = domain
    return {
      domid,
      type,
      handle,
      pages: this.#hypervisor.frames.ownedBy(domid),
      claimedPages: this.#hypervisor.frames.claimOf(domid),
      maxPages,
      maxVcpus,
      onlineVcpus: domain.vcpus.filter((vcpu) => vcpu.up).length,
      runtimeNs: this.#hypervisor.runtimeNs(domain),
      isPaused: domain.pauseCount > 0,
      isDying: domain.dying,
      shutdownReason: domain.shutdown,
    }
  }
}
