// VcpuList: the vcpus of a domain, by number: `dom0.vcpus[1]`.

import { DESCRIBE, type Described, type Description } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { XpvError } from '../base/error.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import type { Table } from '../base/table.js'
import { type FactColumn, factParts, factTable } from './fact-table.js'
import type { HostAccess, VcpuFacts } from './host-access.js'
import type { DomainId, VcpuId } from './ids.js'
import { LIST_MEMBERS, LiveList } from './live-list.js'
import { known, type Obs } from './obs.js'
import { rangesText } from './ranges.js'
import { Vcpu } from './vcpu.js'

/** The vcpus of one domain. */
export class VcpuList extends LiveList<Vcpu> implements ShownAsPage, Described {
  readonly #access: () => HostAccess
  readonly #domid: DomainId

  constructor(access: () => HostAccess, domid: DomainId) {
    super()
    this.#access = access
    this.#domid = domid
  }

  ids(): readonly number[] {
    return this.#access()
      .vcpus(this.#domid)
      .items.map(({ vcpu }) => vcpu)
  }

  at(id: number): Vcpu {
    const vcpu = id as VcpuId
    const found = this.#access().vcpu(this.#domid, vcpu)
    if (found !== undefined) return new Vcpu(this.#access, this.#domid, vcpu)
    const ids = this.ids()
    const there = ids.length === 0 ? 'it has none' : `there are ${rangesText(ids)}`
    throw new XpvError('machine.no-vcpu', `domain ${this.#domid} has no vcpu ${id}`, there)
  }

  toTable(): Table {
    return factTable(COLUMNS, this.#access().vcpus(this.#domid).items)
  }

  toJSON(): unknown {
    return this.toArray()
  }

  [DESCRIBE](): Description {
    const name = `domains[${this.#domid}].vcpus`
    const members = { ...LIST_MEMBERS, toTable: 'all of them as a table' }
    return { name, summary: 'the vcpus of a domain, by number', members }
  }

  [DISPLAY](): Page {
    return page(factParts(COLUMNS, this.#access().vcpus(this.#domid)), this.toJSON())
  }
}

const COLUMNS: readonly FactColumn<VcpuFacts>[] = [
  { head: 'domid', priority: -4, of: ({ domid }) => domid },
  { head: 'vcpu', isKey: true, of: ({ vcpu }) => vcpu },
  { head: 'state', of: ({ state }) => state },
  { head: 'pcpu', of: ({ pcpu }) => pcpu },
  { head: 'running', unit: 'ns', of: ({ ns }) => part(ns, 'running') },
  { head: 'runnable', unit: 'ns', priority: -1, of: ({ ns }) => part(ns, 'runnable') },
  { head: 'blocked', unit: 'ns', priority: -1, of: ({ ns }) => part(ns, 'blocked') },
  { head: 'migrations', priority: -2, of: ({ migrations }) => migrations },
  { head: 'affinity', priority: -3, of: ({ affinity }) => affinity },
]

function part(ns: VcpuFacts['ns'], state: 'running' | 'runnable' | 'blocked'): Obs<number> {
  return ns.kind === 'known' ? known(ns.value[state], ns.from) : ns
}
