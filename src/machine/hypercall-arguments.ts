// What each call carries: names, types and where the value stands in memory, per call. The order
// here is the order of DOM0_CALL_* argument words and of args[] of the `privcmd` probes.
//
//   hypercall(op, a0 .. a4)      registers 0..4
//                 └─> struct     offsets in the structure that one of the registers points at
//
// Holds: at most nine arguments a call, so that result + arguments fit D's arg0 .. arg9. Offsets
// are those of the 64-bit ABI. Source: xen/include/public/*.h; Linux
// include/uapi/xen/{privcmd,evtchn,gntdev}.h.

/** The D types that arguments have, with their sizes in bytes. */
export const ARG_SIZES = {
  domid_t: 2,
  uint16_t: 2,
  uint32_t: 4,
  uint64_t: 8,
  uintptr_t: 8,
} as const

/** A type of a call's argument. */
export type ArgType = keyof typeof ARG_SIZES

/** Where a call's argument stands: in the structure passed, in a register, in the first element of
 *  the array that an mmap ioctl points at; or it is a number of the call itself that has
 *  no name. */
export type ArgSource =
  | { readonly kind: 'struct'; readonly offset: number }
  | { readonly kind: 'register'; readonly index: number }
  | { readonly kind: 'pointee' }
  | { readonly kind: 'op' | 'subop' | 'ioctl' }

/** One argument of a call. */
export interface CallArg {
  readonly name: string
  readonly type: ArgType
  readonly doc: string
  readonly source: ArgSource
}

type Arg<N extends string, T extends ArgType> = CallArg & { readonly name: N; readonly type: T }

const field = <const N extends string, const T extends ArgType>(
  name: N,
  type: T,
  offset: number,
  doc: string,
): Arg<N, T> => ({ name, type, doc, source: { kind: 'struct', offset } })

const register = <const N extends string, const T extends ArgType>(
  name: N,
  type: T,
  index: number,
  doc: string,
): Arg<N, T> => ({ name, type, doc, source: { kind: 'register', index } })

const addressIn = (index: number) =>
  register('addr', 'uintptr_t', index, 'user address of the structure passed')

const A0 = register('a0', 'uint64_t', 0, 'first argument of the hypercall')
const A1 = register('a1', 'uint64_t', 1, 'second argument')
const A2 = register('a2', 'uint64_t', 2, 'third argument')
const A3 = register('a3', 'uint64_t', 3, 'fourth argument')
const A4 = register('a4', 'uint64_t', 4, 'fifth argument')
const DOMID = field('domid', 'domid_t', 0, 'the domain it is about')
const VERSION = field('version', 'uint32_t', 4, 'interface version of the tools')
const PORT = field('port', 'uint32_t', 0, 'event channel')

/** A hypercall without a table of its own: its five registers. */
export const PLAIN_ARGS = [A0, A1, A2, A3, A4] as const

const SUBOP: Arg<'subop', 'uint32_t'> = {
  name: 'subop',
  type: 'uint32_t',
  doc: 'the sub-operation, where it was recorded: one that has no name here',
  source: { kind: 'subop' },
}

/** A hypercall that Xen does not have. */
export const UNKNOWN_ARGS = [
  ...PLAIN_ARGS,
  {
    name: 'op',
    type: 'uint32_t',
    doc: 'the number of the hypercall',
    source: { kind: 'op' },
  } as Arg<'op', 'uint32_t'>,
] as const

/** A sub-operation that has no name here, or was not recorded. */
export const UNNAMED_ARGS = [A0, A1, A2, A3, A4, SUBOP] as const

/** domctl, whatever the operation. */
export const DOMCTL_ARGS = [
  field('domid', 'domid_t', 8, 'the domain; at createdomain 65535 asks Xen to choose'),
  field('u0', 'uint64_t', 16, "first 8 bytes of the operation's own arguments"),
  field('u1', 'uint64_t', 24, 'next 8 bytes'),
  field('u2', 'uint64_t', 32, 'next 8 bytes'),
  VERSION,
  addressIn(0),
] as const

/** sysctl, platform_op and mca: command, version, then a union. */
export const CONTROL_ARGS = [
  field('u0', 'uint64_t', 8, "first 8 bytes of the operation's own arguments"),
  VERSION,
  addressIn(0),
] as const

