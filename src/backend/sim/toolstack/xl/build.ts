// Build: a PV guest is put into its memory, as libxenguest does it: the frames it shall have, the
// kernel, page tables, ramdisk, the list of its frames, its first registers.
//
//   claim -> populate (2 MiB extents, 512 a call; then the rest) -> map each part -> pin -> context
//
// Holds: every count follows from the guest's size and from what is loaded (`layout.ts`).
// Source: tools/libs/guest/xg_dom_{boot,core,x86}.c; the recorded builder agrees, call by call.

import { ERRNO } from '../../../../machine/errno.js'
import { FRAMES_PER_MIB } from '../../frames.js'
import { imageOf } from '../images.js'
import type { DomainSpec } from './domain-spec.js'
import { errorText } from './errors.js'
import { type GuestLayout, layoutOf } from './layout.js'
import type { Steps } from './libxc.js'
import type { Libxl } from './libxl.js'
import { CONTEXT_BYTES, HANDLE_BYTES } from './structures.js'

const SUPERPAGE_ORDER = 9
const SUPERPAGE = 2 ** SUPERPAGE_ORDER
/** Extents of one call at most: of 2 MiB, of one frame. */
const SUPERPAGES_A_CALL = 512
const FRAMES_A_CALL = 1024 * 1024
/** What it takes to unpack a frame of a kernel. */
const UNPACK_NS = 24_000

/** Builds a domain whose memory limit is set: whether that went well; if not, it has said so. */
export function* buildPv(xl: Libxl, domid: number, spec: DomainSpec): Steps<boolean> {
  const kernel = imageOf(spec.kernel)
  const ramdisk = spec.ramdisk === '' ? { pages: 0 } : imageOf(spec.ramdisk)
  if (kernel === undefined) return noFile(xl, 'kernelFile', spec.kernel, 'xc_dom_kernel_file')
  if (ramdisk === undefined) return noFile(xl, 'ramdiskFile', spec.ramdisk, 'xc_dom_ramdisk_file')
  yield { kind: 'compute', ns: kernel.pages * UNPACK_NS }
  yield* xl.xc.version('version')
  yield* xl.xc.version('capabilities')
  yield* xl.xc.domctl('set_address_size', domid, { u0: 64 })
  const pages = builderPages(spec.targetKib)
  if (!(yield* allocate(xl, domid, pages))) return noMemory(xl)
  const size = { kernelPages: kernel.pages, ramdiskPages: ramdisk.pages, pages: Number(pages) }
  const layout = layoutOf(size)
  if (layout.end > size.pages) return tooSmall(xl, layout, size)
  yield* load(xl, domid, { layout, ...size })
  yield* boot(xl, domid, layout)
  return true
}

/** Frames that the builder gives a guest of so many KiB: it counts MiB in 32 bits. */
function builderPages(kib: number): bigint {
  const unsigned = BigInt.asUintN(64, BigInt(Math.trunc(kib)))
  return BigInt.asUintN(32, unsigned / 1024n) * BigInt(FRAMES_PER_MIB)
}

/** Claims what the guest shall have, takes it, gives up what is left of the claim. */
function* allocate(xl: Libxl, domid: number, pages: bigint): Steps<boolean> {
  const reservation = { domid, extent_order: 0, mem_flags: 0, extent_start: 0 }
  const claim = { ...reservation, nr_extents: pages }
  const claimed = yield* xl.xc.memoryOp('claim_pages', claim)
  if (claimed.result < 0) return false
  if (!(yield* populate(xl, domid, Number(pages)))) return false
  yield* xl.xc.memoryOp('claim_pages', { ...reservation, nr_extents: 0 })
  return true
}

function* populate(xl: Libxl, domid: number, pages: number): Steps<boolean> {
  let left = Math.floor(pages / SUPERPAGE)
  let done = 0
  while (left > 0) {
    const nr = Math.min(left, SUPERPAGES_A_CALL)
    left -= nr
    done += (yield* extents(xl, domid, { nr, order: SUPERPAGE_ORDER })) * SUPERPAGE
  }
  while (done < pages) {
    const nr = Math.min(pages - done, FRAMES_A_CALL)
    if ((yield* extents(xl, domid, { nr, order: 0 })) < nr) return false
    done += nr
  }
  return true
}

