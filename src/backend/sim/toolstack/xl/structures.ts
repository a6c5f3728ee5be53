// Structures: sizes and numbers of the hypervisor's interface that libxl and libxenguest know, each
// where more than one of their parts needs it.
//
// Source: xen/include/public/domctl.h, sysctl.h and arch-x86/xen.h of 4.17; the recorded tools pass
// as many bytes.

/** vcpu_guest_context of x86. */
export const CONTEXT_BYTES = 5168
/** An entry of a list of frames. */
export const HANDLE_BYTES = 8
/** A bitmap of pcpus, as the tools pass it. */
export const CPUMAP_BYTES = 8
/** One domain of getdomaininfolist. */
export const INFO_BYTES = 112
/** One node of numainfo, one pcpu of cputopoinfo. */
export const NODE_BYTES = 16
export const TOPOLOGY_BYTES = 12
/** Leaves of CPUID in a host's policy and in a guest's, bytes of each; the same of registers. */
export const HOST_LEAVES = 120
export const GUEST_LEAVES = 27
export const LEAF_BYTES = 24
export const POLICY_MSRS = 2
export const MSR_BYTES = 16
/** setvcpuaffinity: which of the two is meant. */
export const AFFINITY_HARD = 1
export const AFFINITY_SOFT = 2
/** cpupool_op: what a pool is. */
export const POOL_INFO = 3
/** KiB that a guest may have beyond its memory: LIBXL_MAXMEM_CONSTANT. */
export const SLACK_KIB = 1024
