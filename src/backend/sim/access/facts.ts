// Facts of a simulated host: what the typed objects decode, taken from where the simulator keeps
// it. A simulator knows all there is; what its hypervisor was never given, it says.

import type {
  DomainFacts,
  DomainState,
  HypervisorFacts,
  PcpuFacts,
  PortFacts,
  VcpuFacts,
} from '../../../machine/host-access.js'
import { DOMID_IDLE, type DomainId, type PcpuId, type VcpuId } from '../../../machine/ids.js'
import { known, type Obs, unknown } from '../../../machine/obs.js'
import { pcpuPlace } from '../../../machine/pcpu-place.js'
import type { Domain } from '../domain.js'
import { isMetal } from '../era.js'
import type { Port } from '../event-channels.js'
import { FRAME_BYTES } from '../frames.js'
import type { Hypervisor } from '../hypervisor.js'
import { processorNamed } from '../processor.js'
import { shutdownName } from '../shutdown.js'
import type { StoreView } from '../tool-world.js'
import { xenBuild } from '../xen-build.js'

const sim = <T>(value: T): Obs<T> => known(value, 'sim')
const NO_HYPERVISOR = unknown('there is no hypervisor on this machine')

/** What the host and its hypervisor are. */
export function hypervisorFacts(xen: Hypervisor): HypervisorFacts {
  const { era, host, frames } = xen
  const [major, minor, extra] = era.xenVersion
  const isXen = !isMetal(era)
  const build = xenBuild(era, host)
  const ofXen = <T>(value: T): Obs<T> => (isXen ? sim(value) : NO_HYPERVISOR)
  const { vendor, brand, family, model, stepping } = processorNamed(host.processor ?? era.processor)
  const { sockets, coresPerSocket, threadsPerCore } = host
  return {
    version: ofXen(`${major}.${minor}${extra}`),
    capabilities: ofXen(build.capabilities.trim()),
    changeset:
      isXen && build.changeset === ''
        ? unknown('this build does not say it')
        : ofXen(build.changeset),
    compiler: ofXen(build.compiler),
    compileDate: ofXen(build.compileDate),
    commandLine: ofXen(build.commandline),
    scheduler: ofXen(era.scheduler),
    toolstack: ofXen(era.toolstack),
    host: sim(host.name),
    processor: sim({ vendor, brand, family, model, stepping }),
    shape: sim({ sockets, coresPerSocket, threadsPerCore }),
    pcpus: sim(xen.pcpus),
    clockHz: sim(host.cpuHz),
    memoryBytes: sim(frames.total * FRAME_BYTES),
    freeBytes: sim(frames.free * FRAME_BYTES),
    uptimeNs: sim(xen.kernel.now),
  }
}

/** One domain as it is now. */
export function domainFacts(xen: Hypervisor, store: StoreView, domain: Domain): DomainFacts {
  const { domid, handle, type, maxPages, maxVcpus, weight, cap, createdNs } = domain
  const name = store.read(`/local/domain/${domid}/name`)
  const isBare = isMetal(xen.era)
  const ofXen = <T>(value: T): Obs<T> => (isBare ? NO_HYPERVISOR : sim(value))
  const { total } = xen.frames
  const [pages, most] = isBare ? [total, total] : [xen.frames.ownedBy(domid), maxPages]
  return {
    domid: domid as DomainId,
    name: name === undefined ? unknown('xenstore has no name for it') : sim(name),
    handle: ofXen(handle),
    type: ofXen(type),
    state: sim(stateOf(xen, domain)),
    shutdownReason: shutdownReason(domain),
    memoryBytes: sim(pages * FRAME_BYTES),
    maxMemoryBytes: sim(most * FRAME_BYTES),
    maxVcpus: sim(maxVcpus),
    runtimeNs: sim(xen.runtimeNs(domain)),
    createdNs: sim(createdNs),
    weight: ofXen(weight),
    capPercent: ofXen(cap),
  }
}

function shutdownReason({ shutdown }: Domain): Obs<string> {
  if (shutdown === undefined) return unknown('it has not shut down')
  return sim(shutdownName(shutdown) ?? `reason ${shutdown}`)
}

function stateOf(xen: Hypervisor, domain: Domain): DomainState {
  if (domain.dying) return 'dying'
  if (domain.shutdown !== undefined) return 'shutdown'
  if (domain.pauseCount > 0) return 'paused'
  const states = domain.vcpus.map((_, v) => xen.vcpu(domain, v).state)
  return states.includes('running') || states.includes('runnable') ? 'running' : 'blocked'
}

/** One vcpu as it is now. */
export function vcpuFacts(xen: Hypervisor, domain: Domain, vcpu: number): VcpuFacts {
  const state = xen.scheduler.state(domain.domid, vcpu)
  const isUp = domain.vcpus[vcpu]?.up === true
  return {
    domid: domain.domid as DomainId,
    vcpu: vcpu as VcpuId,
    state: sim(isUp ? state.runstate : 'offline'),
    pcpu: sim(state.pcpu as PcpuId),
    affinity: sim(state.affinity as readonly PcpuId[]),
    ns: sim(state.ns),
    migrations: sim(state.migrations),
  }
}

/** One pcpu as it is now. */
export function pcpuFacts(xen: Hypervisor, pcpu: number): PcpuFacts {
  return {
    pcpu: pcpu as PcpuId,
    isOnline: sim(xen.isOnline(pcpu)),
    isFaulted: xen.faulted.has(pcpu),
    sinceNs: xen.pcpuSince(pcpu),
    place: sim(pcpuPlace(xen.host, pcpu)),
    running: sim(runningOn(xen, pcpu)),
    idleNs: sim(xen.scheduler.idleNs(pcpu)),
    overNs: sim(xen.kernel.now),
  }
}

function runningOn(
  xen: Hypervisor,
  pcpu: number,
): { readonly domid: DomainId; readonly vcpu: VcpuId } | null {
  const { domid, vcpu } = xen.scheduler.running(pcpu)
  return domid === DOMID_IDLE ? null : { domid: domid as DomainId, vcpu: vcpu as VcpuId }
}

/** The open event channels of a domain. */
export function portFacts(xen: Hypervisor, domid: number): readonly PortFacts[] {
  const ports = xen.channels.save().find(([id]) => id === domid)?.[1] ?? []
  return ports.map(([port, bound]) => ({ port, bound: boundText(bound) }))
}

/** As lsevtchn prints it. */
function boundText(bound: Port): string {
  switch (bound.kind) {
    case 'unbound':
      return `waits for domain ${bound.remote}`
    case 'interdomain':
      return `domain ${bound.remote}, port ${bound.remotePort}`
    case 'virq':
      return `virtual interrupt ${bound.virq} of vcpu ${bound.vcpu}`
    case 'ipi':
      return `interrupts between vcpus, to vcpu ${bound.vcpu}`
    case 'pirq':
      return `physical interrupt ${bound.pirq}`
  }
}
