// PciParts: the functions of PCI Express as parts: root ports are root complexes with buses of
// their own; what else is on a root bus is behind a hostbridge as conventional PCI is.
//
//   03:00.1 behind 02:00.0 behind 01:00.0 behind root port 00:02.0
//     ->  hostbridge=0/pciexrc=0/pciexbus=1/pciexdev=0/pciexfn=0/pciexbus=2/...
//
// Holds: every function is one node; a bridge whose bus is another's already has nothing behind it.
// Source: illumos-gate usr/src/lib/fm/topo/modules/i86pc/hostbridge/hb_i86pc.c, common/pcibus/
// pcibus.c, did_props.c. Not as there: what is on a root bus and no root port has parts too.
import { ROOT_PORT } from '../../machine/pci/express-registers.js'
import type { PciListing } from '../../machine/pci/listing.js'
import { partsOf } from '../../machine/pci/requester-id.js'
import type { DevFmri } from '../event/fmri-dev.js'
import { type OwnFacts, partAt, type Site, text } from './part.js'
import { type PciDevice, pciDevice } from './pci-device.js'
import { functionGroups, linkGroups, rootComplexGroups, TO_PCI } from './pci-properties.js'
import { privateGroup, type TopoPart } from './topology.js'

/** What is behind all hostbridges. */
export function pciParts(site: Site, listings: readonly PciListing[]): readonly TopoPart[] {
  return new PciTree(listings).hostbridges(site)
}

/** Below which bridge parts are put. */
interface Behind {
  /** The device path so far. */
  readonly path: string
  readonly isExpress: boolean
  /** The slot the bridge ends in. */
  readonly slot: number | undefined
  /** What is above is taken out of service when the part cannot be. */
  readonly asru: DevFmri | undefined
}

class PciTree {
  readonly #byBus = new Map<number, PciDevice[]>()
  readonly #placed = new Set<number>()
  /** Buses that bridges lead to. */
  readonly #claimed: ReadonlySet<number>

  constructor(listings: readonly PciListing[]) {
    const unique = new Map(listings.map((listing) => [listing.id, pciDevice(listing)]))
    const devices = [...unique.values()].sort((a, b) => a.listing.id - b.listing.id)
    for (const device of devices) {
      const { bus } = partsOf(device.listing.id)
      this.#byBus.set(bus, [...(this.#byBus.get(bus) ?? []), device])
    }
    this.#claimed = new Set(devices.flatMap(({ secondary }) => secondary ?? []))
  }

