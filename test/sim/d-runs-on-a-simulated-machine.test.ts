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

interface Seen {
  readonly pid: number
  readonly code: number
  readonly pcpu: number
  readonly ns: number
}

/** Pcpus and times of the entries and returns of calls, as they come. */
function calls(machine: SimMachine): Seen[] {
  const seen: Seen[] = []
  machine.watch(
    (code) => code === DOM0_CALL_ENTRY || code === DOM0_CALL_RETURN,
    ({ length, code, pcpu, ticks, at, words }) => {
      for (let i = 0; i < length; i++) {
        const pid = words[at[i] ?? 0] ?? 0
        seen.push({ pid, code: code[i] ?? 0, pcpu: pcpu[i] ?? 0, ns: ticks[i] ?? 0 })
      }
    },
  )
  return seen
}

function* asking(times: number): Script {
  for (let n = 0; n < times; n++) yield* call('sysctl', 'debug_keys')
  return 0
}

it('a call may begin on one pcpu and end on another', () => {
  const machine = smallHost('xen-4.17')
  const seen = calls(machine)
  machine.processes.spawn('xl', asking(1))
  while (seen.length === 0) {
    machine.step()
    machine.bus.flush()
  }
  const from = seen[0]?.pcpu as number
  for (const vcpu of [0, 1]) machine.scheduler.pin(0, vcpu, [(from + 1) % 4])
  machine.run(10_000_000)
  machine.bus.flush()
  expect(seen.map(({ code }) => code)).toEqual([DOM0_CALL_ENTRY, DOM0_CALL_RETURN])
  expect(seen[1]?.pcpu).toBe((from + 1) % 4)
})

it('where guests are busy, a call of dom0 may wait in its middle', () => {
  const machine = smallHost('xvm-3.1')
  for (let n = 0; n < 5; n++) {
    machine.scheduler.setGuest(perform(machine, building({ memoryMiB: 16, vcpus: 2 })), 'busy')
  }
  machine.run(1_000_000_000)
  const seen = calls(machine)
  for (let n = 0; n < 4; n++) machine.processes.spawn('xend', asking(5_000))
  machine.run(3_000_000_000)
  machine.bus.flush()
  const began = new Map<number, number>()
  const took: number[] = []
  for (const { pid, code, ns } of seen) {
    if (code === DOM0_CALL_ENTRY) began.set(pid, ns)
    else took.push(ns - (began.get(pid) ?? 0))
  }
  expect(took.length).toBeGreaterThan(10)
  expect(Math.max(...took)).toBeGreaterThan(1_000_000)
  expect(Math.min(...took)).toBeLessThan(100_000)
})
