// Hypercall: what a call is named and what it carries, by its numbers.
//
//   (op 36, sub-operation 1)       ->  domctl createdomain  (domid, u0, u1, u2, version, addr)
//   (ioctl 0x205004)               ->  ioctl mmapbatch_v2   (domid, num, addr, gfn0)
//
// Holds: every call has a shape. One whose sub-operation is not in our tables, or was not
// recorded, has its hypercall's own name as function. The decoder that writes DOM0_CALL_* words
// and the providers that read them both go by `callShape`: the order of arguments is defined
// nowhere else.
import {
  type CallArg,
  COMMAND_ARGS,
  CONTROL_ARGS,
  DOMCTL_ARGS,
  EVTCHN_ARGS,
  EVTCHN_ARGS_OF,
  EVTCHN_DEVICE_ARGS_OF,
  FILE_ARGS_OF,
  GNTDEV_ARGS_OF,
  GNTTAB_ARGS,
  MEMORY_ARGS,
  MEMORY_ARGS_OF,
  MMU_UPDATE_ARGS,
  MMUEXT_ARGS,
  MULTICALL_ARGS,
  PLAIN_ARGS,
  PRIVCMD_ARGS_OF,
  UNKNOWN_ARGS,
  UNNAMED_ARGS,
  UNNAMED_IOCTL_ARGS,
} from './hypercall-arguments.js'
import {
  EVTCHN_IOCTLS,
  FILE_CALLS,
  GNTDEV_IOCTLS,
  HYPERCALLS,
  type NamesByNumber,
  PRIVCMD_IOCTLS,
} from './hypercall-numbers.js'
import {
  DOMCTLS,
  EVTCHN_OPS,
  GNTTAB_OPS,
  HVM_OPS,
  MCA_OPS,
  MEMORY_OPS,
  MMUEXT_OPS,
  PHYSDEV_OPS,
  PLATFORM_OPS,
  SCHED_OPS,
  SYSCTLS,
  VCPU_OPS,
  XEN_VERSIONS,
} from './hypercall-subops.js'
import { CALL_NONE } from './observation.js'

/** A hypercall with sub-operations: their names, where the number stands, what they carry. */
export interface HypercallGroup {
  readonly op: number
  readonly names: NamesByNumber
  /** The number is the first register, or the first word of the structure. */
  readonly subopIn: 'register' | 'struct'
  /** The register that holds the address of the structure. */
  readonly pointer: number
  readonly args: readonly CallArg[]
  readonly argsOf: Readonly<Record<number, readonly CallArg[]>>
}

const command = <const N extends NamesByNumber>(op: number, names: N) =>
  ({ op, names, subopIn: 'register', pointer: 1, args: COMMAND_ARGS, argsOf: {} }) as const

const control = <const N extends NamesByNumber>(op: number, names: N) =>
  ({ op, names, subopIn: 'struct', pointer: 0, args: CONTROL_ARGS, argsOf: {} }) as const

/** The hypercalls whose sub-operations have names, by hypercall name. */
export const HYPERCALL_GROUPS = {
  domctl: {
    op: 36,
    names: DOMCTLS,
    subopIn: 'struct',
    pointer: 0,
    args: DOMCTL_ARGS,
    argsOf: {},
  },
  sysctl: control(35, SYSCTLS),
  platform_op: control(7, PLATFORM_OPS),
  mca: control(48, MCA_OPS),
  memory_op: {
    op: 12,
    names: MEMORY_OPS,
    subopIn: 'register',
    pointer: 1,
    args: MEMORY_ARGS,
    argsOf: MEMORY_ARGS_OF,
  },
  event_channel_op: {
    op: 32,
    names: EVTCHN_OPS,
    subopIn: 'register',
    pointer: 1,
    args: EVTCHN_ARGS,
    argsOf: EVTCHN_ARGS_OF,
  },
  mmuext_op: {
    op: 26,
    names: MMUEXT_OPS,
    subopIn: 'struct',
    pointer: 0,
    args: MMUEXT_ARGS,
    argsOf: {},
  },
  grant_table_op: {
    op: 20,
    names: GNTTAB_OPS,
    subopIn: 'register',
    pointer: 1,
    args: GNTTAB_ARGS,
    argsOf: {},
  },
  xen_version: command(17, XEN_VERSIONS),
  physdev_op: command(33, PHYSDEV_OPS),
  sched_op: command(29, SCHED_OPS),
  vcpu_op: command(24, VCPU_OPS),
  hvm_op: command(34, HVM_OPS),
} as const satisfies Readonly<Record<string, HypercallGroup>>

