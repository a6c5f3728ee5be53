// Domain: what the hypervisor keeps of one domain besides its frames and its channels.
//
//   createdomain  ->  Domain, paused once, without vcpus  ->  ...  ->  dying  ->  gone
//
// Holds: plain data, so that a machine can be copied by copying its domains.
// Source: xen/include/xen/sched.h (struct domain), public/domctl.h.

/** A vcpu's own part. Runstates, times and affinity are the scheduler's. */
export interface DomainVcpu {
  /** Its registers were set: it can run. */
  initialised: boolean
  /** It is up: VCPUOP_up, or setvcpucontext for the first. */
  up: boolean
}

/** One domain of the hypervisor. */
export interface Domain {
  readonly domid: number
  readonly type: 'pv' | 'hvm'
  /** 32 hexadecimal digits. */
  handle: string
  readonly createdNs: number
  /** Flags of createdomain, as they were passed. */
  readonly flags: number
  maxPages: number
  maxVcpus: number
  readonly vcpus: DomainVcpu[]
  /** How often the tools paused it; 1 after its making. */
  pauseCount: number
  dying: boolean
  /** SHUTDOWN_*: 0 poweroff, 1 reboot, 2 suspend, 3 crash; undefined while it lives. */
  shutdown: number | undefined
  /** Bits of a guest's address, 0 before they are set. */
  addressSize: number
  weight: number
  cap: number
  /** The page all PV guests share with the hypervisor. */
  sharedInfoFrame: number
  /** Page-table roots that are pinned. */
  pinned: number
  /** HVMOP_set_param. */
  readonly params: Record<number, number>
  logDirty: boolean
  /** It has run: its guest was let go once. */
  started: boolean
}

/** A domain as createdomain leaves it. */
export function newDomain(
  domid: number,
  made: {
    readonly type: Domain['type']
    readonly handle: string
    readonly flags: number
    readonly nowNs: number
  },
): Domain {
  return {
    domid,
    type: made.type,
    handle: made.handle,
    createdNs: made.nowNs,
    flags: made.flags,
    maxPages: 0,
    maxVcpus: 0,
    vcpus: [],
    pauseCount: 1,
    dying: false,
    shutdown: undefined,
    addressSize: 0,
    weight: 256,
    cap: 0,
    sharedInfoFrame: 0,
    pinned: 0,
    params: {},
    logDirty: false,
    started: false,
  }
}
