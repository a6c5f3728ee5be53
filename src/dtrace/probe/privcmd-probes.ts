// Provider privcmd: every call that dom0's tools make to the hypervisor, on any Xen.
//
//   privcmd:domctl:createdomain:entry   privcmd:domctl:createdomain:return
//   module = the hypercall (`ioctl` for the driver's own commands), function = its sub-operation
//
// The arguments of :entry are those of machine/hypercall-arguments.ts; :return has the result
// first, then the same. Calls of which only the beginning is recorded (file operations, the evtchn
// and gntdev drivers) have one probe, :call. A sub-operation without a name here has its module's
// name as function.
// Holds: ids are fixed for ever: a hypercall has a block of ids, a sub-operation its place in it
// by number.

import {
  type CallNumbers,
  type CallShape,
  callShape,
  DEVICE_GROUPS,
  HYPERCALL_GROUPS,
  type HypercallGroup,
  type PLAIN_ARGS_OF,
} from '../../machine/hypercall.js'
import type {
  CallArg,
  PLAIN_ARGS,
  UNKNOWN_ARGS,
  UNNAMED_ARGS,
  UNNAMED_IOCTL_ARGS,
} from '../../machine/hypercall-arguments.js'
import { HYPERCALLS } from '../../machine/hypercall-numbers.js'
import { CALL_NONE } from '../../machine/observation.js'
import type { ProbeDescription, ProbeId } from './description.js'

/** What a :return probe has before the arguments of its :entry. */
const RESULT_ARG = {
  name: 'result',
  type: 'int64_t',
  doc: "the hypervisor's own result; unknown for a memory_op that went inside a multicall",
} as const

const MARK_ARG = { name: 'text', type: 'string', doc: 'what the script wrote' } as const

// ---- Types: every call with its names and arguments as literals.

interface Named<M extends string, F extends string, A extends readonly CallArg[]> {
  readonly module: M
  readonly function: F
  readonly args: A
}

type GroupName = keyof typeof HYPERCALL_GROUPS
type PlainOp = Exclude<keyof typeof HYPERCALLS, (typeof HYPERCALL_GROUPS)[GroupName]['op']>

type ArgsAt<ArgsOf, K, Usual> = K extends keyof ArgsOf ? ArgsOf[K] : Usual
type Args<A> = A extends readonly CallArg[] ? A : readonly []

type GroupCall<M extends GroupName, G = (typeof HYPERCALL_GROUPS)[M]> = G extends {
  readonly names: infer Names
  readonly args: infer Usual
  readonly argsOf: infer ArgsOf
}
  ? {
      [K in keyof Names]: Named<M, Names[K] & string, Args<ArgsAt<ArgsOf, K, Usual>>>
    }[keyof Names]
  : never

type PlainCall<K extends PlainOp> = Named<
  (typeof HYPERCALLS)[K],
  (typeof HYPERCALLS)[K],
  Args<ArgsAt<typeof PLAIN_ARGS_OF, K, typeof PLAIN_ARGS>>
>

type DeviceCall<M extends keyof typeof DEVICE_GROUPS, G = (typeof DEVICE_GROUPS)[M]> = G extends {
  readonly names: infer Names
  readonly argsOf: infer ArgsOf
}
  ? {
      [K in keyof Names]: Named<M, Names[K] & string, Args<ArgsAt<ArgsOf, K, readonly []>>>
    }[keyof Names]
  : never

type Hypercall =
  | { [M in GroupName]: GroupCall<M> | Named<M, M, typeof UNNAMED_ARGS> }[GroupName]
  | { [K in PlainOp]: PlainCall<K> }[PlainOp]
  | Named<'hypercall', 'hypercall', typeof UNKNOWN_ARGS>
  | DeviceCall<'ioctl'>
  | Named<'ioctl', 'ioctl', typeof UNNAMED_IOCTL_ARGS>

type Begun =
  | DeviceCall<'evtchn'>
  | DeviceCall<'gntdev'>
  | DeviceCall<'file'>
  | Named<'evtchn', 'evtchn', typeof UNNAMED_IOCTL_ARGS>
  | Named<'gntdev', 'gntdev', typeof UNNAMED_IOCTL_ARGS>

interface PrivcmdRow<M extends string, F extends string, N extends string, A> {
  readonly id: ProbeId
  readonly provider: 'privcmd'
  readonly module: M
  readonly function: F
  readonly name: N
  readonly args: A
  readonly doc?: string
}

type Probes<C> =
  C extends Named<infer M, infer F, infer A>
    ? PrivcmdRow<M, F, 'entry', A> | PrivcmdRow<M, F, 'return', readonly [typeof RESULT_ARG, ...A]>
    : never
type CallProbes<C> =
  C extends Named<infer M, infer F, infer A> ? PrivcmdRow<M, F, 'call', A> : never

/** Any probe of provider privcmd: literal module, function and name, and the arguments that go
 *  with them. */
export type PrivcmdProbe =
  | Probes<Hypercall>
  | CallProbes<Begun>
  | PrivcmdRow<'trace_marker', 'tracing_mark_write', 'mark', readonly [typeof MARK_ARG]>

// ---- Ids. A new hypercall group takes the next free block; nothing ever moves.

