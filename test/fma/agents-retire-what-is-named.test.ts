// The agents alone: what they ask for, how often, and what they leave alone. The numbers (10 tries
// a second apart, 1 s doubling to 5 min) are those of illumos' cpumem-retire.
import { expect, it } from 'vitest'
import { cpumemRetire } from '../../src/fma/agent/cpumem-retire.js'
import { ioRetire } from '../../src/fma/agent/io-retire.js'
import { syslogMsgs } from '../../src/fma/agent/syslog-msgs.js'
import { parseFmri } from '../../src/fma/event/fmri.js'
import { Alone } from './agent-context.js'

const STRAND = {
  class: 'fault.cpu.generic-x86.l1dcache',
  asru: parseFmri('cpu:///cpuid=1'),
  resource: parseFmri('hc:///motherboard=0/chip=0/core=1/strand=0'),
}
const PAGE = {
  class: 'fault.memory.generic-x86.page_ce',
  asru: parseFmri('hc:///motherboard=0/chip=0/memory-controller=0/physaddr=12345000'),
}
const BUSY = { kind: 'refused', error: 'EBUSY', why: 'it is in use' } as const
const PENDING = { kind: 'pending' } as const
const DONE = { kind: 'done' } as const

it('a strand goes out of service, its case is isolated; once repaired it comes back', () => {
  const agent = new Alone(cpumemRetire())
  agent.diagnosed(STRAND)
  agent.answer(DONE)
  agent.repaired(STRAND)
  agent.answer(DONE)
  expect(agent.did).toEqual([
    'offline-pcpu 1',
    'count cpu_flts',
    'cpu:///cpuid=1 unusable',
    'isolate',
    'online-pcpu 1',
    'count cpu_repairs',
    'cpu:///cpuid=1 usable',
    'resolve',
  ])
})

it('a strand that may not go is asked for ten times, a second apart', () => {
  const agent = new Alone(cpumemRetire())
  agent.diagnosed(STRAND)
  for (let tries = 1; tries < 10; tries++) {
    agent.answer(BUSY)
    agent.wake()
  }
  agent.answer(BUSY)
  const asked = agent.did.filter((line) => line === 'offline-pcpu 1')
  const waited = agent.did.filter((line) => line === 'wait 1 s')
  expect([asked.length, waited.length, agent.did.at(-1)]).toEqual([10, 9, 'count cpu_fails'])
})

it('a page that is pending is asked for again after 1 s, doubling to 5 min, for ever', () => {
  const agent = new Alone(cpumemRetire())
  agent.diagnosed(PAGE)
  for (let tries = 1; tries <= 12; tries++) {
    agent.answer(PENDING)
    agent.wake()
  }
  const waits = agent.did
    .filter((line) => line.startsWith('wait'))
    .map((line) => line.split(' ')[1])
  expect(waits).toEqual('1 2 4 8 16 32 64 128 256 300 300 300'.split(' '))
  agent.answer(DONE)
  expect(agent.did.at(-1)).toBe('isolate')
})

it('a page that is refused stays in service, and its case stays open', () => {
  const agent = new Alone(cpumemRetire())
  agent.diagnosed(PAGE)
  agent.answer({ kind: 'refused', error: 'ENOTSUP', why: 'dom0 takes no page out of service' })
  expect(agent.did).toEqual(['retire-page 12345000', 'count page_fails'])
})

it('rules name an address to the byte; it is the page of it that goes', () => {
  const agent = new Alone(cpumemRetire())
  const asru = parseFmri('hc:///motherboard=0/chip=0/memory-controller=0/physaddr=12345fc0')
  agent.diagnosed({ ...PAGE, asru })
  expect(agent.did).toEqual(['retire-page 12345000'])
})

