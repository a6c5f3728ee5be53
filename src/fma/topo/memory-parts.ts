// MemoryParts: memory as parts: of a chip its controller, channels, DIMMs and ranks; on AMD's
// processors the chip selects too.
//
//   chip=0/memory-controller=0/dram-channel=1/dimm=0/rank=1     chip select 1 of that channel
//
// Holds: every rank of a DIMM is a node; a DIMM is a FRU. A page has no node: it is named
// by its rank with an address, which is also what is taken out of service.
// Source: illumos-gate usr/src/lib/fm/topo/modules/i86pc/chip/chip_intel.c, chip_amd.c.
import type { DimmFacts } from '../../machine/board-facts.js'
import type { MemoryMap } from '../../machine/memory-map.js'
import { number, type OwnFacts, partAt, type Site, text } from './part.js'
import { privateGroup, type TopoPart, type TopoProperty } from './topology.js'

/** What memory parts are made of. */
export interface MemoryFacts {
  readonly map: MemoryMap
  /** What the firmware says of DIMMs. */
  readonly dimms: readonly DimmFacts[]
  /** AMD's processors tell errors by chip select. */
  readonly hasChipSelects: boolean
}

/** The memory behind one chip. */
export function memoryParts(site: Site, facts: MemoryFacts, chip: number): readonly TopoPart[] {
  const { map } = facts
  const of = { ...facts, dimms: facts.dimms.filter(({ socket }) => socket === chip) }
  const per = map.channelsPerController
  const controllers = Math.ceil(map.shape.channels / per)
  return numbers(controllers).map((id) =>
    partAt(site, controller(chip, { id, of: controllers }), (inside) =>
      numbers(Math.min(per, map.shape.channels - id * per)).map((channel) =>
        channelPart(inside, of, { id: channel, inSocket: id * per + channel }),
      ),
    ),
  )
}

/** The same where nobody knows which DIMM an address is on: what is replaced is one of them, and
 *  not the chip. */
export function wholeMemory(site: Site, chip: number, reason: string): readonly TopoPart[] {
  return [
    partAt(
      { ...site, fru: undefined, label: undefined },
      {
        ...controller(chip, { id: 0, of: 1 }),
        asru: 'resource',
        unknown: [['dimms', reason]],
      },
    ),
  ]
}

function controller(
  chip: number,
  { id, of }: { readonly id: number; readonly of: number },
): OwnFacts {
  const properties = [number('procnodeid', 'int32', chip), number('num-mc', 'uint32', of)]
  const groups = [privateGroup('memory-controller-properties', properties)]
  return { name: 'memory-controller', id, groups }
}

function channelPart(
  site: Site,
  facts: MemoryFacts,
  { id, inSocket }: { readonly id: number; readonly inSocket: number },
): TopoPart {
  const { dimmsPerChannel, ranksPerDimm } = facts.map.shape
  const properties = facts.hasChipSelects ? [text('channel', String.fromCharCode(0x41 + id))] : []
  const groups = [privateGroup('dram-channel-properties', properties)]
  return partAt(site, { name: 'dram-channel', id, groups }, (inside) => {
    const dimms = numbers(dimmsPerChannel).map((dimm) =>
      dimmPart(inside, facts, { channel: inSocket, dimm }),
    )
    if (!facts.hasChipSelects) return dimms
    const selects = dimms.flatMap((dimm) =>
      numbers(ranksPerDimm).map((rank) => chipSelect(inside, dimm, dimm.id * ranksPerDimm + rank)),
    )
    return [...selects, ...dimms]
  })
}

function chipSelect(site: Site, dimm: TopoPart, id: number): TopoPart {
  const { fru, label } = dimm
  return partAt(site, { name: 'chip-select', id, fru, label, asru: 'resource' })
}

function dimmPart(
  site: Site,
  { map, dimms, hasChipSelects }: MemoryFacts,
  { channel, dimm }: { readonly channel: number; readonly dimm: number },
): TopoPart {
  const { dimmBytes } = map
  const said = dimms.find((each) => each.channel === channel && each.dimm === dimm)
  const { label, serial, part } = said ?? {}
  const { ranksPerDimm } = map.shape
  const properties: TopoProperty[] = [
    number('size', 'uint64', dimmBytes),
    text('dimm-size', sizeText(dimmBytes)),
    number('ranks', 'uint32', ranksPerDimm),
    number('nrow', 'uint32', map.rows),
  ]
  const groups = [privateGroup('dimm-properties', properties)]
  const ids = { label, serial, part }
  const own = { name: 'dimm', id: dimm, fru: true, asru: 'resource', groups, ...ids } as const
  return partAt(site, own, (inside) =>
    numbers(ranksPerDimm).map((rank) => {
      const size = number('size', 'uint64', Math.ceil(dimmBytes / ranksPerDimm))
      const select = number('csnum', 'uint64', dimm * ranksPerDimm + rank)
      const ofRank = hasChipSelects ? [size, select] : [size]
      const groups = [privateGroup('rank-properties', ofRank)]
      return partAt(inside, { name: 'rank', id: rank, asru: 'resource', groups, serial, part })
    }),
  )
}

/** In the largest unit of which there is one: 2G. */
function sizeText(bytes: number): string {
  const unit = Math.max(0, Math.min(4, Math.floor(Math.log2(bytes) / 10)))
  return `${Math.floor(bytes / 2 ** (10 * unit))}${['', 'K', 'M', 'G', 'T'][unit]}`
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n)
