// A text about errors is diagnosed without any other of its host: the functions it speaks of are
// parts, in their places.
import { describe, expect, it } from 'vitest'
import {
  aerFunctions,
  hostFunctions,
  shownFunctions,
} from '../../../../src/fma/telemetry/pci/spoken-functions.js'
import { capturedTopology } from '../../../../src/fma/topo/captured-topology.js'
import { functionOf } from '../../../../src/fma/topo/resolve.js'
import { parseRequesterId } from '../../../../src/machine/pci/requester-id.js'
import { capture, readLog, readSnapshot } from './said.js'

const topologyOf = (spoken: ReturnType<typeof aerFunctions>) =>
  capturedTopology({ sysfs: { functions: hostFunctions(spoken), processors: [], isDom0: true } })
const PATH = '/pciexbus=1/pciexdev=0/pciexfn=0'
const placeOf = (topology: ReturnType<typeof topologyOf>, at: string): string | undefined => {
  const id = parseRequesterId(at)
  const node = id !== undefined ? functionOf(topology, id) : undefined
  return node && `/${node.path.map(({ name, id: n }) => `${name}=${n}`).join('/')}`
}

describe('the log of a kernel', () => {
  it.each(['sim/captures/xen-4.17-aer.txt', 'sim/captures/xen-4.20-aer.txt'])('%s', (name) => {
    const text = capture(name)
    const topology = topologyOf(aerFunctions(text))
    const port = placeOf(topology, '00:03.0')
    expect(port).toMatch(/\/pciexrc=\d+$/)
    expect(placeOf(topology, '01:00.0')).toBe(`${port}${PATH}`)
    const { ereports, account } = readLog(text, topology)
    expect(ereports.every(({ detector }) => topology.node(detector) !== undefined)).toBe(true)
    expect(account.unknown.filter(({ what }) => what === 'place')).toEqual([])
  })

  it('a root port, and who below it takes no part in its recovery', () => {
    const topology = topologyOf(
      aerFunctions(capture('fma/telemetry/pci/captures/root-port-dmesg.txt')),
    )
    const port = placeOf(topology, '00:03.0')
    expect(port).toMatch(/\/pciexrc=\d+$/)
    expect(placeOf(topology, '01:00.0')).toBe(`${port}${PATH}`)
  })

  it('one that speaks of none', () => {
    expect(aerFunctions(capture('fma/telemetry/pci/captures/no-msi-dmesg.txt'))).toEqual([])
  })
})

it.each([
  ['series', '01:00.0', /pciexrc=\d+\/pciexbus=1\/pciexdev=0\/pciexfn=0$/],
  // In words, without the port above, which must be somewhere.
  ['endpoint', '01:00.0', /pciexrc=\d+\/pciexbus=1\/pciexdev=0\/pciexfn=0$/],
  ['no-msi-endpoint', '01:00.0', /pciexrc=\d+\/pciexbus=1\/pciexdev=0\/pciexfn=0$/],
  ['no-msi-root-port', '00:03.0', /pciexrc=\d+$/],
])('lspci: %s', (name, at, place) => {
  const text = capture(`machine/pci/captures/${name}.txt`)
  const topology = topologyOf(shownFunctions(text))
  expect(placeOf(topology, at)).toMatch(place)
  const { ereports } = readSnapshot(text, topology)
  expect(ereports.length).toBeGreaterThan(0)
  expect(ereports.every(({ detector }) => topology.node(detector) !== undefined)).toBe(true)
})
