// Images: kernels, ramdisks and loaders in dom0's file systems, by how much memory they fill.
//
//   imageOf('/boot/platform/i86xpv/kernel/amd64/unix')  ->  { pages: 640 }
//
// Holds: sizes are those of such files of the time; where a guest's counts come from.
import { FRAMES_PER_MIB } from '../frames.js'

/** What a domain builder learns of a file it loads. */
export interface Image {
  /** Frames that its segments fill once it is unpacked. */
  readonly pages: number
}

const IMAGES: Readonly<Record<string, Image>> = {
  '/boot/platform/i86xpv/kernel/amd64/unix': { pages: 2.5 * FRAMES_PER_MIB },
  '/boot/x86.microroot': { pages: 124 * FRAMES_PER_MIB },
  '/boot/vmlinuz-2.6.18-xen': { pages: 2.5 * FRAMES_PER_MIB },
  '/boot/initrd-2.6.18-xen.img': { pages: 8 * FRAMES_PER_MIB },
  '/boot/vmlinuz-6.1.0-56-amd64': { pages: 58 * FRAMES_PER_MIB },
  '/boot/initrd.img-6.1.0-56-amd64': { pages: 8 * FRAMES_PER_MIB },
  '/boot/initrd-guest.img': { pages: 485 },
  '/usr/lib/xen/boot/hvmloader': { pages: 19 },
}

/** The image at a path; undefined where there is none. */
export function imageOf(path: string): Image | undefined {
  return Object.hasOwn(IMAGES, path) ? IMAGES[path] : undefined
}
