// D programs on a simulated machine: what dom0 calls, how long it takes, and that time passes.
import { expect, it } from 'vitest'
import type { SimMachine } from '../../src/backend/sim/sim-machine.js'
import { call, type Script } from '../../src/backend/sim/step.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import { runProgram } from '../../src/dtrace/run/run.js'
import { DOM0_CALL_ENTRY, DOM0_CALL_RETURN } from '../../src/machine/observation.js'
import { d } from '../run/build.js'
import { building, perform, smallHost } from './guest-scripts.js'

const CATALOG = standardCatalog()

/** Groups of the first aggregation, and where the machine was when the program ended. */
function run(machine: SimMachine, text: string): { groups: Record<string, number>; at: number } {
  const result = runProgram(d(text, CATALOG), machine, CATALOG)
  const groups = Object.fromEntries(
    (result.aggregations[0]?.groups ?? []).map(({ key, state }) => [
      key.join(' '),
      state.kind === 'count' ? Number(state.count) : Number.NaN,
    ]),
  )
  return { groups, at: machine.nowNs }
}

it('a tick ends a program although nothing happens', () => {
  const machine = smallHost('xvm-3.1')
  machine.run(5_000_000_000)
  const { at } = run(machine, 'tick-1s { exit(0); }')
  expect(at).toBeGreaterThanOrEqual(6_000_000_000)
  expect(at).toBeLessThan(6_100_000_000)
})

it('the historic probes count what the builder does', () => {
  const machine = smallHost('xvm-3.1')
  machine.processes.spawn('xend', building({ memoryMiB: 16, vcpus: 1 }))
  const { groups } = run(
    machine,
    'xpv:::*-start /execname == "xend"/ { @[probename] = count(); } tick-1s { exit(0); }',
  )
  expect(groups).toEqual({
    'dom-create-start': 1,
    'evtchn-op-start': 2,
    'populate-physmap-start': 1,
    'mmap-start': 5,
    'setvcpucontext-start': 1,
    'dom-unpause-start': 1,
  })
})

it('a busy host preempts dom0 in the middle of a call, and moves it', () => {
  const machine = smallHost('xen-4.17')
  for (let n = 0; n < 3; n++) {
    const domid = perform(machine, building({ memoryMiB: 16, vcpus: 2 }))
    for (const operation of ['initialise', 'up']) {
      const step = { kind: 'call', hypercall: 'vcpu_op', operation, args: { a1: 1 } } as const
      machine.hypervisor.call({ domid, vcpu: 0 }, step)
    }
    for (const vcpu of n === 0 ? [0] : [0, 1]) machine.scheduler.wake(domid, vcpu)
  }
  const entered = new Map<number, number>()
  let moved = 0
  machine.watch(
    (code) => code === DOM0_CALL_ENTRY || code === DOM0_CALL_RETURN,
    (batch) => {
      for (let i = 0; i < batch.length; i++) {
        const pid = batch.words[batch.at[i] as number] as number
        const pcpu = batch.pcpu[i] as number
        if (batch.code[i] === DOM0_CALL_ENTRY) entered.set(pid, pcpu)
        else if (entered.get(pid) !== pcpu) moved++
      }
    },
  )
  // Two processes that keep dom0's vcpus busy: its credits run out, and it must wait like others.
  for (let n = 0; n < 4; n++) machine.processes.spawn('xl', asking(5_000))
  machine.run(2_000_000_000)
  machine.bus.flush()
  expect(moved).toBeGreaterThan(0)
  const { ns, migrations } = machine.scheduler.state(0, 0)
  expect(ns.runnable).toBeGreaterThan(0)
  expect(migrations).toBeGreaterThan(0)
  expect(
    run(machine, 'xdt:sched::on-cpu { @[arg0] = count(); } tick-1s { exit(0); }').groups,
  ).toEqual(expect.objectContaining({ 1: expect.any(Number), 2: expect.any(Number) }))
})

function* asking(times: number): Script {
  for (let n = 0; n < times; n++) yield* call('sysctl', 'debug_keys')
  return 0
}
