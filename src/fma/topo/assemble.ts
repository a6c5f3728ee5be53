// Assemble: a topology out of what is known of a host, whoever told it.
//
//   facts of a host  ->  motherboard=0 / chip, core, strand, memory-controller ... / hostbridge ...
//
// Holds: what is not known is not there, and the motherboard says why not. Where nobody knows which
// DIMM an address is on, a chip has its memory controller and no more.
// Source: illumos-gate usr/src/lib/fm/topo/maps/i86pc, modules/i86pc.
import type { BoardFacts } from '../../machine/board-facts.js'
import type { ProcessorFacts } from '../../machine/host-access.js'
import { MemoryMap, type MemoryShape } from '../../machine/memory-map.js'
import { type Obs, unknown } from '../../machine/obs.js'
import type { PciListing } from '../../machine/pci/listing.js'
import { type Authority, authorityOrNone } from '../event/authority.js'
import { type ChipFacts, chipParts, type PlacedPcpu } from './chip-parts.js'
import { memoryParts, wholeMemory } from './memory-parts.js'
import { cleanText, partAt, type Unknown } from './part.js'
import { pciParts } from './pci-parts.js'
import { Topology } from './topology.js'

/** What a topology is made of. */
export interface TopologyFacts {
  /** There is no hypervisor. */
  readonly isMetal: boolean
  readonly host: Obs<string>
  readonly processor: Obs<ProcessorFacts>
  readonly pcpus: readonly PlacedPcpu[]
  readonly board: Obs<BoardFacts>
  readonly memory: Obs<MemoryShape>
  readonly pci: Obs<readonly PciListing[]>
  /** What else is missing. */
  readonly missing: Unknown
}

/** Puts them together. */
export function assembleTopology(facts: TopologyFacts): Topology {
  const { board, memory, pci } = facts
  const firmware = board.kind === 'known' ? board.value : undefined
  const authority = authorityOf(facts.host, firmware)
  const map = memory.kind === 'known' ? new MemoryMap(memory.value) : undefined
  const chips = chipFacts(facts, firmware, map)
  const own = {
    name: 'motherboard',
    id: 0,
    fru: true,
    label: firmware?.label,
    unknown: [
      ...reason('firmware', board),
      ...reason('memory', memory),
      ...reason('pci', pci),
      ...facts.missing,
    ],
  } as const
  const motherboard = partAt({ path: [], authority }, own, (inside) => [
    ...chipParts(inside, chips),
    ...(pci.kind === 'known' ? pciParts(inside, pci.value) : []),
  ])
  return new Topology([motherboard], authority, map)
}

const NO_FIRMWARE = 'nothing is known of what the firmware says'

function chipFacts(
  { isMetal, pcpus, processor, memory }: TopologyFacts,
  firmware: BoardFacts | undefined,
  map: MemoryMap | undefined,
): ChipFacts {
  const hasChipSelects = processor.kind === 'known' && processor.value.vendor === 'amd'
  const dimms = firmware?.dimms ?? []
  return {
    isMetal,
    pcpus,
    processor,
    serial: (chip) => firmware?.chips[chip]?.serial ?? unknown(NO_FIRMWARE),
    label: (chip) => firmware?.chips[chip]?.label,
    memory: (inside, chip) => {
      if (map !== undefined) return memoryParts(inside, { map, dimms, hasChipSelects }, chip)
      return wholeMemory(inside, chip, memory.kind === 'unknown' ? memory.reason : '')
    },
  }
}

const reason = (what: string, obs: Obs<unknown>): Unknown =>
  obs.kind === 'unknown' ? [[what, obs.reason]] : []

/** Whose hardware it is. */
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
