// HostAccess: the raw things of a host, each with where it came from or why it is not known. What a
// backend yields here, the typed objects (xen, domains, pcpus, hostbridge) decode, with the same
// code for all backends.
//
//   simulator, recording, live host  ->  HostAccess  ->  Hypervisor, Domain, Vcpu, Pcpu, ...
//
// Holds: asking changes nothing and lets no time pass, save where a method says that it acts.
import type { BoardFacts } from './board-facts.js'
import type { DomainId, PcpuId, VcpuId } from './ids.js'
import type { MemoryShape } from './memory-map.js'
import type { MsrRead, MsrWrite } from './msr/msr-access.js'
import type { Obs } from './obs.js'
import type { PciListing } from './pci/listing.js'
import type { RequesterId } from './pci/requester-id.js'
import type { PcpuPlace, PcpuShape } from './pcpu-place.js'
import type { TelemetryFeed } from './telemetry.js'

/** Things that were found; `partial` says why there may be more. */
export interface Found<T> {
  readonly items: readonly T[]
  readonly partial?: string
}

/** What processors a host has. */
export interface ProcessorFacts {
  readonly vendor: 'intel' | 'amd'
  readonly brand: string
  readonly family: number
  readonly model: number
  readonly stepping: number
}

/** A hypervisor and the hardware it owns. */
export interface HypervisorFacts {
  /** As `xl info` says it: 3.1.2-xvm. */
  readonly version: Obs<string>
  /** Kinds of guest it can run: `xen-3.0-x86_64 hvm-3.0-x86_64`. */
  readonly capabilities: Obs<string>
  readonly changeset: Obs<string>
  readonly compiler: Obs<string>
  readonly compileDate: Obs<string>
  readonly commandLine: Obs<string>
  readonly scheduler: Obs<string>
  /** The tool that dom0 controls it with. */
  readonly toolstack: Obs<string>
  readonly host: Obs<string>
  readonly processor: Obs<ProcessorFacts>
  readonly shape: Obs<PcpuShape>
  readonly pcpus: Obs<number>
  readonly clockHz: Obs<number>
  readonly memoryBytes: Obs<number>
  readonly freeBytes: Obs<number>
  readonly uptimeNs: Obs<number>
}

/** When a recording saw something: nanoseconds since it began, and in how many rows. */
export interface Sighting {
  readonly firstNs: Obs<number>
  readonly lastNs: Obs<number>
  readonly rows: number
}

/** What a domain is doing; `shutdown` and `dying` it does no more. */
export type DomainState = 'running' | 'blocked' | 'paused' | 'shutdown' | 'dying'

/** One domain. */
export interface DomainFacts {
  readonly domid: DomainId
  readonly name: Obs<string>
  /** 32 hexadecimal digits. */
  readonly handle: Obs<string>
  readonly type: Obs<'pv' | 'hvm'>
  readonly state: Obs<DomainState>
  /** Why it shut down, once it has. */
  readonly shutdownReason: Obs<string>
  readonly memoryBytes: Obs<number>
  readonly maxMemoryBytes: Obs<number>
  readonly maxVcpus: Obs<number>
  readonly runtimeNs: Obs<number>
  readonly createdNs: Obs<number>
  readonly weight: Obs<number>
  /** Percent of one pcpu; 0 is no limit. */
  readonly capPercent: Obs<number>
  /** Of a recording: when it was seen. */
  readonly seen?: Sighting
}

/** Nanoseconds that a vcpu ran, waited for a pcpu, waited for something to do, might not run. */
export interface RunstateNs {
  readonly running: number
  readonly runnable: number
  readonly blocked: number
  readonly offline: number
}

/** One vcpu of one domain. */
export interface VcpuFacts {
  readonly domid: DomainId
  readonly vcpu: VcpuId
  readonly state: Obs<keyof RunstateNs>
  /** Where it runs, or ran last. */
  readonly pcpu: Obs<PcpuId>
  /** The pcpus it may run on. */
  readonly affinity: Obs<readonly PcpuId[]>
  readonly ns: Obs<RunstateNs>
  /** How often it began to run on another pcpu than the last time. */
  readonly migrations: Obs<number>
  readonly seen?: Sighting
}

/** One physical CPU. */
export interface PcpuFacts {
  readonly pcpu: PcpuId
  readonly isOnline: Obs<boolean>
  /** An operating system took it out of service since it is faulty. */
  readonly isFaulted?: boolean
  /** When it came into the state in which it is: nanoseconds since boot. */
  readonly sinceNs?: number
  readonly place: Obs<PcpuPlace>
  /** What it runs now; null when it has nothing to run. */
  readonly running: Obs<{ readonly domid: DomainId; readonly vcpu: VcpuId } | null>
  /** Nanoseconds it had nothing to run. */
  readonly idleNs: Obs<number>
  /** The time over which `idleNs` counts. */
  readonly overNs: Obs<number>
  readonly seen?: Sighting
}

/** The ways to a register. An instruction in a vcpu: the hypervisor's policy decides, and the
 *  scheduler decides on which pcpu. A hypercall: on the pcpu it names, if the hypervisor lists the
 *  register. Where there is no hypervisor, an instruction of the operating system, bound to a pcpu.
 *  The hardware itself: only a simulator can look. */
