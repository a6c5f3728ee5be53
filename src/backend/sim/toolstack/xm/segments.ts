// Segments: where the domain builder puts what a PV guest starts from, page after page.
//
//   kernel | ramdisk | phys2mach | start_info | xenstore | console | page tables
//
// Holds: counts follow from the images and the memory alone.
// Source: tools/libxc/xc_dom_core.c, xc_dom_x86.c (count_pgtables) of 3.1.
import { FRAME_BYTES } from '../../frames.js'

/** Pages of a guest, numbered from the start of its kernel. */
export interface Segment {
  readonly name: string
  readonly pfn: number
  readonly pages: number
}

/** Where everything is. */
export interface Layout {
  /** Mapped one after the other, before the guest's tables are filled in. */
  readonly segments: readonly Segment[]
  readonly startInfo: number
  readonly xenstore: number
  readonly console: number
  /** The root of its page tables. */
  readonly root: number
}

/** Bytes of an entry of phys2mach. */
const ENTRY = 8
/** Pages kept free behind the tables: 512 KiB, and a stack to boot on. */
const SPARE = 128 + 1
/** The builder's mapping ends at a multiple of 4 MiB; a page table maps 2 MiB. */
const ROUND = 1024
const TABLE = 512

/** The layout of a guest. */
export function layOut(of: {
  readonly kernel: number
  readonly ramdisk: number
  readonly pages: number
}): Layout {
  const p2m = Math.ceil((of.pages * ENTRY) / FRAME_BYTES)
  const startInfo = of.kernel + of.ramdisk + p2m
  const root = startInfo + 3
  const found = [
    { name: 'kernel', pfn: 0, pages: of.kernel },
    { name: 'ramdisk', pfn: of.kernel, pages: of.ramdisk },
    { name: 'phys2mach', pfn: of.kernel + of.ramdisk, pages: p2m },
    { name: 'page tables', pfn: root, pages: pageTables(root) },
  ]
  const segments = found.filter(({ pages }) => pages > 0)
  return { segments, startInfo, xenstore: startInfo + 1, console: startInfo + 2, root }
}

/** How many page tables map everything up to `end`, themselves, and what is kept free. */
function pageTables(end: number): number {
  for (let pages = SPARE; ; ) {
    const mapped = Math.ceil((end + pages) / ROUND) * ROUND
    const tables = 3 + mapped / TABLE
    pages = tables + SPARE
    if (end + pages <= mapped) return tables
  }
}
