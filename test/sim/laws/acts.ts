// Acts: what may be done to a simulated machine, sensible or not, chosen by a seed.
//
//   seed 7  ->  { era: 'xvm-3.1', acts: [create g2, run 300 ms, pin, cpu offline, nonsense ...] }
//
// Holds: the same seed, the same acts.
import { Prng } from '../../../src/base/prng.js'

/** One thing done to a machine. */
export type Act =
  /** A command line of dom0's tools. */
  | { readonly kind: 'command'; readonly words: readonly string[] }
  /** A configuration is written, and a guest made of it. */
  | {
      readonly kind: 'create'
      readonly guest: string
      readonly memory: string
      readonly vcpus: string
      readonly more: string
    }
  /** A guest is made by hypercalls alone, without a tool. */
  | { readonly kind: 'build'; readonly memoryMiB: number; readonly vcpus: number }
  | { readonly kind: 'run'; readonly ns: number }
  /** The guest of the nth domain that lives begins to do something else. */
  | { readonly kind: 'guest'; readonly nth: number; readonly model: 'busy' | 'bursty' | 'idle' }
  /** A hypercall by dom0 that makes sense or not. */
  | {
      readonly kind: 'hypercall'
      readonly hypercall: string
      readonly operation: string
      readonly args: Readonly<Record<string, number>>
      readonly more?: unknown
    }
  /** A hypercall by a guest itself. */
  | {
      readonly kind: 'guest-call'
      readonly nth: number
      readonly hypercall: string
      readonly operation: string
      readonly args: Readonly<Record<string, number>>
    }
  | { readonly kind: 'pcpu'; readonly pcpu: number; readonly online: boolean }
  | { readonly kind: 'fault'; readonly fault: Readonly<Record<string, unknown>> }
  | { readonly kind: 'register'; readonly vcpu: number; readonly msr: number }

/** A machine and what is done to it. */
export interface Story {
  readonly seed: number
  readonly era: string
  readonly threads: number
  readonly acts: readonly Act[]
}

const ERAS = [
  'xvm-3.1',
  'xvm-3.1',
  'xen-3.1-upstream',
  'xvm-mca',
  'xen-4.17',
  'xen-4.17',
  'xen-4.20',
]
const GUESTS = ['g0', 'g1', 'g2', 'g3']
/** What a tool is asked for a guest: mostly sense. */
const MEMORIES = ['16', '32', '32', '48', '64', '96', '0', '-5', '100000', 'lots', '1.5']
const VCPUS = ['1', '1', '2', '2', '3', '4', '0', '-1', '33', '10000', 'two']
const MORE = [
  '',
  '',
  '',
  'cpus = "1"',
  'cpu_weight = 512',
  "vif = [ '' ]",
  'cpus = "77"',
  'nonsense',
]
const PCPU_LISTS = ['0', '1', '0-1', 'all', '2,3', '^0', '9', '-1', 'x', '1-0']
const ODD_NUMBERS = ['0', '1', '2', '3', '4', '-1', '999', '10000', 'many', '1e9', '']
const SIZES = ['16', '24', '32', '40', '64', '0', '-64', '100000', 'much', '']
const RUNS = [1_000_000, 40_000_000, 150_000_000, 700_000_000, 1_500_000_000, 4_500_000_000]
const OPERATIONS: readonly (readonly [hypercall: string, operation: string])[] = [
  ['domctl', 'createdomain'],
  ['domctl', 'destroydomain'],
  ['domctl', 'pausedomain'],
  ['domctl', 'unpausedomain'],
  ['domctl', 'max_vcpus'],
  ['domctl', 'max_mem'],
  ['domctl', 'setvcpuaffinity'],
  ['domctl', 'setvcpucontext'],
  ['domctl', 'scheduler_op'],
  ['domctl', 'shadow_op'],
  ['domctl', 'resumedomain'],
  ['domctl', 'getdomaininfo'],
  ['memory_op', 'populate_physmap'],
  ['memory_op', 'decrease_reservation'],
  ['memory_op', 'increase_reservation'],
  ['memory_op', 'claim_pages'],
  ['memory_op', 'add_to_physmap'],
  ['event_channel_op', 'alloc_unbound'],
  ['event_channel_op', 'close'],
  ['event_channel_op', 'bind_interdomain'],
  ['event_channel_op', 'reset'],
  ['event_channel_op', 'send'],
  ['sysctl', 'cpu_hotplug'],
  ['sysctl', 'page_offline_op'],
  ['sched_op', 'remote_shutdown'],
  ['grant_table_op', 'map_grant_ref'],
  ['grant_table_op', 'unmap_grant_ref'],
]
const GUEST_OPERATIONS: readonly (readonly [hypercall: string, operation: string])[] = [
  ['sched_op', 'yield'],
  ['sched_op', 'block'],
  ['sched_op', 'poll'],
  ['sched_op', 'shutdown'],
  ['vcpu_op', 'up'],
  ['vcpu_op', 'down'],
  ['vcpu_op', 'initialise'],
  ['memory_op', 'decrease_reservation'],
  ['memory_op', 'populate_physmap'],
  ['event_channel_op', 'alloc_unbound'],
  ['event_channel_op', 'bind_interdomain'],
]

/** The story of a seed. */
export function storyOf(seed: number, length = 14): Story {
  const chance = new Chance(seed)
  const era = chance.of(ERAS)
  const tool = era.startsWith('xen-4') ? 'xl' : 'xm'
  const threads = chance.of([1, 1, 2])
  const count = 4 + chance.below(length)
  return { seed, era, threads, acts: Array.from({ length: count }, () => actOf(chance, tool)) }
}

