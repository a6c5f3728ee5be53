// A second host: its own hypervisor, the same time, and processes that work for those of the first.
import { expect, it } from 'vitest'
import type { SimMachine } from '../../src/backend/sim/sim-machine.js'
import { call, type Script } from '../../src/backend/sim/step.js'
import { DOM0_CALL_ENTRY } from '../../src/machine/observation.js'
import { perform, smallHost } from './guest-scripts.js'

/** Sends pieces of a guest to another host, where they are put into a domain made for it. */
function* moving(host: string, pieces: number, domids: number[]): Script {
  const made = yield there(host, making(domids))
  if (made.result !== 0) return made.result
  for (let n = 0; n < pieces; n++) {
    const last = n === pieces - 1
    yield there(host, filling(domids[0] ?? 0), { bytes: 4_194_304, last })
  }
  return 0
}

const there = (host: string, script: Script, more: { bytes?: number; last?: boolean } = {}) =>
  ({ kind: 'there', host, execname: 'xc_restore', of: 1, bytes: 100, script, ...more }) as const

function* making(domids: number[]): Script {
  const made = yield* call('domctl', 'createdomain')
  const domid = Number(made.out['domid'])
  domids.push(domid)
  yield* call('domctl', 'max_mem', { domid, u0: 65_536 })
  return made.result
}

function* filling(domid: number): Script {
  yield* call('memory_op', 'populate_physmap', { domid, nr_extents: 1024 })
  return 0
}

/** Pids of the hypercalls of a host, as they come. */
function pidsOf(machine: SimMachine): number[] {
  const pids: number[] = []
  machine.watch(
    (code) => code === DOM0_CALL_ENTRY,
    ({ length, at, words }) => {
      for (let i = 0; i < length; i++) pids.push(words[at[i] ?? 0] ?? 0)
    },
  )
  return pids
}

it.each(['xvm-3.1', 'xen-4.20'])('%s: a script works on the host it was sent to', (era) => {
  const machine = smallHost(era)
  machine.run(3_000_000_000)
  const here = pidsOf(machine)
  const there = pidsOf(machine.peer)
  const domids: number[] = []
  const began = machine.nowNs
  expect(perform(machine, moving('xvm2', 8, domids))).toBe(0)
  machine.bus.flush()
  machine.peer.bus.flush()
  expect(here).toEqual([])
  expect(there).toHaveLength(10)
  expect(new Set(there).size).toBe(1)
  expect(machine.world.domains().map(({ domid }) => domid)).toEqual([0])
  expect(machine.peer.hypervisor.frames.ownedBy(domids[0] as number)).toBe(8192)
  // 32 MiB over 1 Gbit/s.
  expect(machine.nowNs - began).toBeGreaterThan(268_000_000)
  expect(machine.nowNs - began).toBeLessThan(400_000_000)
})

it('each has the other as its second host, and its name', () => {
  const machine = smallHost('xen-4.17')
  expect(machine.peer.peer).toBe(machine)
  expect(machine.peer.host.name).toBe('xvm2')
  expect(machine.world.hostNamed('xvm2')).toBe(machine.peer.world)
  expect(machine.world.hostNamed('localhost')).toBe(machine.world)
  expect(machine.peer.world.hostNamed('xvm1')).toBe(machine.world)
  expect(machine.world.hostNamed('elsewhere')).toBeUndefined()
})

it('a host that nobody knows is not reached', () => {
  const machine = smallHost('xen-4.17')
  expect(perform(machine, moving('elsewhere', 1, []))).toBe(-113)
})

it('time passes on both, whichever is told to run', () => {
  const machine = smallHost('xvm-3.1')
  machine.run(2_000_000_000)
  const { peer } = machine
  machine.run(500_000_000)
  expect(peer.nowNs).toBe(500_000_000)
  peer.run(1_000_000_000)
  expect(machine.nowNs).toBe(3_500_000_000)
})

it.each(['first', 'second'])('forked on the %s, both hosts have the same future', (which) => {
  const machine = smallHost('xvm-3.1')
  machine.run(1_000_000_000)
  perform(machine, moving('xvm2', 2, []))
  const fork = which === 'first' ? machine.fork() : machine.peer.fork().peer
  for (const each of [machine, fork]) {
    each.run(50_000_000)
    perform(each, moving('xvm2', 3, []))
    each.run(2_000_000_000)
  }
  expect(fork.peer.nowNs).toBe(machine.peer.nowNs)
  expect(fork.kernel.save()).toEqual(machine.kernel.save())
  expect(fork.peer.kernel.save()).toEqual(machine.peer.kernel.save())
  expect(fork.peer.hypervisor.save()).toEqual(machine.peer.hypervisor.save())
})
