// Load: how many vcpus a group of pcpus has to run, and how long each wants to, averaged over the
// last second, as credit2 keeps it.
//
//   wake: +1   block: -1   go on: 0   ->  average moves towards the load by delta / 2^20
//
// Holds: times are in units of 1024 ns, averages in 2^-18; a group's load is the number of its
// vcpus that run or wait for a pcpu.
// Source: update_runq_load and update_svc_load of xen/common/sched/credit2.c.
import type { Pcpu } from './pcpu.js'
import type { SchedRecords } from './sched-records.js'
import type { Vcpu } from './vcpu.js'

const UPDATE_LOAD = 0x22209
const VCPU_LOAD = 0x2220b
const GROUP_LOAD = 0x2220c
const UNIT_NS = 1024
const PRECISION = 18
const ONE = 2 ** PRECISION
const WINDOW = 2 ** 20

/** What is averaged: of a group, or of one vcpu, which is 1 or 0. */
export interface Load {
  now: number
  average: number
  /** In units of 1024 ns. */
  updatedAt: number
}

/** Nothing, since the host began. */
export function newLoad(): Load {
  return { now: 0, average: 0, updatedAt: 0 }
}

/** A new vcpu is taken for one that always wants a pcpu. */
export function beginLoad(load: Load, nowNs: number): void {
  load.average = ONE
  load.updatedAt = Math.floor(nowNs / UNIT_NS)
}

/** When and where an update is made. */
export interface LoadUpdate {
  readonly nowNs: number
  readonly at: Pcpu
  readonly group: { readonly id: number; readonly load: Load }
  readonly records: SchedRecords
}

/** A vcpu begins to want a pcpu (1), no longer does (-1), or goes on (0). */
export function updateLoad(by: LoadUpdate, vcpu: Vcpu | undefined, change: -1 | 0 | 1): void {
  by.records.say(UPDATE_LOAD, by.at)
  updateGroup(by, change)
  if (vcpu === undefined) return
  advance(vcpu.load, by.nowNs)
  vcpu.load.now += change
  by.records.say(VCPU_LOAD, by.at, vcpu.load.average, 0, vcpu.key, PRECISION)
}

/** The group alone. */
export function updateGroup({ nowNs, at, group, records }: LoadUpdate, change: -1 | 0 | 1): void {
  const { load, id } = group
  advance(load, nowNs)
  load.now += change
  const low = load.average >>> 0
  const high = Math.floor(load.average / 2 ** 32)
  const state = (load.now & 0xffff) | ((id & 0xff) << 16) | (PRECISION << 24)
  records.say(GROUP_LOAD, at, low, high, low, high, state)
}

/** Its average moves towards what it was since the last time. */
function advance(load: Load, nowNs: number): void {
  const now = Math.floor(nowNs / UNIT_NS)
  const delta = now - load.updatedAt
  load.updatedAt = now
  const steady = load.now * ONE
  if (delta > WINDOW) load.average = steady
  else {
    load.average +=
      Math.floor((delta * steady) / WINDOW) - Math.floor((delta * load.average) / WINDOW)
  }
}
