// HostTopology: the parts of the host that is open, from what its backend yields: a simulator, a
// recording, a live host alike.
//
//   HostAccess  ->  motherboard=0 / chip, core, strand, memory-controller ... / hostbridge ...
//
// Holds: asking changes nothing on the host; what its backend does not know is not there.
import type { HostAccess } from '../../machine/host-access.js'
import { assembleTopology } from './assemble.js'
import type { PlacedPcpu } from './chip-parts.js'
import type { Unknown } from './part.js'
import type { Topology } from './topology.js'

/** The parts of a host as they are now. */
export function hostTopology(access: HostAccess): Topology {
  const { host, processor } = access.hypervisor()
  return assembleTopology({
    isMetal: access.isMetal,
    host,
    processor,
    board: access.board(),
    memory: access.memory(),
    pci: access.pci(),
    ...placedPcpus(access),
  })
}

function placedPcpus(access: HostAccess): {
  readonly pcpus: readonly PlacedPcpu[]
  readonly missing: Unknown
} {
  const { items, partial } = access.pcpus()
  const pcpus: PlacedPcpu[] = []
  const missing: (readonly [string, string])[] = []
  for (const { pcpu, place } of items) {
    if (place.kind === 'known') pcpus.push({ pcpu, place: place.value })
    else missing.push([`pcpu ${pcpu}`, place.reason])
  }
  if (partial !== undefined) missing.push(['pcpus', partial])
  return { pcpus, missing }
}
