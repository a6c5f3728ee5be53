// The builder for guests with hardware of their own, inside xend, and qemu-dm that plays it.
//
// Source: tools/libxc/xc_hvm_build.c, tools/ioemu of 3.1.
import { FRAMES_PER_MIB } from '../../frames.js'
import { call, ioctl, type Script } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import { imageOf } from '../images.js'
import { type Building, mapPage, type Rings } from './build-pv.js'
import { fault } from './refusal.js'
import { xc } from './xc.js'
import type { Steps } from './xend.js'

/** The hole for a graphics card below 1 MiB. */
const HOLE_START = 0xa0
const HOLE_END = 0xc0
/** The first page of hvmloader, the page with the memory map, one that is free for a moment. */
const LOADER = 0x100
const MEMORY_MAP = 0x90
const SCRATCH = 0xfffff
/** HVM_PARAM_*: where the pages are that the guest shares with dom0. */
const STORE = 1
const IOREQ = 5
const BUFFERED = 6
/** Frames qemu-dm maps at once. */
const BUCKET = 256

/** Builds a guest that has its memory limit and its channels. */
export function* buildHvm(world: ToolWorld, { domid, config }: Building): Steps<Rings> {
  const loader = imageOf(config.kernel)
  if (loader === undefined) throw fault(`Kernel image does not exist: ${config.kernel}`)
  const pages = config.memoryMiB * FRAMES_PER_MIB
  yield* xc('xen_version', 'capabilities', {})
  yield* populate(domid, 0, HOLE_START)
  yield* populate(domid, HOLE_END, pages - HOLE_END)
  const loaded = Array.from({ length: loader.pages }, (_, n) => frame(world, domid, LOADER + n))
  yield* ioctl('mmap', { domid, num: loader.pages }, loaded)
  yield* mapPage(world, domid, MEMORY_MAP)
  yield* xc('memory_op', 'add_to_physmap', { domid, space: 0, idx: 0, gpfn: SCRATCH })
  yield* ioctl('mmap', { domid, num: 1 }, [world.sharedInfoFrame(domid) ?? -1])
  const last = pages - 1
  for (const pfn of [last, last - 1, last - 2]) yield* mapPage(world, domid, pfn)
  yield* setParam(domid, STORE, last - 1)
  yield* setParam(domid, BUFFERED, last - 2)
  yield* setParam(domid, IOREQ, last)
  yield* xc('domctl', 'setvcpucontext', { domid, u0: 0 })
  return { store: frame(world, domid, last - 1), console: 0 }
}

/** Starts the guest's hardware: a process that lives as long as the domain. */
export function* startDeviceModel(world: ToolWorld, { domid, config }: Building): Steps<void> {
  const last = config.memoryMiB * FRAMES_PER_MIB - 1
  const script = deviceModel(world, domid, last)
  yield { kind: 'in', execname: 'qemu-dm', of: domid, script }
}

/** Ends it. */
export function* stopDeviceModel(domid: number): Steps<void> {
  yield { kind: 'in', execname: 'qemu-dm', of: domid, last: true, script: ending() }
}

function* deviceModel(world: ToolWorld, domid: number, last: number): Script {
  yield* mapPage(world, domid, last)
  yield* mapPage(world, domid, last - 2)
  yield* ioctl('mmapbatch', { domid, num: BUCKET })
  return 0
}

function* ending(): Script {
  yield { kind: 'compute', ns: 2_000_000 }
  return 0
}

function* populate(domid: number, pfn: number, pages: number): Steps<void> {
  const args = { domid, nr_extents: Math.max(0, pages), extent_order: 0 }
  const { result } = yield* call('memory_op', 'populate_physmap', args, { pfn })
  if (pages < 0 || result < pages) throw fault("(12, 'Not enough space')")
}

function frame(world: ToolWorld, domid: number, pfn: number): number {
  return world.frameOf(domid, pfn) ?? -1
}

function* setParam(domid: number, index: number, value: number): Steps<void> {
  yield* xc('hvm_op', 'set_param', {}, { domid, index, value })
}
