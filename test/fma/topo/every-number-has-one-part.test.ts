import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ERAS } from '../../../src/backend/sim/era.js'
import { createSimulator, type SimMachine } from '../../../src/backend/sim/sim-machine.js'
import { fmriFromNvlist, fmriToNvlist, parseFmri, printFmri } from '../../../src/fma/event/fmri.js'
import { hostTopology } from '../../../src/fma/topo/host-topology.js'
import {
  functionOf,
  memoryAt,
  pcpuOf,
  requesterOf,
  strandOf,
} from '../../../src/fma/topo/resolve.js'
import { type Topology, type TopoNode, topoProperty } from '../../../src/fma/topo/topology.js'
import type { PcpuId } from '../../../src/machine/ids.js'
import type { RequesterId } from '../../../src/machine/pci/requester-id.js'

const processors = ['opteron', 'barcelona', 'nehalem', 'westmere', 'broadwell', 'skylake']
const hosts = fc.record({
  era: fc.constantFrom(...ERAS.map(({ name }) => name)),
  processor: fc.constantFrom(...processors),
  sockets: fc.integer({ min: 1, max: 4 }),
  coresPerSocket: fc.integer({ min: 1, max: 6 }),
  threadsPerCore: fc.integer({ min: 1, max: 2 }),
  memoryMiB: fc.integer({ min: 2048, max: 40_000 }),
  seed: fc.nat(1000),
})

const RUNS = { numRuns: 25 }
const named = (topology: Topology, ...names: string[]): readonly TopoNode[] =>
  [...topology.nodes()].filter(({ name }) => names.includes(name))

/** Runs a check on hosts of all sorts. */
function onHosts(check: (topology: Topology, machine: SimMachine) => void): void {
  fc.assert(
    fc.property(hosts, (config) => {
      const machine = createSimulator(config)
      check(hostTopology(machine.access), machine)
    }),
    RUNS,
  )
}

it('a pcpu is one strand, and the strand is that pcpu', () => {
  onHosts((topology, { access }) => {
    const pcpus = access.pcpus().items.map(({ pcpu }) => pcpu)
    const strands = pcpus.map((pcpu) => strandOf(topology, pcpu))
    expect(strands.map((strand) => strand && pcpuOf(strand))).toEqual(pcpus)
    expect(new Set(strands)).toEqual(new Set(named(topology, 'strand')))
    expect(strandOf(topology, pcpus.length as PcpuId)).toBeUndefined()
  })
})

it('a strand lies where its pcpu does', () => {
  onHosts((topology, { access }) => {
    for (const { pcpu, place } of access.pcpus().items) {
      if (place.kind !== 'known') throw new Error(place.reason)
      const { socket, core, thread } = place.value
      const path = `motherboard=0/chip=${socket}/core=${core}/strand=${thread}`
      const strand = strandOf(topology, pcpu)
      expect(strand?.path.map(({ name, id }) => `${name}=${id}`).join('/')).toBe(path)
    }
  })
})

it('a function is one node, and the node is that function', () => {
  onHosts((topology, { access }) => {
    const pci = access.pci()
    const ids = pci.kind === 'known' ? pci.value.map(({ id }) => id) : []
    const nodes = ids.map((id) => functionOf(topology, id))
    expect(nodes.map((node) => node && requesterOf(node))).toEqual(ids)
    expect(new Set(nodes)).toEqual(new Set(named(topology, 'pciexrc', 'pciexfn', 'pcifn')))
    expect(functionOf(topology, 0xffff as RequesterId)).toBeUndefined()
  })
})

it('an address is on one DIMM, that of its place; beyond memory and in the hole there is none', () => {
  onHosts((topology, { access }) => {
    const { memory } = topology
    const shape = access.memory()
    if (memory === undefined || shape.kind === 'unknown') throw new Error('no memory')
    const { bytes, hole } = shape.value
    const end = bytes + (hole && bytes > hole.start ? hole.end - hole.start : 0)
    for (let n = 0; n < 100; n++) {
      const address = Math.min(end - 64, Math.floor((n / 100) * end) + 64 * n)
      const rank = memoryAt(topology, BigInt(address))
      const isHole = hole !== undefined && address >= hole.start && address < hole.end
      expect(rank === undefined, `0x${address.toString(16)}`).toBe(isHole)
      if (rank === undefined) continue
      const { socket, channel, dimm, rank: number } = memory.placeOf(address)
      const per = memory.channelsPerController
      const at = `memory-controller=${Math.floor(channel / per)}/dram-channel=${channel % per}`
      const wanted = `chip=${socket}/${at}/dimm=${dimm}`
      expect(printFmri(rank.resource)).toContain(`${wanted}/rank=${number}`)
    }
    for (const rank of named(topology, 'rank')) {
      const at = (name: string) => Number(rank.path.find((pair) => pair.name === name)?.id)
      const first = at('memory-controller') * memory.channelsPerController
      const [socket, channel, dimm] = [at('chip'), first + at('dram-channel'), at('dimm')]
      const address = memory.addressOf({ socket, channel, dimm, rank: rank.id })
      expect(memoryAt(topology, BigInt(address))).toBe(rank)
    }
    for (const outside of [-1n, BigInt(end), 2n ** 52n, 2n ** 64n - 1n])
      expect(memoryAt(topology, outside)).toBeUndefined()
  })
})