function actOf(chance: Chance, tool: string): Act {
  const roll = chance.below(100)
  if (roll < 5) {
    return { kind: 'build', memoryMiB: chance.of([8, 16, 32]), vcpus: chance.of([1, 2, 3, 99]) }
  }
  if (roll < 22) return creation(chance)
  if (roll < 62) return { kind: 'command', words: [tool, ...commandOf(chance)] }
  if (roll < 76) return { kind: 'run', ns: chance.of(RUNS) }
  if (roll < 81) return guestAct(chance)
  if (roll < 90) return hypercall(chance)
  if (roll < 93) return guestCall(chance)
  if (roll < 96) return { kind: 'pcpu', pcpu: chance.below(6) - 1, online: chance.below(2) === 0 }
  if (roll < 98) return { kind: 'register', vcpu: chance.below(2), msr: chance.of(MSRS) }
  return { kind: 'fault', fault: chance.of(FAULTS) }
}

const MSRS = [0x10, 0x179, 0x17a, 0x401, 0x411, 0x1b, 0xc0000080, 0xdeadbeef]
const FAULTS: readonly Readonly<Record<string, unknown>>[] = [
  { kind: 'cache', pcpu: 1, level: 1 },
  { kind: 'cache', pcpu: 2, level: 2, severity: 'uncorrected' },
  { kind: 'tlb', pcpu: 0 },
  { kind: 'memory', address: 0x1234_5000n },
  { kind: 'memory', address: 0x0812_3000n, severity: 'srao' },
  { kind: 'cache', pcpu: 77, level: 1 },
]

function guestAct(chance: Chance): Act {
  return {
    kind: 'guest',
    nth: chance.below(4),
    model: chance.of(['busy', 'bursty', 'idle'] as const),
  }
}

function creation(chance: Chance): Act {
  const isSane = chance.below(4) > 0
  return {
    kind: 'create',
    guest: chance.of(GUESTS),
    memory: isSane ? chance.of(MEMORIES.slice(0, 6)) : chance.of(MEMORIES),
    vcpus: isSane ? chance.of(VCPUS.slice(0, 6)) : chance.of(VCPUS),
    more: isSane ? '' : chance.of(MORE),
  }
}

function commandOf(chance: Chance): readonly string[] {
  const guest = chance.of([...GUESTS, ...GUESTS, '1', '2', 'Domain-0', '0', 'nobody', '-7', ''])
  const file = `/tmp/${chance.of(['a', 'b'])}.save`
  switch (chance.below(22)) {
    case 0:
    case 1:
    case 2:
      return ['destroy', guest]
    case 3:
      return ['pause', guest]
    case 4:
    case 5:
      return ['unpause', guest]
    case 6:
      return ['shutdown', guest]
    case 7:
      return ['reboot', guest]
    case 8:
    case 9:
      return ['save', guest, file]
    case 10:
    case 11:
      return ['restore', chance.of([file, file, '/no/such/file'])]
    case 12:
      return ['migrate', guest, chance.of(['xvm2', 'xvm2', 'localhost', 'nowhere'])]
    case 13:
      return ['vcpu-pin', guest, chance.of(ODD_NUMBERS.slice(0, 6)), chance.of(PCPU_LISTS)]
    case 14:
      return ['vcpu-set', guest, chance.of(ODD_NUMBERS)]
    case 15:
    case 16:
      return ['mem-set', guest, chance.of(SIZES)]
    case 17:
      return ['mem-max', guest, chance.of(SIZES)]
    case 18:
      return ['list']
    case 19:
      return ['vcpu-list']
    case 20:
      return ['info']
    default:
      return chance.of([['frobnicate', guest], [], ['create'], ['destroy'], ['create', '/no/file']])
  }
}

function hypercall(chance: Chance): Act {
  const [name, operation] = chance.of(OPERATIONS)
  return {
    kind: 'hypercall',
    hypercall: name,
    operation,
    args: argsOf(chance),
    more: moreOf(chance),
  }
}

function guestCall(chance: Chance): Act {
  const [name, operation] = chance.of(GUEST_OPERATIONS)
  return {
    kind: 'guest-call',
    nth: chance.below(4),
    hypercall: name,
    operation,
    args: { ...argsOf(chance), a1: chance.below(4), reason: chance.below(7) },
  }
}

const WILD = [0, 0, 1, 2, 3, 7, 64, 4096, 65_536, 2 ** 31, 2 ** 32, 2 ** 40, 0x1_0000_0003]

function argsOf(chance: Chance): Readonly<Record<string, number>> {
  return {
    domid: chance.of([0, 1, 2, 3, 4, 9, 0x7ff0, 0x7ff2, 0xffff]),
    remote_domid: chance.of([0, 1, 2, 9]),
    u0: chance.of(WILD),
    u1: chance.of(WILD),
    nr_extents: chance.of(WILD.slice(0, 9)),
    extent_order: chance.of([0, 0, 0, 3, 9, 40]),
    port: chance.below(12),
    remote_port: chance.below(12),
    count: chance.below(3),
  }
}

function moreOf(chance: Chance): unknown {
  return chance.of<unknown>([
    undefined,
    undefined,
    [],
    [0],
    [1, 2],
    [99],
    { domid: 1, reason: 1 },
    { domid: 2, reason: 3 },
    { domid: 1, reference: 3 },
    { domid: 2, reference: 1, handle: 0 },
    { weight: 0 },
    { weight: 1024, cap: 50 },
    { command: 1, start: 5000, end: 5003 },
    { pfn: 100 },
    { pfn: -1 },
    { hvm: true },
    { vcpus: 3 },
  ])
}

/** Choices of a seed. */
class Chance {
  readonly #random: Prng

  constructor(seed: number) {
    this.#random = new Prng(seed)
  }

  below(bound: number): number {
    return this.#random.below(bound)
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T
  }
}
