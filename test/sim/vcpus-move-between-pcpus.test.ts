// Where vcpus run: pins, pcpus taken out and in, and what the trace says of a move.
import { describe, expect, it } from 'vitest'
import { CREDIT, CREDIT2, DONE, schedulerHost } from './scheduler-host.js'

const SWITCH = 0x2800a

describe.each([CREDIT, CREDIT2])('%s', (era) => {
  it('a pin moves a running vcpu at once, and holds', () => {
    const host = schedulerHost({ pcpus: 4, era, listens: true })
    host.add(1, 1, { guest: 'busy' })
    host.seconds(0.1)
    const was = host.scheduler.where(1, 0) ?? 0
    const to = (was + 2) % 4
    host.taken()
    host.scheduler.pin(1, 0, [to])
    expect(host.scheduler.where(1, 0)).toBeUndefined()
    host.seconds(0.1)
    expect(host.scheduler.where(1, 0)).toBe(to)
    const rows = host.taken()
    expect(rows.filter(({ code }) => code === 0x28003 || code === 0x28004)).toHaveLength(2)
    const begun = rows.filter(({ code, words }) => code === SWITCH && words[2] === 1)
    expect(begun.map(({ pcpu }) => pcpu)).toEqual([to])
  })

  it('what it was in the middle of goes on where it is moved to', () => {
    const host = schedulerHost({ pcpus: 2, era })
    host.add(1, 1)
    host.scheduler.work(1, 0, 10_000_000, DONE, 7)
    host.seconds(0.004)
    host.scheduler.pin(1, 0, [1 - (host.scheduler.where(1, 0) ?? 0)])
    host.seconds(0.004)
    expect(host.done).toEqual([])
    host.seconds(0.004)
    expect(host.done).toEqual([7])
    expect(host.scheduler.state(1, 0).migrations).toBe(1)
  })

  it('a pcpu taken out runs nobody, one taken in is used again', () => {
    const host = schedulerHost({ pcpus: 3, era, listens: true })
    for (let d = 1; d <= 3; d++) host.add(d, 2, { guest: 'busy' })
    host.seconds(0.2)
    expect(host.scheduler.setPcpuOnline(2, false)).toBe(true)
    host.taken()
    host.seconds(0.5)
    const switches = () => host.taken().filter(({ code, pcpu }) => code === SWITCH && pcpu === 2)
    expect(switches()).toEqual([])
    expect(host.scheduler.setPcpuOnline(2, true)).toBe(true)
    host.seconds(0.5)
    expect(switches().length).toBeGreaterThan(0)
  })

  it('the last pcpu stays; who was pinned to one that goes may run anywhere', () => {
    const host = schedulerHost({ pcpus: 2, era })
    host.add(1, 1, { guest: 'busy' })
    host.scheduler.pin(1, 0, [1])
    expect(host.scheduler.setPcpuOnline(1, false)).toBe(true)
    expect(host.scheduler.setPcpuOnline(0, false)).toBe(false)
    expect(host.scheduler.setPcpuOnline(9, false)).toBe(false)
    host.seconds(0.1)
    expect(host.scheduler.where(1, 0)).toBe(0)
    expect(host.scheduler.state(1, 0).affinity).toEqual([0, 1])
  })

  it('where more want to run than can, vcpus migrate, and the trace shows each move', () => {
    const host = schedulerHost({ pcpus: 4, era, listens: true })
    host.add(0, 2, {})
    for (let d = 1; d <= 3; d++) host.add(d, 2, { guest: 'busy' })
    host.seconds(6)
    const last = new Map<string, number>()
    const moves = new Map<string, number>()
    for (const { code, pcpu, words } of host.taken()) {
      if (code !== SWITCH || words[2] === 0x7fff) continue
      const who = `d${words[2]}v${words[3]}`
      const before = last.get(who)
      if (before !== undefined && before !== pcpu) moves.set(who, (moves.get(who) ?? 0) + 1)
      last.set(who, pcpu)
    }
    for (let d = 0; d <= 3; d++) {
      for (let v = 0; v < 2; v++) {
        expect(host.scheduler.state(d, v).migrations).toBe(moves.get(`d${d}v${v}`) ?? 0)
      }
    }
    expect([...moves.values()].reduce((a, b) => a + b, 0)).toBeGreaterThan(100)
  })

  it('where there is room for all, nobody moves', () => {
    const host = schedulerHost({ pcpus: 4, era })
    host.add(0, 2, {})
    for (let d = 1; d <= 2; d++) host.add(d, 1, { guest: 'busy' })
    host.seconds(10)
    for (let d = 0; d <= 2; d++) expect(host.scheduler.state(d, 0).migrations).toBeLessThan(5)
  })

  it('sixteen pcpus share a queue: others take what waits in it when they idle', () => {
    const host = schedulerHost({ pcpus: 40, era })
    for (let d = 1; d <= 40; d++) host.add(d, 1, { guest: 'busy' })
    host.seconds(1)
    const on = Array.from({ length: 40 }, (_, d) => host.scheduler.where(d + 1, 0))
    expect(new Set(on).size).toBe(40)
  })
})
