// Over any sequence of operations on guests: frames are conserved, ids differ, every call of dom0
// that was entered was left, and the machine has a copy with the same future.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { SimMachine } from '../../src/backend/sim/sim-machine.js'
import {
  CALL_IOCTL,
  CALL_OP,
  CALL_PID,
  CALL_RESULT_KNOWN,
  CALL_SUBOP,
  DOM0_CALL_ENTRY,
  DOM0_CALL_RETURN,
  type ObservationBatch,
  stringWords,
} from '../../src/machine/observation.js'
import { ask, build, smallHost } from './guest-scripts.js'

type Act =
  | { kind: 'build'; memoryMiB: number; vcpus: number }
  | { kind: 'destroy' | 'pause' | 'unpause' | 'shut' | 'grow' | 'shrink'; which: number }
  | { kind: 'run'; ns: number }

const which = fc.nat({ max: 5 })
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    kind: fc.constant('build' as const),
    memoryMiB: fc.integer({ min: 1, max: 900 }),
    vcpus: fc.constantFrom(1, 2, 4),
  }),
  fc.record({
    kind: fc.constantFrom('destroy', 'pause', 'unpause', 'shut', 'grow', 'shrink'),
    which,
  }),
  fc.record({ kind: fc.constant('run' as const), ns: fc.integer({ min: 0, max: 50_000_000 }) }),
)

const OPERATIONS = { destroy: 'destroydomain', pause: 'pausedomain', unpause: 'unpausedomain' }

function perform(machine: SimMachine, a: Act): void {
  if (a.kind === 'run') machine.run(a.ns)
  else if (a.kind === 'build') build(machine, a)
  else {
    const guests = machine.world.domains().slice(1)
    const domid = guests[a.which % Math.max(1, guests.length)]?.domid ?? 77
    if (a.kind === 'shut') {
      ask(machine, 'sched_op', 'remote_shutdown', {}, { domid, reason: 1 })
    } else if (a.kind === 'grow') {
      ask(machine, 'domctl', 'max_mem', { domid, u0: 4_000_000 })
      ask(machine, 'memory_op', 'populate_physmap', { domid, nr_extents: 7, extent_order: 9 })
    } else if (a.kind === 'shrink') {
      ask(machine, 'memory_op', 'decrease_reservation', { domid, nr_extents: 300 })
    } else ask(machine, 'domctl', OPERATIONS[a.kind], { domid })
  }
}

const acts = fc.array(act, { maxLength: 12 })
const era = fc.constantFrom('xvm-3.1', 'xen-3.1-upstream', 'xen-4.17')

it('frames are conserved and ids of living domains differ', () => {
  fc.assert(
    fc.property(era, acts, (name, sequence) => {
      const machine = smallHost(name)
      const { frames } = machine.hypervisor
      const used = new Set<number>()
      for (const each of sequence) {
        const before = new Set(machine.world.domains().map((d) => d.domid))
        perform(machine, each)
        const domains = machine.world.domains()
        const owned = domains.reduce((sum, d) => sum + d.pages, 0)
        expect(frames.free + frames.xen + frames.retired + owned).toBe(frames.total)
        expect(new Set(domains.map((d) => d.domid)).size).toBe(domains.length)
        for (const { domid } of domains) {
          if (before.has(domid)) continue
          expect(used.has(domid)).toBe(false)
          used.add(domid)
        }
      }
      for (const { domid } of machine.world.domains().slice(1)) {
        ask(machine, 'domctl', 'destroydomain', { domid })
      }
      expect(frames.ownedBy(0) + frames.free + frames.xen).toBe(frames.total)
    }),
    { numRuns: 40 },
  )
})

it('every entry has its return, with the same words', () => {
  fc.assert(
    fc.property(era, acts, (name, sequence) => {
      const machine = smallHost(name)
      const open = new Map<number, number[]>()
      let calls = 0
      const watch = machine.watch(
        (code) => code === DOM0_CALL_ENTRY || code === DOM0_CALL_RETURN,
        (batch) => {
          for (let i = 0; i < batch.length; i++) {
            const words = wordsOf(batch, i)
            const pid = words[CALL_PID] as number
            if (batch.code[i] === DOM0_CALL_ENTRY) {
              expect(open.has(pid)).toBe(false)
              expect(words[CALL_RESULT_KNOWN]).toBe(0)
              open.set(pid, words)
              calls++
            } else {
              const entry = open.get(pid) as number[]
              open.delete(pid)
              for (const at of [CALL_IOCTL, CALL_OP, CALL_SUBOP]) expect(words[at]).toBe(entry[at])
              expect(words.slice(9)).toEqual(entry.slice(9))
              expect(words[CALL_RESULT_KNOWN]).toBe(1)
            }
          }
        },
      )
      for (const each of sequence) perform(machine, each)
      machine.run(100_000_000)
      watch.close()
      expect(open.size).toBe(0)
      if (sequence.some((a) => a.kind === 'build')) expect(calls).toBeGreaterThan(4)
    }),
    { numRuns: 40 },
  )
})

it('a fork has the same future, whoever looks', () => {
  fc.assert(
    fc.property(era, fc.integer(), acts, acts, (name, seed, past, future) => {
      const machine = smallHost(name, seed)
      for (const each of past) perform(machine, each)
      const fork = machine.fork()
      const a = told(machine, future)
      for (const each of future) perform(fork, each)
      expect(fork.nowNs).toBe(machine.nowNs)
      expect(fork.hypervisor.save()).toEqual(machine.hypervisor.save())
      expect(fork.store.save()).toEqual(machine.store.save())
      const again = told(fork.fork(), [{ kind: 'build', memoryMiB: 8, vcpus: 1 }])
      const once = told(machine.fork(), [{ kind: 'build', memoryMiB: 8, vcpus: 1 }])
      expect(again).toEqual(once)
      expect(a.length).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: 30 },
  )
})

it('the same seed gives the same bytes, another one others', () => {
  const story: Act[] = [
    { kind: 'build', memoryMiB: 32, vcpus: 2 },
    { kind: 'run', ns: 20_000_000 },
    { kind: 'destroy', which: 0 },
  ]
  expect(told(smallHost('xvm-3.1', 5), story)).toEqual(told(smallHost('xvm-3.1', 5), story))
  expect(told(smallHost('xvm-3.1', 5), story)).not.toEqual(told(smallHost('xvm-3.1', 6), story))
})

/** Everything that is said while a machine does something. */
function told(machine: SimMachine, acts: readonly Act[]): string[] {
  const rows: string[] = []
  const watch = machine.watch(
    () => true,
    (batch, strings) => {
      for (let i = 0; i < batch.length; i++) {
        const { ticks, code, pcpu, domid, vcpu } = batch
        const words: (number | string | undefined)[] = wordsOf(batch, i)
        for (const at of stringWords(code[i] as number)) words[at] = strings[words[at] as number]
        rows.push([ticks[i], code[i], pcpu[i], domid[i], vcpu[i], ...words].join(' '))
      }
    },
  )
  for (const each of acts) perform(machine, each)
  watch.close()
  return rows
}

function wordsOf(batch: ObservationBatch, i: number): number[] {
  const at = batch.at[i] as number
  return [...batch.words.subarray(at, at + (batch.extra[i] as number))]
}
