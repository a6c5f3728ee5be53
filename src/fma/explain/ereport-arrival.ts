// Ereport arrival: whether an ereport of a class can ever come from a part of a host, and what
// keeps it away: the part has not the register, nobody reads it, nothing makes such an ereport.
//
//   ereport.io.pciex.tl.ptlp of a function without AER  ->  the function has no Advanced Error ...
//
// Holds: what is not known of a part does not keep its ereports away.
import type { Obs } from '../../machine/obs.js'
import { capability, EXT_AER } from '../../machine/pci/capability.js'
import type { PciListing } from '../../machine/pci/listing.js'
import { isBridge, portType } from '../../machine/pci/register-map.js'
import type { TelemetryGap } from '../../machine/telemetry.js'
import { mcaEreportClasses } from '../event/mca-class.js'
import {
  BRIDGE_CLASSES,
  BRIDGE_CONTROL_CLASSES,
  CORRECTABLE_CLASSES,
  DEVICE_CLASSES,
  type ErrorClass,
  PCI_CLASSES,
  ROOT_CLASSES,
  SECONDARY_CLASSES,
  UNCORRECTABLE_CLASSES,
} from '../telemetry/pci/error-classes.js'
import { requesterOf } from '../topo/resolve.js'
import type { TopoNode } from '../topo/topology.js'

/** What of a host decides which ereports come. */
export interface ArrivalFacts {
  /** Why telemetry does not come, or not all. */
  readonly gaps: readonly TelemetryGap[]
  /** Its PCI functions. */
  readonly pci: Obs<readonly PciListing[]>
  /** How many machine-check banks a pcpu has. */
  readonly banks: Obs<number>
}

/** Says why no ereport of a class ever comes from a part; undefined when one can. */
export type WhyNever = (name: string, node: TopoNode) => string | undefined

const BRIDGE_TO_PCI = 7
const MEMORY_LEAVES = ['mem_ce', 'mem_ue', 'gart_tbl_walk']

/** Judges ereports by what is known of a host. */
export function ereportArrival({ gaps, pci, banks }: ArrivalFacts): WhyNever {
  const silent = new Map(
    gaps.flatMap(({ kind, extent, reason }) => (extent === 'all' ? [[kind, reason]] : [])),
  )
  const listings = pci.kind === 'known' ? pci.value : []
  const byId = new Map(listings.map((listing) => [listing.id, listing]))
  return (name, node) => {
    const kind = ereportKind(name)
    if (kind === undefined) return 'only drivers report it, and none of this host does'
    const gap = silent.get(kind)
    if (gap !== undefined) return gap
    if (kind === 'machine-check') return whyNoMachineCheck(name, banks)
    const id = requesterOf(node)
    const listing = id === undefined ? undefined : byId.get(id)
    return whyNoPci(name, listing)
  }
}

/** From which kind of telemetry an ereport is made; undefined for what drivers report. */
export function ereportKind(name: string): TelemetryGap['kind'] | undefined {
  if (name.startsWith('ereport.cpu.')) return 'machine-check'
  return /^ereport\.io\.pci(ex)?\./.test(name) ? 'pci' : undefined
}

let machineChecks: ReadonlySet<string> | undefined

function whyNoMachineCheck(name: string, banks: Obs<number>): string | undefined {
  if (banks.kind === 'known' && banks.value === 0)
    return 'the processors have no machine-check bank'
  machineChecks ??= new Set([
    ...mcaEreportClasses(),
    ...MEMORY_LEAVES.map((leaf) => `ereport.cpu.generic-x86.${leaf}`),
  ])
  return machineChecks.has(name) ? undefined : 'no code of a machine-check bank means it'
}

/** Classes of one register; `lacks` says why a function never shows them, undefined when it may. */
interface Register {
  readonly classes: readonly ErrorClass[]
  readonly lacks: (bytes: Uint8Array) => string | undefined
}

const hasAer = (bytes: Uint8Array): boolean => capability(bytes, EXT_AER, true) !== undefined
const NO_AER = 'the function has no Advanced Error Reporting'
const lacksAer = (bytes: Uint8Array): string | undefined => (hasAer(bytes) ? undefined : NO_AER)
const lacksBridge = (bytes: Uint8Array): string | undefined =>
  isBridge(bytes) ? undefined : 'the function is no bridge'

const REGISTERS: readonly Register[] = [
  { classes: [...UNCORRECTABLE_CLASSES, ...CORRECTABLE_CLASSES], lacks: lacksAer },
  {
    classes: SECONDARY_CLASSES,
    lacks: (bytes) =>
      portType(bytes) === BRIDGE_TO_PCI ? lacksAer(bytes) : 'the function is no bridge to PCI',
  },
  {
    classes: DEVICE_CLASSES,
    lacks: (bytes) =>
      hasAer(bytes) ? 'the function has Advanced Error Reporting, which is more exact' : undefined,
  },
  { classes: [...BRIDGE_CLASSES, ...BRIDGE_CONTROL_CLASSES], lacks: lacksBridge },
  { classes: [...PCI_CLASSES, ...ROOT_CLASSES], lacks: () => undefined },
  {
    classes: UNCORRECTABLE_CLASSES.flatMap(({ target }) =>
      target === undefined ? [] : [{ bits: 0, class: target }],
    ),
    lacks: () => undefined,
  },
]

function whyNoPci(name: string, listing: PciListing | undefined): string | undefined {
  const register = REGISTERS.find(({ classes }) => classes.some((one) => one.class === name))
  if (register === undefined) return 'nothing makes an ereport of it on x86'
  return listing === undefined ? undefined : register.lacks(listing.bytes)
}
