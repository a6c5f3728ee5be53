// The kprobes of a capture: which piece of a call's memory each field of each probe is a copy of.
//
//   p:xpv/domctl xen_privcmd:privcmd_ioctl op=+u0(%dx):u64 dcmd=+u0(+u8(%dx)):u32 ...
//                                                               └ offset 0 of the structure
//
// Several probes sit on privcmd_ioctl and each prints a line a call. A typed probe reads the same
// memory whatever the call is, so its fields mean something only when `cmd` and `op` are its own:
// where the filters were off (trace-cmd clears them), it prints nonsense for all others, which is
// not used.
// Holds: sizes and offsets are those of the probes' definitions (examples/recordings,
// kprobe_events).

/** A copied piece: of the five registers of the hypercall, of the structure passed, of the
 *  structure that the first call of a multicall passes, or of the first element that an mmap
 *  ioctl's list has. */
export interface Piece {
  readonly of: 'registers' | 'struct' | 'inner' | 'pointee'
  readonly offset: number
  readonly size: 2 | 4 | 8
}

/** When a probe's fields are a call's own, and what they are. */
export interface Kprobe {
  /** The hypercall it is made for. */
  readonly op?: number
  /** The hypercall that the multicall must carry first. */
  readonly innerOp?: number
  /** The ioctl numbers it is made for; a probe with `op` is for the hypercall ioctl. */
  readonly ioctls?: readonly number[]
  readonly fields: Readonly<Record<string, Piece>>
}

const register = (index: number, size: 2 | 4 | 8 = 8): Piece => ({
  of: 'registers',
  offset: index * 8,
  size,
})
const struct = (offset: number, size: 2 | 4 | 8): Piece => ({ of: 'struct', offset, size })
const inner = (offset: number, size: 2 | 4 | 8): Piece => ({ of: 'inner', offset, size })

const HYPERCALL_NR = 0
const MMAP_NR = 2
const MMAPBATCH_NR = 3
const MMAPBATCH_V2_NR = 4
const MMAP_RESOURCE_NR = 7

/** The probes on privcmd_ioctl, by event name. */
export const KPROBES: ReadonlyMap<string, Kprobe> = new Map<string, Kprobe>([
  [
    'hypercall',
    {
      ioctls: [HYPERCALL_NR],
      fields: {
        a0: register(0),
        a1: register(1),
        a2: register(2),
        a3: register(3),
        a4: register(4),
      },
    },
  ],
  [
    'domctl',
    {
      op: 36,
      fields: {
        dcmd: struct(0, 4),
        iver: struct(4, 4),
        dom: struct(8, 2),
        u0: struct(16, 8),
        u1: struct(24, 8),
        u2: struct(32, 8),
      },
    },
  ],
  ['sysctl', { op: 35, fields: controlFields('scmd') }],
  ['platform_op', { op: 7, fields: controlFields('pcmd') }],
  ['mca', { op: 48, fields: controlFields('mcmd') }],
  [
    'multicall',
    {
      op: 13,
      fields: {
        ncalls: register(1, 4),
        mop: struct(0, 8),
        m0: struct(16, 8),
        m1: struct(24, 8),
      },
    },
  ],
  [
    'memory_op',
    {
      op: 13,
      innerOp: 12,
      fields: {
        mop: struct(0, 8),
        mcmd: struct(16, 4),
        w0: inner(0, 8),
        nr: inner(8, 8),
        order: inner(16, 4),
        flags: inner(20, 4),
        dom: inner(24, 2),
      },
    },
  ],
  ['evtchn_op', { op: 32, fields: { ecmd: register(0, 4), w0: struct(0, 8) } }],
  ['gnttab_op', { op: 20, fields: { gcmd: register(0, 4), count: register(2, 4) } }],
  [
    'mmuext_op',
    { op: 26, fields: { xcmd: struct(0, 4), count: register(1, 4), dom: register(3, 2) } },
  ],
  ['xenver', { op: 17, fields: { vcmd: register(0, 4) } }],
  [
    'mmap_batch',
    {
      ioctls: [MMAP_NR, MMAPBATCH_NR, MMAPBATCH_V2_NR],
      fields: {
        num: struct(0, 4),
        dom: struct(4, 2),
        addr: struct(8, 8),
        gfn0: { of: 'pointee', offset: 0, size: 8 },
      },
    },
  ],
  [
    'mmap_resource',
    {
      ioctls: [MMAP_RESOURCE_NR],
      fields: {
        dom: struct(0, 2),
        rtype: struct(4, 4),
        rid: struct(8, 4),
        idx: struct(12, 4),
        num: struct(16, 8),
        addr: struct(24, 8),
      },
    },
  ],
  ['other_ioctl', { ioctls: [], fields: {} }],
])

/** The probes of which only the beginning is recorded: an ioctl of another driver, or a file
 *  operation with its number in FILE_CALLS. */
export const DEVICE_PROBES: ReadonlyMap<string, { readonly fileCall?: number }> = new Map([
  ['evtchn_ioctl', {}],
  ['gntdev_ioctl', {}],
  ['open', { fileCall: 0 }],
  ['release', { fileCall: 1 }],
  ['mmap', { fileCall: 2 }],
  ['buf_mmap', { fileCall: 3 }],
])

/** The fields of the probes in DEVICE_PROBES, whichever has them. */
export const DEVICE_FIELDS: Readonly<Record<string, Piece>> = {
  w0: struct(0, 8),
  vm_start: struct(0, 8),
  vm_end: struct(8, 8),
}

/** The probe that ends a call. */
export const RETURN_PROBE = 'ioctl_ret'

/** Whether a record is a line that a script wrote into trace_marker. */
export function isMark(name: string): boolean {
  return name === 'tracing_mark_write' || name === 'print'
}

/** Whether a record of this name is used at all. */
export function isKnownProbe(name: string): boolean {
  return KPROBES.has(name) || name === RETURN_PROBE || DEVICE_PROBES.has(name) || isMark(name)
}

function controlFields(subop: string): Readonly<Record<string, Piece>> {
  return { [subop]: struct(0, 4), iver: struct(4, 4), u0: struct(8, 8) }
}
