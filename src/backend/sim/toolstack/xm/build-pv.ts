// The domain builder for PV guests, inside xend: memory, segments, tables, the first vcpu.
//
//   buildPv(world, { domid, config })  ->  populate-physmap, mmap ..., setvcpucontext  ->  rings
//
// Source: tools/libxc/xc_dom_core.c, xc_dom_x86.c, xc_dom_boot.c of 3.1.
import { FRAMES_PER_MIB } from '../../frames.js'
import { call, ioctl } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import type { GuestConfig } from '../guest-config.js'
import { imageOf } from '../images.js'
import { fault } from './refusal.js'
import { type Layout, layOut, type Segment } from './segments.js'
import { libxcError, xc } from './xc.js'
import type { Steps } from './xend.js'

/** A domain to be built. */
export interface Building {
  readonly domid: number
  readonly config: GuestConfig
}

/** Frames by which a guest and dom0's daemons talk; 0 for one that it does not have. */
export interface Rings {
  readonly store: number
  readonly console: number
}

const PIN_L4 = 'pin_l4_table'

/** Builds a guest that has its memory limit and its channels. */
export function* buildPv(world: ToolWorld, { domid, config }: Building): Steps<Rings> {
  const kernel = imageOf(config.kernel)
  const ramdisk = config.ramdisk === '' ? { pages: 0 } : imageOf(config.ramdisk)
  if (kernel === undefined) throw fault(`Kernel image does not exist: ${config.kernel}`)
  if (ramdisk === undefined) throw fault(`Kernel ramdisk does not exist: ${config.ramdisk}`)
  yield* xc('memory_op', 'set_memory_map', { domid, nr_entries: 1 })
  yield* xc('xen_version', 'version', {})
  yield* xc('xen_version', 'capabilities', {})
  yield* call('domctl', 'set_address_size', { domid, u0: 64 })
  const pages = config.memoryMiB * FRAMES_PER_MIB
  yield* populate(domid, { pfn: 0, pages })
  const layout = layOut({ kernel: kernel.pages, ramdisk: ramdisk.pages, pages })
  for (const segment of layout.segments) yield* map(world, { domid, segment, total: pages })
  yield* boot(world, domid, layout)
  const frame = (pfn: number) => world.frameOf(domid, pfn) ?? 0
  return { store: frame(layout.xenstore), console: frame(layout.console) }
}

/** Gives a guest pages, one by one. Throws what libxc says when there are not enough. */
export function* populate(
  domid: number,
  { pfn, pages }: { readonly pfn: number; readonly pages: number },
): Steps<void> {
  const args = { domid, nr_extents: pages, extent_order: 0 }
  const { result } = yield* call('memory_op', 'populate_physmap', args, { pfn })
  if (result < pages) {
    throw libxcError(4, "xc_dom_boot_mem_init: can't allocate low memory for domain")
  }
}

/** Maps one page of a guest. */
export function* mapPage(world: ToolWorld, domid: number, pfn: number): Steps<void> {
  yield* ioctl('mmap', { domid, num: 1 }, [world.frameOf(domid, pfn) ?? -1])
}

/** Waits for its tables to be filled in: the rest, up to its first vcpu. */
function* boot(world: ToolWorld, domid: number, layout: Layout): Steps<void> {
  yield* xc('domctl', 'getdomaininfo', { domid })
  for (const pfn of [layout.console, layout.xenstore, layout.startInfo]) {
    yield* mapPage(world, domid, pfn)
  }
  yield* xc('domctl', 'hypercall_init', { domid, u0: world.frameOf(domid, 1) ?? 0 })
  yield* xc('mmuext_op', PIN_L4, { domid, count: 1 })
  yield* ioctl('mmap', { domid, num: 1 }, [world.sharedInfoFrame(domid) ?? -1])
  yield* xc('domctl', 'setvcpucontext', { domid, u0: 0 })
}

/** Maps a segment. One that does not fit is refused by the driver, at the first missing frame. */
function* map(
  world: ToolWorld,
  of: { readonly domid: number; readonly segment: Segment; readonly total: number },
): Steps<void> {
  const { domid, segment, total } = of
  const { pfn, pages } = segment
  if (pfn > total) throw fault("(0, 'Error 0')")
  const frames = Array.from({ length: pages }, (_, n) => world.frameOf(domid, pfn + n) ?? -1)
  const { result } = yield* ioctl('mmap', { domid, num: pages }, frames)
  if (result < 0) {
    const where = `0x${pfn.toString(16)}+0x${pages.toString(16)}`
    const text = `xc_dom_boot_domU_map: failed to mmap domU pages ${where} [xenctl, rc=-1]`
    throw libxcError(1, text)
  }
}
