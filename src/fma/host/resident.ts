// Resident: fault management that lives on a host: woken as telemetry comes and time passes, acting
// on the host it is on.
//
//   machine.residence.moveIn(new Resident(machine.residence))
//
// Holds: on a fork it goes on as it was. What the host cannot do is refused, with why. A kernel on
// metal keeps more than a thousandth of its pages from being given up; Xen would give up any number
// (offline_page has no limit), so under it that is refused here.
import type { Attendant, AttendedHost, Home } from '../../machine/attendant.js'
import type { HostAccess, RetireOutcome, RetireWhat } from '../../machine/host-access.js'
import type { PcpuId } from '../../machine/ids.js'
import { mostPagesRetired } from '../../machine/page-limit.js'
import type { MachineOutcome, MachineRequest } from '../fmd/module.js'
import { hostTopology } from '../topo/host-topology.js'
import { requesterOf } from '../topo/resolve.js'
import type { Topology } from '../topo/topology.js'
import { FaultManagement, type FaultManagementState, type ManagedHost } from './fault-management.js'
import { FeedSource } from './feed-source.js'
import { type DiagnosisOptions, standardModules } from './standard-modules.js'

/** By what a host is diagnosed, and what it is made of: its own parts when absent. */
export interface ResidentOptions extends DiagnosisOptions {
  readonly topology?: Topology | undefined
}

/** The fault management of a host: that which lives there, or one that moves in, by the options. */
export function manageFaults(home: Home, options: ResidentOptions = {}): FaultManagement {
  const { attendant } = home
  if (attendant instanceof Resident) return attendant.management
  const resident = new Resident(home, options)
  home.moveIn(resident)
  return resident.management
}

/** Fault management on a host. */
export class Resident implements Attendant {
  readonly management: FaultManagement
  readonly #options: ResidentOptions

  constructor(host: AttendedHost, options: ResidentOptions = {}, state?: FaultManagementState) {
    this.#options = options
    const pagesOut = (): number => this.management.manager.pagesOut
    const parts = { options, position: state?.position, pagesOut }
    this.management = new FaultManagement(managed(host, parts), state)
  }

  wake(): void {
    this.management.wake()
  }

  forkTo(host: AttendedHost): Resident {
    return new Resident(host, this.#options, this.management.save())
  }
}

interface ManagedParts {
  readonly options: ResidentOptions
  readonly position: readonly number[] | undefined
  readonly pagesOut: () => number
}

function managed(host: AttendedHost, { options, position, pagesOut }: ManagedParts): ManagedHost {
  const { access, bootNs, seed, hostName } = host
  let made = options.topology
  const topology = (): Topology => {
    made ??= hostTopology(access)
    return made
  }
  return {
    name: hostName,
    seed,
    bootNs,
    topology,
    now: () => bootNs + BigInt(Math.trunc(host.nowNs)),
    modules: () => standardModules(options),
    source: new FeedSource({ access, topology, bootNs, position }),
    wakeAt: (timeNs) => host.wakeAt(Number(timeNs - bootNs)),
    act: (what, ended) => {
      if (what.kind === 'tell') return ended({ kind: 'done' })
      const wanted = wantedOf(what, topology())
      if (wanted === undefined) return ended(refused('ENXIO', 'the host has no such thing'))
      if (access.retire === undefined) return ended(refused('ENOTSUP', 'nobody acts on this host'))
      const most = pageLimitOf(access, wanted)
      if (most !== undefined && pagesOut() >= most) {
        return ended(refused('ENOSPC', `${most} pages are out, 0.1 % of memory; Xen has no limit`))
      }
      access.retire(wanted, (outcome) => ended(outcomeOf(outcome)))
    },
  }
}

/** How many pages may be given up; undefined where whoever is asked looks after that. */
function pageLimitOf(access: HostAccess, what: RetireWhat): number | undefined {
  if (access.isMetal || what.kind !== 'page' || !what.retired) return undefined
  const { memoryBytes } = access.hypervisor()
  return memoryBytes.kind === 'known' ? mostPagesRetired(memoryBytes.value) : undefined
}

const refused = (error: string, why: string): MachineOutcome => ({ kind: 'refused', error, why })

/** What is asked of the machine; undefined for a device that it does not have. */
function wantedOf(what: Exclude<MachineRequest, { kind: 'tell' }>, topology: Topology) {
  const retired = what.kind === 'offline-pcpu' || what.kind.startsWith('retire-')
  switch (what.kind) {
    case 'offline-pcpu':
    case 'online-pcpu':
      return { kind: 'pcpu', pcpu: what.pcpu as PcpuId, retired } satisfies RetireWhat
    case 'retire-page':
    case 'unretire-page':
      return { kind: 'page', physaddr: what.physaddr, retired } satisfies RetireWhat
    case 'retire-device':
    case 'unretire-device': {
      const node = topology.node({ scheme: 'dev', path: what.path })
      const id = node && requesterOf(node)
      if (id === undefined) return undefined
      return { kind: 'device', id, path: what.path, retired } satisfies RetireWhat
    }
  }
}

function outcomeOf(outcome: RetireOutcome): MachineOutcome {
  return outcome.kind === 'done' && outcome.note === undefined ? { kind: 'done' } : outcome
}
