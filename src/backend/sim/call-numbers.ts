// CallNumbers by name: the numbers that a step's names stand for.
//
//   ('domctl', 'createdomain')  ->  { ioctl: 0x305000, op: 36, subop: 1 }
//   ('mmap')                    ->  { ioctl: 0x105002, op: none, subop: none }
//
// Numbers of ioctls are Linux's, which observations use whatever dom0 is.
import { XpvError } from '../../base/error.js'
import { type CallNumbers, HYPERCALL_GROUPS, type HypercallGroup } from '../../machine/hypercall.js'
import {
  EVTCHN_IOCTLS,
  FILE_CALLS,
  GNTDEV_IOCTLS,
  HYPERCALLS,
  type NamesByNumber,
} from '../../machine/hypercall-numbers.js'
import { CALL_NONE } from '../../machine/observation.js'

/** IOCTL_PRIVCMD_HYPERCALL. */
const HYPERCALL_IOCTL = 0x305000

/** Commands of privcmd that are no hypercalls, with the sizes of their structures. */
const IOCTLS: Readonly<Record<string, number>> = {
  mmap: 0x105002,
  mmapbatch: 0x185003,
  mmapbatch_v2: 0x205004,
  dm_op: 0x105005,
  restrict: 0x025006,
  mmap_resource: 0x205007,
  irqfd: 0x205008,
}

const OP_BY_NAME = inverse(HYPERCALLS)
const SUBOPS: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map(
  Object.entries(HYPERCALL_GROUPS).map(([name, group]: [string, HypercallGroup]) => [
    name,
    inverse(group.names),
  ]),
)
const known = new Map<string, CallNumbers>()

/** The numbers of a hypercall. Throws `XpvError` `sim.no-call` for names Xen does not have. */
export function hypercallNumbers(hypercall: string, operation: string): CallNumbers {
  const key = `${hypercall} ${operation}`
  const found = known.get(key)
  if (found !== undefined) return found
  const op = OP_BY_NAME.get(hypercall)
  if (op === undefined) throw new XpvError('sim.no-call', `there is no hypercall ${hypercall}`)
  const subops = SUBOPS.get(hypercall)
  const subop = subops === undefined ? CALL_NONE : subops.get(operation)
  if (subop === undefined) {
    throw new XpvError('sim.no-call', `${hypercall} has no operation ${operation}`)
  }
  const numbers = { ioctl: HYPERCALL_IOCTL, op, subop }
  known.set(key, numbers)
  return numbers
}

/** The numbers of an ioctl of privcmd; of one without a name when `cmd` says which. */
export function ioctlNumbers(name: string, cmd?: number): CallNumbers {
  const ioctl = cmd ?? IOCTLS[name]
  if (ioctl === undefined) throw new XpvError('sim.no-call', `privcmd has no ioctl ${name}`)
  return { ioctl, op: CALL_NONE, subop: CALL_NONE }
}

const TYPE_OF = { evtchn: 0x4500, gntdev: 0x4700 } as const

/** The numbers of a call to a device file. */
export function deviceNumbers(device: 'file' | 'evtchn' | 'gntdev', name: string): CallNumbers {
  const names = { file: FILE_CALLS, evtchn: EVTCHN_IOCTLS, gntdev: GNTDEV_IOCTLS }[device]
  const number = inverse(names).get(name)
  if (number === undefined) throw new XpvError('sim.no-call', `${device} has no call ${name}`)
  if (device === 'file') return { ioctl: CALL_NONE, op: CALL_NONE, subop: number }
  return { ioctl: TYPE_OF[device] | number, op: CALL_NONE, subop: CALL_NONE }
}

function inverse(names: NamesByNumber): ReadonlyMap<string, number> {
  return new Map(Object.entries(names).map(([number, name]) => [name, Number(number)]))
}
