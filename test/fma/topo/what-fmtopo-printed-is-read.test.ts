import { expect, it } from 'vitest'
import { createSimulator } from '../../../src/backend/sim/sim-machine.js'
import { printFmri } from '../../../src/fma/event/fmri.js'
import { capturedKind, capturedTopology } from '../../../src/fma/topo/captured-topology.js'
import { parseFmtopo } from '../../../src/fma/topo/fmtopo-text.js'
import { hostTopology } from '../../../src/fma/topo/host-topology.js'
import { functionOf, strandOf } from '../../../src/fma/topo/resolve.js'
import { topoProperty } from '../../../src/fma/topo/topology.js'
import { type FmtopoOptions, fmtopoText } from '../../../src/fma/view/fmtopo.js'
import type { PcpuId } from '../../../src/machine/ids.js'
import { parseRequesterId, type RequesterId } from '../../../src/machine/pci/requester-id.js'

const options: FmtopoOptions = {
  siblingsFirst: false,
  asRules: false,
  protocol: false,
  status: false,
  properties: 'all',
}
const context = { nowNs: undefined, isUnusable: () => undefined }

it.each(['metal', 'xvm-3.1', 'xen-4.20'])('%s: what -V prints is the topology', (era) => {
  const text = fmtopoText(hostTopology(createSimulator({ era }).access), options, context)
  expect(capturedKind(text)).toBe('fmtopo')
  expect(fmtopoText(parseFmtopo(text), options, context)).toBe(text)
})

it('-p alone tells where pcpus are, by ASRUs; names alone where functions are', () => {
  const { access } = createSimulator({ era: 'metal' })
  const text = (more: Partial<FmtopoOptions>): string =>
    fmtopoText(hostTopology(access), { ...options, properties: [], ...more }, context)
  const strand = strandOf(capturedTopology({ fmtopo: text({ protocol: true }) }), 3 as PcpuId)
  expect(strand?.label).toBe('CPU 1')
  expect(strand && printFmri(strand.resource)).toMatch(/chip=1\/core=1\/strand=0$/)
  const card = parseRequesterId('03:00.1') as RequesterId
  expect(functionOf(capturedTopology({ fmtopo: text({}) }), card)?.id).toBe(1)
})

/** Of an illumos host, as an administrator kept it; the line that ends early has an empty value. */
const DISK = 'hc://:product-id=DataON-DNS-1660:server-id=:chassis-id=500093d0005f7000'
const PRINTED = `TIME                 UUID
Nov 23 10:00:00      0b5d8b6e-0000-4000-8000-000000000000

${DISK}:serial=Z1K0BD0000009304HGW5:part=SEAGATE-ST32000645SS:revision=0004/ses-enclosure=0/bay=59/disk=0
  group: protocol                       version: 1   stability: Private/Private
    label             string    SLOT 59 4A
    ASRU              fmri      dev:///:devid=id1,sd@n5000c500426ab5d7//scsi_vhci/disk@g5000c500426ab5d7
  group: authority                      version: 1   stability: Private/Private
    product-id        string    DataON-DNS-1660
    server-id         string
  group: storage                        version: 1   stability: Private/Private
    logical-disk      string    c3t5000C500426AB5D7d0
    capacity-in-bytes string    2000398934016

hc://:product-id=X/motherboard=0?sensor=temp
  group: facility                       version: 1   stability: Private/Private
    units             uint32    0x1 (DEGREES_C)

hc://:product-id=X4200:server-id=atrium/motherboard=0
  group: sizes                          version: 2   stability: Evolving/Private
    reading           double    52.000000
    many              uint32[]  [ 1 2 ]
    names             string[]  [ "a" "b c" ]
    least             int64     -9
    state             uint32    0x1 (OK)

`

it('what an illumos host printed is read: parts above, numbers of its own, all kinds of values', () => {
  const topology = parseFmtopo(PRINTED)
  const nodes = [...topology.nodes()]
  const paths = nodes.map(({ path }) => path.map(({ name, id }) => `${name}=${id}`).join('/'))
  const disk = 'ses-enclosure=0/bay=59/disk=0'
  expect(paths).toEqual(['ses-enclosure=0', 'ses-enclosure=0/bay=59', disk, 'motherboard=0'])
  const [, , found, board] = nodes
  expect(found && printFmri(found.resource)).toBe(PRINTED.split('\n')[3])
  expect(found?.label).toBe('SLOT 59 4A')
  expect(found?.asru?.scheme).toBe('dev')
  expect(found && topoProperty(found, 'server-id')?.value).toBe('')
  expect(board && printFmri(board.resource)).toBe(
    'hc://:product-id=X4200:server-id=atrium/motherboard=0',
  )
  const said = ['reading', 'many', 'names', 'least', 'state'].map(
    (name) => board && topoProperty(board, name)?.value,
  )
  expect(said).toEqual(['52.000000', [1n, 2n], ['a', 'b c'], -9n, 1n])
})

it.each(['hc://motherboard', 'hc:///motherboard=x', 'hc:///'])('%s is refused', (name) => {
  expect(() => parseFmtopo(`${name}\n`)).toThrow(/is no part of a host/)
})
