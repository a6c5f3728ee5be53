// Provider xpv: the probes of 2007 as Sun's privcmd driver had them, and the xenbus watches that
// came a few months later.
//
//   6314  xpv  privcmd  privcmd_HYPERVISOR_domctl  dom-create-start
//
// Holds: ids, functions, names and argument types never change; rows ascend by id. 6297 to 6299,
// 6301, 6304, 6308, 6312 to 6315, 6324 and 6325 were printed in 2007; the others follow from how
// sdt numbers its probes, in reverse text order. The quirks of the arguments are the original's.
// Source: illumos-gate, the privcmd driver and xenbus_xs.c; uts/common/os/sdt_subr.c.
import type { ProbeArg, ProbeId } from './description.js'

const arg = <const N extends string, const T extends string>(name: N, type: T, doc: string) => ({
  name,
  type,
  doc,
})

/** One probe of module privcmd. */
const privcmd = <
  const F extends string,
  const N extends string,
  const A extends readonly ProbeArg[],
>(
  id: number,
  inFunction: F,
  name: N,
  args: A,
  doc = '',
) => ({
  id: id as ProbeId,
  provider: 'xpv' as const,
  module: 'privcmd' as const,
  function: inFunction,
  name,
  args,
  doc,
})

/** One xenbus watch probe: sdt knows no types for its arguments. */
const watch = <const F extends string, const N extends string>(
  id: number,
  inFunction: F,
  name: N,
  doc: string,
) => ({
  id: id as ProbeId,
  provider: 'xpv' as const,
  module: 'unix' as const,
  function: inFunction,
  name,
  args: [] as const,
  doc,
})

const MMUEXT_OP = 'privcmd_HYPERVISOR_mmuext_op'
const EVENT_CHANNEL_OP = 'privcmd_HYPERVISOR_event_channel_op'
const MEMORY_OP = 'privcmd_HYPERVISOR_memory_op'
const DOMCTL = 'privcmd_HYPERVISOR_domctl'
const MMU_UPDATE = 'privcmd_HYPERVISOR_mmu_update'
const MMAPBATCH = 'do_privcmd_mmapbatch'
const MMAP = 'do_privcmd_mmap'

const ERROR = arg(
  'error',
  'int',
  "0 or more is success; negative is -X_E..., the hypervisor's own sign",
)
const EXTENTS_DONE = arg(
  'result',
  'int',
  'extents completed; a failure shows as a short count, never as an error',
)
const SOLARIS_ERRNO = arg('error', 'int', 'a Solaris errno, positive; 0 is success')
const DOMID = arg('domid', 'domid_t', 'the domain')
const EXTENTS = arg('extents', 'ulong_t *', 'list of frames')
const NR_EXTENTS = arg('nr_extents', 'ulong_t', 'how many extents')
const EXTENT_ORDER = arg('extent_order', 'uint_t', 'pages in an extent, as a power of two')
const VA = arg('va', 'caddr_t', 'where the pages are mapped')

