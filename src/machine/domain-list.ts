// DomainList: the domains there are, by number and by name: `domains[1]`, `domains.web1`.

import { DESCRIBE, type Described, type Description } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { XpvError } from '../base/error.js'
import { nearest } from '../base/nearest.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import type { Table } from '../base/table.js'
import { Domain } from './domain.js'
import { type FactColumn, factParts, factTable } from './fact-table.js'
import type { DomainFacts, HostAccess } from './host-access.js'
import type { DomainId } from './ids.js'
import { type Indexed, indexed, LIST_MEMBERS, LiveList, NO_SUCH } from './live-list.js'
import { rangesText } from './ranges.js'

/** The domains of a host, or of a recording those that were seen. */
export class DomainList extends LiveList<Domain> implements ShownAsPage, Described {
  readonly #access: () => HostAccess

  constructor(access: () => HostAccess) {
    super()
    this.#access = access
  }

  ids(): readonly number[] {
    return this.#facts().map(({ domid }) => domid)
  }

  at(id: number): Domain {
    const domid = id as DomainId
    if (this.#access().domain(domid) !== undefined) return new Domain(this.#access, domid)
    const ids = this.ids()
    throw new XpvError(
      'machine.no-domain',
      `there is no domain ${id}`,
      ids.length === 0 ? undefined : `there are ${rangesText(ids)}`,
    )
  }

  override names(): ReadonlyMap<string, number> {
    return new Map(
      this.#facts().flatMap(({ domid, name }): [string, number][] =>
        name.kind === 'known' ? [[name.value, domid]] : [],
      ),
    )
  }

  /** The domain of a name. Throws `XpvError` `machine.no-domain`, with the nearest. */
  named(name: string): Domain {
    const names = this.names()
    const domid = names.get(name)
    if (domid !== undefined) return this.at(domid)
    const near = nearest(name, [...names.keys()])
    throw new XpvError(
      'machine.no-domain',
      `no domain is called ${name}`,
      near === undefined ? 'domains' : `domains.named('${near}')`,
    )
  }

  override [NO_SUCH](name: string, near: string | undefined): XpvError {
    const hint = near === undefined ? 'domains' : `domains.${near}`
    return new XpvError('machine.no-domain', `no domain is called ${name}`, hint)
  }

  toTable(): Table {
    return factTable(COLUMNS, this.#facts())
  }

  toJSON(): unknown {
    return this.toArray()
  }

  [DESCRIBE](): Description {
    return {
      name: 'domains',
      summary: 'the domains there are now, by number and by name',
      members: {
        ...LIST_MEMBERS,
        named: "the domain of a name: named('web1') is the same as .web1",
        toTable: 'all of them as a table',
      },
    }
  }

  [DISPLAY](): Page {
    return page(factParts(COLUMNS, this.#access().domains()), this.toJSON())
  }

  #facts(): readonly DomainFacts[] {
    return this.#access().domains().items
  }
}

/** The domains of a host, to be indexed. */
export function domainList(access: () => HostAccess): Indexed<DomainList, Domain> {
  return indexed(new DomainList(access))
}

const COLUMNS: readonly FactColumn<DomainFacts>[] = [
  { head: 'domid', isKey: true, of: ({ domid }) => domid },
  { head: 'name', isKey: true, of: ({ name }) => name },
  { head: 'type', priority: -2, of: ({ type }) => type },
  { head: 'state', of: ({ state }) => state },
  { head: 'memory', unit: 'bytes', of: ({ memoryBytes }) => memoryBytes },
  { head: 'vcpus', of: ({ maxVcpus }) => maxVcpus },
  { head: 'ran', unit: 'ns', priority: -1, of: ({ runtimeNs }) => runtimeNs },
  { head: 'created', unit: 'ns', priority: -3, of: ({ createdNs }) => createdNs },
  { head: 'weight', priority: -3, of: ({ weight }) => weight },
]
