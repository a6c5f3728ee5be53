// Who gets how much of the pcpus: by weight, up to a cap, and nobody nothing.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CREDIT, CREDIT2, DONE, schedulerHost } from './scheduler-host.js'

type Host = ReturnType<typeof schedulerHost>

const runningS = ({ scheduler }: Host, domid: number, vcpus = 1): number =>
  Array.from({ length: vcpus }, (_, v) => scheduler.state(domid, v).ns.running).reduce(
    (a, b) => a + b,
    0,
  ) / 1e9

describe.each([CREDIT, CREDIT2])('%s', (era) => {
  it.each([
    { name: 'equal weights', weights: [256, 256, 256], shares: [1 / 3, 1 / 3, 1 / 3] },
    { name: 'one twice as heavy', weights: [512, 256, 256], shares: [1 / 2, 1 / 4, 1 / 4] },
    { name: 'one eight times as heavy', weights: [1024, 128], shares: [8 / 9, 1 / 9] },
  ])('busy domains on one pcpu share by weight: $name', ({ weights, shares }) => {
    const host = schedulerHost({ pcpus: 1, era })
    for (const [d, weight] of weights.entries()) host.add(d, 1, { guest: 'busy', weight })
    host.seconds(20)
    for (const [d, share] of shares.entries()) {
      expect(runningS(host, d) / 20).toBeCloseTo(share, 1)
    }
  })

  it('a pcpu that many want is never idle', () => {
    const host = schedulerHost({ pcpus: 3, era })
    for (let d = 0; d < 5; d++) host.add(d, 2, { guest: 'busy' })
    host.seconds(5)
    const used = [0, 1, 2, 3, 4].reduce((sum, d) => sum + runningS(host, d, 2), 0)
    expect(used).toBeCloseTo(15, 3)
  })

  it.each([10, 40, 80])('a domain capped at %i percent gets that of an idle host', (cap) => {
    const host = schedulerHost({ pcpus: 2, era })
    host.add(1, 1, { guest: 'busy', cap })
    host.seconds(20)
    expect(runningS(host, 1) / 20).toBeGreaterThan(cap / 100 - 0.04)
    expect(runningS(host, 1) / 20).toBeLessThan(cap / 100 + 0.04)
  })

  it('a cap is taken back', () => {
    const host = schedulerHost({ pcpus: 1, era })
    host.add(1, 1, { guest: 'busy', cap: 5 })
    host.seconds(1)
    host.scheduler.setWeight(1, { weight: 256, cap: 0 })
    const before = runningS(host, 1)
    host.seconds(1)
    expect(runningS(host, 1) - before).toBeCloseTo(1, 2)
  })

  it('nobody waits for ever', () => {
    const domain = fc.record({
      weight: fc.integer({ min: 64, max: 1024 }),
      guest: fc.constantFrom('busy' as const, 'bursty' as const, 'idle' as const),
      pin: fc.option(fc.nat({ max: 1 }), { nil: undefined }),
    })
    fc.assert(
      fc.property(fc.array(domain, { minLength: 2, maxLength: 10 }), fc.nat(), (domains, seed) => {
        const host = schedulerHost({ pcpus: 2, era, seed, listens: true })
        domains.forEach(({ weight, guest, pin }, d) => {
          host.add(d + 1, 1, { weight, guest })
          if (pin !== undefined) host.scheduler.pin(d + 1, 0, [pin])
        })
        host.seconds(4)
        expect(longestWaitS(host)).toBeLessThan(1.5)
      }),
      { numRuns: 20 },
    )
  })

  it('who sleeps much is served at once when it wakes', () => {
    const host = schedulerHost({ pcpus: 1, era })
    host.add(0, 1)
    for (const d of [1, 2, 3]) host.add(d, 1, { guest: 'busy' })
    host.seconds(1)
    for (let n = 0; n < 50; n++) {
      host.scheduler.work(0, 0, 100_000, DONE)
      host.seconds(0.02)
    }
    expect(host.done).toHaveLength(50)
    expect(host.scheduler.state(0, 0).ns.runnable / 50).toBeLessThan(2_500_000)
  })
})

/** The longest that anybody was runnable without a break, those that still are included. */
function longestWaitS(host: Host): number {
  const since = new Map<number, number>()
  let longest = 0
  for (const { code, ns, words } of host.taken()) {
    if ((code & 0xff00f) !== 0x21001) continue
    const [who = 0] = words
    if ((code & 0xf00) === 0x100 && since.has(who)) {
      longest = Math.max(longest, ns - (since.get(who) ?? ns))
    }
    if ((code & 0xf0) === 0x10 && who >>> 16 !== 0x7fff) since.set(who, ns)
    else since.delete(who)
  }
  for (const ns of since.values()) longest = Math.max(longest, host.kernel.now - ns)
  return longest / 1e9
}
