// ChipParts: processors as parts: chips of cores of strands, and the memory behind each chip.
//
//   pcpu 5 at socket 1, core 0, thread 1  ->  chip=1/core=0/strand=1, cpuid 5
//
// Holds: every pcpu whose place is known is one strand. On metal a strand is taken out of service
// by the number the operating system gives it (scheme cpu); under a hypervisor that number is a
// vcpu's, so the strand goes by its place (scheme hc).
// Source: illumos-gate usr/src/lib/fm/topo/modules/i86pc/chip/chip.c.
import type { ProcessorFacts } from '../../machine/host-access.js'
import type { PcpuId } from '../../machine/ids.js'
import type { Obs } from '../../machine/obs.js'
import type { PcpuPlace } from '../../machine/pcpu-place.js'
import { number, type OwnFacts, partAt, type Site, text, type Unknown } from './part.js'
import { privateGroup, type TopoPart, type TopoProperty } from './topology.js'

/** A pcpu in its place. */
export interface PlacedPcpu {
  readonly pcpu: PcpuId
  readonly place: Pick<PcpuPlace, 'socket' | 'core' | 'thread'>
}

/** What chips are made of. */
export interface ChipFacts {
  readonly isMetal: boolean
  readonly pcpus: readonly PlacedPcpu[]
  readonly processor: Obs<ProcessorFacts>
  readonly serial: (chip: number) => Obs<string>
  readonly label: (chip: number) => string | undefined
  /** The memory behind a chip. */
  readonly memory: (inside: Site, chip: number) => readonly TopoPart[]
}

const VENDORS = { intel: 'GenuineIntel', amd: 'AuthenticAMD' } as const

/** All chips of a host, ascending. */
export function chipParts(site: Site, facts: ChipFacts): readonly TopoPart[] {
  return idsOf(facts.pcpus, ({ place }) => place.socket).map((chip) => chipPart(site, facts, chip))
}

function chipPart(site: Site, facts: ChipFacts, chip: number): TopoPart {
  const identity = facts.serial(chip)
  const serial = identity.kind === 'known' ? identity.value : undefined
  const { properties, unknown } = identityOf(facts.processor)
  const own: OwnFacts = {
    name: 'chip',
    id: chip,
    serial,
    fru: true,
    label: facts.label(chip),
    groups: properties.length === 0 ? [] : [privateGroup('chip-properties', properties)],
    unknown: identity.kind === 'unknown' ? [...unknown, ['serial', identity.reason]] : unknown,
  }
  const of = facts.pcpus.filter(({ place }) => place.socket === chip)
  const cores = idsOf(of, ({ place }) => place.core)
  return partAt(site, own, (inside) => [
    ...cores.map((core) => corePart(inside, { ...facts, pcpus: of }, { chip, core, serial })),
    ...facts.memory(inside, chip),
  ])
}

function identityOf(processor: Obs<ProcessorFacts>): {
  readonly properties: readonly TopoProperty[]
  readonly unknown: Unknown
} {
  if (processor.kind === 'unknown') {
    return { properties: [], unknown: [['vendor_id', processor.reason]] }
  }
  const { vendor, brand, family, model, stepping } = processor.value
  const properties = [
    text('vendor_id', VENDORS[vendor]),
    number('family', 'int32', family),
    number('model', 'int32', model),
    number('stepping', 'int32', stepping),
    text('brand', brand),
  ]
  return { properties, unknown: [] }
}

/** Where a core is, and the serial number of its chip. */
interface CorePlace {
  readonly chip: number
  readonly core: number
  readonly serial: string | undefined
}

function corePart(site: Site, facts: ChipFacts, at: CorePlace): TopoPart {
  const { chip, core, serial } = at
  const strands = facts.pcpus
    .filter(({ place }) => place.core === core)
    .sort((a, b) => a.place.thread - b.place.thread)
  const last = strands.at(-1)
  const own: OwnFacts = {
    name: 'core',
    id: core,
    serial,
    asru: facts.isMetal && last !== undefined ? cpuFmri(last.pcpu, serial) : 'resource',
    groups: [privateGroup('core-properties', chipNumbers(chip))],
  }
  return partAt(site, own, (inside) => strands.map((each) => strandPart(inside, each, facts, at)))
}

function strandPart(
  site: Site,
  { pcpu, place }: PlacedPcpu,
  { isMetal }: ChipFacts,
  { chip, core, serial }: CorePlace,
): TopoPart {
  const properties = [
    ...chipNumbers(chip),
    number('core_id', 'int32', core),
    number('cpuid', 'int32', pcpu),
  ]
  return partAt(site, {
    name: 'strand',
    id: place.thread,
    serial,
    asru: isMetal ? cpuFmri(pcpu, serial) : 'resource',
    groups: [privateGroup('strand-properties', properties)],
    unknown: isMetal ? [] : [['cpu', HIDDEN]],
  })
}

/** A node of memory is a chip here: none of them has two. */
const chipNumbers = (chip: number): readonly TopoProperty[] => [
  number('chip_id', 'int32', chip),
  number('procnodeid', 'int32', chip),
]

const HIDDEN =
  "dom0 numbers its vcpus, which the hypervisor moves about; cpuid is the hypervisor's number"

const cpuFmri = (pcpu: PcpuId, serial: string | undefined) =>
  ({ scheme: 'cpu', cpuid: pcpu, serial }) as const

function idsOf(pcpus: readonly PlacedPcpu[], of: (each: PlacedPcpu) => number): readonly number[] {
  return [...new Set(pcpus.map(of))].sort((a, b) => a - b)
}
