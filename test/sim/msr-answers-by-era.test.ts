// What a guest gets that reads or writes a register, era by era.
// Oracles: what dom0 of a recorded Xen 4.17 and 4.20 read with rdmsr; the table of facts for 3.1.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'
import { msrNamed } from '../../src/machine/msr/msr-table.js'

const CAPTURED = readFileSync(
  join(import.meta.dirname, 'captures', 'rdmsr-dom0-xen-4.20.txt'),
  'utf8',
)
const OF_BANK_6 = 0x419
const MEMORY_ERROR = { kind: 'memory', channel: 1, row: 0x12 } as const

const guest = (machine: SimMachine, name: string, vcpu = 0) =>
  machine.registers.guestRead({ domid: 0, vcpu, msr: msrNamed(name).address })

describe('as captured on Xen 4.20', () => {
  const machine = createSimulator({ era: 'xen-4.20' })
  const lines = CAPTURED.split('\n').filter((line) => line !== '')

  it.each(lines)('%s', (line) => {
    const [, address = '', answer = ''] = /^(0x\w+) (.*)$/.exec(line) ?? []
    const read = machine.registers.guestRead({ domid: 0, vcpu: 0, msr: Number(address) })
    if (answer.includes('cannot read')) expect(read.kind).toBe('gp-fault')
    else if (address === '0x10') expect(read.kind).toBe('read')
    else expect(read).toMatchObject({ kind: 'virtualised', value: BigInt(`0x${answer}`) })
  })

  it('the console tells of it, as there', () => {
    expect(machine.hypervisor.ring.text()).toContain('(XEN) MCE: d0v0: rd MCG_CAP 0x1000c02\n')
  })
})

it.each([
  ['xvm-3.1', 'gp-fault', undefined],
  ['xen-3.1-upstream', 'read', 0x105n],
  ['xvm-mca', 'read', 0x105n],
  ['xen-4.17', 'virtualised', 0x1000c02n],
  ['xen-4.20', 'virtualised', 0x1000c02n],
  ['metal', 'read', 0x1c09n],
])('%s: IA32_MCG_CAP is %s', (era, kind, value) => {
  const read = guest(createSimulator({ era }), 'IA32_MCG_CAP')
  expect(read.kind).toBe(kind)
  expect('value' in read ? read.value : undefined).toBe(value)
})

it.each([
  ['xvm-3.1', 'gp-fault', false],
  ['xen-3.1-upstream', 'read', true],
  ['xvm-mca', 'gp-fault', false],
  ['xen-4.17', 'virtualised', false],
])('%s: the status of a bank that holds an error is %s, seen %s', (era, kind, seen) => {
  const machine = createSimulator({ era, sockets: 1, processor: 'westmere' })
  machine.checks.inject(MEMORY_ERROR)
  machine.scheduler.pin(0, 0, [0])
  machine.run(1e6)
  const read = machine.registers.guestRead({ domid: 0, vcpu: 0, msr: OF_BANK_6 })
  expect(machine.checks.banks(0)[6]?.status).not.toBe(0n)
  expect(read.kind).toBe(kind)
  expect('value' in read && read.value !== 0n).toBe(seen)
})

it('passed through, a read finds the error only on the pcpu that has it', () => {
  const machine = createSimulator({ era: 'xen-3.1-upstream' })
  machine.checks.inject({ kind: 'cache', level: 1, pcpu: 2 })
  machine.run(1e6)
  const statuses = [0, 1, 2, 3].map((pcpu) => {
    machine.scheduler.pin(0, 0, [pcpu])
    const read = guest(machine, 'IA32_MC0_STATUS')
    expect(read.executedOn).toBe(pcpu)
    return 'value' in read ? read.value : undefined
  })
  expect(statuses.map((status) => status !== 0n)).toEqual([false, false, true, false])
})

it('Xen 3.1 drops a write and says so on its console; the error stays', () => {
  const machine = createSimulator({ era: 'xen-3.1-upstream' })
  machine.checks.inject({ kind: 'cache', level: 1, pcpu: 0 })
  machine.scheduler.pin(0, 0, [0])
  machine.run(1e6)
  const msr = msrNamed('IA32_MC0_STATUS').address
  const held = machine.registers.read(0, msr) ?? 0n
  const write = machine.registers.guestWrite({ domid: 0, vcpu: 0, msr, value: 0n })
  expect(write.kind).toBe('write-dropped')
  expect(machine.registers.read(0, msr)).toBe(held)
  const hex = held.toString(16)
  expect(machine.hypervisor.ring.text()).toContain(
    `(XEN) Domain attempted WRMSR 0000000000000401 from ${hex.slice(0, 8)}:${hex.slice(8)} ` +
      'to 00000000:00000000.\n',
  )
})

