// Laws of any scheduler, over any sequence of operations, under both of Xen's: who runs where, for
// how long, and that a copy has the same future.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CREDIT, CREDIT2, DONE, schedulerHost } from './scheduler-host.js'

const DOMAINS = 4
const VCPUS = 2
const PCPUS = 3

const domid = fc.nat({ max: DOMAINS - 1 })
const vcpu = fc.nat({ max: VCPUS - 1 })
const pcpu = fc.nat({ max: PCPUS - 1 })
const ns = fc.oneof(fc.nat({ max: 3_000 }), fc.nat({ max: 90_000_000 }))
const guest = fc.constantFrom('none' as const, 'idle' as const, 'busy' as const, 'bursty' as const)
const act = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('wake', 'block', 'yield'), domid, vcpu }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('work'), domid, vcpu, ns }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('run'), ns }) },
  fc.record({
    kind: fc.constant('pin'),
    domid,
    vcpu,
    pcpus: fc.uniqueArray(pcpu, { minLength: 1 }),
  }),
  fc.record({ kind: fc.constantFrom('pause', 'unpause', 'replace'), domid }),
  fc.record({ kind: fc.constantFrom('raise', 'lower'), domid, vcpu }),
  fc.record({ kind: fc.constant('pcpu'), pcpu, online: fc.boolean() }),
  fc.record({ kind: fc.constant('guest'), domid, guest }),
  fc.record({
    kind: fc.constant('weigh'),
    domid,
    weight: fc.integer({ min: 64, max: 1024 }),
    cap: fc.constantFrom(0, 0, 20, 150),
  }),
)

type Act = Partial<{
  domid: number
  vcpu: number
  ns: number
  pcpu: number
  pcpus: number[]
  online: boolean
  guest: 'none' | 'idle' | 'busy' | 'bursty'
  weight: number
  cap: number
}> & { kind: string }

function newHost(era: string, seed = 1) {
  const host = schedulerHost({ pcpus: PCPUS, era, seed, listens: true })
  const online = new Set(Array.from({ length: PCPUS }, (_, p) => p))
  for (let d = 0; d < DOMAINS; d++) host.add(d, VCPUS)
  return { ...host, online }
}

type Host = ReturnType<typeof newHost>

const ACTS: Readonly<Record<string, (host: Host, a: Required<Act>) => void>> = {
  wake: ({ scheduler }, a) => scheduler.wake(a.domid, a.vcpu),
  block: ({ scheduler }, a) => scheduler.block(a.domid, a.vcpu),
  yield: ({ scheduler }, a) => scheduler.yield(a.domid, a.vcpu),
  raise: ({ scheduler }, a) => scheduler.raise(a.domid, a.vcpu),
  lower: ({ scheduler }, a) => scheduler.lower(a.domid, a.vcpu),
  work: ({ scheduler }, a) => scheduler.work(a.domid, a.vcpu, a.ns, DONE),
  run: ({ kernel }, a) => kernel.runUntil(kernel.now + a.ns),
  pause: ({ scheduler }, a) => scheduler.pause(a.domid),
  unpause: ({ scheduler }, a) => scheduler.unpause(a.domid),
  guest: ({ scheduler }, a) => scheduler.setGuest(a.domid, a.guest),
  weigh: ({ scheduler }, { domid, weight, cap }) => scheduler.setWeight(domid, { weight, cap }),
  pin: ({ scheduler, online }, a) => {
    const isPossible = a.pcpus.some((p) => online.has(p))
    scheduler.pin(a.domid, a.vcpu, isPossible ? a.pcpus : [...online])
  },
  replace: ({ scheduler, add }, a) => {
    scheduler.removeDomain(a.domid)
    add(a.domid, VCPUS)
  },
  pcpu: ({ scheduler, online }, a) => {
    if (!scheduler.setPcpuOnline(a.pcpu, a.online)) return
    if (a.online) online.add(a.pcpu)
    else online.delete(a.pcpu)
  },
}

const perform = (host: Host, a: Act): void => ACTS[a.kind]?.(host, a as Required<Act>)

const ALL = Array.from({ length: DOMAINS * VCPUS }, (_, n) => [n >> 1, n & 1] as const)

/** What holds at any moment. */
function check({ scheduler, kernel, online }: Host): void {
  const busy = new Set<number>()
  for (const [d, v] of ALL) {
    const state = scheduler.state(d, v)
    const sum = Object.values(state.ns).reduce((a, b) => a + b, 0)
    expect(sum, 'runstate times add up').toBe(kernel.now - state.madeAtNs)
    expect(state.usedNs + state.leftNs, 'work is conserved').toBe(state.queuedNs)
    expect(state.usedNs, 'all running is work').toBe(state.ns.running)
    const on = scheduler.where(d, v)
    if (on === undefined) continue
    expect(busy.has(on), 'one vcpu a pcpu').toBe(false)
    expect(online.has(on), 'only on pcpus that are online').toBe(true)
    expect(state.affinity, 'only where it may').toContain(on)
    busy.add(on)
  }
}

