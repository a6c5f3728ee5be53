// xc_save: the program that writes a guest's memory, round after round while it still runs.
//
//   mmap shared_info, p2m, m2p  ->  rounds of { getpageframeinfo2, mmapbatch }  ->  suspended
//
// Holds: a page that is sent was mapped; the last round is sent while the guest does not run.
// Source: tools/libxc/xc_domain_save.c of 3.1.

import { DOMID_XEN } from '../../../../machine/ids.js'
import { SHADOW } from '../../hypercalls/shadow-op.js'
import { call, ioctl } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import type { Managed } from './managed.js'
import { xc } from './xc.js'
import type { Steps } from './xend.js'

/** What a saver is told. */
export interface Saving {
  readonly domain: Managed
  readonly live: boolean
  /** Asks the guest to suspend, and waits until it has: done by xend. */
  readonly suspend: () => Steps<void>
  /** Takes so many pages to where they go. */
  readonly send: (pages: number) => Steps<void>
}

/** Pages that are treated together. */
const BATCH = 1024
/** Entries of a frame: of phys2mach, of the list of its frames. */
const ENTRIES = 512
/** M2P is mapped in chunks of 2 MiB; where its frames begin. */
const M2P_CHUNK = 2 ** 21
const M2P_FRAME = 0x1100
const MAX_ROUNDS = 29
const MAX_FACTOR = 3
/** Fewer pages than this are not worth a further round. */
const FEW = 50
/** Pages that a guest dirties in a second of its vcpus' time, and at most: a part of all. */
const DIRTY_PER_SECOND = 30_000
const WORKING_SET = 1 / 16

/** Saves a domain. */
export function* save(world: ToolWorld, saving: Saving): Steps<void> {
  const { domid } = saving.domain
  for (const what of ['platform_parameters', 'capabilities']) yield* call('xen_version', what)
  const { result: lastMfn } = yield* call('memory_op', 'maximum_ram_page')
  yield* xc('domctl', 'getdomaininfo', { domid })
  const isHvm = saving.domain.view.type === 'hvm'
  if (!isHvm) yield* ioctl('mmap', { domid, num: 1 }, [world.sharedInfoFrame(domid) ?? -1])
  const pages = (yield* xc('memory_op', 'maximum_gpfn', { domid })).result + 1
  if (saving.live) yield* logDirty(domid)
  else yield* suspendAll(saving)
  if (!isHvm) yield* mapP2m(world, domid, pages)
  yield* mapM2p(lastMfn)
  yield* rounds(world, saving, pages)
  if (isHvm) yield* call('domctl', 'gethvmcontext', { domid })
  for (const { vcpu, isOnline } of world.vcpus(domid)) {
    yield* call('domctl', 'getvcpuinfo', { domid, u0: vcpu })
    if (isOnline) yield* call('domctl', 'getvcpucontext', { domid, u0: vcpu })
  }
  if (saving.live) yield* call('domctl', 'shadow_op', { domid, u0: SHADOW.off })
}

/** How many frames hold the list of a guest's p2m. */
export function p2mFrames(pages: number): number {
  return Math.ceil(pages / ENTRIES)
}

function* rounds(world: ToolWorld, saving: Saving, pages: number): Steps<void> {
  const { domain, live } = saving
  let left = pages
  let total = 0
  let before = runtime(world, domain.domid)
  for (let round = 1; ; round++) {
    const isLast = !live
    yield* sendRound(saving, { pages: left, isLast })
    total += left
    if (isLast) return
    const enough = round >= MAX_ROUNDS || left < FEW || total > pages * MAX_FACTOR
    if (enough) break
    yield* call('domctl', 'shadow_op', { domid: domain.domid, u0: SHADOW.clean, u1: pages })
    const now = runtime(world, domain.domid)
    left = dirtied(now - before, pages)
    before = now
  }
  yield* suspendAll(saving)
  yield* call('domctl', 'shadow_op', { domid: domain.domid, u0: SHADOW.clean, u1: pages })
  const rest = dirtied(runtime(world, domain.domid) - before, pages)
  yield* sendRound(saving, { pages: rest, isLast: true })
}

function* sendRound(
  { domain, live, send }: Saving,
  round: { readonly pages: number; readonly isLast: boolean },
): Steps<void> {
  const { domid } = domain
  const isHvm = domain.view.type === 'hvm'
  for (let left = round.pages; left > 0; left -= BATCH) {
    const num = Math.min(left, BATCH)
    if (live && !round.isLast) yield* call('domctl', 'shadow_op', { domid, u0: SHADOW.peek })
    if (!isHvm) yield* xc('domctl', 'getpageframeinfo2', { domid, u0: num })
    yield* ioctl('mmapbatch', { domid, num })
    yield* send(num)
  }
}

function* suspendAll({ domain, suspend }: Saving): Steps<void> {
  const { domid } = domain
  yield* suspend()
  yield* xc('domctl', 'getdomaininfo', { domid })
  yield* call('domctl', 'getvcpucontext', { domid, u0: 0 })
}

function* logDirty(domid: number): Steps<void> {
  const { result } = yield* call('domctl', 'shadow_op', { domid, u0: SHADOW.logDirty })
  if (result >= 0) return
  yield* xc('domctl', 'shadow_op', { domid, u0: SHADOW.off })
  yield* xc('domctl', 'shadow_op', { domid, u0: SHADOW.logDirty })
}

function* mapP2m(world: ToolWorld, domid: number, pages: number): Steps<void> {
  yield* ioctl('mmap', { domid, num: 1 }, [world.frameOf(domid, 0) ?? -1])
  yield* ioctl('mmapbatch', { domid, num: Math.ceil(p2mFrames(pages) / ENTRIES) })
  yield* ioctl('mmapbatch', { domid, num: p2mFrames(pages) })
}

function* mapM2p(lastMfn: number): Steps<void> {
  const chunks = Math.ceil(((lastMfn + 1) * 8) / M2P_CHUNK)
  yield* xc('memory_op', 'machphys_mfn_list', { max_extents: chunks })
  const frames = Array.from({ length: chunks }, (_, n) => M2P_FRAME + n * ENTRIES)
  yield* ioctl('mmap', { domid: DOMID_XEN, num: chunks }, frames)
}

function runtime(world: ToolWorld, domid: number): number {
  return world.domains().find((d) => d.domid === domid)?.runtimeNs ?? 0
}

function dirtied(ranNs: number, pages: number): number {
  const written = Math.ceil((ranNs / 1e9) * DIRTY_PER_SECOND)
  return Math.min(written, Math.ceil(pages * WORKING_SET))
}
