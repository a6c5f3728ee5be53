// A guest that is asked to go does so, and dom0's daemons clear up behind it.
import { expect, it } from 'vitest'
import type { SimMachine } from '../../src/backend/sim/sim-machine.js'
import { call, type Script } from '../../src/backend/sim/step.js'
import { DOM0_CALL_ENTRY, DOM0_XENBUS_WATCH } from '../../src/machine/observation.js'
import { build, perform, smallHost } from './guest-scripts.js'

function* writing(nodes: Readonly<Record<string, string>>): Script {
  for (const [path, value] of Object.entries(nodes)) yield { kind: 'store', path, value }
  return 0
}

const ids = (machine: SimMachine) => machine.world.domains().map((d) => d.domid)

it.each([
  { era: 'xvm-3.1', who: 'xend' },
  { era: 'xen-4.17', who: 'xl' },
])('$era: a guest that powers off is destroyed by $who', ({ era, who }) => {
  const machine = smallHost(era)
  const domid = build(machine)
  const names: string[] = []
  const watch = machine.watch(
    (code) => code === DOM0_CALL_ENTRY,
    (batch, strings) => {
      for (let i = 0; i < batch.length; i++) {
        names.push(strings[batch.words[(batch.at[i] as number) + 1] as number] ?? '')
      }
    },
  )
  perform(machine, writing({ [`/local/domain/${domid}/control/shutdown`]: 'poweroff' }))
  expect(ids(machine)).toContain(domid)
  machine.run(10_000_000_000)
  watch.close()
  expect(ids(machine)).toEqual([0])
  expect(names).toEqual(['xenstored', who, who])
  expect(machine.world.store.read(`/local/domain/${domid}/control/shutdown`)).toBeUndefined()
})

it('a guest that suspends is left to whoever asked for it', () => {
  const machine = smallHost('xvm-3.1')
  const domid = build(machine)
  function* saving(): Script {
    yield { kind: 'store', path: `/local/domain/${domid}/control/shutdown`, value: 'suspend' }
    const reply = yield { kind: 'await-shutdown', domid, ns: 60_000_000_000 }
    return reply.result
  }
  expect(perform(machine, saving())).toBe(2)
  machine.run(5_000_000_000)
  expect(ids(machine)).toEqual([0, domid])
  function* resuming(): Script {
    return (yield* call('domctl', 'resumedomain', { domid })).result
  }
  expect(perform(machine, resuming())).toBe(0)
  expect(machine.world.domains()[1]?.shutdownReason).toBeUndefined()
})

it('waiting for the end of a guest ends by itself', () => {
  const machine = smallHost('xvm-3.1')
  const domid = build(machine)
  function* waiting(of: number): Script {
    return (yield { kind: 'await-shutdown', domid: of, ns: 2_000_000_000 }).result
  }
  const before = machine.nowNs
  expect(perform(machine, waiting(domid))).toBe(-110)
  expect(machine.nowNs - before).toBeGreaterThanOrEqual(2_000_000_000)
  expect(perform(machine, waiting(99))).toBe(-3)
})

it('devices connect when the guest is up and close when told', () => {
  const machine = smallHost('xvm-mca')
  const domid = build(machine, { paused: true })
  const back = `/local/domain/0/backend/vbd/${domid}/51712`
  const front = `/local/domain/${domid}/device/vbd/51712`
  let watches = 0
  machine.watch(
    (code) => code === DOM0_XENBUS_WATCH,
    (batch) => {
      watches += batch.length
    },
  )
  perform(
    machine,
    writing({ [`${back}/frontend`]: front, [`${front}/state`]: '1', [`${back}/state`]: '1' }),
  )
  machine.run(100_000_000)
  expect(machine.store.read(`${back}/state`)).toBe('2')
  function* going(): Script {
    return (yield* call('domctl', 'unpausedomain', { domid })).result
  }
  perform(machine, going())
  machine.run(2_000_000_000)
  expect(machine.store.read(`${back}/state`)).toBe('4')
  expect(machine.store.read(`${front}/state`)).toBe('4')
  expect(machine.hypervisor.grants.mappedOf(domid)).toHaveLength(1)
  perform(machine, writing({ [`${back}/state`]: '5' }))
  machine.run(100_000_000)
  expect(machine.store.read(`${back}/state`)).toBe('6')
  machine.bus.flush()
  expect(watches).toBeGreaterThan(10)
})

it('a guest brings its vcpus up and keeps to its memory target', () => {
  const machine = smallHost('xvm-3.1')
  const domid = build(machine, { memoryMiB: 64, vcpus: 3 })
  const guest = () => machine.world.domains()[1]
  expect(guest()?.onlineVcpus).toBe(1)
  const at = `/local/domain/${domid}`
  perform(
    machine,
    writing({ [`${at}/cpu/2/availability`]: 'offline', [`${at}/memory/target`]: '40960' }),
  )
  machine.run(2_000_000_000)
  expect(guest()?.onlineVcpus).toBe(2)
  expect(guest()?.pages).toBe(40 * 256)
  perform(
    machine,
    writing({ [`${at}/cpu/2/availability`]: 'online', [`${at}/memory/target`]: '999999' }),
  )
  machine.run(1_000_000_000)
  expect(guest()?.onlineVcpus).toBe(3)
  expect(guest()?.pages).toBe(64 * 256)
  perform(machine, writing({ [`${at}/cpu/1/availability`]: 'offline' }))
  machine.run(1_000_000_000)
  expect(machine.world.vcpus(domid).map((v) => v.isOnline)).toEqual([true, false, true])
})
