// cpumem-retire: takes processors and pages out of service that a diagnosis is sure enough of.
//
//   fault.cpu.*             the strand of its ASRU     10 tries, a second apart, unless nobody can
//   fault.memory.*page*     the page of its address    while pending: after 1 s, 2 s, 4 s ... 5 min
//   fault.memory.*dimm*     nothing: a module is replaced by people
//
// Holds: what says retire=0, names no strand or no address is left alone; so are errors that were
// only seen by a processor (bus_interconnect, mc): it is where they were detected.
// Source: illumos-gate usr/src/cmd/fm/modules/common/cpumem-retire.
import type { PcpuId } from '../../machine/ids.js'
import { matchesClass } from '../event/event-class.js'
import type { Fault } from '../event/fault.js'
import type { Fmri } from '../event/fmri.js'
import type { FmdModule, MachineOutcome } from '../fmd/module.js'
import { pcpuOf, strandOf } from '../topo/resolve.js'
import type { Topology } from '../topo/topology.js'
import { type Aimed, retireAgent } from './retire-agent.js'
import type { Aim } from './retirements.js'

const SECOND = 1_000_000_000n
const PCPU_TRIES = 10
const PCPU_DELAY_NS = SECOND
const PAGE_BYTES = 4096n
const PAGE_LEAST_NS = SECOND
const PAGE_MOST_NS = 300n * SECOND

/** Classes that name whoever noticed, not what is broken. */
const NOT_THE_PCPUS = [
  'fault.cpu.*.bus_interconnect*',
  'fault.cpu.*.mc',
  'fault.cpu.amd.dramchannel',
  'fault.cpu.intel.nb.*',
  'fault.cpu.intel.dma',
  'fault.cpu.intel.quickpath.*',
]
const PAGES = ['fault.memory.page*', 'fault.memory.*.page*']

const STATISTICS = {
  cpu_flts: 'processors taken out of service',
  cpu_fails: 'processors that stayed in service',
  cpu_repairs: 'processors put back into service',
  page_flts: 'pages taken out of service',
  page_fails: 'pages that stayed in service',
  page_limit: 'of them those that stayed as 0.1 % of memory was out already',
  page_repairs: 'pages put back into service',
  bad_flts: 'suspects that name nothing to be taken out',
  nop_flts: 'suspects that are not to be taken out',
}

/** Makes the agent. */
export function cpumemRetire(): FmdModule {
  return retireAgent({
    name: 'cpumem-retire',
    version: '1.1',
    description: 'CPU/Memory Retire Agent',
    statistics: STATISTICS,
    aimAt,
    againNs,
    counts: ({ kind }, retired, outcome) => {
      const what = kind === 'pcpu' ? 'cpu' : 'page'
      if (outcome.kind === 'done') return [retired ? `${what}_flts` : `${what}_repairs`]
      const isCapped = outcome.kind === 'refused' && outcome.error === 'ENOSPC'
      return isCapped ? [`${what}_fails`, 'page_limit'] : [`${what}_fails`]
    },
    closes: 'all',
  })
}

const isOneOf = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => matchesClass(name, pattern))

function aimAt(fault: Fault, topology: Topology): Aimed {
  const isPcpus = matchesClass(fault.class, 'fault.cpu.*')
  const isPages = isOneOf(fault.class, PAGES)
  if (!isPcpus && !matchesClass(fault.class, 'fault.memory.*')) return { counts: undefined }
  const isLeft = isPcpus ? isOneOf(fault.class, NOT_THE_PCPUS) : !isPages
  if (fault.retire === false || isLeft) return { counts: 'nop_flts' }
  const aim = isPages ? pageOf(fault) : strandAimedAt(fault, topology)
  return aim === undefined ? { counts: 'bad_flts' } : { aim }
}

/** The pcpu that the ASRU is, or the resource by its place; undefined for a core or chip. */
function strandAimedAt({ asru, resource }: Fault, topology: Topology): Aim | undefined {
  if (asru?.scheme === 'cpu') {
    const isThere = strandOf(topology, asru.cpuid as PcpuId) !== undefined
    return isThere ? { kind: 'pcpu', pcpu: asru.cpuid } : undefined
  }
  const node = asru === undefined ? undefined : topology.node(asru)
  const place = resource === undefined ? undefined : topology.node(resource)
  const pcpu = [node, place].flatMap((each) => (each && pcpuOf(each)) ?? []).at(0)
  return pcpu === undefined ? undefined : { kind: 'pcpu', pcpu }
}

/** The page in which the address is: rules name what they were told, to the byte. */
function pageOf({ asru, resource }: Fault): Aim | undefined {
  const address = addressOf(resource) ?? addressOf(asru)
  if (address === undefined) return undefined
  return { kind: 'page', address: (address - (address % PAGE_BYTES)).toString(16) }
}

function addressOf(fmri: Fmri | undefined): bigint | undefined {
  if (fmri?.scheme === 'hc') return fmri.asruPhysaddr ?? fmri.physaddr
  return fmri?.scheme === 'mem' ? fmri.physaddr : undefined
}

/** Errors that another try does not change: there is nothing to act upon, or nobody who would. */
const FINAL = new Set(['EIO', 'ENODEV', 'ENOSPC', 'ENXIO', 'ENOSYS', 'ENOTSUP'])

function againNs({ kind }: Aim, outcome: MachineOutcome, tries: number): bigint | undefined {
  if (outcome.kind === 'refused' && FINAL.has(outcome.error)) return undefined
  if (kind === 'pcpu') return tries < PCPU_TRIES ? PCPU_DELAY_NS : undefined
  if (outcome.kind !== 'pending') return undefined
  const ns = PAGE_LEAST_NS << BigInt(Math.min(tries - 1, 16))
  return ns < PAGE_MOST_NS ? ns : PAGE_MOST_NS
}
