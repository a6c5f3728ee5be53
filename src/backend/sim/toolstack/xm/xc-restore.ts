// xc_restore: the program that fills a new domain with the memory that comes in.
//
//   per batch { populate-physmap <= 1024, mmapbatch, mmu-update }  ->  pins  ->  setvcpucontext
//
// Source: tools/libxc/xc_domain_restore.c of 3.1.
import { call, ioctl } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import type { Rings } from './build-pv.js'
import type { GuestRecord } from './guest-record.js'
import { XmRefusal } from './refusal.js'
import { xc } from './xc.js'
import { p2mFrames } from './xc-save.js'
import type { Steps } from './xend.js'

/** Pages that come in together, and operations that are pinned together. */
const BATCH = 1024
const MAX_PINS = 1024
/** Where a guest has the pages it talks by: its start_info, behind it the two rings. */
const START_INFO = 1

/** HVM_PARAM_* of the pages that such a guest shares: its requests, the store, more requests. */
const PARAMS = [5, 1, 6]

/** A domain that is filled, and from what. */
export interface Restoring {
  readonly domid: number
  readonly record: GuestRecord
}

/** Gets ready for pages. */
export function* begin({ domid, record }: Restoring): Steps<void> {
  if (isPv(record)) yield* xc('domctl', 'set_address_size', { domid, u0: 64 })
  for (const what of ['platform_parameters', 'capabilities']) yield* call('xen_version', what)
  yield* call('memory_op', 'maximum_ram_page')
  yield* xc('domctl', 'getdomaininfo', { domid })
}

/** Takes so many pages in. Those that are new, from `pfn` on, are given to the domain first. */
export function* take(
  { domid, record }: Restoring,
  of: { readonly pages: number; readonly pfn: number | undefined },
): Steps<void> {
  for (let done = 0; done < of.pages; done += BATCH) {
    const num = Math.min(BATCH, of.pages - done)
    if (of.pfn !== undefined) yield* grow(domid, of.pfn + done, num)
    yield* ioctl('mmapbatch', { domid, num })
    if (isPv(record)) yield* call('mmu_update', '', { domid, count: num })
  }
}

/** What follows once all pages are in. */
export function* complete(world: ToolWorld, { domid, record }: Restoring): Steps<Rings> {
  if (!isPv(record)) return yield* completeHvm(world, { domid, record })
  for (let left = record.roots; left > 0; left -= MAX_PINS) {
    yield* xc('mmuext_op', 'pin_l4_table', { domid, count: Math.min(left, MAX_PINS) })
  }
  const frame = (pfn: number) => world.frameOf(domid, pfn) ?? -1
  yield* ioctl('mmap', { domid, num: 1 }, [frame(START_INFO)])
  yield* ioctl('mmap', { domid, num: 1 }, [world.sharedInfoFrame(domid) ?? -1])
  yield* ioctl('mmapbatch', { domid, num: p2mFrames(record.pages) })
  for (const u0 of record.vcpus) yield* xc('domctl', 'setvcpucontext', { domid, u0 })
  return { store: frame(START_INFO + 1), console: frame(START_INFO + 2) }
}

/** The hypervisor takes the state of the vcpus and of the hardware it plays itself. */
function* completeHvm(world: ToolWorld, { domid, record }: Restoring): Steps<Rings> {
  const last = record.pages - 1
  for (const [index, value] of [last, last - 1, last - 2].entries()) {
    yield* ioctl('mmap', { domid, num: 1 }, [world.frameOf(domid, value) ?? -1])
    yield* call('hvm_op', 'set_param', {}, { domid, index: PARAMS[index] ?? 0, value })
  }
  yield* xc('domctl', 'sethvmcontext', { domid }, record.vcpus)
  return { store: world.frameOf(domid, last - 1) ?? 0, console: 0 }
}

const isPv = (record: GuestRecord): boolean => record.config.type === 'pv'

function* grow(domid: number, pfn: number, pages: number): Steps<void> {
  const args = { domid, nr_extents: pages, extent_order: 0 }
  const { result } = yield* call('memory_op', 'populate_physmap', args, { pfn })
  if (result < pages) throw new XmRefusal('Failed to allocate memory for batch.!')
}