/** One call of populate_physmap: how many extents there were. */
export function* extents(
  xl: Pick<Libxl, 'xc'>,
  domid: number,
  wanted: { readonly nr: number; readonly order: number; readonly pfn?: number },
): Steps<number> {
  const { nr, order, pfn } = wanted
  const args = { domid, nr_extents: nr, extent_order: order, mem_flags: 0 }
  const lists = [nr * HANDLE_BYTES]
  const more = pfn === undefined ? undefined : { pfn }
  return (yield* xl.xc.memoryOp('populate_physmap', args, { lists, more })).result
}

function* load(
  xl: Libxl,
  domid: number,
  of: {
    readonly layout: GuestLayout
    readonly kernelPages: number
    readonly ramdiskPages: number
  },
): Steps<void> {
  const { layout, kernelPages, ramdiskPages } = of
  const parts: readonly (readonly [pfn: number, pages: number])[] = [
    [layout.kernel, kernelPages],
    [layout.xenstore, 1],
    [layout.console, 1],
    [layout.tables, layout.tablePages],
    [layout.ramdisk, ramdiskPages],
    [layout.p2m, layout.p2mPages + layout.p2mTables],
  ]
  for (const [pfn, pages] of parts) {
    if (pages > 0) yield* xl.xc.map(domid, pages, xl.world.frameOf(domid, pfn) ?? 0)
  }
}

/** start_info and shared_info are filled, the page tables pinned, the first vcpu gets registers. */
function* boot(xl: Libxl, domid: number, layout: GuestLayout): Steps<void> {
  const { xc, world } = xl
  yield* xc.domctl('getdomaininfo', domid)
  yield* xc.map(domid, 1, world.frameOf(domid, layout.startInfo) ?? 0)
  yield* xc.mmuextOp('pin_l4_table', { domid, count: 1 })
  yield* xc.map(domid, 1, world.sharedInfoFrame(domid) ?? 0)
  yield* xc.domctl('setvcpucontext', domid, { u0: 0 }, { lists: [CONTEXT_BYTES] })
  yield* xc.mapGrantTable(domid)
}

function noMemory(xl: Libxl): boolean {
  panic(xl, 'xg_dom_boot.c:119', "xc_dom_boot_mem_init: can't allocate low memory for domain")
  xl.error('memoryInit', 'xc_dom_boot_mem_init failed', { errno: ERRNO.ENOMEM })
  return false
}

/** The first part for which there is no room. */
function tooSmall(
  xl: Libxl,
  layout: GuestLayout,
  of: { readonly pages: number; readonly kernelPages: number; readonly ramdiskPages: number },
): boolean {
  const parts = [
    ['kernel', of.kernelPages, layout.kernel],
    ['page tables', layout.tablePages, layout.tables],
    ['ramdisk', of.ramdiskPages, layout.ramdisk],
  ] as const
  const [name, pages, pfn] = parts.find(([, n, at]) => at + n > of.pages) ?? parts[2]
  const sizes = [pages, of.pages, pfn].map((n) => `0x${n.toString(16)}`)
  const text = `segment ${name} too large (${sizes[0]} > ${sizes[1]} - ${sizes[2]} pages)`
  panic(xl, 'xg_dom_core.c:536', `xc_dom_chk_alloc_pages: ${text}`)
  xl.error('imageBuild', 'xc_dom_build_image failed', { errno: ERRNO.ENOMEM })
  return false
}

function panic(xl: Libxl, place: string, text: string): void {
  xl.output.error(`xc: error: panic: ${place}: ${text}: Out of memory\n`)
}

function noFile(
  xl: Libxl,
  site: 'kernelFile' | 'ramdiskFile',
  path: string,
  call: string,
): boolean {
  const reason = errorText(ERRNO.ENOENT)
  const text = `failed to open file '${path}': ${reason}: Internal error`
  xl.output.error(`xc: error: panic: xg_dom_core.c:205: ${text}\n`)
  xl.error(site, `${call} failed`, { errno: ERRNO.ENOENT })
  return false
}