  /** Root buses are those that no bridge leads to; of buses that lead to each other, the first. */
  hostbridges(site: Site): readonly TopoPart[] {
    const buses = [...this.#byBus.keys()].sort((a, b) => a - b)
    const parts: TopoPart[] = []
    const roots = buses.filter((bus) => !this.#claimed.has(bus))
    this.#rootBuses(site, roots, parts)
    for (const bus of buses) if (!this.#placed.has(bus)) this.#rootBuses(site, [bus], parts)
    return parts
  }

  /** Root complexes first, as illumos numbers them, then what else is on root buses. */
  #rootBuses(site: Site, buses: readonly number[], parts: TopoPart[]): void {
    for (const bus of buses) this.#placed.add(bus)
    for (const bus of buses) {
      for (const port of this.#on(bus).filter(isRootPort)) {
        parts.push(this.#rootComplex(site, port, parts.length))
      }
    }
    for (const bus of buses) {
      const others = this.#on(bus).filter((each) => !isRootPort(each))
      const at = { bus, id: parts.length }
      if (others.length > 0) parts.push(this.#hostbridge(site, at, others))
    }
  }

  /** As a device path begins: root buses are numbered as if those behind bridges were not there. */
  #rootPath(bus: number): string {
    const behind = [...this.#claimed].filter((claimed) => claimed < bus)
    return `/pci@${(bus - behind.length).toString(16)},0`
  }

  #on(bus: number): readonly PciDevice[] {
    return this.#byBus.get(bus) ?? []
  }

  #hostbridge(
    site: Site,
    { bus, id }: { readonly bus: number; readonly id: number },
    devices: readonly PciDevice[],
  ): TopoPart {
    const path = this.#rootPath(bus)
    const asru: DevFmri = { scheme: 'dev', path }
    const groups = [privateGroup('io', [text('dev', path.replace(/,.*/, ''))])]
    const behind: Behind = { path, isExpress: false, slot: undefined, asru }
    return partAt(site, { name: 'hostbridge', id, groups }, (inside) => [
      this.#bus(inside, bus, { behind, devices }),
    ])
  }

  #rootComplex(site: Site, port: PciDevice, id: number): TopoPart {
    const path = `${this.#rootPath(partsOf(port.listing.id).bus)}/${port.nodeName}`
    const asru: DevFmri = { scheme: 'dev', path }
    const groups = rootComplexGroups(port, path)
    const own: OwnFacts = { name: 'pciexrc', id, asru, groups }
    const behind: Behind = { path, isExpress: true, slot: port.slot, asru }
    return partAt(site, { name: 'hostbridge', id }, (inside) => [
      partAt(inside, own, (below) => this.#behind(below, port, behind)),
    ])
  }

  /** The bus behind a bridge, unless it is another's or empty. */
  #behind(site: Site, { secondary }: PciDevice, behind: Behind): readonly TopoPart[] {
    if (secondary === undefined || this.#placed.has(secondary)) return []
    const devices = this.#on(secondary)
    if (devices.length === 0) return []
    this.#placed.add(secondary)
    return [this.#bus(site, secondary, { behind, devices })]
  }

  #bus(site: Site, bus: number, { behind, devices }: BusOf): TopoPart {
    const { isExpress, asru } = behind
    const own: OwnFacts = { name: isExpress ? 'pciexbus' : 'pcibus', id: bus, asru }
    const units = [...new Set(devices.map(({ listing }) => partsOf(listing.id).device))]
    return partAt(site, { ...own, ...slotFacts(behind) }, (inside) =>
      units.map((unit) => {
        const of = devices.filter(({ listing }) => partsOf(listing.id).device === unit)
        return this.#device(inside, unit, { behind, devices: of })
      }),
    )
  }

  #device(site: Site, unit: number, { behind, devices }: BusOf): TopoPart {
    const { isExpress, asru } = behind
    const groups = isExpress && devices[0] !== undefined ? linkGroups(devices[0]) : []
    const own: OwnFacts = { name: isExpress ? 'pciexdev' : 'pcidev', id: unit, asru, groups }
    return partAt(site, { ...own, ...slotFacts(behind) }, (inside) =>
      devices.map((device) => this.#function(inside, device, behind)),
    )
  }

  #function(site: Site, device: PciDevice, { path: above, isExpress }: Behind): TopoPart {
    const path = `${above}/${device.nodeName}`
    const asru: DevFmri = { scheme: 'dev', path }
    const name = isExpress ? 'pciexfn' : 'pcifn'
    const id = partsOf(device.listing.id).function
    const own: OwnFacts = { name, id, asru, groups: functionGroups(device, path, isExpress) }
    const behind: Behind = {
      path,
      isExpress: isExpress && device.type !== TO_PCI,
      slot: device.slot,
      asru,
    }
    return partAt(site, own, (inside) => this.#behind(inside, device, behind))
  }
}

/** Functions of one bus, and what they are behind. */
interface BusOf {
  readonly behind: Behind
  readonly devices: readonly PciDevice[]
}

const isRootPort = ({ type, secondary }: PciDevice): boolean =>
  type === ROOT_PORT && secondary !== undefined

/** What is in a slot can be replaced by itself. */
const slotFacts = ({ slot }: Behind): Pick<OwnFacts, 'fru' | 'label'> =>
  slot === undefined ? {} : { fru: true, label: `SLOT ${slot}` }
