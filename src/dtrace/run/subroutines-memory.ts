// Subroutines on memory. A recording holds none but D's own: what a process or the kernel has is
// an invalid address.
//
// Source: illumos dtrace.c (dtrace_dif_subr), sys/mutex_impl.h, sys/rwlock_impl.h; linux dt_cg.c
// (dt_cg_subr_bcopy_impl, dt_cg_subr_copyin).
import { toBytes } from '../../base/byte-text.js'
import { Fault, invalidAddress } from './engine.js'
import { align8 } from './region.js'
import { type Subroutine, type SubroutineState, type Value, whole } from './subroutine.js'

/** By name. */
export const MEMORY_SUBROUTINES: Readonly<Record<string, Subroutine>> = {
  alloca: ([size], { memory }) => BigInt(memory.alloca(whole(size))),
  bcopy: ([source, target, size], state) => copyToScratch({ source, target, size }, state),
  copyinto: ([source, size, target], state) => copyToScratch({ source, target, size }, state),
  copyin: ([source, size], { memory }) => {
    const target = memory.alloca(whole(size))
    memory.copy(target, whole(source), bytesOf(size))
    return BigInt(target)
  },
  copyinstr: ([source, size], state) => {
    if (whole(source) === 0n) throw invalidAddress(0)
    const most = state.limits.strsize
    const asked = BigInt.asUintN(64, whole(size, BigInt(most)))
    const room = asked < BigInt(most) ? Number(asked) : most
    return toBytes(state.memory.text(whole(source), most)).slice(0, room)
  },
  mutex_owned: ([lock], state) => flag(owner(lock, state) !== 0n),
  mutex_owner: ([lock], state) => owner(lock, state),
  mutex_type_adaptive: ([lock], state) => flag((word(lock, state) & DUMMY_OWNER) !== DUMMY_OWNER),
  mutex_type_spin: ([lock], state) => flag((word(lock, state) & DUMMY_OWNER) === DUMMY_OWNER),
  rw_read_held: ([lock], state) => {
    const held = word(lock, state)
    return flag((held & RW_WRITER) === 0n && held >= RW_ONE_READER)
  },
  rw_write_held: ([lock], state) => flag((word(lock, state) & RW_WRITER) !== 0n),
  rw_iswriter: ([lock], state) => flag((word(lock, state) & RW_WRITER) !== 0n),
}

const flag = (yes: boolean): bigint => (yes ? 1n : 0n)

/** A size argument as a number; one that no memory has stays that. */
const bytesOf = (size: Value | undefined): number => Number(BigInt.asUintN(64, whole(size)))

interface Copy {
  readonly source: Value | undefined
  readonly target: Value | undefined
  readonly size: Value | undefined
}

/** Only scratch memory can be copied to. */
function copyToScratch({ source, target, size }: Copy, { memory, limits }: SubroutineState): Value {
  const bytes = bytesOf(size)
  if (limits.dialect === 'linux' && bytes > align8(limits.scratchsize)) {
    throw new Fault(10, 'invalid size', whole(size))
  }
  if (limits.dialect === 'illumos' && !memory.isScratch(whole(target), bytes)) {
    throw invalidAddress(whole(target))
  }
  memory.copy(whole(target), whole(source), bytes)
  return 0n
}

/** What a spin lock has where an adaptive one has its owner. */
const DUMMY_OWNER = 0xff00_0000_0000_0000n
const RW_WRITER = 4n
const RW_ONE_READER = 8n
/** Below the thread that owns a lock are bits of its own. */
const LOCK_BITS = 7n

function word(lock: Value | undefined, { memory }: SubroutineState): bigint {
  return memory.load(whole(lock), { bytes: 8, signed: false })
}

function owner(lock: Value | undefined, state: SubroutineState): bigint {
  return word(lock, state) & ~LOCK_BITS
}
