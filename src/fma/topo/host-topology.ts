// HostTopology: the parts of the host that is open, from what its backend yields: a simulator, a
// recording, a live host alike.
//
//   HostAccess  ->  motherboard=0 / chip, core, strand, memory-controller ... / hostbridge ...
//
// Holds: what the backend does not know is not there, and the motherboard says why not.
// Source: illumos-gate usr/src/lib/fm/topo/maps/i86pc, modules/i86pc.
import type { HostAccess } from '../../machine/host-access.js'
import { MemoryMap } from '../../machine/memory-map.js'
import type { Obs } from '../../machine/obs.js'
import type { HcFmri } from '../event/fmri-hc.js'
import { chipParts, type PlacedPcpu } from './chip-parts.js'
import { memoryParts } from './memory-parts.js'
import { partAt, type Site } from './part.js'
import { pciParts } from './pci-parts.js'
import { Topology } from './topology.js'

/** The parts of a host as they are now. */
export function hostTopology(access: HostAccess): Topology {
  const { host, processor } = access.hypervisor()
  const authority: HcFmri['authority'] =
    host.kind === 'known' ? new Map([['server-id', host.value]]) : undefined
  const memory = access.memory()
  const pci = access.pci()
  const map = memory.kind === 'known' ? new MemoryMap(memory.value) : undefined
  const pcpus = placedPcpus(access)
  const hasChipSelects = processor.kind === 'known' && processor.value.vendor === 'amd'
  const chips = {
    isMetal: access.isMetal,
    pcpus: pcpus.items,
    processor: processor.kind === 'known' ? processor.value : processor.reason,
    serial: () => ({ reason: 'nobody has read it' }),
    label: (chip: number) => `CPU ${chip}`,
    memory: (inside: Site, chip: number) =>
      map === undefined ? [] : memoryParts(inside, { map, hasChipSelects }, chip),
  }
  const unknown = [...reason('memory', memory), ...reason('pci', pci), ...pcpus.unknown]
  const site: Site = { path: [], authority }
  const own = { name: 'motherboard', id: 0, fru: true, label: 'MB', unknown } as const
  const board = partAt(site, own, (inside) => [
    ...chipParts(inside, chips),
    ...(pci.kind === 'known' ? pciParts(inside, pci.value) : []),
  ])
  return new Topology([board], authority, map)
}

type Unknown = readonly (readonly [what: string, reason: string])[]

const reason = (what: string, obs: Obs<unknown>): Unknown =>
  obs.kind === 'unknown' ? [[what, obs.reason]] : []

function placedPcpus(access: HostAccess): {
  readonly items: readonly PlacedPcpu[]
  readonly unknown: Unknown
} {
  const { items, partial } = access.pcpus()
  const placed: PlacedPcpu[] = []
  const unknown: (readonly [string, string])[] = []
  for (const { pcpu, place } of items) {
    if (place.kind === 'known') placed.push({ pcpu, place: place.value })
    else unknown.push([`pcpu ${pcpu}`, place.reason])
  }
  if (partial !== undefined) unknown.push(['pcpus', partial])
  return { items: placed, unknown }
}
