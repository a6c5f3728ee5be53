// What of one and the same error reaches whoever diagnoses a simulated host, era by era.
import { expect, it } from 'vitest'
import { createSimulator } from '../../../src/backend/sim/sim-machine.js'
import { machineCheckEreports } from '../../../src/fma/telemetry/machine-check.js'
import { readTelemetry } from '../../../src/fma/telemetry/read.js'
import { hostTopology } from '../../../src/fma/topo/host-topology.js'

const FAULT = 'cache level=1 pcpu=2 at=1s every=20s times=3'

it.each([
  ['metal', undefined, 3, [] as string[]],
  ['xvm-mca', undefined, 3, []],
  ['xen-4.20', undefined, 3, []],
  ['xen-4.17', undefined, 0, ['all']],
  ['xen-4.17', 'broadwell', 1, ['some']],
  ['xvm-3.1', undefined, 0, ['all']],
  ['xen-3.1-upstream', undefined, 0, ['all']],
])('%s, %s: %i records', (era, processor, records, extents) => {
  const machine = createSimulator({ era, ...(processor === undefined ? {} : { processor }) })
  const { telemetry } = machine.access
  machine.checks.run(FAULT)
  machine.run(90e9)
  expect(telemetry?.machineChecks(0)).toHaveLength(records)
  expect(telemetry?.machineChecks(1)).toHaveLength(Math.max(0, records - 1))
  const gaps = telemetry?.gaps.filter(({ kind }) => kind === 'machine-check') ?? []
  expect(gaps.map(({ extent }) => extent)).toEqual(extents)
})

it.each([
  ['xen-4.20', 'poll'],
  ['metal', 'cmci'],
])('%s: records say who looked (%s), when, and what was in the bank', (era, cause) => {
  const machine = createSimulator({ era })
  machine.checks.run('raw pcpu=2 bank=1 status=0x9400000000000135 address=0x2345040 at=1s')
  machine.run(30e9)
  const [record] = machine.access.telemetry?.machineChecks(0) ?? []
  expect(record).toMatchObject({ pcpu: 2, mcgStatus: 0n, cause })
  expect(record?.atNs).toBeGreaterThan(1e9)
  const [{ bank, status, addr } = { bank: -1, status: 0n, addr: 0n }] = record?.banks ?? []
  expect([bank, status & ~(0x7fffn << 38n), addr]).toEqual([1, 0x9400000000000135n, 0x2345040n])
  expect(machine.checks.banks(2)[1]?.status).toBe(0n)
})

it('what found no room in the hypervisor is told as a gap', () => {
  const machine = createSimulator({ era: 'xen-4.20' })
  const { pool } = machine.checks
  while (pool.reserve(false) !== undefined);
  machine.checks.run('cache level=1 pcpu=2 at=1s')
  machine.run(30e9)
  const [gap] = machine.access.telemetry?.gaps ?? []
  expect(machine.access.telemetry?.machineChecks(0)).toEqual([])
  expect(gap).toMatchObject({ kind: 'machine-check', extent: 'some' })
  expect(gap?.reason).toMatch(/^\d records? found no room/)
})

it.each([
  ['metal', 1, 0],
  ['xen-4.20', 0, 1],
  ['xvm-mca', 0, 1],
])('%s: a fatal error leaves %i record and %i gap', (era, records, gaps) => {
  const machine = createSimulator({ era })
  machine.checks.inject({ kind: 'cache', level: 2, pcpu: 1, severity: 'fatal' })
  machine.run(1e9)
  const { telemetry } = machine.access
  const told = telemetry?.gaps.filter(({ reason }) => reason.startsWith('the host stopped')) ?? []
  expect([telemetry?.machineChecks(0).length, told.length]).toEqual([records, gaps])
})

it('metal tells the same by its records and by its kernel log', async () => {
  const machine = createSimulator({ era: 'metal' })
  machine.checks.run('cache level=1 pcpu=2 at=1s every=20s times=3')
  machine.checks.run('memory channel=1 dimm=0 rank=1 row=0x123 at=5s every=20s times=3')
  machine.run(90e9)
  const topology = hostTopology(machine.access)
  const records = machine.access.telemetry?.machineChecks(0) ?? []
  const told = records.flatMap((r) => machineCheckEreports(r, { topology, bootNs: undefined }))
  const text = new TextEncoder().encode(machine.command(['dmesg']).stdout)
  const { ereports } = await readTelemetry('dmesg', text, { topology })
  const what = ({ class: name, detector }: (typeof told)[number]) => [name, detector]
  expect(told).toHaveLength(6)
  expect([...ereports].map(what)).toEqual(told.map(what))
})
