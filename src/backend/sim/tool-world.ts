// ToolWorld: what a control tool of dom0 can know without a hypercall of its own script, and the
// places it writes to: xenstore, files of dom0.
//
//   script: world.domainNamed('web1')  ->  DomainView
//
// Holds: views are made when asked for and never change afterwards; what a tool does to the
// hypervisor it does by steps, never here.
import type { Era } from './era.js'
import type { HostConfig } from './host-config.js'
import type { Xenstore } from './xenstore.js'

/** A vcpu as `getvcpuinfo` and `getvcpuaffinity` tell it. */
export interface VcpuView {
  readonly vcpu: number
  readonly online: boolean
  readonly blocked: boolean
  readonly running: boolean
  /** The pcpu it runs or last ran on. */
  readonly pcpu: number
  /** Pcpus it may run on. */
  readonly affinity: readonly number[]
  readonly cpuNs: number
}

/** A domain as `getdomaininfo` tells it, and its name, which only xenstore knows. */
export interface DomainView {
  readonly domid: number
  /** `/local/domain/N/name`; '' while nobody has written it. */
  readonly name: string
  readonly uuid: string
  readonly kind: 'pv' | 'hvm'
  readonly running: boolean
  readonly blocked: boolean
  readonly paused: boolean
  readonly dying: boolean
  /** Reason of SHUTDOWN_*, undefined while it lives: 0 poweroff, 1 reboot, 2 suspend, 3 crash. */
  readonly shutdown: number | undefined
  readonly pages: number
  readonly maxPages: number
  readonly maxVcpus: number
  readonly vcpus: readonly VcpuView[]
  readonly cpuNs: number
  /** When it was created, in nanoseconds since boot. */
  readonly createdNs: number
  readonly weight: number
  readonly cap: number
  readonly sharedInfoFrame: number
}

/** The host as sysctl physinfo tells it. */
export interface PhysInfo {
  readonly pcpus: number
  readonly onlinePcpus: readonly number[]
  readonly nodes: number
  readonly sockets: number
  readonly coresPerSocket: number
  readonly threadsPerCore: number
  readonly cpuKhz: number
  readonly totalPages: number
  readonly freePages: number
  readonly scrubPages: number
  readonly claimedPages: number
}

/** Files of dom0's file system: what `xm save` wrote, configurations of guests. */
export interface ToolFiles {
  /** The text of a file, undefined when there is none. */
  read(path: string): string | undefined
  write(path: string, text: string): void
  remove(path: string): void
  /** Paths in order. */
  list(): readonly string[]
}

/** What a tool sees of the machine it runs on. */
export interface ToolWorld {
  readonly era: Era
  readonly host: HostConfig
  /** Nanoseconds since boot. */
  readonly nowNs: number
  /** Ascending by id; dom0 is the first. */
  domains(): readonly DomainView[]
  domain(domid: number): DomainView | undefined
  domainNamed(name: string): DomainView | undefined
  physinfo(): PhysInfo
  /** The hypervisor's console ring. */
  console(): string
  /** The machine frame behind a guest's pseudo-physical one, for mapping it. */
  frameOf(domid: number, pfn: number): number | undefined
  readonly xenstore: Xenstore
  readonly files: ToolFiles
}
