// sched_op and vcpu_op: what a guest asks of the scheduler reaches it.
import { expect, it } from 'vitest'
import type { SimMachine } from '../../src/backend/sim/sim-machine.js'
import type { CallValues } from '../../src/backend/sim/step.js'
import { build, smallHost } from './guest-scripts.js'

/** A guest with two vcpus that compute all the time. */
function busyGuest(era = 'xen-4.17'): { machine: SimMachine; domid: number } {
  const machine = smallHost(era)
  const domid = build(machine, { vcpus: 2 })
  machine.run(1_000_000_000)
  machine.scheduler.setGuest(domid, 'busy')
  machine.run(100_000_000)
  return { machine, domid }
}

function does(
  machine: SimMachine,
  by: { domid: number; vcpu: number },
  ...what: [hypercall: string, operation: string, args?: CallValues, more?: unknown]
): number {
  const [hypercall, operation, args = {}, more] = what
  return machine.hypervisor.call(by, { kind: 'call', hypercall, operation, args, more }).reply
    .result
}

const stateOf = (machine: SimMachine, domid: number, vcpu: number): string =>
  machine.scheduler.state(domid, vcpu).runstate

it.each(['xvm-3.1', 'xen-4.17'])('%s: who blocks waits until it is woken', (era) => {
  const { machine, domid } = busyGuest(era)
  expect(stateOf(machine, domid, 0)).not.toBe('blocked')
  expect(does(machine, { domid, vcpu: 0 }, 'sched_op', 'block')).toBe(0)
  expect(stateOf(machine, domid, 0)).toBe('blocked')
  machine.scheduler.wake(domid, 0)
  machine.run(50_000_000)
  expect(stateOf(machine, domid, 0)).toBe('running')
})

it('who polls is woken when its time is over', () => {
  const { machine, domid } = busyGuest()
  machine.scheduler.setGuest(domid, 'none')
  machine.run(100_000_000)
  const began = machine.scheduler.state(domid, 1).ns.running
  const more = { ports: [1], timeoutNs: 30_000_000 }
  expect(does(machine, { domid, vcpu: 1 }, 'sched_op', 'poll', {}, more)).toBe(0)
  machine.run(29_000_000)
  expect(machine.scheduler.state(domid, 1).ns.running).toBe(began)
  machine.run(2_000_000)
  expect(machine.scheduler.state(domid, 1).ns.running).toBeGreaterThan(began)
})

it('who polls a port that it does not have is refused, and goes on', () => {
  const { machine, domid } = busyGuest()
  expect(does(machine, { domid, vcpu: 0 }, 'sched_op', 'poll', {}, { ports: [77] })).toBe(-22)
  expect(stateOf(machine, domid, 0)).not.toBe('blocked')
})

it('who yields on its own pcpu goes on', () => {
  const { machine, domid } = busyGuest()
  expect(does(machine, { domid, vcpu: 0 }, 'sched_op', 'yield')).toBe(0)
  machine.run(10_000_000)
  expect(stateOf(machine, domid, 0)).toBe('running')
})

it('a vcpu that goes down runs no more, until it is brought up', () => {
  const { machine, domid } = busyGuest()
  expect(does(machine, { domid, vcpu: 0 }, 'vcpu_op', 'down', { a1: 1 })).toBe(0)
  expect(stateOf(machine, domid, 1)).toBe('offline')
  expect(does(machine, { domid, vcpu: 0 }, 'vcpu_op', 'is_up', { a1: 1 })).toBe(0)
  const ran = machine.scheduler.state(domid, 1).ns.running
  machine.run(100_000_000)
  expect(machine.scheduler.state(domid, 1).ns.running).toBe(ran)
  expect(does(machine, { domid, vcpu: 0 }, 'vcpu_op', 'up', { a1: 1 })).toBe(0)
  machine.run(100_000_000)
  expect(machine.scheduler.state(domid, 1).ns.running).toBeGreaterThan(ran)
})

it('a poll outlives neither its domain nor disturbs who has its number next', () => {
  const { machine, domid } = busyGuest()
  does(machine, { domid, vcpu: 0 }, 'sched_op', 'poll', {}, { timeoutNs: 30_000_000 })
  does(machine, { domid: 0, vcpu: 0 }, 'domctl', 'destroydomain', { domid })
  expect(() => machine.run(100_000_000)).not.toThrow()
})
