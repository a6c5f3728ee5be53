// Over any sequence of operations: a vcpu is on at most one pcpu, times of runstates add up, and no
// pcpu idles while somebody waits that may run there.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Bus } from '../../src/backend/sim/bus.js'
import { eraNamed } from '../../src/backend/sim/era.js'
import { Kernel } from '../../src/backend/sim/kernel.js'
import { Scheduler } from '../../src/backend/sim/scheduler.js'
import { Prng } from '../../src/base/prng.js'

const DONE = 999
const VCPUS = 2

type Act =
  | { kind: 'wake' | 'block'; domid: number; vcpu: number }
  | { kind: 'work'; domid: number; vcpu: number; ns: number }
  | { kind: 'pin'; domid: number; vcpu: number; pcpus: number[] }
  | { kind: 'pause' | 'unpause' | 'replace'; domid: number }
  | { kind: 'pcpu'; pcpu: number; online: boolean }
  | { kind: 'run'; ns: number }

const domid = fc.integer({ min: 0, max: 3 })
const vcpu = fc.nat({ max: VCPUS - 1 })
const pcpu = fc.nat({ max: 2 })
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constantFrom('wake' as const, 'block' as const), domid, vcpu }),
  fc.record({
    kind: fc.constant('work' as const),
    domid,
    vcpu,
    ns: fc.integer({ min: 1, max: 90_000_000 }),
  }),
  fc.record({
    kind: fc.constant('pin' as const),
    domid,
    vcpu,
    pcpus: fc.uniqueArray(pcpu, { minLength: 1 }),
  }),
  fc.record({ kind: fc.constantFrom('pause' as const, 'unpause', 'replace'), domid }),
  fc.record({ kind: fc.constant('pcpu' as const), pcpu, online: fc.boolean() }),
  fc.record({ kind: fc.constant('run' as const), ns: fc.integer({ min: 0, max: 100_000_000 }) }),
)

function host() {
  const kernel = new Kernel()
  const bus = new Bus(() => kernel.now)
  const random = new Prng(1)
  const scheduler = new Scheduler({ kernel, bus, random, pcpus: 3, era: eraNamed('xvm-3.1') })
  const made = new Map<number, number>()
  const add = (domid: number): void => {
    scheduler.addDomain(domid, VCPUS)
    for (let v = 0; v < VCPUS; v++) scheduler.raise(domid, v)
    made.set(domid, kernel.now)
  }
  for (let d = 0; d < 4; d++) add(d)
  let done = 0
  kernel.on(DONE, () => {
    done++
  })
  return { kernel, bus, scheduler, made, add, done: () => done }
}

function perform({ kernel, scheduler, add }: ReturnType<typeof host>, a: Act): void {
  switch (a.kind) {
    case 'wake':
    case 'block':
      scheduler[a.kind](a.domid, a.vcpu)
      break
    case 'work':
      scheduler.work(a.domid, a.vcpu, a.ns, DONE)
      break
    case 'pin':
      scheduler.pin(a.domid, a.vcpu, a.pcpus)
      break
    case 'pause':
    case 'unpause':
      scheduler[a.kind](a.domid)
      break
    case 'replace':
      scheduler.removeDomain(a.domid)
      add(a.domid)
      break
    case 'pcpu':
      scheduler.setPcpuOnline(a.pcpu, a.online)
      break
    case 'run':
      kernel.runUntil(kernel.now + a.ns)
      break
  }
}

it('keeps its laws over any sequence', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const of = host()
      for (const a of acts) {
        perform(of, a)
        const { scheduler, kernel, made } = of
        const busy = new Map<number, string>()
        const offline = scheduler.save().pcpus.flatMap((p, n) => (p.online ? [] : [n]))
        for (let d = 0; d < 4; d++) {
          for (let v = 0; v < VCPUS; v++) {
            const state = scheduler.state(d, v)
            const sum = Object.values(state.ns).reduce((a, b) => a + b, 0)
            expect(sum).toBe(kernel.now - (made.get(d) as number))
            const on = scheduler.where(d, v)
            if (on === undefined) continue
            expect(busy.has(on)).toBe(false)
            expect(offline).not.toContain(on)
            expect(state.affinity).toContain(on)
            busy.set(on, `d${d}v${v}`)
          }
        }
        for (let d = 0; d < 4; d++) {
          for (let v = 0; v < VCPUS; v++) {
            const { runstate, affinity } = scheduler.state(d, v)
            const idle = affinity.filter((p) => !busy.has(p) && !offline.includes(p))
            if (runstate === 'runnable') expect(idle).toEqual([])
          }
        }
      }
    }),
    { numRuns: 300 },
  )
})

it('work takes exactly its time where nobody else wants the pcpu', () => {
  const { kernel, scheduler, done } = host()
  scheduler.work(1, 0, 75_000_000, DONE)
  kernel.runUntil(74_999_999)
  expect(done()).toBe(0)
  kernel.runUntil(75_000_000)
  expect(done()).toBe(1)
  expect(scheduler.state(1, 0).ns.running).toBe(75_000_000)
})

it('domains that never sleep share by weight', () => {
  const { kernel, scheduler } = host()
  for (const pcpu of [1, 2]) scheduler.setPcpuOnline(pcpu, false)
  for (const d of [1, 2]) for (let v = 0; v < VCPUS; v++) scheduler.wake(d, v)
  scheduler.setWeight(1, { weight: 512, cap: 0 })
  kernel.runUntil(30_000_000_000)
  const ran = (d: number) => scheduler.state(d, 0).ns.running + scheduler.state(d, 1).ns.running
  expect(ran(1) + ran(2)).toBe(30_000_000_000)
  expect(ran(1) / ran(2)).toBeGreaterThan(1.7)
  expect(ran(1) / ran(2)).toBeLessThan(2.3)
})

it('who wakes goes before those that run through', () => {
  const { kernel, scheduler, done } = host()
  for (let v = 0; v < VCPUS; v++) scheduler.wake(1, v)
  scheduler.wake(2, 0)
  kernel.runUntil(45_000_000)
  scheduler.work(3, 0, 1_000_000, DONE)
  kernel.runUntil(46_000_001)
  expect(done()).toBe(1)
})
