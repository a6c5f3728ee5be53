// Domain: a guest, or the one that controls them all: its memory, its vcpus, its share, what it is
// doing.
//
//   domains.web1.memoryBytes  ->  536870912      domains[1].vcpus[0].pcpu  ->  3
//
// Holds: every property is asked of the machine when it is read; when the domain is gone, that is
// refused and says so.

import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { XpvError } from '../base/error.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import { type Table, table } from '../base/table.js'
import type { DomainFacts, DomainState, HostAccess, Load } from './host-access.js'
import { carryOut } from './host-action.js'
import type { DomainId } from './ids.js'
import { type Indexed, indexed } from './live-list.js'
import { isKnown, type NotKnown, valueOr } from './not-known.js'
import { PcpuList } from './pcpu-list.js'
import { propertyTable } from './property-table.js'
import type { Vcpu } from './vcpu.js'
import { VcpuList } from './vcpu-list.js'

/** One domain. */
export class Domain implements ShownAsPage, Described {
  readonly domid: DomainId
  readonly #access: () => HostAccess

  constructor(access: () => HostAccess, domid: DomainId) {
    this.#access = access
    this.domid = domid
  }

  get name(): string | NotKnown {
    return valueOr(this.facts().name)
  }

  get handle(): string | NotKnown {
    return valueOr(this.facts().handle)
  }

  get type(): 'pv' | 'hvm' | NotKnown {
    return valueOr(this.facts().type)
  }

  get state(): DomainState | NotKnown {
    return valueOr(this.facts().state)
  }

  get shutdownReason(): string | NotKnown {
    return valueOr(this.facts().shutdownReason)
  }

  get memoryBytes(): number | NotKnown {
    return valueOr(this.facts().memoryBytes)
  }

  get maxMemoryBytes(): number | NotKnown {
    return valueOr(this.facts().maxMemoryBytes)
  }