const RESERVATION_ARGS = [
  field('domid', 'domid_t', 24, 'the domain'),
  field('nr_extents', 'uint64_t', 8, 'how many extents'),
  field('extent_order', 'uint32_t', 16, 'pages in an extent, as a power of two'),
  field('mem_flags', 'uint32_t', 20, 'address bits, node, populate on demand'),
  field('extent_start', 'uintptr_t', 0, 'user address of the list of frames'),
  addressIn(1),
] as const

const MEMORY_DOMAIN_ARGS = [DOMID, addressIn(1)] as const

const FRAME_LIST_ARGS = [
  field('max_extents', 'uint32_t', 0, 'room in the list'),
  field('extent_start', 'uintptr_t', 8, 'user address of the list of frames'),
  addressIn(1),
] as const

const MEMORY_MAP_ARGS = [
  field('nr_entries', 'uint32_t', 0, 'entries of 20 bytes: address, size, type'),
  field('buffer', 'uintptr_t', 8, 'user address of the entries'),
  addressIn(1),
] as const

/** memory_op without a layout of its own: the first three words of what is passed. */
export const MEMORY_ARGS = [
  field('w0', 'uint64_t', 0, 'first 8 bytes of the structure passed'),
  field('w1', 'uint64_t', 8, 'next 8 bytes'),
  field('w2', 'uint64_t', 16, 'next 8 bytes'),
  addressIn(1),
] as const

/** memory_op by command. */
export const MEMORY_ARGS_OF = {
  0: RESERVATION_ARGS,
  1: RESERVATION_ARGS,
  2: [],
  3: MEMORY_DOMAIN_ARGS,
  4: MEMORY_DOMAIN_ARGS,
  5: FRAME_LIST_ARGS,
  6: RESERVATION_ARGS,
  7: [
    DOMID,
    field('space', 'uint32_t', 4, '0 shared_info, 1 grant table, 2 gmfn, 4 foreign'),
    field('idx', 'uint64_t', 8, 'index in that space'),
    field('gpfn', 'uint64_t', 16, 'where it shall appear in the guest'),
    addressIn(1),
  ],
  9: MEMORY_MAP_ARGS,
  10: MEMORY_MAP_ARGS,
  13: [
    DOMID,
    field('nr_entries', 'uint32_t', 8, 'entries of 20 bytes: address, size, type'),
    field('buffer', 'uintptr_t', 16, 'user address of the entries'),
    addressIn(1),
  ],
  14: MEMORY_DOMAIN_ARGS,
  15: [DOMID, field('gpfn', 'uint64_t', 8, 'the frame to unmap'), addressIn(1)],
  18: [],
  19: [],
  24: RESERVATION_ARGS,
  25: FRAME_LIST_ARGS,
  28: [
    DOMID,
    field('type', 'uint16_t', 2, '0 ioreq server, 1 grant table, 2 vmtrace buffer'),
    field('id', 'uint32_t', 4, 'which one of that type'),
    field('nr_frames', 'uint32_t', 8, 'how many frames'),
    field('frame', 'uint64_t', 16, 'the first frame'),
    addressIn(1),
  ],
} as const

/** event_channel_op without a layout of its own. */
export const EVTCHN_ARGS = [
  field('w0', 'uint64_t', 0, 'first 8 bytes of the structure passed'),
  addressIn(1),
] as const

const EVTCHN_PORT_ARGS = [PORT, addressIn(1)] as const

/** event_channel_op by command. What the hypervisor fills in (a new port) is not among them. */
export const EVTCHN_ARGS_OF = {
  0: [
    field('remote_domid', 'domid_t', 0, 'the other end'),
    field('remote_port', 'uint32_t', 4, 'its port'),
    addressIn(1),
  ],
  1: [
    field('virq', 'uint32_t', 0, 'virtual interrupt: 3 DOM_EXC, 16 machine check'),
    field('vcpu', 'uint32_t', 4, 'the vcpu that takes it'),
    addressIn(1),
  ],
  3: EVTCHN_PORT_ARGS,
  4: EVTCHN_PORT_ARGS,
  5: [
    field('domid', 'domid_t', 0, 'whose port; 32752 is the caller'),
    field('port', 'uint32_t', 4, 'event channel'),
    addressIn(1),
  ],
  6: [
    field('domid', 'domid_t', 0, 'the domain that gets the port'),
    field('remote_domid', 'domid_t', 2, 'the domain that may bind to it'),
    addressIn(1),
  ],
  8: [PORT, field('vcpu', 'uint32_t', 4, 'the vcpu that is told'), addressIn(1)],
  9: EVTCHN_PORT_ARGS,
  10: [field('domid', 'domid_t', 0, 'whose channels'), addressIn(1)],
} as const

