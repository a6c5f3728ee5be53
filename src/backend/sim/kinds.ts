// Kinds of things that come: numbers of the kernel's queue, each with one owner who handles it.
//
// Holds: no two owners share a number; a saved queue means the same to whoever restores it.

/** Kinds of the scheduler: 100 to 199. */
export const SCHEDULER_KINDS = 100
/** Kinds of the hypervisor, its domains and dom0's processes: 200 to 299. */
export const HYPERVISOR_KINDS = 200
/** Kinds of what hardware does by itself: 300 to 399. */
export const HARDWARE_KINDS = 300
/** Kinds of what guests do: 400 to 499. */
export const GUEST_KINDS = 400
/** Kinds of whoever attends the host: 500. */
export const ATTENDANT_KINDS = 500