it.each([
  { name: 'retire=0', fault: { ...STRAND, retire: false }, did: ['count nop_flts'] },
  {
    name: 'no ASRU',
    fault: { class: 'fault.cpu.generic-x86.l1dcache' },
    did: ['count bad_flts'],
  },
  {
    name: 'a whole core',
    fault: { ...STRAND, asru: parseFmri('hc:///motherboard=0/chip=0/core=1'), resource: undefined },
    did: ['count bad_flts'],
  },
  {
    name: 'a strand that is not there',
    fault: { ...STRAND, asru: parseFmri('cpu:///cpuid=99'), resource: undefined },
    did: ['count bad_flts'],
  },
  {
    name: 'a page without an address',
    fault: { ...PAGE, asru: parseFmri('hc:///motherboard=0/chip=0/memory-controller=0') },
    did: ['count bad_flts'],
  },
  {
    name: 'where a bus error was detected',
    fault: { ...STRAND, class: 'fault.cpu.generic-x86.bus_interconnect' },
    did: ['count nop_flts'],
  },
  {
    name: 'a DIMM',
    fault: { ...PAGE, class: 'fault.memory.generic-x86.dimm_ce' },
    did: ['count nop_flts'],
  },
  {
    name: 'a device',
    fault: { class: 'fault.io.pciex.device-interr', asru: parseFmri('dev:////pci@0,0') },
    did: [],
  },
])('cpumem-retire leaves alone: $name', ({ fault, did }) => {
  const agent = new Alone(cpumemRetire())
  agent.diagnosed(fault)
  expect(agent.did).toEqual(did)
})

it('a case with a second suspect that nobody can take out stays open', () => {
  const agent = new Alone(cpumemRetire())
  agent.diagnosed(STRAND, { class: 'fault.cpu.generic-x86.l2cache' })
  agent.answer(DONE)
  expect(agent.did).not.toContain('isolate')
})

it('what is repaired while it is still asked for is asked for no more', () => {
  const agent = new Alone(cpumemRetire())
  agent.diagnosed(PAGE)
  agent.answer(PENDING)
  agent.repaired(PAGE)
  expect(agent.did.slice(-2)).toEqual(['wait no more', 'unretire-page 12345000'])
})

it('an agent that was saved in the middle goes on', () => {
  const before = cpumemRetire()
  const first = new Alone(before)
  first.diagnosed(PAGE)
  first.answer(PENDING)
  const after = cpumemRetire()
  after.restore?.(JSON.parse(JSON.stringify(before.save?.())))
  const second = new Alone(after)
  second.repaired(PAGE)
  expect(second.did).toEqual(['wait no more', 'unretire-page 12345000'])
})

it('io-retire acts on devices of the scheme dev alone, and does not try again', () => {
  const device = { class: 'fault.io.pciex.device-interr', asru: parseFmri('dev:////pci@0,0/x@1') }
  const agent = new Alone(ioRetire())
  agent.diagnosed({ ...device, retire: false }, { ...device, asru: STRAND.resource }, device)
  agent.answer(BUSY)
  expect(agent.did).toEqual(['retire-device /pci@0,0/x@1', 'count io_fails'])
})

it('syslog-msgs tells a diagnosis with its code', () => {
  const agent = new Alone(syslogMsgs())
  agent.diagnosed(STRAND)
  expect(agent.did[0]).toMatch(/^tell SUNW-MSG-ID: GMCA-8000-LF, TYPE: Fault, VER: 1, SEVERITY/)
})

it('of thousands of pages each is found by its request and its timer, also after a restart', () => {
  const controller = 'hc:///motherboard=0/chip=0/memory-controller=0'
  const pages = Array.from({ length: 5_000 }, (_, n) => {
    return { ...PAGE, asru: parseFmri(`${controller}/physaddr=${(n + 1).toString(16)}000`) }
  })
  const first = cpumemRetire()
  new Alone(first).diagnosed(...pages)
  const next = cpumemRetire()
  next.restore?.(JSON.parse(JSON.stringify(first.save?.())))
  const agent = new Alone(next, pages.length + 1)
  agent.answer(PENDING)
  agent.wake()
  agent.answer(DONE)
  expect(agent.did).toEqual([
    'wait 1 s',
    'retire-page 1388000',
    'count page_flts',
    `${controller}/physaddr=1388000 unusable`,
  ])
  expect(next.save?.()).toMatchObject({ retirements: { length: 5_000 } })
})
