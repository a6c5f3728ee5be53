// Several xms at once: what one is in the middle of, the others meet. Each ends, no two domains have
// one name, and what is left can be destroyed.
// Oracle: xend holds domains_lock while it makes a domain (XendDomain.py of 3.1).
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { SimMachine } from '../../src/backend/sim/sim-machine.js'
import { allFrames, xm, xmHost } from './xm-host.js'

const CREATE = 'create db1 name=g memory=64'

function started(machine: SimMachine, line: string) {
  return machine.start(['xm', ...line.split(' ')])
}

function names(machine: SimMachine): readonly string[] {
  const { store } = machine
  return machine.world
    .domains()
    .flatMap(({ domid }) => store.read(`/local/domain/${domid}/name`) ?? [])
}

it('who asks second for a name waits, and is refused', () => {
  const machine = xmHost()
  const both = [started(machine, CREATE), started(machine, CREATE)]
  machine.run(20e9)
  expect(both.map(({ status }) => status).sort()).toEqual([0, 1])
  expect(both.map(({ stderr }) => stderr).join('')).toBe(
    "Error: VM name 'g' already exists as domain 1\n",
  )
  expect(names(machine)).toEqual(['Domain-0', 'g'])
})

it('two that are made at once of one file are two virtual machines', () => {
  const machine = xmHost()
  const both = ['g', 'h'].map((name) => started(machine, `create db1 name=${name} memory=64`))
  machine.run(20e9)
  expect(both.map(({ status }) => status)).toEqual([0, 0])
  expect(machine.store.list('/vm')).toHaveLength(2)
})

it('a guest that was saved and runs on is not restored beside itself', () => {
  const machine = xmHost()
  xm(machine, CREATE)
  expect(xm(machine, 'save -c g /tmp/s').status).toBe(0)
  expect(xm(machine, 'restore /tmp/s').status).toBe(1)
  expect(names(machine)).toEqual(['Domain-0', 'g'])
})

const LINES = [
  ...[CREATE, 'create db1 name=h memory=64', 'destroy g', 'destroy h', 'save g /tmp/s'],
  ...['restore /tmp/s', 'save -c g /tmp/s', 'migrate g xvm2', 'migrate g xvm1', 'rename g h'],
  ...['pause g', 'unpause g', 'shutdown g', 'reboot g', 'mem-set g 40', 'dump-core g /tmp/c'],
]

it('whatever is asked while something else goes on, the host stays whole', () => {
  const act = fc.tuple(fc.constantFrom(...LINES), fc.constantFrom(0, 50, 500, 3000, 20_000))
  fc.assert(
    fc.property(fc.array(act, { maxLength: 8 }), (acts) => {
      const machine = xmHost({ memoryMiB: 2048 })
      const total = allFrames(machine)
      for (const [line, steps] of acts) {
        started(machine, line)
        for (let n = 0; n < steps; n++) machine.step()
        expect(allFrames(machine)).toBe(total)
        expect(new Set(names(machine)).size).toBe(names(machine).length)
      }
      machine.run(900e9)
      for (const { domid } of machine.world.domains().slice(1)) {
        expect(xm(machine, `destroy ${domid}`).status).toBe(0)
      }
      machine.run(2e9)
      expect(machine.world.domains()).toHaveLength(1)
      expect(xm(machine, 'create db1 name=fine memory=64').status).toBe(0)
    }),
    { numRuns: 25 },
  )
}, 60_000)
