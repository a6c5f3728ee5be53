// Era: which machine a simulation stands for. Everything in which eras differ is data here, so that
// no other file asks "which era".
//
//   eraNamed('xvm-3.1')  ->  { toolstack: 'xm', mca: 'none', msi: false, ... }
//
// Source: DESIGN's list of eras; per field as said there.
import { XpvError } from '../../base/error.js'
import { ABI_3_1, ABI_4_17, type Abi } from './abi.js'

/** How a guest's read of a machine register that nobody emulates ends. */
export type MsrPolicy =
  /** A general protection fault. */
  | 'fault'
  /** The register of whatever pcpu runs the vcpu. */
  | 'pass-through'

/** What becomes of a guest's write to a register that nobody emulates. */
export type MsrWritePolicy = 'fault' | 'dropped'

/** Machine-check registers in a guest: not emulated, or two virtual banks that read 0. */
export type VirtualMca = 'none' | 'two-banks'

/** How far machine checks get: nobody scans the banks; the hypervisor polls, takes CMCI and #MC,
 *  and tells dom0; or the operating system owns the hardware. */
export type McaHandling = 'none' | 'unscanned' | 'hypervisor' | 'metal'

/** XEN_SCHEDULER_*: the numbers of schedulers. Source: xen/include/public/domctl.h. */
export const SCHEDULER_IDS = { credit: 5, credit2: 6, none: 0 } as const

/** A machine of its time. */
export interface Era {
  readonly name: string
  readonly title: string
  /** As `xl info` splits it: major, minor, extra. */
  readonly xenVersion: readonly [major: number, minor: number, extra: string]
  readonly toolstack: 'xm' | 'xl' | 'none'
  readonly dom0: 'solaris' | 'linux'
  /** How dom0's kernel names severities of PCI Express errors: Linux changed that before 6.12. */
  readonly aerWords: 'corrected' | 'correctable'
  /** That of the hypervisor; none where there is no hypervisor: see `isMetal`. */
  readonly scheduler: keyof typeof SCHEDULER_IDS
  readonly msrRead: MsrPolicy
  readonly msrWrite: MsrWritePolicy
  readonly virtualMca: VirtualMca
  readonly mca: McaHandling
  /** Whoever owns machine checks uses the interrupt for corrected errors, where there is one. */
  readonly cmci: boolean
  /** What processors its host has unless told otherwise: one of `processor.ts`. */
  readonly processor: string
  /** Message-signalled interrupts: without, a hostbridge cannot announce an error. */
  readonly msi: boolean
  readonly cpuOffline: boolean
  readonly pageOffline: boolean
  /** dom0's kernel has probes on its xenbus watches: they came in 2008. */
  readonly xenbusProbes: boolean
  /** Entries of one IOCTL_PRIVCMD_MMAP of the domain builder at most; 0 where it maps by
   *  MMAPBATCH_V2. */
  readonly mmapEntries: number
  /** xenstored and xenconsoled map a guest's rings through privcmd: not so in the origin's listing,
   *  where nothing is between setvcpucontext and dom-unpause. */
  readonly ringsByPrivcmd: boolean
  /** memory_op goes inside a one-entry multicall. */
  readonly memoryOpInMulticall: boolean
  /** Pages of one extent of populate_physmap for a guest's bulk, as a power of two. */
  readonly populateOrder: number
  readonly domctlVersion: number
  readonly sysctlVersion: number
  readonly abi: Abi
  /** When its hosts boot unless told otherwise, in nanoseconds since 1970: in its own time. */
  readonly bootedAt: bigint
}

/** A morning at eight, UTC. */
const morningOf = (date: string): bigint => BigInt(Date.parse(`${date}T08:00:00Z`)) * 1_000_000n