describe.each([CREDIT, CREDIT2])('%s', (era) => {
  it('keeps its laws at any moment of any sequence', () => {
    const acts = fc.array(act as fc.Arbitrary<Act>, { maxLength: 80 })
    fc.assert(
      fc.property(acts, fc.nat(), (sequence, seed) => {
        const host = newHost(era, seed)
        for (const a of sequence) {
          perform(host, a)
          check(host)
        }
        expectOneAtATime(host.taken())
      }),
      { numRuns: Number(process.env['XPV_RUNS'] ?? 150) },
    )
  })

  it('no pcpu idles for long while somebody waits that may run there', () => {
    const acts = fc.array(act as fc.Arbitrary<Act>, { maxLength: 60 })
    fc.assert(
      fc.property(acts, (sequence) => {
        const host = newHost(era)
        for (const a of sequence) if (a.kind !== 'weigh' || a.cap === 0) perform(host, a)
        expectNoneIdle(host)
      }),
      { numRuns: 100 },
    )
  })

  it('a copy has the same future, to the byte', () => {
    const acts = fc.array(act as fc.Arbitrary<Act>, { maxLength: 40 })
    fc.assert(
      fc.property(acts, acts, (before, after) => {
        const host = newHost(era)
        for (const a of before) perform(host, a)
        host.taken()
        const copy = newHost(era, 99)
        copy.taken()
        copy.kernel.restore(host.kernel.save())
        copy.scheduler.restore(host.scheduler.save())
        copy.online.clear()
        for (const p of host.online) copy.online.add(p)
        const future = [host, copy].map((of) => {
          for (const a of after) perform(of, a)
          of.seconds(0.05)
          return of.taken()
        })
        expect(future[1]).toEqual(future[0])
      }),
      { numRuns: 40 },
    )
  })

  it('the same seed gives the same rows, another seed others', () => {
    const rowsOf = (seed: number) => {
      const host = schedulerHost({ pcpus: 2, era, seed, listens: true })
      host.add(0, 2, {})
      host.add(1, 2, { guest: 'bursty' })
      host.seconds(0.5)
      return host.taken()
    }
    expect(rowsOf(7)).toEqual(rowsOf(7))
    expect(rowsOf(7)).not.toEqual(rowsOf(8))
  })
})

/** The rows themselves: each pcpu's say one vcpu after another, no vcpu in two places. */
function expectOneAtATime(rows: ReturnType<Host['taken']>): void {
  const on = new Map<number, number>()
  const runstates = new Map<number, number>()
  for (const { code, pcpu: at, words } of rows) {
    if (code === 0x28002) forget(runstates, words[0] ?? 0)
    if ((code & 0xff00f) !== 0x21001 || code === 0x21002) continue
    const [who = 0] = words
    const from = (code >> 8) & 3
    const to = (code >> 4) & 3
    if (runstates.has(who))
      expect(from, 'each runstate begins where the last ended').toBe(runstates.get(who))
    runstates.set(who, to)
    if (from === 0) {
      if (on.has(at)) expect(on.get(at)).toBe(who)
      on.delete(at)
    }
    if (to === 0) {
      expect([...on.values()]).not.toContain(who)
      expect(on.has(at)).toBe(false)
      on.set(at, who)
    }
  }
}

function forget(runstates: Map<number, number>, domid: number): void {
  for (const who of runstates.keys()) if (who >>> 16 === domid) runstates.delete(who)
}

function expectNoneIdle({ scheduler, kernel, online }: Host): void {
  const waiting = (): string[] => {
    const states = ALL.map(([d, v]) => ({ d, v, state: scheduler.state(d, v) }))
    const busy = new Set(states.map(({ d, v }) => scheduler.where(d, v)))
    return states.flatMap(({ d, v, state }) => {
      const idle = state.affinity.some((p) => online.has(p) && !busy.has(p))
      return state.runstate === 'runnable' && idle ? [`d${d}v${v}`] : []
    })
  }
  let since = new Map<string, number>()
  for (let step = 0; step < 400 && kernel.step(); step++) {
    since = new Map(waiting().map((who) => [who, since.get(who) ?? kernel.now]))
    for (const [who, begun] of since) expect(kernel.now - begun, who).toBeLessThan(10_000)
  }
}
