// A server with two Xeon Gold 6132 as illumos names it: paths of parts, device paths and links as
// an inventory of such a host has them (2019, SmartOS). The functions here are made of the numbers
// in its device paths; what the inventory leaves out, so that buses are numbered as there, is made
// up.
import { expect, it } from 'vitest'
import { createSimulator } from '../../../src/backend/sim/sim-machine.js'
import { printFmri } from '../../../src/fma/event/fmri.js'
import { capturedTopology } from '../../../src/fma/topo/captured-topology.js'
import { hostTopology } from '../../../src/fma/topo/host-topology.js'
import { functionOf } from '../../../src/fma/topo/resolve.js'
import { topoProperty } from '../../../src/fma/topo/topology.js'
import { putConfig } from '../../../src/machine/pci/config-space.js'
import type { PciListing } from '../../../src/machine/pci/listing.js'
import { parseRequesterId, type RequesterId } from '../../../src/machine/pci/requester-id.js'

const [ENDPOINT, ROOT, UPSTREAM, DOWNSTREAM, TO_PCI] = [0, 4, 5, 6, 7]

interface Row {
  readonly at: string
  readonly ids: readonly [vendor: number, device: number]
  readonly type?: number | undefined
  readonly to?: number
  readonly board?: readonly [vendor: number, device: number]
  readonly code?: number
  /** Fastest and widest, as they are and as they could be. */
  readonly link?: readonly [speed: number, width: number, mostWidth?: number]
}

const SAS = { ids: [0x1000, 0x97], type: ENDPOINT, board: [0x15d9, 0x808], link: [3, 8] } as const

const ROWS: readonly Row[] = [
  { at: '00:1c.0', ids: [0x8086, 0xa190], type: ROOT, to: 1 },
  { at: '00:1c.5', ids: [0x8086, 0xa195], type: ROOT, to: 2 },
  { at: '02:00.0', ids: [0x1a03, 0x1150], type: TO_PCI, to: 3, link: [2, 1] },
  { at: '03:00.0', ids: [0x1a03, 0x2000], board: [0x15d9, 0x96d], code: 0x03_0000 },
  { at: '17:00.0', ids: [0x8086, 0x2030], type: ROOT, to: 0x18 },
  { at: '18:00.0', ids: [0x8086, 0x37c0], type: UPSTREAM, to: 0x19, link: [3, 8, 16] },
  { at: '19:03.0', ids: [0x8086, 0x37c5], type: DOWNSTREAM, to: 0x1a, link: [1, 1] },
  { at: '1a:00.1', ids: [0x8086, 0x37d2], type: ENDPOINT, board: [0x15d9, 0x37d2], link: [1, 1] },
  { at: '3a:02.0', ids: [0x8086, 0x2032], type: ROOT, to: 0x3b },
  { at: '3b:00.1', ids: [0x8086, 0x10fb], type: ENDPOINT, board: [0x8086, 0xc], link: [2, 8] },
  { at: '5d:00.0', ids: [0x8086, 0x2030], type: ROOT, to: 0x5e },
  { at: '5e:00.0', ...SAS },
  { at: '85:00.0', ids: [0x8086, 0x2030], type: ROOT, to: 0x86 },
  { at: '86:00.0', ...SAS },
  { at: 'd7:00.0', ids: [0x8086, 0x2030], type: ROOT, to: 0xd8 },
  { at: 'd8:00.0', ...SAS },
]

function listing({ at, ids, type, to, board = [0, 0], code = 0, link }: Row): PciListing {
  const bytes = new Uint8Array(256)
  putConfig(bytes, 0, 2, ids[0])
  putConfig(bytes, 2, 2, ids[1])
  putConfig(bytes, 8, 4, (to === undefined ? code : 0x06_0400) << 8)
  putConfig(bytes, 0x0e, 1, to === undefined ? 0 : 1)
  if (to === undefined) putConfig(bytes, 0x2c, 4, board[0] | (board[1] << 16))
  else putConfig(bytes, 0x19, 1, to)
  if (type !== undefined) {
    putConfig(bytes, 0x06, 2, 0x10)
    putConfig(bytes, 0x34, 1, 0x40)
    putConfig(bytes, 0x40, 4, 0x10 | (type << 20) | (1 << 16))
    const [speed, width, mostWidth = width] = link ?? [0, 0]
    putConfig(bytes, 0x4c, 4, speed | (mostWidth << 4))
    putConfig(bytes, 0x52, 2, speed | (width << 4))
  }
  return { id: parseRequesterId(at) as RequesterId, bytes }
}

const functions = ROWS.map(listing)
const topology = capturedTopology({ sysfs: { functions, processors: [], isDom0: false } })
const at = (id: string) => functionOf(topology, parseRequesterId(id) as RequesterId)

