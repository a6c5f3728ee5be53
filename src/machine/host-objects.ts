// HostObjects: a host as objects: its hypervisor, its domains, its pcpus, its hostbridge.
//
//   hostObjects(() => machine)  ->  xen, domains, dom0, pcpus, hostbridge
//
// Holds: they follow the machine: what is asked of them is asked of the one there is then.
import { XpvError } from '../base/error.js'
import { Domain } from './domain.js'
import { domainList } from './domain-list.js'
import type { HostAccess } from './host-access.js'
import { HostBridge } from './hostbridge.js'
import { Hypervisor } from './hypervisor.js'
import type { DomainId } from './ids.js'
import type { Machine } from './machine.js'
import { pcpuList } from './pcpu-list.js'

/** What there is of one host. */
export interface HostObjects {
  readonly xen: Hypervisor
  readonly domains: ReturnType<typeof domainList>
  readonly dom0: Domain
  readonly pcpus: ReturnType<typeof pcpuList>
  readonly hostbridge: HostBridge
}

/** The objects of a machine; a function is asked anew each time. */
export function hostObjects(machine: Machine | (() => Machine)): HostObjects {
  const current = typeof machine === 'function' ? machine : () => machine
  const access = (): HostAccess => accessOf(current())
  return {
    xen: new Hypervisor(access),
    domains: domainList(access),
    dom0: new Domain(access, 0 as DomainId),
    pcpus: pcpuList(access),
    hostbridge: new HostBridge(access),
  }
}

function accessOf({ access, spec }: Machine): HostAccess {
  if (access !== undefined) return access
  throw new XpvError('machine.not-known', `${spec} tells nothing of its host but what happened`)
}
