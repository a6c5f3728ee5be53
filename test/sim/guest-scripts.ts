// Scripts for tests: a guest made as the domain builder makes it, and single calls.
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'
import {
  type CallValues,
  call,
  ioctl,
  type Reply,
  type Script,
} from '../../src/backend/sim/step.js'

/** Runs a script to its end as a process of dom0. */
export function perform(machine: SimMachine, script: Script): number {
  return machine.processes.runToEnd(machine.processes.spawn('xl', script))
}

/** Makes one hypercall; its reply. */
export function ask(
  machine: SimMachine,
  ...what: [hypercall: string, operation: string, args?: CallValues, more?: unknown]
): Reply {
  const replies: Reply[] = []
  perform(machine, asking(what, replies))
  return replies[0] as Reply
}

function* asking(
  what: [hypercall: string, operation: string, args?: CallValues, more?: unknown],
  replies: Reply[],
): Script {
  replies.push(yield* call(...what))
  return 0
}

/** What a guest is made with. */
export interface Wanted {
  readonly memoryMiB: number
  readonly vcpus: number
  readonly paused?: boolean
}

/** The builder's calls, shortened; status is the new id, or a refusal. */
export function* building(wanted: Wanted): Script {
  const { memoryMiB, vcpus } = wanted
  const made = yield* call('domctl', 'createdomain', {}, { handle: '5a'.repeat(16) })
  if (made.result !== 0) return made.result
  const domid = Number(made.out['domid'])
  const sized = yield* call('domctl', 'max_vcpus', { domid, u0: vcpus })
  yield* call('domctl', 'max_mem', { domid, u0: memoryMiB * 1024 })
  yield* call('event_channel_op', 'alloc_unbound', { domid, remote_domid: 0 })
  yield* call('event_channel_op', 'alloc_unbound', { domid, remote_domid: 0 })
  const got = yield* call('memory_op', 'populate_physmap', { domid, nr_extents: memoryMiB * 256 })
  if (sized.result !== 0 || got.result < memoryMiB * 256) {
    yield* call('domctl', 'destroydomain', { domid })
    return sized.result === 0 ? -12 : sized.result
  }
  yield* ioctl('mmap', { domid, num: 5 })
  yield* call('domctl', 'setvcpucontext', { domid, u0: 0 })
  if (wanted.paused !== true) yield* call('domctl', 'unpausedomain', { domid })
  return domid
}

/** A guest's id. */
export function build(machine: SimMachine, wanted: Partial<Wanted> = {}): number {
  return perform(machine, building({ memoryMiB: 64, vcpus: 1, ...wanted }))
}

/** A small host of an era. */
export function smallHost(era: string, seed = 1): SimMachine {
  return createSimulator({ era, seed, memoryMiB: 2048, dom0MemoryMiB: 512 })
}