it.each([
  {
    id: '02:00.0',
    fmri: 'hostbridge=1/pciexrc=1/pciexbus=2/pciexdev=0/pciexfn=0',
    dev: '/pci@0,0/pci8086,a195@1c,5/pci1a03,1150@0',
  },
  {
    id: '03:00.0',
    fmri: 'hostbridge=1/pciexrc=1/pciexbus=2/pciexdev=0/pciexfn=0/pcibus=3/pcidev=0/pcifn=0',
    dev: '/pci@0,0/pci8086,a195@1c,5/pci1a03,1150@0/display@0',
  },
  {
    id: '18:00.0',
    fmri: 'hostbridge=2/pciexrc=2/pciexbus=24/pciexdev=0/pciexfn=0',
    dev: '/pci@14,0/pci8086,2030@0/pci8086,37c0@0',
  },
  {
    id: '19:03.0',
    fmri: 'hostbridge=2/pciexrc=2/pciexbus=24/pciexdev=0/pciexfn=0/pciexbus=25/pciexdev=3/pciexfn=0',
    dev: '/pci@14,0/pci8086,2030@0/pci8086,37c0@0/pci8086,37c5@3',
  },
  {
    id: '1a:00.1',
    fmri:
      'hostbridge=2/pciexrc=2/pciexbus=24/pciexdev=0/pciexfn=0/pciexbus=25/pciexdev=3/pciexfn=0/' +
      'pciexbus=26/pciexdev=0/pciexfn=1',
    dev: '/pci@14,0/pci8086,2030@0/pci8086,37c0@0/pci8086,37c5@3/pci15d9,37d2@0,1',
  },
  {
    id: '3b:00.1',
    fmri: 'hostbridge=3/pciexrc=3/pciexbus=59/pciexdev=0/pciexfn=1',
    dev: '/pci@34,0/pci8086,2032@2/pci8086,c@0,1',
  },
  {
    id: '5e:00.0',
    fmri: 'hostbridge=4/pciexrc=4/pciexbus=94/pciexdev=0/pciexfn=0',
    dev: '/pci@56,0/pci8086,2030@0/pci15d9,808@0',
  },
  {
    id: '86:00.0',
    fmri: 'hostbridge=5/pciexrc=5/pciexbus=134/pciexdev=0/pciexfn=0',
    dev: '/pci@7d,0/pci8086,2030@0/pci15d9,808@0',
  },
  {
    id: 'd8:00.0',
    fmri: 'hostbridge=6/pciexrc=6/pciexbus=216/pciexdev=0/pciexfn=0',
    dev: '/pci@ce,0/pci8086,2030@0/pci15d9,808@0',
  },
])('function $id is $fmri and $dev', ({ id, fmri, dev }) => {
  const node = at(id)
  expect(node && printFmri(node.resource)).toBe(`hc:///motherboard=0/${fmri}`)
  expect(node && topoProperty(node, 'dev')?.value).toBe(dev)
  expect(node?.asru && printFmri(node.asru)).toBe(`dev:///${dev}`)
})

it.each([
  { id: '02:00.0', lanes: [1n, 1n], speeds: [5_000_000_000n, 5_000_000_000n] },
  { id: '18:00.0', lanes: [16n, 8n], speeds: [8_000_000_000n, 8_000_000_000n] },
  { id: '1a:00.1', lanes: [1n, 1n], speeds: [2_500_000_000n, 2_500_000_000n] },
])('the link of $id has $lanes lanes and is as fast as $speeds', ({ id, lanes, speeds }) => {
  const device = at(id)?.parent
  const said = (...names: readonly string[]) =>
    names.map((name) => device && topoProperty(device, name)?.value)
  expect(said('link-maximum-width', 'link-current-width')).toEqual(lanes)
  expect(said('link-maximum-speed', 'link-current-speed')).toEqual(speeds)
})

it('its processors: two controllers of three channels each, a number made of PPIN', () => {
  const host = createSimulator({ era: 'metal', processor: 'skylake', memoryMiB: 24 * 1024 })
  const names = [...hostTopology(host.access).nodes()]
  const dimms = names.filter(({ name }) => name === 'dimm')
  const paths = dimms.map(({ path }) => path.map(({ name, id }) => `${name}=${id}`).join('/'))
  for (const chip of [0, 1]) {
    for (const place of ['0/dram-channel=2', '1/dram-channel=0', '1/dram-channel=2']) {
      expect(paths).toContain(`motherboard=0/chip=${chip}/memory-controller=${place}/dimm=0`)
    }
  }
  expect(names.find(({ name }) => name === 'chip')?.serial).toMatch(/^iv0-INTC-50654-[0-9a-f]{16}$/)
})
