// Costs: nanoseconds that parts of hypercalls take on a pcpu of 2 to 3 GHz.
//
// Holds: chosen, not measured: orders of magnitude of such hardware, so that times scale with pages
// and entries as the loops of the hypervisor do.

/** Entering the hypervisor from privcmd, copying a structure in and out, leaving. */
export const CALL_NS = 900
/** Allocating one extent and noting it in M2P, whatever its size. */
export const EXTENT_NS = 260
/** M2P and page info of each further frame of an extent. */
export const FRAME_NS = 9
/** Giving a frame back, with what must be looked at before. */
export const FREE_FRAME_NS = 190
/** Copying one handle of a list in or out. */
export const HANDLE_NS = 4
/** Making a domain: structures, event channels, a grant table to be zeroed. */
export const CREATE_NS = 62_000
/** Making a vcpu. */
export const VCPU_NS = 14_000
/** Looking at one frame's type for the tools. */
export const FRAME_INFO_NS = 35
/** Mapping a foreign frame: reference, type, one entry of a page table. */
export const MAP_FRAME_NS = 430
/** Validating one entry when page tables are pinned. */
export const PIN_NS = 85_000
/** Collecting what is told of one domain. */
export const DOMAIN_INFO_NS = 450
/** Writing a vcpu's registers, its descriptor tables checked. */
export const CONTEXT_NS = 9_500