/** The 31 probes of module privcmd and the 4 xenbus watches, with literal names in their types. */
export const XPV_PROBES = [
  privcmd(6295, MMUEXT_OP, 'mmu-ext-op-end', [ERROR]),
  privcmd(6296, MMUEXT_OP, 'mmu-ext-op-start', [
    arg('count', 'int', 'how many operations'),
    arg('ops', 'struct mmuext_op *', 'the operations; NULL when count < 1'),
  ]),
  privcmd(6297, EVENT_CHANNEL_OP, 'evtchn-op-end', [ERROR]),
  privcmd(
    6298,
    EVENT_CHANNEL_OP,
    'evtchn-op-start',
    [
      arg('cmd', 'int', 'EVTCHNOP_*: 6 alloc_unbound, 5 status'),
      arg('op', 'void *', 'the structure of that command'),
    ],
    'fires for commands 0 to 10 only',
  ),
  privcmd(6299, MEMORY_OP, 'set-memory-map-end', [ERROR]),
  privcmd(6300, MEMORY_OP, 'add-to-physmap-end', [ERROR]),
  privcmd(6301, MEMORY_OP, 'populate-physmap-end', [EXTENTS_DONE]),
  privcmd(6302, MEMORY_OP, 'decrease-reservation-end', [EXTENTS_DONE]),
  privcmd(6303, MEMORY_OP, 'increase-reservation-end', [EXTENTS_DONE]),
  privcmd(
    6304,
    MEMORY_OP,
    'populate-physmap-start',
    [DOMID, NR_EXTENTS, EXTENTS],
    'unlike the two reservations it does not pass the extent order',
  ),
  privcmd(6305, MEMORY_OP, 'decrease-reservation-start', [
    DOMID,
    NR_EXTENTS,
    EXTENT_ORDER,
    EXTENTS,
  ]),
  privcmd(6306, MEMORY_OP, 'increase-reservation-start', [
    DOMID,
    NR_EXTENTS,
    EXTENT_ORDER,
    EXTENTS,
  ]),
  privcmd(6307, MEMORY_OP, 'add-to-physmap-start', [
    DOMID,
    arg('space', 'uint_t', '0 shared_info, 1 grant_table'),
    arg('idx', 'ulong_t', 'index in that space'),
    arg('gpfn', 'ulong_t', 'where it appears in the guest'),
  ]),
  privcmd(6308, MEMORY_OP, 'set-memory-map-start', [
    DOMID,
    arg('nr_entries', 'int', 'entries of the map'),
    arg(
      'map',
      'struct xen_memory_map *',
      'really the e820 buffer: 20 bytes an entry, address, size, type',
    ),
  ]),
  privcmd(6309, DOMCTL, 'setvcpucontext-end', [ERROR]),
  privcmd(6310, DOMCTL, 'dom-unpause-end', [ERROR]),
  privcmd(6311, DOMCTL, 'dom-pause-end', [ERROR]),
  privcmd(6312, DOMCTL, 'dom-destroy-end', [ERROR]),
  privcmd(6313, DOMCTL, 'dom-create-end', [ERROR]),
  privcmd(
    6314,
    DOMCTL,
    'dom-create-start',
    [
      arg(
        'domctl',
        'xen_domctl_t *',
        'really the address of op.u.createdomain: ssidref, handle, flags',
      ),
    ],
    'the domid is not known yet',
  ),
  privcmd(6315, DOMCTL, 'dom-destroy-start', [DOMID]),
  privcmd(6316, DOMCTL, 'dom-pause-start', [DOMID]),
  privcmd(6317, DOMCTL, 'dom-unpause-start', [DOMID]),
  privcmd(6318, DOMCTL, 'setvcpucontext-start', [
    DOMID,
    arg('context', 'vcpu_guest_context_t *', 'the registers; which vcpu is not passed'),
  ]),
  privcmd(6319, MMU_UPDATE, 'mmu-update-end', [ERROR]),
  privcmd(6320, MMU_UPDATE, 'mmu-update-start', [
    arg('domid', 'int', 'whose page tables'),
    arg('count', 'int', 'how many updates'),
    arg('updates', 'mmu_update_t *', 'pairs of 64-bit ptr and val'),
  ]),
  privcmd(6321, MMAPBATCH, 'mmapbatch-end', [
    SOLARIS_ERRNO,
    arg('seg', 'struct seg *', 'the segment; NULL if not found'),
    VA,
  ]),
  privcmd(6322, MMAPBATCH, 'mmapbatch-start', [DOMID, arg('num', 'int', 'how many pages'), VA]),
  privcmd(6323, MMAP, 'mmap-end', [SOLARIS_ERRNO]),
  privcmd(
    6324,
    MMAP,
    'mmap-entry',
    [
      arg('va', 'ulong_t', 'where it is mapped'),
      arg('mfn', 'ulong_t', 'the first frame'),
      arg('npages', 'ulong_t', 'how many pages'),
    ],
    'once an entry, before it is checked',
  ),
  privcmd(6325, MMAP, 'mmap-start', [
    DOMID,
    arg('num', 'int', 'how many entries'),
    arg('entries', 'privcmd_mmap_entry_t *', 'their address in the caller'),
  ]),
  watch(
    6326,
    'register_xenbus_watch',
    'xenbus-register-watch',
    'arg0 node (char *), arg1 callback, arg2 struct xenbus_watch *',
  ),
  watch(
    6327,
    'unregister_xenbus_watch',
    'xenbus-unregister-watch',
    'arg0 node (char *), arg1 callback, arg2 struct xenbus_watch *',
  ),
  watch(
    6328,
    'process_msg',
    'xenbus-enqueue-watch',
    'arg0 node, arg1 callback, arg2 watch, arg3 the path that changed (char *)',
  ),
  watch(
    6329,
    'xenwatch_thread',
    'xenbus-fire-watch',
    'arguments as xenbus-enqueue-watch, just before the callback runs',
  ),
] as const
