// FiringPlan: which enabled probes one kind of call fires, and where their arguments come from.
//
//   (domctl, 1), entry   ->  6314 xpv dom-create-start: address + 16
//                            8503 privcmd:domctl:createdomain:entry: the call's arguments in order
//
// Probes of one call fire in the order of their ids, xpv before privcmd.
//
// The historic probes on a Linux dom0: functions, names, arguments and signs are the originals'.
// An address is that of the caller's own structure, where the original passed a copy in the
// kernel. mmap-entry is no call: see fire-dom0-kernel.ts. A call that Sun's driver would have
// refused before its probe (wrong interface version) fires, since Linux passes it on.
import { type CallNumbers, callShape } from '../../machine/hypercall.js'
import { CALL_NONE } from '../../machine/observation.js'
import { privcmdProbeId } from './privcmd-probes.js'

/** Where one argument comes from. `arg` is a place in the call's own arguments. */
export type FiringSource =
  | { readonly kind: 'arg'; readonly index: number; readonly add: number }
  | { readonly kind: 'result' | 'solaris-errno' | 'subop' | 'ioctl' | 'not-recorded' }

/** One probe that a call fires. */
export interface PlannedFiring {
  readonly probe: number
  readonly args: readonly FiringSource[]
}

/** The moment of a call that fires probes. */
export type CallMoment = 'entry' | 'return' | 'call'

/** All enabled probes that a call fires at one moment, ascending by id. */
export function planFirings(
  call: CallNumbers,
  moment: CallMoment,
  enabled: ReadonlySet<number>,
): readonly PlannedFiring[] {
  return [...historic(call, moment), ...generic(call, moment)].filter(({ probe }) =>
    enabled.has(probe),
  )
}

function generic(call: CallNumbers, moment: CallMoment): readonly PlannedFiring[] {
  const shape = callShape(call)
  const probe = privcmdProbeId(shape, moment)
  if (probe === undefined) return foreign(moment)
  const own = shape.args.map((_, index): FiringSource => ({ kind: 'arg', index, add: 0 }))
  return [{ probe, args: moment === 'return' ? [RESULT, ...own] : own }]
}

/** An ioctl of another driver that somebody passed to privcmd, which refuses it. */
function foreign(moment: CallMoment): readonly PlannedFiring[] {
  const probe = privcmdProbeId(UNNAMED_IOCTL, moment)
  if (probe === undefined) return []
  return [{ probe, args: moment === 'return' ? [RESULT, { kind: 'ioctl' }] : [{ kind: 'ioctl' }] }]
}

const UNNAMED_IOCTL = { module: 'ioctl', function: 'ioctl', args: [] }
const RESULT: FiringSource = { kind: 'result' }
const SOLARIS_ERRNO: FiringSource = { kind: 'solaris-errno' }

/** A historic pair: its calls, the ids of its two probes, and how its arguments are named in our
 *  tables. */
interface HistoricPair {
  readonly op?: number
  readonly subops?: readonly number[]
  readonly ioctls?: readonly number[]
  readonly start: number
  readonly end: number
  readonly args: readonly string[]
  readonly endArgs?: readonly string[]
}

const DOMCTL = 36
const MEMORY_OP = 12

/** `name+n` is an address n bytes further on; `#subop` the command, `#none` what nothing
 *  recorded. */
const PAIRS: readonly HistoricPair[] = [
  { op: DOMCTL, subops: [1], start: 6314, end: 6313, args: ['addr+16'] },
  { op: DOMCTL, subops: [2], start: 6315, end: 6312, args: ['domid'] },
  { op: DOMCTL, subops: [3], start: 6316, end: 6311, args: ['domid'] },
  { op: DOMCTL, subops: [4], start: 6317, end: 6310, args: ['domid'] },
  { op: DOMCTL, subops: [12], start: 6318, end: 6309, args: ['domid', 'u1'] },
  { op: 1, start: 6320, end: 6319, args: ['domid', 'count', 'addr'] },
  {
    op: MEMORY_OP,
    subops: [1],
    start: 6305,
    end: 6302,
    args: ['domid', 'nr_extents', 'extent_order', 'extent_start'],
  },
  {
    op: MEMORY_OP,
    subops: [0],
    start: 6306,
    end: 6303,
    args: ['domid', 'nr_extents', 'extent_order', 'extent_start'],
  },
  {
    op: MEMORY_OP,
    subops: [6],
    start: 6304,
    end: 6301,
    args: ['domid', 'nr_extents', 'extent_start'],
  },
  {
    op: MEMORY_OP,
    subops: [7],
    start: 6307,
    end: 6300,
    args: ['domid', 'space', 'idx', 'gpfn'],
  },
  {
    op: MEMORY_OP,
    subops: [13],
    start: 6308,
    end: 6299,
    args: ['domid', 'nr_entries', 'buffer'],
  },
  {
    op: 32,
    subops: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    start: 6298,
    end: 6297,
    args: ['#subop', 'addr'],
  },
  { op: 26, start: 6296, end: 6295, args: ['count', 'addr'] },
  { ioctls: [2], start: 6325, end: 6323, args: ['domid', 'num', 'entry'] },
  {
    ioctls: [3, 4],
    start: 6322,
    end: 6321,
    args: ['domid', 'num', 'addr'],
    endArgs: ['#none', 'addr'],
  },
]

const IOCTL_TYPE = 0x5000

function historic(call: CallNumbers, moment: CallMoment): readonly PlannedFiring[] {
  if (moment === 'call') return []
  return PAIRS.filter((pair) => isOf(pair, call)).map((pair) => {
    if (moment === 'entry') return { probe: pair.start, args: sources(pair.args, call) }
    const first = pair.ioctls === undefined ? RESULT : SOLARIS_ERRNO
    return { probe: pair.end, args: [first, ...sources(pair.endArgs ?? [], call)] }
  })
}

function isOf(pair: HistoricPair, call: CallNumbers): boolean {
  if (call.op === CALL_NONE) {
    return pair.ioctls?.some((nr) => (call.ioctl & 0xffff) === (IOCTL_TYPE | nr)) ?? false
  }
  return pair.op === call.op && (pair.subops === undefined || pair.subops.includes(call.subop))
}

function sources(names: readonly string[], call: CallNumbers): readonly FiringSource[] {
  const { args } = callShape(call)
  return names.map((spec): FiringSource => {
    if (spec === '#subop') return { kind: 'subop' }
    const [name, add = '0'] = spec.split('+')
    const index = args.findIndex((arg) => arg.name === name)
    return index < 0 ? { kind: 'not-recorded' } : { kind: 'arg', index, add: Number(add) }
  })
}
