// TelemetryHost: the host that files of telemetry are of, by all that they and texts about it say.
//
//   a kernel's log, lspci, xl info -n  ->  its functions, its pcpus, as parts of one motherboard
//
// Holds: what a text shows goes before what errors imply; what neither tells is not there. What was
// made up, so that what is told has a place, is said.
import type { PcpuId } from '../../machine/ids.js'
import { readConfig } from '../../machine/pci/config-space.js'
import type { PciListing } from '../../machine/pci/listing.js'
import { isBridge } from '../../machine/pci/register-map.js'
import { partsOf, printRequesterId } from '../../machine/pci/requester-id.js'
import type { HcPair } from '../event/fmri-hc.js'
import { listsMember, type NvList, stringMember } from '../event/nvlist.js'
import { type CapturedTexts, capturedTopology } from '../topo/captured-topology.js'
import { strandOf } from '../topo/resolve.js'
import type { Topology } from '../topo/topology.js'
import { ImpliedTopology } from './implied-topology.js'
import { hostFunctions, idsOf } from './pci/spoken-functions.js'
import type { SourceRecord, SpokenFunction, TelemetrySource } from './source.js'
import { Unknowns } from './unknowns.js'

/** Texts that tell of parts and of no errors. */
export type HostTexts = Omit<CapturedTexts, 'lspci' | 'sysfs'>

/** A host, and what is not known of it. Sentences without a stop. */
export interface TelemetryHost {
  readonly topology: Topology
  /** Of pcpus, and of functions of PCI Express, that were made up. */
  readonly assumed: { readonly pcpus: readonly string[]; readonly functions: readonly string[] }
}

/** A host of which somebody knows the parts. */
export const givenHost = (topology: Topology): TelemetryHost => ({
  topology,
  assumed: { pcpus: [], functions: [] },
})

const SAID =
  'which parts the host has, and which of them holds an address, was said by whoever asked'

/** A host of which somebody says that it has these parts. */
export const assumedHost = (topology: Topology): TelemetryHost => ({
  topology,
  assumed: { pcpus: [SAID], functions: [SAID] },
})

const NO_TOPOLOGY =
  'which core a pcpu is was taken from its APIC id, as if each core had one thread'

/** The host that sources tell of, together with texts about it. Throws what `capturedTopology`
 *  throws. */
export function telemetryHost(
  sources: readonly TelemetrySource[],
  texts: HostTexts = {},
): TelemetryHost {
  const { xenpm, xlInfo, cpuinfo, fmtopo } = texts
  if (fmtopo !== undefined) return givenHost(capturedTopology(texts))
  const arePcpusKnown = (xenpm ?? xlInfo ?? cpuinfo) !== undefined
  const spoken = sources.flatMap((source) => source.functions?.() ?? [])
  const functions = hostFunctions(spoken)
  const isDom0 = cpuinfo === undefined
  const sysfs = functions.length === 0 ? undefined : { functions, processors: [], isDom0 }
  const known =
    arePcpusKnown || sysfs !== undefined ? capturedTopology({ ...texts, sysfs }) : undefined
  const implied = new ImpliedTopology()
  const missing = new Set<PcpuId>()
  for (const source of sources) {
    for (const record of source.records(new Unknowns())) {
      const pcpu = imply(implied, record, known)
      if (pcpu !== undefined) missing.add(pcpu)
    }
  }
  const unlisted = arePcpusKnown ? unlistedText(missing) : [NO_TOPOLOGY]
  return {
    topology: implied.topology(known),
    assumed: { pcpus: unlisted, functions: assumedOf(functions, spoken) },
  }
}

/** Xen lists those that are online. */
function unlistedText(pcpus: ReadonlySet<PcpuId>): readonly string[] {
  if (pcpus.size === 0) return []
  const list = [...pcpus].sort((a, b) => a - b).join(' ')
  return [`no text about the host lists pcpu ${list} (offline?): ${NO_TOPOLOGY}`]
}

/** Ports that nobody has seen, and functions without numbers of their maker and model. */
function assumedOf(
  functions: readonly PciListing[],
  spoken: readonly SpokenFunction[],
): readonly string[] {
  const seen = new Set(spoken.map(({ listing }) => listing.id))
  const list = (of: readonly PciListing[]): string =>
    of.map(({ id }) => printRequesterId(id)).join(' ')
  const [ports, nameless, lonely] = [
    functions.filter(({ id }) => !seen.has(id)),
    functions.filter((each) => seen.has(each.id) && idsOf(each) === 0),
    isWhole(spoken) ? [] : functions.filter((each) => isLonely(each, functions)),
  ]
  const told: string[] = []
  if (ports.length > 0) {
    told.push(
      `no text shows what is above a function: a port is made up for it (${list(ports)}); ` +
        'lspci -vvv -xxxx of the whole host shows it',
    )
  }
  if (nameless.length > 0) {
    told.push(
      `no text has the numbers of maker and model of ${list(nameless)}: pci0,0 in its path ` +
        'stands for them',
    )
  }
  if (lonely.length > 0) {
    told.push(
      `no text shows what is behind ${list(lonely)}: it cannot be suspected; ` +
        'lspci -vvv -xxxx of the whole host shows it',
    )
  }
  return told
}

/** lspci of a whole host begins with its host bridge. */
const isWhole = (spoken: readonly SpokenFunction[]): boolean =>
  spoken.some(({ listing, by }) => listing.id === 0 && by !== 'mention')

/** Whether a function is a bridge behind which nothing is known. */
function isLonely({ bytes }: PciListing, functions: readonly PciListing[]): boolean {
  if (!isBridge(bytes)) return false
  return functions.every(({ id }) => partsOf(id).bus !== readConfig(bytes, 0x19, 1))
}

/** Adds the parts that a record speaks of; yields the pcpu that is nowhere else. */
function imply(
  implied: ImpliedTopology,
  record: SourceRecord,
  known: Topology | undefined,
): PcpuId | undefined {
  if (record.kind === 'machine-check') {
    if (record.vendor !== undefined) implied.setVendor(record.vendor)
    const { pcpu } = record.record
    if (pcpu === undefined || (known && strandOf(known, pcpu)) !== undefined) return undefined
    implied.addPcpu(pcpu, record.place)
    return pcpu
  }
  if (record.kind === 'memory') {
    implied.addMemory(record.error)
  } else if (record.kind === 'ereport') {
    const { detector, payload } = record.ereport
    if (detector.scheme === 'hc') implied.addPath(detector.path)
    for (const list of listsMember(payload, 'resource') ?? []) implied.addPath(pathOf(list))
  }
  return undefined
}

/** The path of an FMRI in an ereport; one that makes no sense is nowhere. */
const pathOf = (list: NvList): readonly HcPair[] =>
  (listsMember(list, 'hc-list') ?? []).map((pair) => {
    return { name: stringMember(pair, 'hc-name') ?? '', id: stringMember(pair, 'hc-id') ?? '' }
  })
