// The same burst on three hosts: three correctable errors of one card, then another card refuses a
// request. What comes of it depends on whether a root port can interrupt, and on who looks else.
import { expect, it } from 'vitest'
import { createSimulator } from '../../../../src/backend/sim/sim-machine.js'
import { parseSimSpec } from '../../../../src/backend/sim/sim-spec.js'
import { pciEreports } from '../../../../src/fma/telemetry/pci/pci-ereports.js'
import { notePciLosses } from '../../../../src/fma/telemetry/pci/pci-look.js'
import { Unknowns } from '../../../../src/fma/telemetry/unknowns.js'
import { hostTopology } from '../../../../src/fma/topo/host-topology.js'
import { errors } from './said.js'

/** A write to the disk, which it refuses to complete: not a request that is answered. */
const WRITE = [0x4000_0001, 0x0000_000f, 0xfc10_0000, 0]

function burst(spec: string) {
  const machine = createSimulator(parseSimSpec(spec))
  const topology = hostTopology(machine.access)
  machine.pci.inject(
    { kind: 'pcie', function: '03:00.0', error: 'BadTLP' },
    { atNs: 12e9, everyNs: 1e8, times: 3 },
  )
  machine.pci.inject(
    { kind: 'pcie', function: '04:00.0', error: 'CmpltAbrt', header: WRITE },
    { atNs: 13e9 },
  )
  machine.run(60e9)
  const unknowns = new Unknowns()
  const { telemetry } = machine.access
  const told = telemetry.pciErrors(0).map((record) => {
    notePciLosses(record, { unknowns, topology })
    const ereports = pciEreports(record, { topology, bootNs: 0n })
    const seconds = Number(ereports[0]?.timeNs ?? 0n) / 1e9
    const express = errors(ereports, topology).filter((each) => each.startsWith('pciex.'))
    return [Number(seconds.toFixed(2)), ...express]
  })
  const { unknown } = unknowns.account(spec, 0)
  const gaps = telemetry.gaps.filter(({ kind }) => kind === 'pci').map(({ extent }) => extent)
  return { told, unknown: [...new Set(unknown.map(({ what }) => what))].sort(), gaps }
}

const CORRECTED = ['pciex.rc.ce-msg 00:02.0 from 03:00.0', 'pciex.dl.btlp 03:00.0']

it.each(['sim:xen-4.20', 'sim:metal', 'sim:xvm-mca,processor=nehalem,msi=on'])(
  '%s: each of them, when it happened, from whom',
  (spec) => {
    expect(burst(spec)).toEqual({
      told: [
        [12, ...CORRECTED],
        [12.1, ...CORRECTED],
        [12.2, ...CORRECTED],
        [13, 'pciex.rc.nfe-msg 00:02.0 from 04:00.0', 'pciex.tl.ca 04:00.0'],
      ],
      // The refused write has an address alone.
      unknown: ['place'],
      gaps: [],
    })
  },
)

it.each(['sim:xvm-3.1,processor=nehalem', 'sim:xvm-mca,processor=nehalem'])(
  '%s: once each, seven seconds late, in no order',
  (spec) => {
    expect(burst(spec)).toEqual({
      told: [
        [
          20,
          'pciex.rc.nfe-msg 00:02.0 from 04:00.0',
          'pciex.rc.ce-msg 00:02.0 from 03:00.0',
          'pciex.rc.mce-msg 00:02.0',
          'pciex.dl.btlp 03:00.0',
          'pciex.tl.ca 04:00.0',
        ],
      ],
      unknown: ['count', 'order', 'place', 'source-id', 'time'],
      gaps: ['some'],
    })
  },
)

it.each(['sim:xen-4.17,msi=off', 'sim:metal,msi=off'])('%s: nothing', (spec) => {
  expect(burst(spec)).toEqual({ told: [], unknown: [], gaps: ['all'] })
})
