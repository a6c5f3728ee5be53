// Machine-check exceptions: on which pcpus, with which IA32_MCG_STATUS, and what a second one does.
import { describe, expect, it } from 'vitest'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'
import { HW_MCA, MCA_EXCEPTION } from '../../src/machine/observation.js'

const MCG_STATUS = 0x17a
const MCG_EXT_CTL = 0x4d0
const SRAR = { kind: 'cache', level: 1, pcpu: 2, severity: 'srar' } as const
const SRAO = { kind: 'cache', level: 3, pcpu: 2, severity: 'srao' } as const

/** The pcpus that have an exception within a microsecond, and IA32_MCG_STATUS there. */
function exceptionOn(machine: SimMachine, act: () => void) {
  const pcpus: number[] = []
  const watch = machine.watch(
    (code) => code === HW_MCA,
    (batch) => {
      for (let i = 0; i < batch.length; i++) {
        const what = batch.words[batch.at[i] as number]
        if (what === MCA_EXCEPTION) pcpus.push(batch.pcpu[i] as number)
      }
    },
  )
  act()
  machine.run(1_000)
  watch.close()
  return { pcpus, status: pcpus.map((pcpu) => machine.registers.read(pcpu, MCG_STATUS)) }
}

it.each([
  { processor: 'broadwell', pcpus: [0, 1, 2, 3], status: [5n, 5n, 5n, 5n] },
  { processor: 'barcelona', pcpus: [2], status: [5n] },
])('$processor tells $pcpus of an error that can be survived', ({ processor, pcpus, status }) => {
  const machine = createSimulator({ era: 'metal', processor })
  const fault = processor === 'barcelona' ? { ...SRAO, level: 2 as const } : SRAO
  expect(exceptionOn(machine, () => machine.checks.inject(fault))).toEqual({ pcpus, status })
})

it('who used bad data cannot go on where it was: no RIPV, but EIPV', () => {
  const machine = createSimulator({ era: 'metal', processor: 'broadwell' })
  const { status } = exceptionOn(machine, () => machine.checks.inject(SRAR))
  expect(status).toEqual([5n, 5n, 6n, 5n])
})

it('with local machine checks only the one concerned is told', () => {
  const machine = createSimulator({ era: 'metal', processor: 'skylake' })
  for (let pcpu = 0; pcpu < 4; pcpu++) machine.registers.metalWrite(pcpu, MCG_EXT_CTL, 1n)
  const { pcpus, status } = exceptionOn(machine, () => machine.checks.inject(SRAR))
  expect([pcpus, status]).toEqual([[2], [0xen]])
})

it('a processor without them has no register to switch them on', () => {
  const machine = createSimulator({ era: 'metal', processor: 'broadwell' })
  expect(machine.registers.metalRead(0, MCG_EXT_CTL).kind).toBe('gp-fault')
})

it('once all have left it, no pcpu is in one', () => {
  const machine = createSimulator({ era: 'metal', processor: 'broadwell' })
  machine.checks.inject(SRAO)
  machine.run(1e6)
  for (let pcpu = 0; pcpu < 4; pcpu++) expect(machine.registers.read(pcpu, MCG_STATUS)).toBe(0n)
  expect(machine.checks.halted).toBeUndefined()
})

it('another one meanwhile shuts the host down', () => {
  const machine = createSimulator({ era: 'metal', processor: 'broadwell' })
  machine.checks.inject(SRAO)
  machine.checks.inject({ ...SRAO, pcpu: 0, level: 2 }, { atNs: 10_000 })
  machine.run(1e6)
  expect(machine.checks.halted).toMatch(/^shutdown/)
})

it('a kind of error that CTL masks raises none', () => {
  const machine = createSimulator({ era: 'metal', processor: 'broadwell' })
  const bank = machine.checks.banks(2).findIndex(({ unit }) => unit === 'last-level cache')
  machine.registers.metalWrite(2, 0x400 + 4 * bank, 0n)
  const { pcpus } = exceptionOn(machine, () => machine.checks.inject(SRAO))
  expect(pcpus).toEqual([])
  expect(machine.checks.banks(2)[bank]).toMatchObject({ ctl: 0n, severity: 'srao' })
})

describe.each(['xvm-mca', 'xen-4.20', 'metal'])('%s', (era) => {
  it('a fork, whenever it is made, has the same future', () => {
    const machine = createSimulator({ era, seed: 11 })
    machine.checks.run('memory every=13s random\ncache level=2 pcpu=1 every=9s random')
    for (const seconds of [3, 14, 29]) {
      machine.run(seconds * 1e9)
      const other = machine.fork()
      const ahead = other.fork()
      for (const each of [other, ahead]) each.run(90e9)
      expect(ahead.checks.log).toEqual(other.checks.log)
      expect(ahead.checks.pool.waiting).toEqual(other.checks.pool.waiting)
      expect(ahead.hypervisor.ring.text()).toBe(other.hypervisor.ring.text())
    }
  })
})
