// What is lost on the way of a machine check: no room for a record, nobody to fetch it, a bank that
// holds another one, a file that is full.
import { describe, expect, it } from 'vitest'
import { TelemetryPool, type TelemetryRecord } from '../../src/backend/sim/mca/telemetry.js'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'
import { correctedCount } from '../../src/machine/mci-status.js'
import { HW_MCA, MCA_OVERFLOWED, MCA_TELEMETRY_DROPPED } from '../../src/machine/observation.js'

const VIRQ_MCA = 16
const host = (era: string, more: object = {}): SimMachine =>
  createSimulator({ era, sockets: 1, coresPerSocket: 4, ...more })

/** How often hardware said something from now on. */
function counting(machine: SimMachine, what: number): () => number {
  let count = 0
  const watch = machine.watch(
    (code) => code === HW_MCA,
    (batch) => {
      for (let i = 0; i < batch.length; i++) {
        if (batch.words[batch.at[i] as number] === what) count += 1
      }
    },
  )
  return () => {
    watch.flush()
    return count
  }
}

/** Dom0 no longer listens. */
function unbind(machine: SimMachine): void {
  const { channels } = machine.hypervisor
  channels.close(0, channels.virqPort(0, VIRQ_MCA) ?? 0)
}

const record = (urgent: boolean): Omit<TelemetryRecord, 'id'> => ({
  urgent,
  atNs: 0,
  pcpu: 0,
  socket: 0,
  core: 0,
  thread: 0,
  apicId: 0,
  domid: 0,
  vcpu: 0,
  flags: 0,
  mcgStatus: 0n,
  mcgCap: 0n,
  banks: [],
  recovery: [],
})

/** Fills a pool until it has no room; how many it took. */
function fill(pool: TelemetryPool, urgent: boolean): number {
  for (let taken = 0; ; taken++) {
    const entry = pool.reserve(urgent)
    if (entry === undefined) return taken
    pool.commit(entry, record(urgent))
  }
}

describe('the pool of records', () => {
  it('has 30 entries, ten of them for urgent records only', () => {
    expect(fill(new TelemetryPool(), true)).toBe(30)
    const pool = new TelemetryPool()
    expect([fill(pool, false), fill(pool, true)]).toEqual([20, 10])
    expect(pool.dropped).toBe(2)
  })

  it('gives the oldest of its class until that is acknowledged, by its number', () => {
    const pool = new TelemetryPool()
    fill(pool, false)
    const first = pool.fetch(false)
    expect(pool.fetch(false)).toBe(first)
    pool.ack(false, (first?.id ?? 0) + 1)
    expect(pool.fetch(false)).toBe(first)
    pool.ack(false, first?.id ?? 0)
    expect(pool.fetch(false)?.id).toBe((first?.id ?? 0) + 1)
    expect(pool.fetch(true)).toBeUndefined()
  })
})

it('in a bank that counts none is lost; below the threshold of the interrupt one waits', () => {
  const machine = host('xen-4.20', { processor: 'broadwell' })
  machine.checks.run('cache level=2 pcpu=1 every=100us times=9')
  machine.run(60e9)
  const counts = machine.checks.log.map(({ banks }) => correctedCount(banks[0]?.status ?? 0n))
  expect(counts).toEqual([2, 2, 2, 2])
  const held = machine.checks.banks(1).find(({ severity }) => severity === 'corrected')
  expect(correctedCount(held?.status ?? 0n)).toBe(1)
})

it('in one that does not, the second is lost: OVER says so, and nothing else', () => {
  const machine = host('xen-4.20')
  const lost = counting(machine, MCA_OVERFLOWED)
  machine.checks.run('cache level=2 pcpu=1 every=100us times=9')
  machine.run(60e9)
  expect(lost()).toBe(8)
  expect(machine.checks.log).toHaveLength(1)
  expect((machine.checks.log[0]?.banks[0]?.status ?? 0n) & (1n << 62n)).not.toBe(0n)
})

