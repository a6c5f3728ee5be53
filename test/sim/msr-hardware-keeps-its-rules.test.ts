// The registers of the hardware itself: whose they are, what may be written, what counts.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { MSRS, msrAt, msrNamed } from '../../src/machine/msr/msr-table.js'
import { decodeMsr, encodeMsr } from '../../src/machine/msr/msr-value.js'
import { pcpuPlace } from '../../src/machine/pcpu-place.js'

const PROCESSORS = ['opteron', 'barcelona', 'nehalem', 'westmere', 'broadwell', 'skylake'] as const
const AMD: readonly string[] = ['opteron', 'barcelona']
const SHAPE = { sockets: 2, coresPerSocket: 2, threadsPerCore: 2 }
const metal = (processor: string) => createSimulator({ era: 'metal', processor, ...SHAPE })
const PCPUS = Array.from({ length: 8 }, (_, n) => n)
const COUNTERS = /TIME_STAMP|PERF$|ENERGY/

describe.each(PROCESSORS)('%s', (processor) => {
  const machine = metal(processor)
  machine.run(3e9)
  const there = MSRS.filter(({ address }) => machine.registers.read(0, address) !== undefined)

  it('has registers of all kinds, and each value fits its fields', () => {
    expect(there.length).toBeGreaterThan(60)
    for (const { address, vendor } of there) {
      const value = machine.registers.read(0, address) ?? 0n
      expect(value).toBeGreaterThanOrEqual(0n)
      expect(value).toBeLessThan(2n ** 64n)
      expect(decodeMsr(address, value).fields.length).toBeGreaterThan(0)
      expect(['both', AMD.includes(processor) ? 'amd' : 'intel']).toContain(vendor)
    }
  })

  it('those of a core or a package are the same for all of its pcpus, written by any', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...there),
        fc.constantFrom(...PCPUS),
        ({ address, scope }, by) => {
          if (scope === 'bank') return
          const host = metal(processor)
          const [before] = [host.registers.read(by, address) ?? 0n]
          if (host.registers.metalWrite(by, address, before ^ 1n).kind !== 'written') return
          const key = (pcpu: number): string => {
            const { socket, core, thread } = pcpuPlace(SHAPE, pcpu)
            if (scope === 'package' || scope === 'node') return `${socket}`
            return scope === 'core' ? `${socket} ${core}` : `${socket} ${core} ${thread}`
          }
          const other = metal(processor)
          for (const pcpu of PCPUS) {
            const isChanged =
              host.registers.read(pcpu, address) !== other.registers.read(pcpu, address)
            expect(isChanged, `${msrAt(address)?.name} on ${pcpu}`).toBe(key(pcpu) === key(by))
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('reserved bits cannot be changed, read-only registers not written', () => {
    for (const { address, access, fields, name } of there) {
      if (COUNTERS.test(name)) continue
      const value = machine.registers.read(1, address) ?? 0n
      const bits = fields.flatMap(({ high, low }) =>
        Array.from({ length: high - low + 1 }, (_, n) => low + n),
      )
      const free = Array.from({ length: 64 }, (_, bit) => bit).find((bit) => !bits.includes(bit))
      const write = (to: bigint) => machine.registers.metalWrite(1, address, to).kind
      if (access === 'ro') expect(write(value), name).toBe('gp-fault')
      else if (free !== undefined && access === 'rw' && !name.startsWith('IA32_MCG')) {
        expect(write(value ^ (1n << BigInt(free))), name).toBe('gp-fault')
      }
    }
  })
})

it('time goes on at the clock rate; what is written is where it goes on from', () => {
  const machine = metal('nehalem')
  const tsc = msrNamed('TSC').address
  const read = () => machine.registers.read(0, tsc) ?? 0n
  machine.run(1e9)
  expect(read()).toBe(2_600_000_000n)
  expect(machine.registers.metalWrite(0, tsc, 1000n).kind).toBe('written')
  machine.run(1e9)
  expect(read()).toBe(2_600_001_000n)
  expect(machine.registers.read(1, tsc)).toBe(5_200_000_000n)
})

it('a busy pcpu counts cycles, uses energy and gets warm; an idle one does not', () => {
  const machine = createSimulator({ era: 'xen-4.17', processor: 'broadwell' })
  const field = (pcpu: number, name: string, field: string): bigint => {
    const value = machine.registers.read(pcpu, msrNamed(name).address) ?? 0n
    return decodeMsr(name, value).fields.find((f) => f.field.name === field)?.raw ?? -1n
  }
  machine.scheduler.addDomain(1, 1, { guest: 'busy' })
  machine.scheduler.pin(1, 0, [3])
  machine.scheduler.raise(1, 0)
  for (const vcpu of [0, 1]) machine.scheduler.pin(0, vcpu, [0])
  machine.run(20e9)
  const mperf = (pcpu: number) => Number(field(pcpu, 'MPERF', 'COUNT')) / 2.6e9
  expect(mperf(3)).toBeCloseTo(20, 0)
  expect(mperf(2)).toBe(0)
  const ratio = Number(field(3, 'APERF', 'COUNT')) / Number(field(3, 'MPERF', 'COUNT'))
  expect(ratio).toBeCloseTo(35 / 26, 1)
  const energy = (pcpu: number) => field(pcpu, 'PKG_ENERGY_STATUS', 'ENERGY')
  expect(energy(3)).toBeGreaterThan(energy(0))
  expect(energy(2)).toBe(energy(3))
  const readout = (pcpu: number) => field(pcpu, 'THERM_STATUS', 'READOUT')
  expect(readout(3)).toBeLessThan(readout(0))
})

it('packages have serial numbers of their own', () => {
  const machine = metal('broadwell')
  const ppin = PCPUS.map((pcpu) => machine.registers.read(pcpu, 0x4f))
  expect(new Set(ppin.slice(0, 4)).size).toBe(1)
  expect(new Set(ppin).size).toBe(2)
})

it('banks: whose they are decides who sees an error; a status takes only 0', () => {
  const machine = metal('nehalem')
  machine.checks.run('memory socket=1\ncache level=1 pcpu=0')
  machine.run(1e3)
  const status = (pcpu: number, bank: number) =>
    machine.registers.read(pcpu, msrNamed(`MC${bank}_STATUS`).address) !== 0n
  expect(PCPUS.map((pcpu) => status(pcpu, 8))).toEqual([0, 0, 0, 0, 1, 1, 1, 1].map((n) => n === 1))
  expect(PCPUS.map((pcpu) => status(pcpu, 2))).toEqual([1, 1, 0, 0, 0, 0, 0, 0].map((n) => n === 1))
  const write = (value: bigint) =>
    machine.registers.metalWrite(6, msrNamed('MC8_STATUS').address, value).kind
  expect(write(encodeMsr('MC8_STATUS', { VAL: 1 }))).toBe('gp-fault')
  expect(write(0n)).toBe('written')
  expect(status(4, 8)).toBe(false)
})
