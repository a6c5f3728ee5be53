// memory_op: frames for domains and back, and what is mapped where.
//
// Holds: a reservation call answers how many extents it has done, never an error: a domain that
// does not exist gets 0.
// Source: xen/common/memory.c.
import { CALL_NS, EXTENT_NS, FRAME_NS, FREE_FRAME_NS, HANDLE_NS } from './costs.js'
import { type FrameListMore, fieldsOf } from './more.js'
import { done, type Outcome, refused } from './outcome.js'
import {
  domidOf,
  numberOf,
  type Operation,
  type Operations,
  onDomain,
  type XenCall,
} from './xen.js'

/** An extent is at most so many frames, as a power of two. */
const MAX_ORDER = 18
/** Entries of a memory map that a guest may have. */
const E820_MAX = 128
/** Trace record: frames were given back. */
const TRACE_DECREASE = 0x10f005
/** Spaces of add_to_physmap. */
const SPACES = 6

/** All operations of memory_op. */
export const MEMORY_OP: Operations = {
  increase_reservation: (xen, call) => populate(xen, call),
  populate_physmap: (xen, call) => populate(xen, call),
  decrease_reservation: (xen, call) => decrease(xen, call),
  maximum_ram_page: (xen) => done(CALL_NS, {}, xen.frames.last),
  current_reservation: onDomain((xen, _call, domain) =>
    done(CALL_NS, {}, xen.frames.ownedBy(domain.domid)),
  ),
  maximum_reservation: onDomain((_xen, _call, domain) => done(CALL_NS, {}, domain.maxPages)),
  maximum_gpfn: onDomain((xen, _call, domain) =>
    done(CALL_NS, {}, Math.max(0, xen.frames.endOf(domain.domid) - 1)),
  ),
  machphys_mfn_list: (xen, call) => {
    const n = Math.min(numberOf(call, 'max_extents'), Math.ceil((xen.frames.last + 1) / 2 ** 18))
    return done(CALL_NS + n * HANDLE_NS, { nr_extents: n })
  },
  machphys_mapping: (xen) => done(CALL_NS, { max_mfn: xen.frames.last }),
  add_to_physmap: onDomain((_xen, call) =>
    numberOf(call, 'space') < SPACES ? done(CALL_NS + EXTENT_NS) : refused('ENOSYS'),
  ),
  remove_from_physmap: onDomain((xen, call, domain) =>
    xen.frames.frameOf(domain.domid, numberOf(call, 'gpfn')) === undefined
      ? refused('EINVAL')
      : done(CALL_NS + EXTENT_NS),
  ),
  memory_map: () => done(CALL_NS + 200, { nr_entries: 1 }),
  machine_memory_map: () => done(CALL_NS + 400, { nr_entries: 8 }),
  set_memory_map: onDomain((_xen, call) =>
    numberOf(call, 'nr_entries') > E820_MAX ? refused('EINVAL') : done(CALL_NS + 300),
  ),
  exchange: (_xen, call) => {
    const n = numberOf(call, 'w1')
    return done(CALL_NS + n * (EXTENT_NS + FREE_FRAME_NS))
  },
  set_pod_target: onDomain((xen, _call, domain) =>
    done(CALL_NS + 1_000, { tot_pages: xen.frames.ownedBy(domain.domid) }),
  ),
  get_pod_target: onDomain((xen, _call, domain) =>
    done(CALL_NS, { tot_pages: xen.frames.ownedBy(domain.domid) }),
  ),
  get_sharing_freed_pages: () => done(CALL_NS),
  get_sharing_shared_pages: () => done(CALL_NS),
  claim_pages: onDomain((xen, call, domain) =>
    xen.frames.claim(domain.domid, numberOf(call, 'nr_extents'))
      ? done(CALL_NS + 300)
      : refused('ENOMEM'),
  ),
  get_vnumainfo: () => refused('EOPNOTSUPP'),
  reserved_device_memory_map: () => done(CALL_NS),
  acquire_resource: onDomain((xen, call, domain) => {
    const frames = numberOf(call, 'frame') + numberOf(call, 'nr_frames')
    const grown = xen.grants.grow(domain.domid, frames, xen.era.abi.maxGrantFrames)
    return grown ? done(CALL_NS + EXTENT_NS) : refused('EINVAL')
  }),
}

function populate(...[xen, call]: Parameters<Operation>): Outcome {
  const domain = xen.domains.get(domidOf(call))
  const extents = extentsOf(call)
  if (domain === undefined || domain.dying || extents === undefined) return done(CALL_NS)
  const { order } = extents
  const left = domain.maxPages - xen.frames.ownedBy(domain.domid)
  const allowed = Math.max(0, Math.min(extents.count, Math.floor(left / 2 ** order)))
  const { pfn } = fieldsOf<FrameListMore>(call.more)
  const wanted = { extents: allowed, order, ...(pfn === undefined ? {} : { pfn }) }
  const got = xen.frames.populate(domain.domid, wanted)
  const perExtent = EXTENT_NS + HANDLE_NS + (2 ** order - 1) * FRAME_NS
  return done(CALL_NS + got * perExtent, {}, got)
}

function decrease(...[xen, call]: Parameters<Operation>): Outcome {
  const domain = xen.domains.get(domidOf(call))
  const extents = extentsOf(call)
  if (domain === undefined || extents === undefined) return done(CALL_NS)
  const size = 2 ** extents.order
  const frames = extents.count * size
  const from = fieldsOf<FrameListMore>(call.more).pfn ?? xen.frames.endOf(domain.domid) - frames
  const gone = xen.frames.release(domain.domid, Math.max(0, from), frames)
  if (gone > 0) {
    const gfn = [from >>> 0, Math.floor(from / 2 ** 32)]
    xen.bus.say(TRACE_DECREASE, call.at, [...gfn, domain.domid, extents.order])
  }
  const perExtent = HANDLE_NS + size * FREE_FRAME_NS
  return done(CALL_NS + Math.ceil(gone / size) * perExtent, {}, Math.floor(gone / size))
}

function extentsOf(call: XenCall): { readonly count: number; readonly order: number } | undefined {
  const count = numberOf(call, 'nr_extents')
  const order = numberOf(call, 'extent_order')
  return order > MAX_ORDER || count < 0 ? undefined : { count, order }
}