/** mmu_update. */
export const MMU_UPDATE_ARGS = [
  register('domid', 'domid_t', 3, 'whose page tables'),
  register('count', 'uint32_t', 1, 'how many updates'),
  addressIn(0),
] as const

/** mmuext_op, whatever the function. */
export const MMUEXT_ARGS = [
  register('domid', 'domid_t', 3, 'whose page tables'),
  register('count', 'uint32_t', 1, 'how many operations; the function is the first one'),
  addressIn(0),
] as const

/** grant_table_op, whatever the command. */
export const GNTTAB_ARGS = [
  register('count', 'uint32_t', 2, 'how many operations'),
  addressIn(1),
] as const

/** Hypercalls whose first register is the command and whose second is the address of its
 *  arguments. */
export const COMMAND_ARGS = [addressIn(1)] as const

/** multicall: the first of the calls it carries. */
export const MULTICALL_ARGS = [
  register('count', 'uint32_t', 1, 'how many calls it carries'),
  field('op', 'uint64_t', 0, 'hypercall of the first'),
  field('op_a0', 'uint64_t', 16, 'its first argument'),
  field('op_a1', 'uint64_t', 24, 'its second argument'),
  addressIn(0),
] as const

const MMAPBATCH_ARGS = [
  field('domid', 'domid_t', 4, 'whose frames'),
  field('num', 'uint32_t', 0, 'how many frames'),
  field('addr', 'uintptr_t', 8, 'where they are mapped in the caller'),
  {
    name: 'gfn0',
    type: 'uint64_t',
    doc: 'the first frame of the list',
    source: { kind: 'pointee' },
  } as Arg<'gfn0', 'uint64_t'>,
] as const

/** ioctls of privcmd that are not hypercalls, by ioctl number. */
export const PRIVCMD_ARGS_OF = {
  2: [
    field('domid', 'domid_t', 4, 'whose frames'),
    field('num', 'uint32_t', 0, 'how many entries'),
    field('entry', 'uintptr_t', 8, 'user address of the entries: va, mfn, npages'),
  ],
  3: MMAPBATCH_ARGS,
  4: MMAPBATCH_ARGS,
  5: [DOMID, field('num', 'uint16_t', 2, 'how many buffers')],
  6: [DOMID],
  7: [
    DOMID,
    field('type', 'uint32_t', 4, '0 ioreq server, 1 grant table, 2 vmtrace buffer'),
    field('id', 'uint32_t', 8, 'which one of that type'),
    field('idx', 'uint32_t', 12, 'the first frame'),
    field('num', 'uint64_t', 16, 'how many frames'),
    field('addr', 'uintptr_t', 24, 'where they are mapped in the caller'),
  ],
} as const

/** ioctls of evtchn, by ioctl number. */
export const EVTCHN_DEVICE_ARGS_OF = {
  0: [field('virq', 'uint32_t', 0, 'virtual interrupt')],
  1: [
    field('remote_domid', 'uint32_t', 0, 'the other end'),
    field('remote_port', 'uint32_t', 4, 'its port'),
  ],
  2: [field('remote_domid', 'uint32_t', 0, 'the domain that may bind to it')],
  3: [PORT],
  4: [PORT],
  5: [],
  6: [DOMID],
  7: [PORT],
} as const

/** ioctls of gntdev, by ioctl number. */
export const GNTDEV_ARGS_OF = {
  0: [field('count', 'uint32_t', 0, 'how many grants')],
  1: [field('index', 'uint64_t', 0, 'offset in the device, as the map call returned it')],
  2: [field('vaddr', 'uintptr_t', 0, 'address of a mapped page')],
  3: [field('count', 'uint32_t', 0, 'how many grants may be mapped')],
  8: [field('count', 'uint32_t', 0, 'how many segments')],
} as const

const RANGE_ARGS = [
  field('vm_start', 'uintptr_t', 0, 'first address of the range'),
  field('vm_end', 'uintptr_t', 8, 'address past its end'),
] as const

/** File operations on /dev/xen/privcmd and /dev/xen/hypercall, as FILE_CALLS numbers them. */
export const FILE_ARGS_OF = { 0: [], 1: [], 2: RANGE_ARGS, 3: RANGE_ARGS } as const

/** An ioctl that has no name here. */
export const UNNAMED_IOCTL_ARGS = [
  {
    name: 'cmd',
    type: 'uint32_t',
    doc: 'the ioctl as it was passed',
    source: { kind: 'ioctl' },
  } as Arg<'cmd', 'uint32_t'>,
] as const