it('the FMRI of a part comes back as the part, as a string and as an nvlist', () => {
  onHosts((topology) => {
    for (const node of topology.nodes()) {
      const { resource } = node
      expect(topology.node(parseFmri(printFmri(resource)))).toBe(node)
      expect(printFmri(fmriFromNvlist(fmriToNvlist(resource)))).toBe(printFmri(resource))
      for (const fmri of [node.asru, node.fru]) {
        if (fmri !== undefined) expect(printFmri(parseFmri(printFmri(fmri)))).toBe(printFmri(fmri))
      }
    }
  })
})

it('a page is named by its rank and its address, and that name leads to the rank', () => {
  const topology = hostTopology(createSimulator({ era: 'metal' }).access)
  const rank = memoryAt(topology, 0x1234_5000n)
  const page = rank && printFmri({ ...rank.resource, physaddr: 0x1234_5000n })
  expect(page).toMatch(/\/dimm=\d\/rank=\d\/physaddr=12345000$/)
  expect(topology.node(parseFmri(page ?? ''))).toBe(rank)
})

it('a FRU is a part of the host, and has a label where the firmware says one', () => {
  onHosts((topology) => {
    for (const { fru, name } of topology.nodes()) {
      const part = fru && topology.node(fru)
      expect(part, name).toBeDefined()
      expect(part?.label, name).toBeDefined()
    }
    const labels = named(topology, 'dimm').map(({ label }) => label)
    expect(new Set(labels).size).toBe(labels.length)
  })
})

it.each([
  { era: 'metal', strand: 'cpu', hidden: false },
  { era: 'xvm-3.1', strand: 'hc', hidden: true },
  { era: 'xvm-mca', strand: 'hc', hidden: true },
  { era: 'xen-4.17', strand: 'hc', hidden: true },
  { era: 'xen-4.20', strand: 'hc', hidden: true },
])('$era: a strand is retired by its $strand FMRI, and what is hidden is said', (row) => {
  const topology = hostTopology(createSimulator({ era: row.era }).access)
  const strands = named(topology, 'strand')
  expect(strands.map(({ asru }) => asru?.scheme)).toEqual(strands.map(() => row.strand))
  const said = strands.map((strand) => topoProperty(strand, 'cpu') !== undefined)
  expect(said).toEqual(strands.map(() => row.hidden))
  const functions = named(topology, 'pciexfn', 'pcifn', 'pciexrc')
  expect(new Set(functions.map(({ asru }) => asru?.scheme))).toEqual(new Set(['dev']))
})

it.each([
  { era: 'metal', processor: 'skylake', has: true },
  { era: 'xen-4.17', processor: 'skylake', has: true },
  { era: 'xvm-mca', processor: 'skylake', has: false },
  { era: 'metal', processor: 'nehalem', has: false },
])('$era on $processor: a chip has a serial number: $has; else the reason', (row) => {
  const { era, processor, has } = row
  const topology = hostTopology(createSimulator({ era, processor }).access)
  for (const chip of named(topology, 'chip')) {
    expect(chip.serial !== undefined).toBe(has)
    expect(topoProperty(chip, 'serial') === undefined).toBe(has)
    if (has) expect(chip.serial).toMatch(/^iv0-INTC-50654-[0-9a-f]+$/)
  }
})

it('a fork is the same hardware; a second host is not', () => {
  const machine = createSimulator({ processor: 'skylake', era: 'metal' })
  const names = (each: SimMachine): readonly string[] =>
    [...hostTopology(each.access).nodes()].map(({ resource }) => printFmri(resource))
  const peer = machine.peer
  const fork = machine.fork()
  expect(names(fork)).toEqual(names(machine))
  expect(names(fork.peer)).toEqual(names(peer))
  expect(names(peer).length).toBe(names(machine).length)
  const serials = (each: SimMachine): readonly (string | undefined)[] =>
    named(hostTopology(each.access), 'chip', 'dimm').map(({ serial }) => serial)
  expect(serials(peer).filter((serial) => serials(machine).includes(serial))).toEqual([])
})