it('without dom0 the hypervisor keeps nothing; from the tenth on it prints', () => {
  const machine = host('xen-4.20')
  unbind(machine)
  machine.checks.run('cache level=1 pcpu=2 every=20s times=14')
  const printed = () => machine.hypervisor.ring.text().match(/POLLED occurred on CPU 2/g) ?? []
  machine.run(9 * 20e9)
  expect(printed()).toHaveLength(0)
  machine.run(6 * 20e9)
  expect(printed()).toHaveLength(5)
  expect(machine.hypervisor.ring.text()).toContain('(XEN) Bank 1: 9000000000000135\n')
  expect(machine.checks.log).toEqual([])
  expect(machine.checks.pool.waiting).toEqual([])
})

it('while dom0 does not come to fetch, records wait; those beyond are dropped', () => {
  const machine = host('xen-4.20')
  const dropped = counting(machine, MCA_TELEMETRY_DROPPED)
  machine.scheduler.pause(0)
  machine.checks.run('cache level=1 pcpu=2 every=17s times=26')
  machine.run(26 * 17e9 + 20e9)
  expect(machine.checks.pool.waiting).toHaveLength(20)
  expect(machine.checks.pool.dropped).toBe(dropped())
  expect(dropped()).toBeGreaterThan(0)
  machine.scheduler.unpause(0)
  machine.run(1e9)
  expect(machine.checks.log).toHaveLength(20)
  expect(machine.checks.pool.waiting).toEqual([])
})

it('/dev/mcelog keeps the first 32 entries', () => {
  const machine = host('xen-4.20')
  machine.checks.run('cache level=1 pcpu=2 every=17s times=40')
  machine.run(40 * 17e9 + 20e9)
  const { length } = machine.checks.log
  expect(length).toBeGreaterThan(32)
  expect(machine.checks.takeMcelog()).toHaveLength(32 * 112)
})

it('polls come more often where errors are found, less often where none are', () => {
  const machine = host('xen-4.20')
  const times: number[] = []
  const watch = machine.watch(
    (code) => code === HW_MCA,
    (batch) => {
      for (let i = 0; i < batch.length; i++) {
        const seconds = Math.round((batch.ticks[i] as number) / 1e9)
        if (batch.words[batch.at[i] as number] === 2) times.push(seconds)
      }
    },
  )
  machine.run(60e9)
  watch.flush()
  expect([...new Set(times)]).toEqual([8, 24, 40, 56])
  times.length = 0
  machine.checks.run('cache level=1 pcpu=2 every=500ms times=200')
  machine.run(60e9)
  watch.close()
  const gaps = [...new Set(times)].slice(2).map((t, n, all) => t - (all[n - 1] ?? t))
  expect(Math.max(...gaps.slice(1, 20))).toBeLessThanOrEqual(4)
})

it('metal: ten interrupts between two polls turn them off, polls go on', () => {
  const machine = host('metal', { processor: 'broadwell' })
  machine.checks.run('cache level=1 pcpu=2 every=100ms times=60')
  machine.run(9e9)
  expect(machine.checks.log.length).toBe(10)
  machine.run(11e9)
  expect(machine.checks.log.at(-1)?.flags).toBe(9)
})

it('what a host that has stopped is asked, it refuses', () => {
  const machine = host('xen-4.20')
  machine.checks.inject({ kind: 'memory', severity: 'fatal' })
  machine.run(1e6)
  const refusal = expect.objectContaining({ code: 'sim.halted' })
  expect(() => machine.command(['xl', 'list'])).toThrow(refusal)
  expect(() => machine.registers.guestRead({ domid: 0, vcpu: 0, msr: 0x10 })).toThrow(refusal)
  expect(machine.hypervisor.ring.text()).toContain('(XEN) Fatal machine check: MCE: Fatal error')
})