const UNNAMED_BASE = 8001
const UNKNOWN_HYPERCALL_ID = 8129
const IOCTL_BASE = 8201
const UNNAMED_IOCTL_ID = 8299
/** The id of privcmd:trace_marker:tracing_mark_write:mark. */
export const MARK_ID = 8451 as ProbeId

const DEVICE_BASES = { evtchn: 8301, gntdev: 8351, file: 8401 } as const
/** The place of an ioctl without a name in the block of its driver. */
const UNNAMED_DEVICE_PLACE = 48

const GROUP_BASES: Readonly<Record<GroupName, number>> = {
  domctl: 8501,
  sysctl: 8801,
  platform_op: 9001,
  mca: 9201,
  memory_op: 9401,
  event_channel_op: 9601,
  mmuext_op: 9801,
  grant_table_op: 10001,
  xen_version: 10201,
  physdev_op: 10401,
  sched_op: 10601,
  vcpu_op: 10801,
  hvm_op: 11001,
}

/** domctl 1000 to 1003 (gdbsx) come after the 124 places of the others. */
const placeOf = (subop: number): number => (subop < 1000 ? subop : subop - 1000 + 124)

// ---- The table.

const entryAndReturn = (id: number, shape: CallShape): readonly ProbeDescription[] => [
  describe(id, 'entry', shape),
  { ...describe(id + 1, 'return', shape), args: [RESULT_ARG, ...shape.args] },
]

function describe(id: number, name: string, shape: CallShape): ProbeDescription {
  const { module, function: inFunction, args } = shape
  return { id: id as ProbeId, provider: 'privcmd', module, function: inFunction, name, args }
}

const hypercall = (op: number, subop = CALL_NONE): CallShape =>
  callShape({ ioctl: CALL_NONE, op, subop })

const ioctl = (type: string, nr: number): CallShape =>
  callShape({ ioctl: (type.charCodeAt(0) << 8) | nr, op: CALL_NONE, subop: CALL_NONE })

const numbers = (names: object): readonly number[] => Object.keys(names).map(Number)

function hypercallProbes(): readonly ProbeDescription[] {
  const unnamed = numbers(HYPERCALLS).flatMap((op) =>
    entryAndReturn(UNNAMED_BASE + 2 * op, hypercall(op)),
  )
  const groups: readonly (readonly [string, HypercallGroup])[] = Object.entries(HYPERCALL_GROUPS)
  const named = groups.flatMap(([name, { op, names }]) =>
    numbers(names).flatMap((subop) =>
      entryAndReturn(GROUP_BASES[name as GroupName] + 2 * placeOf(subop), hypercall(op, subop)),
    ),
  )
  return [...unnamed, ...entryAndReturn(UNKNOWN_HYPERCALL_ID, hypercall(0xff)), ...named]
}

function ioctlProbes(): readonly ProbeDescription[] {
  const named = numbers(DEVICE_GROUPS.ioctl.names).flatMap((nr) =>
    entryAndReturn(IOCTL_BASE + 2 * nr, ioctl('P', nr)),
  )
  return [...named, ...entryAndReturn(UNNAMED_IOCTL_ID, ioctl('P', 0xff))]
}

function deviceProbes(device: 'evtchn' | 'gntdev', type: string): readonly ProbeDescription[] {
  const base = DEVICE_BASES[device]
  const named = numbers(DEVICE_GROUPS[device].names).map((nr) =>
    describe(base + nr, 'call', ioctl(type, nr)),
  )
  return [...named, describe(base + UNNAMED_DEVICE_PLACE, 'call', ioctl(type, 0xff))]
}

function fileProbes(): readonly ProbeDescription[] {
  return numbers(DEVICE_GROUPS.file.names).map((subop) => {
    const call: CallNumbers = { ioctl: CALL_NONE, op: CALL_NONE, subop }
    return describe(DEVICE_BASES.file + subop, 'call', callShape(call))
  })
}

const MARK_PROBE: ProbeDescription = {
  id: MARK_ID,
  provider: 'privcmd',
  module: 'trace_marker',
  function: 'tracing_mark_write',
  name: 'mark',
  args: [MARK_ARG],
  doc: 'a script marks a phase of the recording',
}

/** Every probe of provider privcmd, ascending by id. */
export const PRIVCMD_PROBES: readonly PrivcmdProbe[] = [
  ...hypercallProbes(),
  ...ioctlProbes(),
  ...deviceProbes('evtchn', 'E'),
  ...deviceProbes('gntdev', 'G'),
  ...fileProbes(),
  MARK_PROBE,
  // Built by the same tables as the type, which TypeScript cannot follow through the loops.
].sort((a, b) => a.id - b.id) as readonly ProbeDescription[] as readonly PrivcmdProbe[]

const ID_OF: ReadonlyMap<string, ProbeId> = new Map(
  PRIVCMD_PROBES.map((p) => [`${p.module}:${p.function}:${p.name}`, p.id]),
)

/** The id of a call's probe; undefined when the call has no probe of that name. */
export function privcmdProbeId(
  shape: CallShape,
  name: 'entry' | 'return' | 'call',
): ProbeId | undefined {
  return ID_OF.get(`${shape.module}:${shape.function}:${name}`)
}
