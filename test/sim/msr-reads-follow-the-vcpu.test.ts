// Two reads of a vcpu in a row may hit two pcpus: exactly when the scheduler moved it in between,
// and as often as its migrations make one expect.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { GuestName } from '../../src/backend/sim/guest-model.js'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'
import { HW_MSR } from '../../src/machine/observation.js'

const APIC_BASE = 0x1b
const SWITCH = 0x2800a
const PAIRS = 800
const READER = { domid: 0, vcpu: 1 }

interface Load {
  readonly era: string
  readonly guests: readonly GuestName[]
  readonly seed: number
}

/** A host whose dom0 computes, beside such guests of two vcpus each. */
function loaded({ era, guests, seed }: Load): SimMachine {
  const machine = createSimulator({ era, seed })
  machine.scheduler.setGuest(0, 'busy')
  guests.forEach((guest, n) => {
    machine.scheduler.addDomain(n + 1, 2, { guest })
    machine.scheduler.raise(n + 1, 0)
    machine.scheduler.raise(n + 1, 1)
  })
  machine.run(1e9)
  return machine
}

/** How many of the pairs of reads hit two pcpus; how many were moved in between, by the trace; and
 *  how often the reader moves a nanosecond of its own time. */
function pairsOf(machine: SimMachine, gapNs: number) {
  const { scheduler, registers, bus } = machine
  let pcpu = -1
  let moves = 0
  const movesAtRead: number[] = []
  const close = bus.listen(
    (code) => code === HW_MSR || code === SWITCH,
    (batch) => {
      for (let i = 0; i < batch.length; i++) {
        const at = batch.at[i] as number
        const isReader = batch.words[at + 2] === READER.domid && batch.words[at + 3] === READER.vcpu
        if (batch.code[i] === HW_MSR) movesAtRead.push(moves)
        else if (isReader) {
          if (pcpu >= 0 && pcpu !== batch.pcpu[i]) moves += 1
          pcpu = batch.pcpu[i] as number
        }
      }
    },
  )
  const before = scheduler.state(READER.domid, READER.vcpu)
  let torn = 0
  for (let n = 0; n < PAIRS; n++) {
    const [a, b] = registers.guestReads({ ...READER, msrs: [APIC_BASE, APIC_BASE] }, gapNs)
    if (a?.executedOn !== b?.executedOn) torn += 1
    machine.run(3_700_000)
  }
  close()
  const after = scheduler.state(READER.domid, READER.vcpu)
  const moved = movesAtRead.filter((m, n) => n % 2 === 1 && m !== movesAtRead[n - 1]).length
  const perNs = (after.migrations - before.migrations) / (after.ns.running - before.ns.running)
  return { torn: torn / PAIRS, moved: moved / PAIRS, perNs, reads: movesAtRead.length }
}

const load = fc.record({
  era: fc.constantFrom('xen-3.1-upstream', 'xvm-3.1', 'xen-4.17', 'xen-4.20'),
  guests: fc.array(fc.constantFrom<GuestName>('busy', 'bursty'), { minLength: 1, maxLength: 6 }),
  seed: fc.nat(1e6),
})

it('the rate is 1 - e^(-λ·dt), λ being how often the vcpu migrates', () => {
  fc.assert(
    fc.property(load, fc.constantFrom(2e3, 50e3, 2e5, 1e6, 3e6), (of, dt) => {
      const { torn, moved, perNs, reads } = pairsOf(loaded(of), dt)
      const expected = 1 - Math.exp(-perNs * dt)
      // Four standard deviations of that many pairs; and what a scheduler with a pulse differs by
      // from one whose moves come at random: at most the chance of two moves.
      const spread = 4 * Math.sqrt((expected * (1 - expected)) / PAIRS) + 2 / PAIRS
      const pulse = Math.min(1, perNs * dt) ** 2 / 2
      expect(Math.abs(moved - expected)).toBeLessThanOrEqual(spread + pulse)
      expect(torn).toBeLessThanOrEqual(moved)
      expect(reads).toBe(2 * PAIRS)
    }),
    { numRuns: 12 },
  )
}, 60_000)

it('at the cost of a trap hardly a pair is torn, after a millisecond many are', () => {
  const guests: readonly GuestName[] = ['busy', 'bursty', 'busy', 'bursty', 'busy', 'bursty']
  const of = { era: 'xen-4.20', guests, seed: 3 }
  expect(pairsOf(loaded(of), 2e3).torn).toBeLessThan(0.01)
  expect(pairsOf(loaded(of), 1e6).torn).toBeGreaterThan(0.3)
})

it('a vcpu that is pinned reads one pcpu only', () => {
  const machine = loaded({ era: 'xen-4.20', guests: ['busy', 'busy', 'busy'], seed: 5 })
  machine.scheduler.pin(0, 1, [2])
  const reads = machine.registers.guestReads({ ...READER, msrs: Array(40).fill(APIC_BASE) }, 1e6)
  expect(new Set(reads.map((r) => r.executedOn))).toEqual(new Set([2]))
})

it('reads in a row take time of the vcpu, and each has its moment', () => {
  const machine = createSimulator({ era: 'xen-3.1-upstream' })
  const before = machine.scheduler.state(0, 1).usedNs
  const reads = machine.registers.guestReads({ ...READER, msrs: [0x10, 0x10, 0x10] }, 5_000)
  const [a, b, c] = reads.map((r) => r.atNs)
  expect((b ?? 0) - (a ?? 0)).toBeGreaterThanOrEqual(5_000)
  expect((c ?? 0) - (b ?? 0)).toBeGreaterThanOrEqual(5_000)
  expect(machine.scheduler.state(0, 1).usedNs - before).toBeGreaterThanOrEqual(12_000)
})
