// The objects of the prompt: xen, domains, dom0, pcpus, hostbridge, over the machine that is open.
import { XpvError } from '../base/error.js'
import { Domain } from '../machine/domain.js'
import { domainList } from '../machine/domain-list.js'
import type { HostAccess } from '../machine/host-access.js'
import { HostBridge } from '../machine/hostbridge.js'
import { Hypervisor } from '../machine/hypervisor.js'
import type { DomainId } from '../machine/ids.js'
import type { Machine } from '../machine/machine.js'
import { pcpuList } from '../machine/pcpu-list.js'

/** What there is of one host. */
export interface HostObjects {
  readonly xen: Hypervisor
  readonly domains: ReturnType<typeof domainList>
  readonly dom0: Domain
  readonly pcpus: ReturnType<typeof pcpuList>
  readonly hostbridge: HostBridge
}

/** These objects; they follow the machine when another is opened. */
export function objectGlobals(machine: () => Machine): HostObjects {
  const access = (): HostAccess => accessOf(machine())
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