  get vcpus(): Indexed<VcpuList, Vcpu> {
    return indexed(new VcpuList(this.#access, this.domid))
  }

  get maxVcpus(): number | NotKnown {
    return valueOr(this.facts().maxVcpus)
  }

  get runtimeNs(): number | NotKnown {
    return valueOr(this.facts().runtimeNs)
  }

  get createdNs(): number | NotKnown {
    return valueOr(this.facts().createdNs)
  }

  get weight(): number | NotKnown {
    return valueOr(this.facts().weight)
  }

  get capPercent(): number | NotKnown {
    return valueOr(this.facts().capPercent)
  }

  get ports(): Table | NotKnown {
    const ports = valueOr(this.#access().ports(this.domid))
    if (!isKnown(ports)) return ports
    const rows = ports.map(({ port, bound }) => [port, bound])
    return { ...table(['port', 'bound to'], rows), title: `event channels of domain ${this.domid}` }
  }

  get grantFrames(): number | NotKnown {
    const grants = valueOr(this.#access().grants(this.domid))
    return isKnown(grants) ? grants.frames : grants
  }

  get mappedGrants(): number | NotKnown {
    const grants = valueOr(this.#access().grants(this.domid))
    return isKnown(grants) ? grants.mapped : grants
  }

  /** What the machine tells of it, each thing with where it came from. Throws `XpvError`
   *  `machine.no-domain` when it is gone. */
  facts(): DomainFacts {
    const found = this.#access().domain(this.domid)
    if (found !== undefined) return found
    throw new XpvError('machine.no-domain', `there is no domain ${this.domid}`, 'domains')
  }

  /** Lets what runs in it compute from now on: 'idle' hardly, 'bursty' now and then, 'busy' without
   *  end. Throws `XpvError` `machine.refused`, and `machine.no-domain` when it is gone. */
  load(load: Load): Domain {
    this.facts()
    carryOut(this.#access(), `load domain ${this.domid}`, (actions) =>
      actions.setLoad(this.domid, load),
    )
    return this
  }

  toJSON(): unknown {
    const { domid, name, type, state, memoryBytes, maxMemoryBytes, maxVcpus, runtimeNs } = this
    const vcpus = this.vcpus.toArray()
    return { domid, name, type, state, memoryBytes, maxMemoryBytes, maxVcpus, runtimeNs, vcpus }
  }

  [DESCRIBE](): Description {
    const members = DOMAIN_MEMBERS
    if (this.domid === 0) {
      return { name: 'dom0', summary: 'the domain that controls the others', members }
    }
    return { name: `domains[${this.domid}]`, summary: 'a guest', members }
  }

  [DISPLAY](): Page {
    if (this.#access().isMetal) return this.#systemPage()
    const { seen } = this.facts()
    const style = { members: DOMAIN_MEMBERS, shown: SHOWN, units: UNITS }
    const name = valueOr(this.facts().name)
    const title = `domain ${this.domid}${isKnown(name) ? `, ${name}` : ''}`
    const sighted = seen && `seen in ${seen.rows} rows of the recording`
    return page(
      [title, propertyTable<Domain>(this, style), sighted, this.vcpus.toTable()],
      this.toJSON(),
    )
  }

  /** What there is to say of an operating system that no hypervisor is under. */
  #systemPage(): Page {
    const style = { members: SYSTEM_MEMBERS, shown: SYSTEM_SHOWN, units: UNITS }
    const name = valueOr(this.facts().name)
    const title = `${isKnown(name) ? name : 'an operating system'}, without a hypervisor`
    const pcpus = new PcpuList(this.#access).toTable()
    return page([title, propertyTable<Domain>(this, style), pcpus], this.toJSON())
  }
}

const SYSTEM_SHOWN = ['state', 'memoryBytes', 'runtimeNs'] as const

const SHOWN = [
  'type',
  'state',
  'memoryBytes',
  'maxMemoryBytes',
  'maxVcpus',
  'runtimeNs',
  'createdNs',
  'weight',
  'capPercent',
  'grantFrames',
  'mappedGrants',
] as const

const UNITS = {
  memoryBytes: 'bytes',
  maxMemoryBytes: 'bytes',
  runtimeNs: 'ns',
  createdNs: 'ns',
  capPercent: 'percent',
} as const

/** What each property of a domain says. */
const DOMAIN_MEMBERS: MembersOf<Domain> = {
  domid: 'its number; 0 is dom0',
  name: 'its name in xenstore',
  handle: 'its uuid, 32 hexadecimal digits',
  type: 'pv: its kernel knows the hypervisor; hvm: it has virtual hardware',
  state: 'running, blocked (no vcpu has anything to do), paused, shutdown, dying',
  shutdownReason: 'why it shut down',
  memoryBytes: 'memory it has now, in bytes',
  maxMemoryBytes: 'memory it may have, in bytes',
  vcpus: 'its vcpus, by number: vcpus[0]',
  maxVcpus: 'how many vcpus it may have',
  runtimeNs: 'nanoseconds its vcpus ran, added up',
  createdNs: 'when it was made, in nanoseconds since boot or since the recording began',
  weight: 'its share of the pcpus against that of others; 256 is usual',
  capPercent: 'at most so much, in percent of one pcpu; 0 is no limit',
  ports: 'its event channels, each with what it is bound to',
  grantFrames: 'pages of its grant table',
  mappedGrants: 'pages it granted that others have mapped',
  facts: 'all that is known of it, each thing with where it came from: facts()',
  load: "how much it computes from now on: load('busy') without end, 'bursty', 'idle' hardly",
}

/** The same of an operating system on metal. */
const SYSTEM_MEMBERS: MembersOf<Domain> = {
  ...DOMAIN_MEMBERS,
  state: 'running, or blocked: no pcpu has anything to do',
  memoryBytes: 'memory it has: all of the host, in bytes',
  runtimeNs: 'nanoseconds its pcpus worked, added up',
}
