import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { XpvError } from '../../../src/base/error.js'
import { printFmri } from '../../../src/fma/event/fmri.js'
import {
  type CapturedTexts,
  capturedKind,
  capturedTopology,
} from '../../../src/fma/topo/captured-topology.js'
import { functionOf, memoryAt, strandOf } from '../../../src/fma/topo/resolve.js'
import { type Topology, topoGroup, topoProperty } from '../../../src/fma/topo/topology.js'
import type { PcpuId } from '../../../src/machine/ids.js'
import { parseRequesterId, type RequesterId } from '../../../src/machine/pci/requester-id.js'

const read = (...path: readonly string[]): string =>
  readFileSync(join(import.meta.dirname, ...path), 'utf8')
const captures = {
  lspci: read('../../../examples/recordings/xl-create/lspci-vvv-xxxx.txt'),
  xenpm: read('captures/xenpm-get-cpu-topology.txt'),
  xlInfo: read('captures/xl-info-n.txt'),
}
const paths = (topology: Topology): readonly string[] =>
  [...topology.nodes()].map(({ path }) => path.map(({ name, id }) => `${name}=${id}`).join('/'))
const missing = (topology: Topology): readonly string[] =>
  topology.roots
    .flatMap((root) => topoGroup(root, 'xpv-unknown')?.properties ?? [])
    .map((p) => p.name)

it('the host of a real Xen has its pcpus and functions, one network card behind a root port', () => {
  const topology = capturedTopology(captures)
  const functions = paths(topology).filter((path) => /(fn|rc)=\d+$/.test(path))
  expect(functions).toEqual([
    'motherboard=0/hostbridge=0/pciexrc=0',
    'motherboard=0/hostbridge=0/pciexrc=0/pciexbus=1/pciexdev=0/pciexfn=0',
    'motherboard=0/hostbridge=1/pcibus=0/pcidev=0/pcifn=0',
    'motherboard=0/hostbridge=1/pcibus=0/pcidev=1/pcifn=0',
    'motherboard=0/hostbridge=1/pcibus=0/pcidev=2/pcifn=0',
    'motherboard=0/hostbridge=1/pcibus=0/pcidev=31/pcifn=0',
    'motherboard=0/hostbridge=1/pcibus=0/pcidev=31/pcifn=2',
    'motherboard=0/hostbridge=1/pcibus=0/pcidev=31/pcifn=3',
  ])
  const strands = [0, 1, 2, 3].map((pcpu) => strandOf(topology, pcpu as PcpuId))
  expect(strands.map((strand) => strand && printFmri(strand.resource))).toEqual(
    [0, 1, 2, 3].map((core) => `hc://:server-id=dom0/motherboard=0/chip=0/core=${core}/strand=0`),
  )
})

it('what lspci said of the card is what its part says', () => {
  const topology = capturedTopology(captures)
  const card = functionOf(topology, parseRequesterId('01:00.0') as RequesterId)
  const said = (name: string) => card && topoProperty(card, name)?.value
  expect(said('driver')).toBeUndefined()
  expect([said('vendor-id'), said('device-id'), said('class-code')]).toEqual([
    '8086',
    '10d3',
    '20000',
  ])
  expect(said('extended-capabilities')).toBe('pciexdev')
  expect(card?.label).toBe('SLOT 1')
  const port = functionOf(topology, parseRequesterId('00:03.0') as RequesterId)
  expect(port && topoProperty(port, 'BDF')?.value).toBe('0x18')
  expect(port && topoProperty(port, 'driver')?.value).toBe('pcieport')
})

it('which DIMM an address is on is said to be unknown: a chip has its controller alone', () => {
  const topology = capturedTopology(captures)
  expect(memoryAt(topology, 0x1234_5000n)).toBeUndefined()
  expect(missing(topology)).toEqual(['firmware', 'memory'])
  const controllers = paths(topology).filter((path) => path.includes('memory-controller'))
  expect(controllers).toEqual(['motherboard=0/chip=0/memory-controller=0'])
})

const table = (rows: readonly (readonly number[])[]): string =>
  `CPU\tcore\tsocket\tnode\n${rows.map((row, n) => `CPU${n}\t ${row.join('\t ')}\n`).join('')}`