const XVM: Era = {
  name: 'xvm-3.1',
  title: 'xVM Server: Xen 3.1, xm, a Solaris dom0 that may not read the registers',
  xenVersion: [3, 1, '.2-xvm'],
  toolstack: 'xm',
  dom0: 'solaris',
  aerWords: 'corrected',
  scheduler: 'credit',
  msrRead: 'fault',
  msrWrite: 'fault',
  virtualMca: 'none',
  mca: 'none',
  cmci: false,
  processor: 'opteron',
  msi: false,
  cpuOffline: false,
  pageOffline: false,
  xenbusProbes: false,
  mmapEntries: 1,
  ringsByPrivcmd: false,
  memoryOpInMulticall: false,
  populateOrder: 0,
  domctlVersion: 5,
  sysctlVersion: 3,
  abi: ABI_3_1,
  bootedAt: morningOf('2007-12-10'),
}

const XEN_4_17: Era = {
  name: 'xen-4.17',
  title: 'Xen 4.17 with xl: machine-check banks of dom0 are virtual, the real ones never scanned',
  xenVersion: [4, 17, '.7'],
  toolstack: 'xl',
  dom0: 'linux',
  aerWords: 'corrected',
  scheduler: 'credit2',
  msrRead: 'fault',
  msrWrite: 'fault',
  virtualMca: 'two-banks',
  mca: 'unscanned',
  cmci: true,
  processor: 'westmere',
  msi: true,
  cpuOffline: true,
  pageOffline: true,
  xenbusProbes: true,
  mmapEntries: 0,
  ringsByPrivcmd: false,
  memoryOpInMulticall: true,
  populateOrder: 9,
  domctlVersion: 0x15,
  sysctlVersion: 0x15,
  abi: ABI_4_17,
  bootedAt: morningOf('2023-03-06'),
}

/** All eras, the default one first. */
export const ERAS: readonly Era[] = [
  XVM,
  {
    ...XVM,
    name: 'xen-3.1-upstream',
    title: 'Xen 3.1 unpatched: reads go to whichever pcpu runs the vcpu, writes are dropped',
    xenVersion: [3, 1, '.0'],
    msrRead: 'pass-through',
    msrWrite: 'dropped',
    mmapEntries: 2 ** 31 - 1,
    ringsByPrivcmd: true,
  },
  {
    ...XVM,
    name: 'xvm-mca',
    title: 'xVM Server of 2008: the MCA hypercall and its interrupt, pcpus can be taken offline',
    mca: 'hypervisor',
    cpuOffline: true,
    xenbusProbes: true,
    abi: { ...ABI_3_1, lastSysctl: 11 },
    bootedAt: morningOf('2008-09-15'),
  },
  XEN_4_17,
  {
    ...XEN_4_17,
    name: 'xen-4.20',
    title: 'Xen 4.20 with xl: machine checks are reported, pages can be taken offline',
    xenVersion: [4, 20, '.5-pre'],
    aerWords: 'correctable',
    mca: 'hypervisor',
    domctlVersion: 0x17,
    bootedAt: morningOf('2025-06-02'),
  },
  {
    ...XEN_4_17,
    name: 'metal',
    title: 'no hypervisor: the operating system owns the hardware',
    xenVersion: [0, 0, ''],
    toolstack: 'none',
    scheduler: 'none',
    msrRead: 'pass-through',
    msrWrite: 'fault',
    virtualMca: 'none',
    mca: 'metal',
    processor: 'nehalem',
    bootedAt: morningOf('2009-04-06'),
  },
]

/** Whether an operating system owns the hardware, and no hypervisor is between. */
export function isMetal(era: Era): boolean {
  return era.scheduler === 'none'
}

/** The era of a name. Throws `XpvError` `sim.no-era`. */
export function eraNamed(name: string): Era {
  const era = ERAS.find((e) => e.name === name)
  if (era !== undefined) return era
  const names = ERAS.map((e) => e.name).join(', ')
  throw new XpvError('sim.no-era', `no era is called ${name}`, `there are ${names}`)
}
