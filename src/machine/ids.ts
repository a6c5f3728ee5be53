// Who and where: ids of a Xen machine as branded numbers, and the domain ids that the interface
// reserves.
//
// Source: xen/include/public/xen.h (DOMID_*); 0x8000 is how xenalyze names a vcpu not yet known.
import type { Brand } from '../base/brand.js'

/** A physical CPU, numbered as the hypervisor does. Never to be mixed with a vcpu. */
export type PcpuId = Brand<number, 'PcpuId'>
/** A virtual CPU of one domain. */
export type VcpuId = Brand<number, 'VcpuId'>
/** A domain; 0 is the control domain. */
export type DomainId = Brand<number, 'DomainId'>

/** Ids from here on are not a domain's. */
export const FIRST_RESERVED_DOMID = 0x7ff0
/** The caller itself, as calls name it. */
export const DOMID_SELF = 0x7ff0 as DomainId
/** The hypervisor, as the owner of its own frames. */
export const DOMID_XEN = 0x7ff2 as DomainId
/** The domain of a pcpu that has nothing to run. */
export const DOMID_IDLE = 0x7fff as DomainId
/** The domain of a pcpu before the trace said what runs on it. */
export const DOMID_UNKNOWN = 0x8000 as DomainId
