// ToolWorld: what a tool in dom0 can look at: the host, its domains, xenstore, dom0's files.
//
//   machine  ->  ToolWorld (read-only)  ->  toolScript(argv, world)  ->  steps that change it
//
// Holds: a view; what it shows is true at the moment it is asked. Changes are made by steps alone.
import type { Era } from './era.js'
import type { HostConfig } from './host-config.js'
import type { Script } from './step.js'

/** A domain as the hypervisor tells of it (getdomaininfo). */
export interface DomainView {
  readonly domid: number
  readonly type: 'pv' | 'hvm'
  /** 32 hexadecimal digits. */
  readonly handle: string
  readonly pages: number
  readonly maxPages: number
  /** Free pages that it has claimed. */
  readonly claimedPages: number
  /** Vcpus it may have; those online are in `onlineVcpus`. */
  readonly maxVcpus: number
  readonly onlineVcpus: number
  readonly runtimeNs: number
  readonly isPaused: boolean
  readonly isDying: boolean
  /** Why it shut down; undefined while it has not. */
  readonly shutdownReason: number | undefined
}

/** One vcpu, as getvcpuinfo and getvcpuaffinity tell of it. */
export interface VcpuView {
  readonly vcpu: number
  readonly isOnline: boolean
  readonly state: 'running' | 'runnable' | 'blocked' | 'offline'
  /** Where it runs, or ran last. */
  readonly pcpu: number
  readonly runtimeNs: number
  /** The pcpus it may run on. */
  readonly affinity: readonly number[]
}

/** Reads xenstore. */
export interface StoreView {
  read(path: string): string | undefined
  /** Names of the nodes right below, sorted. */
  list(path: string): readonly string[]
}

/** Everything a tool can look at. */
export interface ToolWorld {
  readonly era: Era
  readonly host: HostConfig
  /** Nanoseconds since boot. */
  readonly nowNs: number
  readonly totalPages: number
  readonly freePages: number
  /** Free pages that domains have claimed. */
  readonly claimedPages: number
  /** Pcpus that are online. */
  readonly onlinePcpus: readonly number[]
  readonly store: StoreView
  /** Ascending by domid. */
  domains(): readonly DomainView[]
  vcpus(domid: number): readonly VcpuView[]
  /** Scheduling parameters, as scheduler_op tells them. */
  weight(domid: number): { readonly weight: number; readonly cap: number }
  /** The machine frame behind a guest's pseudo-physical one, for mapping it; undefined where the
   *  guest has none. */
  frameOf(domid: number, pfn: number): number | undefined
  /** The frame of a domain's shared_info page, as getdomaininfo tells it. */
  sharedInfoFrame(domid: number): number | undefined
  /** dom0's end of the channel to a port of a domain; undefined where nobody has bound it. */
  channelTo(domid: number, port: number): number | undefined
  /** The hypervisor's console ring. */
  consoleRing(): string
  /** What a file of dom0 holds. */
  file(path: string): string | undefined
  /** What tools on the host of a name see: the second host, or this one itself for its own name
   *  and `localhost`; undefined where nobody has that name. What is done there is a step of kind
   *  `there`, its script made with that host's world. */
  hostNamed(name: string): ToolWorld | undefined
}

/** What a toolstack does once a guest has shut itself down (not for a suspend), by what its
 *  configuration says: ends it, keeps it, makes it anew. In xend, or in the xl that was left
 *  behind. Undefined where the domain is to end, and nothing more: `burying` of `reaction.ts`. */
export type AfterShutdown = (domid: number, reason: number, world: ToolWorld) => Script | undefined
