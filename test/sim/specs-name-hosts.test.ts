// What --machine takes for a simulated host: read, printed and read again it names the same one.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ERAS } from '../../src/backend/sim/era.js'
import {
  DEFAULT_HOST,
  type HostConfig,
  pcpuCount,
  wholeHost,
} from '../../src/backend/sim/host-config.js'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { isSimSpec, parseSimSpec, printSimSpec } from '../../src/backend/sim/sim-spec.js'
import { XpvError } from '../../src/base/error.js'

/** Without a hypervisor nobody shares the host. */
const settled = (host: HostConfig): HostConfig => (host.era === 'metal' ? wholeHost(host) : host)
const hostOf = (spec: string) => ({ ...DEFAULT_HOST, ...parseSimSpec(spec) })

describe('a spec', () => {
  it.each([
    ['sim', {}],
    ['sim:', {}],
    ['sim:xen-4.17', { era: 'xen-4.17' }],
    ['sim,seed=7', { seed: 7 }],
    ['sim:metal,memory=16G', { era: 'metal', memoryMiB: 16_384 }],
    ['sim,memory=4096,dom0-memory=512M', { memoryMiB: 4096, dom0MemoryMiB: 512 }],
    ['sim,pcpus=64', { sockets: 2, coresPerSocket: 32, threadsPerCore: 1 }],
    ['sim,pcpus=3', { sockets: 1, coresPerSocket: 3, threadsPerCore: 1 }],
    ['sim,sockets=4,threads=2', { sockets: 4, threadsPerCore: 2 }],
    ['sim,hz=3.2G,name=lab-2', { cpuHz: 3_200_000_000, name: 'lab-2' }],
  ])('%s', (spec, choice) => {
    expect(parseSimSpec(spec)).toEqual(choice)
    expect(isSimSpec(spec)).toBe(true)
  })

  it.each([
    ['sim:xvm', 'sim.no-era', 'xvm-3.1, xen-3.1-upstream, xvm-mca, xen-4.17, xen-4.20, metal'],
    ['sim,cpus=4', 'sim.no-option', 'pcpus, sockets'],
    ['sim,', 'sim.no-option', 'seed'],
    ['sim,seed', 'sim.bad-value', 'seed=7'],
    ['sim,seed=-1', 'sim.bad-value', 'seed=7'],
    ['sim,pcpus=0', 'sim.bad-value', 'pcpus=64'],
    ['sim,pcpus=1025', 'sim.bad-value', 'pcpus=64'],
    ['sim,sockets=64,cores=256,threads=8', 'sim.bad-value', 'pcpus=1024'],
    ['sim,memory=16K', 'sim.bad-value', 'memory=16G'],
    ['sim,memory=512', 'sim.bad-value', 'memory=2048,dom0-memory=1024'],
    ['sim,processor=pentium', 'sim.no-processor', 'nehalem'],
  ])('%s is refused with what there is', (spec, code, hint) => {
    const error = caught(() => parseSimSpec(spec))
    expect(error.code).toBe(code)
    expect(error.hint).toContain(hint)
  })

  it.each(['simulator', './sim', 'sim.xt', 'examples/sim'])('%s is a path', (path) => {
    expect(isSimSpec(path)).toBe(false)
  })
})

it('a spec that is printed names the same host', () => {
  const host = fc.record({
    era: fc.constantFrom(...ERAS.map(({ name }) => name)),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    name: fc.constantFrom('xvm1', 'a-b.c', '7'),
    sockets: fc.integer({ min: 1, max: 8 }),
    coresPerSocket: fc.integer({ min: 1, max: 16 }),
    threadsPerCore: fc.integer({ min: 1, max: 8 }),
    memoryMiB: fc.integer({ min: 4096, max: 2 ** 20 }),
    dom0MemoryMiB: fc.integer({ min: 256, max: 4095 }),
    dom0Vcpus: fc.integer({ min: 1, max: 128 }),
    cpuHz: fc.integer({ min: 1_000_000, max: 10_000_000_000 }),
  })
  fc.assert(
    fc.property(host, (chosen) => {
      const whole = settled({ ...DEFAULT_HOST, ...chosen })
      const spec = printSimSpec(whole)
      if (pcpuCount(whole) <= 1024) expect(settled(hostOf(spec))).toEqual(whole)
      expect(printSimSpec(hostOf(spec))).toBe(spec)
    }),
  )
})

it('a machine says how to get it again', () => {
  const spec = 'sim:xen-4.20,pcpus=6,memory=4096,seed=3'
  const machine = createSimulator(parseSimSpec(spec))
  expect(machine.spec).toBe(spec)
  expect(machine.snapshot().pcpus).toMatchObject({ value: 6 })
})

function caught(work: () => unknown): XpvError {
  try {
    work()
  } catch (error) {
    if (error instanceof XpvError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
