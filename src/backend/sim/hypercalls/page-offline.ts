// page_offline_op: takes pages out of service and puts them back.
//
//   offline frames 0x50000 .. 0x50003  ->  status0 .. status3: what became of each, whose it is
//
// Holds: the first frame that is refused ends it; its status is told nevertheless.
// Source: xen/include/public/sysctl.h (PG_OFFLINE_*), xen/common/page_alloc.c.
import { ERRNO } from '../../../machine/errno.js'
import { DOMID_XEN } from '../../../machine/ids.js'
import { CALL_NS } from './costs.js'
import { fieldsOf, type PageOfflineMore } from './more.js'
import { done, type Outcome, refused } from './outcome.js'
import { highOf, lowOf, type Xen, type XenCall } from './xen.js'

/** sysctl_page_*: what is asked for. */
export const PAGE_COMMAND = { offline: 1, online: 2, query: 3 } as const
/** PG_OFFLINE_*: status bits of taking pages out and in. */
export const PAGE_STATUS = {
  offlined: 1 << 1,
  pending: 1 << 2,
  failed: 1 << 3,
  xenPage: 1 << 8,
  owned: 1 << 12,
  broken: 1 << 13,
} as const
/** PG_OFFLINE_STATUS_*: what a query answers. */
export const PAGE_QUERIED = { offlined: 1 << 1, pending: 1 << 3, broken: 1 << 4 } as const
const OWNER_SHIFT = 16
/** Frames of one call at most; nanoseconds for each. */
const MOST = 4096
const FRAME_NS = 900

/** Who has the page, of a status with `owned`. */
export const pageOwner = (status: number): number => status >>> OWNER_SHIFT

/** u0 is command and first frame, u1 the last. */
export function offlinePages(xen: Xen, call: XenCall): Outcome {
  if (!xen.era.pageOffline) return refused('ENOSYS')
  const asked = fieldsOf<PageOfflineMore>(call.more)
  const page = COMMANDS[(asked.command ?? lowOf(call, 'u0')) - 1]
  const start = asked.start ?? highOf(call, 'u0')
  const end = asked.end ?? start
  if (page === undefined || end < start || end - start >= MOST) return refused('EINVAL')
  const out: Record<string, number> = {}
  let result = 0
  for (let mfn = start; mfn <= end && result === 0; mfn++) {
    const answered = page(xen, mfn)
    result = answered.result
    out[`status${mfn - start}`] = answered.status
  }
  return done(CALL_NS + (end - start + 1) * FRAME_NS, out, result)
}

/** What became of one frame. */
interface PageAnswer {
  readonly result: number
  readonly status: number
}

/** In the order of `PAGE_COMMAND`. */
const COMMANDS = [offlined, onlined, queried] as const
const INVALID: PageAnswer = { result: -ERRNO.EINVAL, status: 0 }

const answer = (status: number): PageAnswer => ({ result: 0, status })

function offlined({ frames }: Xen, mfn: number): PageAnswer {
  const outcome = frames.retire(mfn)
  switch (outcome.kind) {
    case 'hole':
      return INVALID
    case 'xen': {
      const status = PAGE_STATUS.failed | PAGE_STATUS.xenPage | (DOMID_XEN << OWNER_SHIFT)
      return { result: -ERRNO.EPERM, status }
    }
    case 'retired':
      return answer(PAGE_STATUS.offlined)
    case 'already':
      return answer(PAGE_STATUS.offlined | (frames.isBroken(mfn) ? PAGE_STATUS.broken : 0))
    case 'pending':
      return answer(PAGE_STATUS.pending | PAGE_STATUS.owned | (outcome.domid << OWNER_SHIFT))
  }
}

function onlined({ frames }: Xen, mfn: number): PageAnswer {
  if (frames.ownerOf(mfn).kind === 'hole') return INVALID
  if (frames.isBroken(mfn)) {
    return { result: -ERRNO.EINVAL, status: PAGE_STATUS.failed | PAGE_STATUS.broken }
  }
  return answer(frames.reinstate(mfn) ? PAGE_STATUS.offlined : 0)
}

function queried({ frames }: Xen, mfn: number): PageAnswer {
  const { kind } = frames.ownerOf(mfn)
  if (kind === 'hole') return INVALID
  const broken = frames.isBroken(mfn) ? PAGE_QUERIED.broken : 0
  if (kind === 'retired') return answer(PAGE_QUERIED.offlined | broken)
  return answer((frames.isPending(mfn) ? PAGE_QUERIED.pending : 0) | broken)
}
