// GuestModel: what a guest does by itself, as rates: its clock's interrupts, its bursts of
// computing, how often it enters the hypervisor.
//
//   guestNamed('busy')  ->  an index into GUEST_MODELS, whose numbers drive workload.ts
//
// Holds: a model is numbers. Source of the rates: a recorded idle host (Xen 4.17, Linux dom0 with 2
// vcpus): 32 wakes, 63 switches and 215 hypercalls a second: 78 iret, 57 set_singleshot_timer, 32
// block, 32 stack_switch, 10 set_segment_base, 3 event_channel_op. A busy one: 200 timers a second.
// Solaris' clock ticks 100 times a second, whether or not there is anything to do.
import { assert } from '../../base/assert.js'

/** How one kind of guest behaves. Times are nanoseconds; the mean, where chance decides. */
export interface GuestModel {
  readonly name: string
  /** Between interrupts of its clock while it computes; 0 for a guest without a clock. */
  readonly tickNs: number
  /** Until the next one while it is idle, on its first vcpu and on others. */
  readonly idleTickNs: readonly [first: number, others: number]
  /** The clock ticks on time, rather than when the next timer is due. */
  readonly isPeriodic: boolean
  /** What an interrupt of the clock takes. */
  readonly handleNs: number
  /** How likely a thread runs after such an interrupt. */
  readonly threads: number
  /** What it computes before anything else, on its first vcpu. */
  readonly bootNs: number
  /** What it computes at once, and the time between; no gap: always. 0 and 0: never. */
  readonly burstNs: number
  readonly gapNs: number
  /** Only its first vcpu computes. */
  readonly isFirstOnly: boolean
  /** How likely a burst ends in asking dom0's backend driver. */
  readonly requests: number
  /** Times a second that computing enters the hypervisor: faults, page tables, threads. */
  readonly entriesPerSecond: number
}

const SILENT: GuestModel = {
  name: 'none',
  tickNs: 0,
  idleTickNs: [0, 0],
  isPeriodic: false,
  handleNs: 0,
  threads: 0,
  bootNs: 0,
  burstNs: 0,
  gapNs: 0,
  isFirstOnly: false,
  requests: 0,
  entriesPerSecond: 0,
}

const IDLE: GuestModel = {
  ...SILENT,
  name: 'idle',
  tickNs: 4_000_000,
  idleTickNs: [70_000_000, 160_000_000],
  handleNs: 60_000,
  threads: 0.35,
  bootNs: 240_000_000,
  entriesPerSecond: 2_400,
}

const CONTROL_LINUX: GuestModel = {
  ...IDLE,
  name: 'control-linux',
  idleTickNs: [120_000_000, 45_000_000],
  handleNs: 110_000,
  threads: 0.45,
  bootNs: 0,
  burstNs: 400_000,
  gapNs: 900_000_000,
  isFirstOnly: true,
  entriesPerSecond: 5_000,
}

/** The models; a guest is an index into them. */
export const GUEST_MODELS: readonly GuestModel[] = [
  SILENT,
  IDLE,
  {
    ...IDLE,
    name: 'busy',
    burstNs: 1_000_000_000,
    entriesPerSecond: 400,
  },
  {
    ...IDLE,
    name: 'bursty',
    burstNs: 3_000_000,
    gapNs: 12_000_000,
    requests: 0.7,
  },
  CONTROL_LINUX,
  {
    ...CONTROL_LINUX,
    name: 'control-solaris',
    tickNs: 10_000_000,
    idleTickNs: [10_000_000, 200_000_000],
    isPeriodic: true,
    handleNs: 25_000,
    threads: 0.12,
  },
]

/** What a guest may be told to be: nothing of its own, its clock alone, always computing, computing
 *  now and then, or the control domain of an era. */
export type GuestName = 'none' | 'idle' | 'busy' | 'bursty' | 'control-linux' | 'control-solaris'

/** The index of a model. */
export function guestNamed(name: GuestName): number {
  const index = GUEST_MODELS.findIndex((model) => model.name === name)
  assert(index >= 0, `no guest is called ${name}`)
  return index
}
