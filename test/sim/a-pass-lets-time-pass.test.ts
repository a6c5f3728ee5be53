// Pulled, a simulated machine runs: a D program's clock goes on even where nothing happens.
import { expect, it } from 'vitest'
import { DOM0_CALL_ENTRY } from '../../src/machine/observation.js'
import { ask, smallHost } from './guest-scripts.js'

it('a pass ends when it shall, on the machine s own clock', () => {
  const machine = smallHost('xen-4.17')
  machine.run(1_000_000_000)
  const stream = machine.observe(() => false, { untilNs: 1_100_000_000 })
  let last = 0
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) {
    expect(batch.length).toBeGreaterThan(0)
    last = batch.ticks[batch.length - 1] as number
  }
  stream.close()
  expect(last).toBe(100_000_000)
  expect(machine.nowNs).toBe(1_100_000_000)
  expect(stream.clock.zero).toBe(machine.clock.zero + 1_000_000_000n)
})

it('who begins to look late counts from then', () => {
  const machine = smallHost('xvm-3.1')
  machine.run(7_000_000_000)
  const ticks: number[] = []
  const watch = machine.watch(
    (code) => code === DOM0_CALL_ENTRY,
    (batch) => {
      ticks.push(...batch.ticks.subarray(0, batch.length))
    },
  )
  ask(machine, 'xen_version', 'version')
  watch.close()
  expect(ticks).toHaveLength(1)
  expect(ticks[0]).toBeLessThan(1_000_000_000)
  expect(watch.clock.zero).toBe(machine.clock.zero + 7_000_000_000n)
})