const cpuinfo = ['0 0', '0 1', '1 0', '1 1']
  .map((at, n) => {
    const [socket, core] = at.split(' ')
    const who = 'vendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 44\nstepping\t: 1\n'
    return `processor\t: ${n}\n${who}physical id\t: ${socket}\ncore id\t\t: ${core}\n\n`
  })
  .join('')
const xlInfo = 'nr_cpus : 8\ncores_per_socket : 2\nthreads_per_core : 2\nxen_major : 4\n'

it.each<{ readonly name: string; readonly texts: CapturedTexts; readonly strands: string }>([
  {
    name: 'xenpm: threads of a core in the order of their pcpus',
    texts: {
      xenpm: table([
        [0, 0, 0],
        [0, 0, 0],
        [4, 0, 0],
        [0, 1, 1],
      ]),
    },
    strands: '0/0/0 0/0/1 0/4/0 1/0/0',
  },
  {
    name: 'xenpm: interleaved over sockets',
    texts: {
      xenpm: table([
        [0, 0, 0],
        [0, 1, 1],
        [0, 0, 0],
        [0, 1, 1],
      ]),
    },
    strands: '0/0/0 1/0/0 0/0/1 1/0/1',
  },
  {
    name: 'xl info without -n: as Xen numbers them',
    texts: { xlInfo },
    strands: '0/0/0 0/0/1 0/1/0 0/1/1 1/0/0 1/0/1 1/1/0 1/1/1',
  },
  { name: 'cpuinfo', texts: { cpuinfo }, strands: '0/0/0 0/1/0 1/0/0 1/1/0' },
  {
    name: '/sys of metal',
    texts: {
      sysfs: {
        functions: [],
        processors: [
          [1, 0, 0],
          [0, 0, 0],
        ],
        isDom0: false,
      },
    },
    strands: '0/0/0 0/0/1',
  },
])('pcpus of $name', ({ texts, strands }) => {
  const topology = capturedTopology(texts)
  const found = strands.split(' ').map((_, pcpu) => strandOf(topology, pcpu as PcpuId))
  const at = found.map((node) =>
    node?.path
      .slice(1)
      .map(({ id }) => id)
      .join('/'),
  )
  expect(at.join(' ')).toBe(strands)
  expect(strandOf(topology, found.length as PcpuId)).toBeUndefined()
  const scheme = texts.xenpm === undefined && texts.xlInfo === undefined ? 'cpu' : 'hc'
  expect(found.map((node) => node?.asru?.scheme)).toEqual(found.map(() => scheme))
})

it('in /sys of dom0 there are vcpus: it tells of no pcpu', () => {
  const sysfs = { functions: [], processors: [[0, 0, 0]] as const, isDom0: true }
  const topology = capturedTopology({ sysfs })
  expect(strandOf(topology, 0 as PcpuId)).toBeUndefined()
  expect(missing(topology)).toContain('pcpus')
})

it('lspci by a user shows no capabilities, and that is said', () => {
  const short = captures.lspci.replace(/^[4-9a-f][0-9a-f]: .*\n|^[1-9a-f][0-9a-f]{2}: .*\n/gm, '')
  const topology = capturedTopology({ lspci: short })
  expect(missing(topology)).toContain('capabilities')
  const card = functionOf(topology, parseRequesterId('01:00.0') as RequesterId)
  expect(card && printFmri(card.resource)).toContain('/pcifn=0/pcibus=1/pcidev=0/pcifn=0')
})

it.each([
  { text: captures.lspci, kind: 'lspci' },
  { text: captures.xenpm, kind: 'xenpm' },
  { text: captures.xlInfo, kind: 'xlInfo' },
  { text: cpuinfo, kind: 'cpuinfo' },
  { text: 'hello\n', kind: undefined },
])('a text is known by its looks: $kind', ({ text, kind }) => {
  expect(capturedKind(text)).toBe(kind)
})

it.each([
  { lspci: 'nothing' },
  { xenpm: 'nothing' },
  { xlInfo: 'nothing' },
  { cpuinfo: 'nothing' },
])('what is no capture is refused: %o', (texts) => {
  const error = catchError(() => capturedTopology(texts))
  expect(error).toBeInstanceOf(XpvError)
  expect(error).toMatchObject({ code: 'fma.capture' })
})

function catchError(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