it('virtual banks: controls are all ones, a third bank is 0, a status takes only 0', () => {
  const machine = createSimulator({ era: 'xen-4.17' })
  const write = (name: string, value: bigint) =>
    machine.registers.guestWrite({ domid: 0, vcpu: 0, msr: msrNamed(name).address, value }).kind
  expect(guest(machine, 'MC0_CTL')).toMatchObject({ value: 2n ** 64n - 1n })
  expect(guest(machine, 'MC2_CTL')).toMatchObject({ kind: 'virtualised', value: 0n })
  expect(guest(machine, 'MC9_STATUS')).toMatchObject({ kind: 'virtualised', value: 0n })
  expect(write('MC1_STATUS', 0n)).toBe('virtualised')
  expect(write('MC1_STATUS', 1n)).toBe('gp-fault')
  expect(write('MC0_CTL2', 0x4000_0005n)).toBe('virtualised')
  expect(guest(machine, 'MC0_CTL2')).toMatchObject({ value: 0x4000_0005n })
  expect(guest(machine, 'MC0_CTL2', 1)).toMatchObject({ value: 0n })
  expect(machine.registers.read(0, 0x280)).toBeUndefined()
})

it('some writes reach the hardware only for a vcpu that may run on one pcpu alone', () => {
  const machine = createSimulator({ era: 'xen-4.17' })
  const of = { domid: 0, vcpu: 0, msr: msrNamed('CLOCK_MODULATION').address, value: 0x12n }
  expect(machine.registers.guestWrite(of).kind).toBe('write-dropped')
  machine.scheduler.pin(0, 0, [3])
  expect(machine.registers.guestWrite(of)).toMatchObject({ kind: 'written', executedOn: 3 })
  expect([2, 3].map((pcpu) => machine.registers.read(pcpu, of.msr))).toEqual([0n, 0x12n])
})

it("NB_CFG is the hardware's for a pinned vcpu of dom0, 0 for others", () => {
  const machine = createSimulator({ era: 'xen-4.17', processor: 'barcelona' })
  expect(guest(machine, 'NB_CFG')).toMatchObject({ kind: 'virtualised', value: 0n })
  machine.scheduler.pin(0, 0, [1])
  expect(guest(machine, 'NB_CFG')).toMatchObject({ kind: 'read', value: 1n << 54n })
})

it('a hypercall reads few registers, of the pcpu it names', () => {
  const machine = createSimulator({ era: 'xen-4.17', processor: 'broadwell' })
  machine.run(5e9)
  const read = (pcpu: number, name: string) =>
    machine.registers.hypercallRead(pcpu, msrNamed(name).address)
  expect(read(3, 'TSC')).toMatchObject({ kind: 'virtualised', executedOn: 3, value: 5000000000n })
  expect(read(2, 'PPIN')).toMatchObject({ kind: 'read', executedOn: 2 })
  expect(read(0, 'PPIN')).not.toEqual(read(2, 'PPIN'))
  for (const name of ['MCG_CAP', 'MC0_STATUS', 'THERM_STATUS', 'MPERF']) {
    expect(read(1, name).kind).toBe('denied')
  }
  expect(read(9, 'TSC').kind).toBe('denied')
})

it('metal reads and writes any pcpu; under a hypervisor nobody does', () => {
  const metal = createSimulator({ era: 'metal' })
  const ctl = msrNamed('MC2_CTL').address
  expect(metal.registers.metalWrite(2, ctl, 1n)).toMatchObject({ kind: 'written', executedOn: 2 })
  expect(metal.registers.metalRead(2, ctl)).toMatchObject({ kind: 'read', value: 1n })
  expect(metal.registers.metalRead(1, ctl)).toMatchObject({ value: 2n ** 64n - 1n })
  expect(() => metal.registers.metalRead(4, ctl)).toThrow(/pcpu 4 is not online/)
  expect(() => createSimulator().registers.metalRead(0, ctl)).toThrow(
    expect.objectContaining({ code: 'sim.not-metal' }),
  )
})

it('who does not run executes nothing', () => {
  const machine = createSimulator()
  expect(() => guest(machine, 'TSC', 7)).toThrow(expect.objectContaining({ code: 'sim.vcpu' }))
  machine.scheduler.pause(0)
  expect(() => guest(machine, 'TSC')).toThrow(/does not run/)
})

it('a fork has what was written, and reads the same from then on', () => {
  const machine = createSimulator({ era: 'xen-4.17' })
  const of = { domid: 0, vcpu: 0, msr: msrNamed('FS_BASE').address, value: 0x7f00_1234_5000n }
  machine.registers.guestWrite(of)
  const other = machine.fork()
  for (const host of [machine, other]) {
    expect(guest(host, 'FS_BASE')).toMatchObject({ kind: 'virtualised', value: of.value })
  }
  expect(guest(other, 'TSC')).toEqual(guest(machine, 'TSC'))
})
