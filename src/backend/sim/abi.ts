// Abi: what a version of the hypervisor's interface offers and refuses: which sub-operations it
// has, and with which error it says no.
//
// Holds: data; the hypercalls read it and know no version.
// Source: xen/include/public and the handlers of 3.1 and of 4.17; facts per field as said there.
import type { Errno } from '../../machine/errno.js'

/** One interface. */
export interface Abi {
  /** Highest sub-operation of the group; those above are answered ENOSYS. */
  readonly lastDomctl: number
  readonly lastSysctl: number
  readonly lastMemoryOp: number
  readonly lastEvtchnOp: number
  readonly lastPhysdevOp: number
  /** Has resource_op, which reads registers of a pcpu: from 4.5 on. */
  readonly resourceOp: boolean
  /** createdomain of an id that is taken. */
  readonly domidTaken: Errno
  /** pausedomain nests, so often; 1 where it is a flag. */
  readonly maxPauses: number
  /** unpausedomain of a domain that is not paused; undefined where that is no error. */
  readonly notPaused: Errno | undefined
  /** A domain may set the registers of its own vcpus. */
  readonly ownContext: boolean
  /** max_mem below what the domain has; undefined where that is no error. */
  readonly maxMemTooLow: Errno | undefined
  readonly maxVcpus: { readonly pv: number; readonly hvm: number }
  /** Domains with hardware of their own can be made: the recorded hosts of Xen 4 cannot. */
  readonly hvm: boolean
  /** Ports of a domain. */
  readonly maxPorts: number
  /** Frames of a grant table. */
  readonly maxGrantFrames: number
  /** Log-dirty mode of a PV guest is to be had. */
  readonly logDirty: boolean
  /** Answer of xsm_op without a security module. */
  readonly noXsm: Errno
}

/** That of xVM Server: Xen 3.1. */
export const ABI_3_1: Abi = {
  lastDomctl: 36,
  lastSysctl: 8,
  lastMemoryOp: 14,
  lastEvtchnOp: 10,
  lastPhysdevOp: 12,
  resourceOp: false,
  domidTaken: 'EINVAL',
  maxPauses: 1,
  notPaused: undefined,
  ownContext: true,
  maxMemTooLow: 'EINVAL',
  maxVcpus: { pv: 32, hvm: 32 },
  hvm: true,
  maxPorts: 4096,
  maxGrantFrames: 32,
  logDirty: true,
  noXsm: 'ENOSYS',
}

/** That of Xen 4.17, built without shadow paging as distributions do. */
export const ABI_4_17: Abi = {
  lastDomctl: 1003,
  lastSysctl: 30,
  lastMemoryOp: 28,
  lastEvtchnOp: 14,
  lastPhysdevOp: 32,
  resourceOp: true,
  domidTaken: 'EEXIST',
  maxPauses: 255,
  notPaused: 'EINVAL',
  ownContext: false,
  maxMemTooLow: undefined,
  maxVcpus: { pv: 8192, hvm: 128 },
  hvm: false,
  maxPorts: 131072,
  maxGrantFrames: 64,
  logDirty: false,
  noXsm: 'ENOSYS',
}
