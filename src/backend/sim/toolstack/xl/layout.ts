// Layout: where the domain builder puts what in a PV guest, in frames of the guest.
//
//   128 MiB, kernel of 14848 frames, ramdisk of 485
//     ->  kernel 0x1000, start_info 0x4a00, page tables 0x4a03 (41), ramdisk 0x4c00, P2M (64 + 3)
//
// Holds: everything follows from the guest's size and from what is loaded; the recorded host's
// frames agree.
// Source: tools/libs/guest/xg_dom_core.c, xg_dom_x86.c.
import { FRAME_BYTES } from '../../frames.js'

/** Where a Linux kernel wants to be: at 16 MiB. */
const KERNEL_PFN = 0x1000
/** start_info, xenstore, console. */
const MAGIC_PAGES = 3
/** Frames of room behind what is mapped, and the boot stack. */
const PADDING = 128 + 1
/** The mapped part ends at 4 MiB. */
const MAP_ALIGNMENT = 1024
const TABLE_ENTRIES = 512
const ENTRY_BYTES = 8

/** A guest's frames. */
export interface GuestLayout {
  readonly kernel: number
  readonly startInfo: number
  readonly xenstore: number
  readonly console: number
  readonly tables: number
  readonly tablePages: number
  readonly ramdisk: number
  readonly p2m: number
  /** The list itself, and the page tables that map it. */
  readonly p2mPages: number
  readonly p2mTables: number
  /** One past all of that. */
  readonly end: number
}

/** What of a guest decides it, in frames. */
interface GuestSize {
  readonly pages: number
  readonly kernelPages: number
  readonly ramdiskPages: number
}

/** The frames of such a guest. */
export function layoutOf({ pages, kernelPages, ramdiskPages }: GuestSize): GuestLayout {
  const startInfo = KERNEL_PFN + kernelPages
  const tables = startInfo + MAGIC_PAGES
  const { end: mapEnd, tablePages } = mappedTo(tables)
  const p2mPages = p2mPagesOf(pages)
  const p2mTables = tableLevels(p2mPages)
  const p2m = mapEnd + ramdiskPages
  return {
    kernel: KERNEL_PFN,
    startInfo,
    xenstore: startInfo + 1,
    console: startInfo + 2,
    tables,
    tablePages,
    ramdisk: mapEnd,
    p2m,
    p2mPages,
    p2mTables: p2mTables.reduce((sum, n) => sum + n, 0),
    end: p2m + p2mPages + p2mTables.reduce((sum, n) => sum + n, 0),
  }
}

/** Frames of the list of a guest's frames. */
export function p2mPagesOf(pages: number): number {
  return Math.ceil((pages * ENTRY_BYTES) / FRAME_BYTES)
}

/** Page tables below the root that map so many frames of their own part of the address space, the
 *  lowest level first. */
export function tableLevels(pages: number): readonly [l1: number, l2: number, l3: number] {
  const l1 = Math.ceil(pages / TABLE_ENTRIES)
  const l2 = Math.ceil(l1 / TABLE_ENTRIES)
  return [l1, l2, Math.ceil(l2 / TABLE_ENTRIES)]
}

/** How far is mapped so that the page tables for that, the root among them, have room in it. */
function mappedTo(from: number): { readonly end: number; readonly tablePages: number } {
  for (let room = PADDING; ; ) {
    const end = Math.ceil((from + room) / MAP_ALIGNMENT) * MAP_ALIGNMENT
    const tablePages = tableLevels(end).reduce((sum, n) => sum + n, 1)
    room = tablePages + PADDING
    if (from + room <= end) return { end, tablePages }
  }
}
