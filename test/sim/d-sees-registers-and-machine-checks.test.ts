// D programs over providers msr and mca, on a simulated machine: what fires, with which arguments.
import { describe, expect, it } from 'vitest'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'
import { MCA_PROBES } from '../../src/dtrace/probe/mca-probes.js'
import { MSR_PROBES } from '../../src/dtrace/probe/msr-probes.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import { runProgram } from '../../src/dtrace/run/run.js'
import { d } from '../run/build.js'

const CATALOG = standardCatalog()
const MCG_CAP = 0x179

/** Groups of the first aggregation of a program, while `act` is done and then `seconds` pass. */
function groupsOf(machine: SimMachine, text: string, seconds: number): Record<string, number> {
  const program = d(`${text} tick-${seconds}s { exit(0); }`, CATALOG)
  const result = runProgram(program, machine, CATALOG)
  return Object.fromEntries(
    (result.aggregations[0]?.groups ?? []).map(({ key, state }) => [
      key.join(' '),
      state.kind === 'count' ? Number(state.count) : Number.NaN,
    ]),
  )
}

/** A host on which somebody in dom0 reads a register now and then, without anybody waiting. */
function reading(era: string, msr: number): SimMachine {
  const machine = createSimulator({ era, sockets: 1, coresPerSocket: 4 })
  machine.kernel.on(950, () => {
    machine.registers.executeRead({ domid: 0, vcpu: 1, msr })
    machine.scheduler.work(0, 1, 100_000_000, 950)
  })
  machine.scheduler.work(0, 1, 100_000_000, 950)
  return machine
}

describe('provider msr', () => {
  it.each([
    ['xvm-3.1', 'gp-fault'],
    ['xen-3.1-upstream', 'read'],
    ['xen-4.17', 'virtualised'],
  ])('%s: msr:::%s', (era, name) => {
    const machine = reading(era, MCG_CAP)
    const groups = groupsOf(machine, 'msr::: { @[probename, arg0] = count(); }', 2)
    expect(Object.keys(groups)).toEqual([`${name} ${MCG_CAP}`])
  })

  it('the pcpu is the one that executed it; the value is that of the register', () => {
    const machine = reading('xen-3.1-upstream', MCG_CAP)
    machine.scheduler.pin(0, 1, [3])
    const text = 'msr:::read { @[cpu, domid, vcpuid, args[1], args[2], args[4]] = count(); }'
    expect(Object.keys(groupsOf(machine, text, 2))).toEqual([`3 0 1 ${0x105} 0 0`])
  })

  it('a value that was not read is no 0: who asks for it gets nothing', () => {
    const machine = reading('xvm-3.1', MCG_CAP)
    const result = runProgram(
      d('msr:::gp-fault { @[args[1]] = count(); } tick-1s { exit(0); }', CATALOG),
      machine,
      CATALOG,
    )
    expect(result.aggregations[0]?.groups ?? []).toEqual([])
    expect(result.firings).toBeGreaterThan(5)
  })
})

describe('provider mca', () => {
  it('follows an error from its bank to dom0', () => {
    const machine = createSimulator({ era: 'xen-4.20', sockets: 1, coresPerSocket: 4 })
    machine.checks.run('cache level=1 pcpu=2 at=1s every=1s times=2')
    const text = 'mca::: /probename != "poll" || args[0] < 32/ { @[probename, cpu] = count(); }'
    expect(groupsOf(machine, text, 30)).toEqual({
      'latched 2': 1,
      'overflow 2': 1,
      'poll 2': 1,
      'cleared 2': 1,
      'virq 2': 1,
      'fetched 2': 1,
    })
  })

  it('on Xen 4.17 it ends in the bank', () => {
    const machine = createSimulator({ era: 'xen-4.17', sockets: 1, coresPerSocket: 4 })
    machine.checks.run('memory at=1s every=40s times=3')
    const text =
      'mca:::latched, mca:::overflow, mca:::cleared, mca:::fetched { @[probename] = count(); }'
    expect(groupsOf(machine, text, 200)).toEqual({ latched: 1, overflow: 2 })
  })

  it('the arguments are the registers of the bank', () => {
    const machine = createSimulator({ era: 'metal' })
    machine.checks.run('raw pcpu=1 bank=2 status=0x9400000000000135 address=0x2345040 at=1s')
    const text = 'mca:::latched { @[args[0], args[1] & 0xffff, args[2]] = count(); }'
    expect(groupsOf(machine, text, 2)).toEqual({ [`2 ${0x135} ${0x2345040}`]: 1 })
  })

  it('an error that can be survived takes a page away', () => {
    const machine = createSimulator({ era: 'xen-4.20' })
    machine.checks.run('memory row=0x3000 severity=srao at=1s')
    const text = 'mca:::exception, mca:::page-offline { @[probename] = count(); }'
    expect(groupsOf(machine, text, 2)).toEqual({ exception: 4, 'page-offline': 1 })
  })
})

it('every probe has an id of its own, and its words', () => {
  const all = [...MSR_PROBES, ...MCA_PROBES]
  expect(new Set(all.map(({ id }) => id)).size).toBe(16)
  for (const { id, name, doc, args } of all) {
    expect(CATALOG.byId(id)?.name).toBe(name)
    expect(doc).not.toBe('')
    expect(args.length).toBeGreaterThan(3)
  }
})