/** Hypercalls without sub-operations that have an argument table of their own, by number. */
export const PLAIN_ARGS_OF = { 1: MMU_UPDATE_ARGS, 13: MULTICALL_ARGS } as const

/** The ioctls of three drivers and the file operations: names and argument tables by number. */
export const DEVICE_GROUPS = {
  ioctl: { names: PRIVCMD_IOCTLS, argsOf: PRIVCMD_ARGS_OF },
  evtchn: { names: EVTCHN_IOCTLS, argsOf: EVTCHN_DEVICE_ARGS_OF },
  gntdev: { names: GNTDEV_IOCTLS, argsOf: GNTDEV_ARGS_OF },
  file: { names: FILE_CALLS, argsOf: FILE_ARGS_OF },
} as const

const GROUP_BY_OP: ReadonlyMap<number, HypercallGroup> = new Map(
  Object.values(HYPERCALL_GROUPS).map((group) => [group.op, group]),
)
const PLAIN_BY_OP: Readonly<Record<number, readonly CallArg[]>> = PLAIN_ARGS_OF

/** The group of hypercall `op`, undefined when it has no named sub-operations. */
export function hypercallGroup(op: number): HypercallGroup | undefined {
  return GROUP_BY_OP.get(op)
}

/** The numbers that identify a call, CALL_NONE where it has none. */
export interface CallNumbers {
  readonly ioctl: number
  readonly op: number
  readonly subop: number
}

/** A call's names and arguments: `privcmd:<module>:<function>`. */
export interface CallShape {
  readonly module: string
  readonly function: string
  readonly args: readonly CallArg[]
}

/** What a call is named and carries. Never fails: an unknown number has the shape of its kind. */
export function callShape(call: CallNumbers): CallShape {
  if (call.op !== CALL_NONE) return hypercallShape(call.op, call.subop)
  if (call.ioctl === CALL_NONE) return deviceShape('file', call.subop)
  const group = deviceOf(call.ioctl)
  if (group === undefined) return UNNAMED_IOCTL
  return deviceShape(group, call.ioctl & 0xff)
}

const UNNAMED_IOCTL: CallShape = { module: 'ioctl', function: 'ioctl', args: UNNAMED_IOCTL_ARGS }

const UNKNOWN_HYPERCALL: CallShape = {
  module: 'hypercall',
  function: 'hypercall',
  args: UNKNOWN_ARGS,
}

function hypercallShape(op: number, subop: number): CallShape {
  const module = (HYPERCALLS as NamesByNumber)[op]
  if (module === undefined) return UNKNOWN_HYPERCALL
  const group = GROUP_BY_OP.get(op)
  if (group === undefined) {
    return { module, function: module, args: PLAIN_BY_OP[op] ?? PLAIN_ARGS }
  }
  const name = group.names[subop]
  if (name === undefined) return { module, function: module, args: UNNAMED_ARGS }
  return { module, function: name, args: group.argsOf[subop] ?? group.args }
}

function deviceShape(module: keyof typeof DEVICE_GROUPS, number: number): CallShape {
  const group = DEVICE_GROUPS[module]
  const name = (group.names as NamesByNumber)[number]
  if (name === undefined) {
    return module === 'file' ? UNNAMED_IOCTL : { ...UNNAMED_IOCTL, module, function: module }
  }
  const argsOf = group.argsOf as Readonly<Record<number, readonly CallArg[]>>
  return { module, function: name, args: argsOf[number] ?? [] }
}

/** The driver of an ioctl, by its type: the size of its structure, which older headers gave
 *  differently, does not matter. */
function deviceOf(ioctl: number): 'ioctl' | 'evtchn' | 'gntdev' | undefined {
  switch ((ioctl >>> 8) & 0xff) {
    case 0x50:
      return 'ioctl'
    case 0x45:
      return 'evtchn'
    case 0x47:
      return 'gntdev'
    default:
      return undefined
  }
}
