// What the hypervisor answers to requests that cannot be: the errors of its time.
import { expect, it } from 'vitest'
import type { CallValues } from '../../src/backend/sim/step.js'
import { ask, build, smallHost } from './guest-scripts.js'

const XVM = 'xvm-3.1'
const XL = 'xen-4.17'

interface Case {
  readonly name: string
  readonly call: [hypercall: string, operation: string, args?: CallValues, more?: unknown]
  readonly answers: Readonly<Record<string, number>>
}

const both = (result: number) => ({ [XVM]: result, [XL]: result })

/** Domain 1 exists, runs, has 64 MiB and one vcpu; domain 9 does not. */
const CASES: readonly Case[] = [
  {
    name: 'create: the id is taken',
    call: ['domctl', 'createdomain', { domid: 1 }],
    answers: { [XVM]: -22, [XL]: -17 },
  },
  {
    name: 'create: flags nobody knows',
    call: ['domctl', 'createdomain', { domid: 0, u0: 0x80000000 }],
    answers: both(-22),
  },
  {
    name: 'destroy: no domain',
    call: ['domctl', 'destroydomain', { domid: 9 }],
    answers: both(-3),
  },
  { name: 'destroy: dom0', call: ['domctl', 'destroydomain', { domid: 0 }], answers: both(-22) },
  { name: 'pause: no domain', call: ['domctl', 'pausedomain', { domid: 9 }], answers: both(-3) },
  { name: 'pause: dom0', call: ['domctl', 'pausedomain', { domid: 0 }], answers: both(-22) },
  {
    name: 'unpause: not paused',
    call: ['domctl', 'unpausedomain', { domid: 1 }],
    answers: { [XVM]: 0, [XL]: -22 },
  },
  {
    name: 'context: no such vcpu',
    call: ['domctl', 'setvcpucontext', { domid: 1, u0: 7 }],
    answers: both(-22),
  },
  {
    name: 'context: no domain',
    call: ['domctl', 'setvcpucontext', { domid: 9, u0: 0 }],
    answers: both(-3),
  },
  {
    name: 'vcpus: none',
    call: ['domctl', 'max_vcpus', { domid: 1, u0: 0 }],
    answers: both(-22),
  },
  {
    name: 'vcpus: ten thousand',
    call: ['domctl', 'max_vcpus', { domid: 1, u0: 10_000 }],
    answers: both(-22),
  },
  {
    name: 'memory limit below what it has',
    call: ['domctl', 'max_mem', { domid: 1, u0: 1024 }],
    answers: { [XVM]: -22, [XL]: 0 },
  },
  {
    name: 'affinity: no pcpu there is',
    call: ['domctl', 'setvcpuaffinity', { domid: 1, u0: 0 }, [99]],
    answers: both(-22),
  },
  {
    name: 'weight of nothing',
    call: ['domctl', 'scheduler_op', { domid: 1, u0: 0 }, { weight: 0 }],
    answers: both(-22),
  },
  {
    name: 'channel: no domain',
    call: ['event_channel_op', 'alloc_unbound', { domid: 9, remote_domid: 0 }],
    answers: both(-3),
  },
  {
    name: 'channel: close what is not open',
    call: ['event_channel_op', 'close', { port: 999 }],
    answers: both(-22),
  },
  {
    name: 'populate: no domain is 0 extents',
    call: ['memory_op', 'populate_physmap', { domid: 9, nr_extents: 5 }],
    answers: both(0),
  },
  {
    name: 'populate: beyond the limit is a short count',
    call: ['memory_op', 'populate_physmap', { domid: 1, nr_extents: 5 }],
    answers: both(0),
  },
  {
    name: 'memory map: too many entries',
    call: ['memory_op', 'set_memory_map', { domid: 1, nr_entries: 4000 }],
    answers: both(-22),
  },
  {
    name: 'memory map: no domain',
    call: ['memory_op', 'set_memory_map', { domid: 9, nr_entries: 1 }],
    answers: both(-3),
  },
  {
    name: 'claim: more than there is',
    call: ['memory_op', 'claim_pages', { domid: 1, nr_extents: 10_000_000 }],
    answers: { [XVM]: -38, [XL]: -12 },
  },
  {
    name: 'log-dirty without shadow paging',
    call: ['domctl', 'shadow_op', { domid: 1, u0: 2 }],
    answers: { [XVM]: 0, [XL]: -95 },
  },
  {
    name: 'log-dirty off when it was not on',
    call: ['domctl', 'shadow_op', { domid: 1, u0: 0 }],
    answers: { [XVM]: 0, [XL]: -22 },
  },
  { name: 'labels', call: ['xsm_op', '', {}], answers: both(-38) },
  { name: 'version', call: ['xen_version', 'version'], answers: { [XVM]: 0x30001, [XL]: 0x40011 } },
  {
    name: 'pcpu 0 off',
    call: ['sysctl', 'cpu_hotplug', { u0: 2 ** 32 }],
    answers: { [XVM]: -38, [XL]: -22 },
  },
  {
    name: 'no such pcpu off',
    call: ['sysctl', 'cpu_hotplug', { u0: 2 ** 32 + 77 }],
    answers: { [XVM]: -38, [XL]: -22 },
  },
  {
    name: 'pin without a guest',
    call: ['mmuext_op', 'pin_l4_table', { domid: 9, count: 1 }],
    answers: both(-3),
  },
]

const rows = [XVM, XL].flatMap((era) => CASES.map((c) => ({ era, ...c })))

it.each(rows)('$era: $name', ({ era, call, answers }) => {
  const machine = smallHost(era)
  expect(build(machine)).toBe(1)
  const before = machine.hypervisor.save()
  const reply = ask(machine, ...call)
  expect(reply.result).toBe(answers[era])
  if (reply.result < 0) expect(machine.hypervisor.save()).toEqual(before)
})

it('pauses nest 255 times in 4.17, once in 3.1', () => {
  for (const [era, most] of [
    [XVM, undefined],
    [XL, 255],
  ] as const) {
    const machine = smallHost(era)
    build(machine)
    const results = Array.from(
      { length: 257 },
      () => ask(machine, 'domctl', 'pausedomain', { domid: 1 }).result,
    )
    expect(results.indexOf(-75)).toBe(most ?? -1)
    expect(ask(machine, 'domctl', 'unpausedomain', { domid: 1 }).result).toBe(0)
    const paused = machine.world.domains()[1]?.isPaused
    expect(paused).toBe(most !== undefined)
  }
})

it('a host without room refuses a guest and is as before', () => {
  const machine = smallHost(XVM)
  const free = machine.world.freePages
  expect(build(machine, { memoryMiB: 100_000 })).toBe(-12)
  expect(machine.world.domains()).toHaveLength(1)
  expect(machine.world.freePages).toBe(free)
})
