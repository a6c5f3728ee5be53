// PcpuList: the physical CPUs of a host, by number: `pcpus[1]`.

import { DESCRIBE, type Described, type Description } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { XpvError } from '../base/error.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import type { Table } from '../base/table.js'
import { type FactColumn, factParts, factTable } from './fact-table.js'
import type { HostAccess, PcpuFacts } from './host-access.js'
import type { PcpuId } from './ids.js'
import { type Indexed, indexed, LIST_MEMBERS, LiveList } from './live-list.js'
import { known, type Obs } from './obs.js'
import { busyPercent, Pcpu } from './pcpu.js'
import { rangesText } from './ranges.js'

/** The pcpus of a host, or of a recording those that were seen. */
export class PcpuList extends LiveList<Pcpu> implements ShownAsPage, Described {
  readonly #access: () => HostAccess

  constructor(access: () => HostAccess) {
    super()
    this.#access = access
  }

  ids(): readonly number[] {
    return this.#access()
      .pcpus()
      .items.map(({ pcpu }) => pcpu)
  }

  at(id: number): Pcpu {
    const pcpu = id as PcpuId
    if (this.#access().pcpu(pcpu) !== undefined) return new Pcpu(this.#access, pcpu)
    const ids = this.ids()
    const there = ids.length === 0 ? 'none were seen' : `there are ${rangesText(ids)}`
    throw new XpvError('machine.no-pcpu', `there is no pcpu ${id}`, there)
  }

  toTable(): Table {
    return factTable(COLUMNS, this.#access().pcpus().items)
  }

  toJSON(): unknown {
    return this.toArray()
  }

  [DESCRIBE](): Description {
    const members = { ...LIST_MEMBERS, toTable: 'all of them as a table' }
    return { name: 'pcpus', summary: 'the physical CPUs of the host, by number', members }
  }

  [DISPLAY](): Page {
    return page(factParts(COLUMNS, this.#access().pcpus()), this.toJSON())
  }
}

/** The pcpus of a host, to be indexed. */
export function pcpuList(access: () => HostAccess): Indexed<PcpuList, Pcpu> {
  return indexed(new PcpuList(access))
}

const COLUMNS: readonly FactColumn<PcpuFacts>[] = [
  { head: 'pcpu', isKey: true, of: ({ pcpu }) => pcpu },
  { head: 'online', of: ({ isOnline }) => isOnline },
  { head: 'socket', priority: -2, of: ({ place }) => part(place, 'socket') },
  { head: 'core', priority: -2, of: ({ place }) => part(place, 'core') },
  { head: 'thread', priority: -2, of: ({ place }) => part(place, 'thread') },
  { head: 'runs', of: runsText },
  { head: 'idle', unit: 'ns', priority: -1, of: ({ idleNs }) => idleNs },
  { head: 'busy', unit: 'percent', of: busyPercent },
]

function part(place: PcpuFacts['place'], name: 'socket' | 'core' | 'thread'): Obs<number> {
  return place.kind === 'known' ? known(place.value[name], place.from) : place
}

function runsText({ running, isOnline }: PcpuFacts): Obs<string> {
  if (running.kind === 'unknown') return running
  const { value, from } = running
  if (isOnline.kind === 'known' && !isOnline.value) return known('', from)
  return known(value === null ? 'idle' : `d${value.domid}v${value.vcpu}`, from)
}
