// HostTopology: the parts of the host that is open, from what its backend yields: a simulator, a
// recording, a live host alike.
//
//   HostAccess  ->  motherboard=0 / chip, core, strand, memory-controller ... / hostbridge ...
//
// Holds: what the backend does not know is not there, and the motherboard says why not.
// Source: illumos-gate usr/src/lib/fm/topo/maps/i86pc, modules/i86pc.
import type { BoardFacts } from '../../machine/board-facts.js'
import type { HostAccess } from '../../machine/host-access.js'
import { MemoryMap } from '../../machine/memory-map.js'
import { type Obs, unknown } from '../../machine/obs.js'
import { type Authority, authorityOrNone } from '../event/authority.js'
import { type ChipFacts, chipParts, type PlacedPcpu } from './chip-parts.js'
import { memoryParts } from './memory-parts.js'
import { cleanText, partAt } from './part.js'
import { pciParts } from './pci-parts.js'
import { Topology } from './topology.js'

/** The parts of a host as they are now. */
export function hostTopology(access: HostAccess): Topology {
  const { host, processor } = access.hypervisor()
  const [board, memory, pci] = [access.board(), access.memory(), access.pci()]
  const firmware = board.kind === 'known' ? board.value : undefined
  const authority = authorityOf(host, firmware)
  const map = memory.kind === 'known' ? new MemoryMap(memory.value) : undefined
  const pcpus = placedPcpus(access)
  const hasChipSelects = processor.kind === 'known' && processor.value.vendor === 'amd'
  const dimms = firmware?.dimms ?? []
  const chips: ChipFacts = {
    isMetal: access.isMetal,
    pcpus: pcpus.items,
    processor,
    serial: (chip) => firmware?.chips[chip]?.serial ?? unknown(NO_FIRMWARE),
    label: (chip) => firmware?.chips[chip]?.label,
    memory: (inside, chip) =>
      map === undefined ? [] : memoryParts(inside, { map, dimms, hasChipSelects }, chip),
  }
  const missing = [...reason('firmware', board), ...reason('memory', memory), ...reason('pci', pci)]
  const own = { name: 'motherboard', id: 0, fru: true, label: firmware?.label } as const
  const whole = { ...own, unknown: [...missing, ...pcpus.unknown] }
  const motherboard = partAt({ path: [], authority }, whole, (inside) => [
    ...chipParts(inside, chips),
    ...(pci.kind === 'known' ? pciParts(inside, pci.value) : []),
  ])
  return new Topology([motherboard], authority, map)
}

const NO_FIRMWARE = 'nothing is known of what the firmware says'

/** Whose hardware it is: parts in the order in which illumos prints them. */
function authorityOf(host: Obs<string>, firmware: BoardFacts | undefined): Authority | undefined {
  const parts: readonly (readonly [name: string, value: string | undefined])[] = [
    ['product-id', firmware?.product],
    ['product-sn', firmware?.productSerial],
    ['server-id', host.kind === 'known' ? host.value : undefined],
    ['chassis-id', firmware?.chassis],
  ]
  const known = parts.flatMap(([name, value]): [string, string][] =>
    value === undefined || value.trim() === '' ? [] : [[name, cleanText(value)]],
  )
  return authorityOrNone(new Map(known))
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