export type MsrRoute =
  | { readonly kind: 'vcpu'; readonly domid: DomainId; readonly vcpu: VcpuId }
  | { readonly kind: 'hypercall'; readonly pcpu: PcpuId }
  | { readonly kind: 'metal'; readonly pcpu: PcpuId }
  | { readonly kind: 'hardware'; readonly pcpu: PcpuId }

/** That a register is not to be had on a machine, and why. */
export interface MsrUnknown {
  readonly kind: 'unknown'
  readonly reason: string
}

/** The registers of one machine-check bank. */
export interface BankFacts {
  readonly bank: number
  /** What it watches over: `memory controller`; '' where nobody says. */
  readonly unit: string
  readonly scope: 'thread' | 'core' | 'package'
  readonly ctl: bigint
  readonly status: bigint
  readonly addr: bigint
  readonly misc: bigint
}

/** The machine-check banks of a pcpu. */
export interface BanksFacts {
  readonly mcgCap: bigint
  readonly banks: readonly BankFacts[]
  /** Who can see them besides whoever looks here. */
  readonly note: string
}

/** One event channel of a domain. */
export interface PortFacts {
  readonly port: number
  /** `interdomain with domain 3, port 2`, `VIRQ 4`. */
  readonly bound: string
}

/** What became of an action. `note`: what is still to happen. `error` is the hypervisor's:
 *  `EINVAL`. */
export type ActionOutcome =
  | { readonly kind: 'done'; readonly note?: string }
  | { readonly kind: 'refused'; readonly error: string; readonly why: string }

/** How much a domain computes by itself: hardly, now and then, or without end. */
export const LOADS = ['idle', 'bursty', 'busy'] as const
export type Load = (typeof LOADS)[number]

/** Changes to a host. Time passes on it meanwhile. */
export interface HostActions {
  /** Lets what runs in a domain compute so much from now on. */
  setLoad(domid: DomainId, load: Load): ActionOutcome
  pinVcpu(domid: DomainId, vcpu: VcpuId, pcpus: readonly PcpuId[]): ActionOutcome
  setPcpuOnline(pcpu: PcpuId, online: boolean): ActionOutcome
  /** Takes a frame of memory away; `mfn` is its number. */
  offlinePage(mfn: number): ActionOutcome
}

/** What fault management takes out of service, or puts back (`retired` false). */
export type RetireWhat = { readonly retired: boolean } & (
  | { readonly kind: 'pcpu'; readonly pcpu: PcpuId }
  | { readonly kind: 'page'; readonly physaddr: bigint }
  /** A device; its path in the device tree is for people. */
  | { readonly kind: 'device'; readonly id: RequesterId; readonly path: string }
)

/** What became of it. `pending`: it is on its way, and may be asked for again. */
export type RetireOutcome = ActionOutcome | { readonly kind: 'pending'; readonly note: string }

/** Everything that can be asked of a host, and what can be done to it. */
export interface HostAccess {
  /** There is no hypervisor: an operating system owns the hardware. */
  readonly isMetal: boolean
  /** Nanoseconds since the host booted, or since a recording began to its end. */
  now(): Obs<number>
  /** When the host booted, or the recording began: nanoseconds since 1970. */
  bootedNs(): Obs<bigint>
  hypervisor(): HypervisorFacts
  /** Ascending by domid. */
  domains(): Found<DomainFacts>
  vcpus(domid: DomainId): Found<VcpuFacts>
  pcpus(): Found<PcpuFacts>
  /** One of them; undefined where there is none of that number. */
  domain(domid: DomainId): DomainFacts | undefined
  vcpu(domid: DomainId, vcpu: VcpuId): VcpuFacts | undefined
  pcpu(pcpu: PcpuId): PcpuFacts | undefined
  /** Reads a register. By vcpu or hypercall time passes, as on any host. */
  readMsr(route: MsrRoute, msr: number): MsrRead | MsrUnknown
  /** Writes one; acts. */
  writeMsr(route: MsrRoute, msr: number, value: bigint): MsrWrite | MsrUnknown
  banks(pcpu: PcpuId): Obs<BanksFacts>
  /** What the firmware says of the hardware. */
  board(): Obs<BoardFacts>
  /** What memory is behind which processor, DIMM by DIMM. */
  memory(): Obs<MemoryShape>
  /** All functions of PCI Express, ascending. */
  pci(): Obs<readonly PciListing[]>
  /** The hypervisor's messages. */
  consoleRing(): Obs<string>
  ports(domid: DomainId): Obs<readonly PortFacts[]>
  /** Frames of a domain's grant table, and how many grants others have mapped. */
  grants(domid: DomainId): Obs<{ readonly frames: number; readonly mapped: number }>
  /** What is seen of failing hardware; undefined where a backend has none to show. */
  readonly telemetry?: TelemetryFeed
  /** Undefined where nothing can be changed: a recording. */
  readonly actions: HostActions | undefined
  /** Takes things out of service as the system does in which fault management lives; `ended` is
   *  told at once, or once time has passed. Undefined where nobody does. */
  retire?(what: RetireWhat, ended: (outcome: RetireOutcome) => void): void
}
