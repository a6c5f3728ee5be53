// PciFunction: one function of the PCI Express hierarchy: what it is, what it hangs on, its
// registers by name, its errors.
//
//   hostbridge.at('05:00.0').registers.DevSta.set   ->  ['NonFatalErr']
//   hostbridge.at('05:00.0').aer.uncorrectableStatus
//
// Holds: as it was when it was looked at; ask the hostbridge again for what it is now.

import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import { type Table, table } from '../base/table.js'
import { AerView } from './aer-view.js'
import { NotKnown } from './not-known.js'
import { capability, EXT_AER } from './pci/capability.js'
import { CLASSIC_BYTES, readConfig } from './pci/config-space.js'
import { PORT_TYPES } from './pci/express-registers.js'
import type { PciListing } from './pci/listing.js'
import { className, deviceText } from './pci/pci-names.js'
import { isBridge, type PlacedRegister, portType, registersOf } from './pci/register-map.js'
import { partsOf, printRequesterId, type RequesterId } from './pci/requester-id.js'
import { PciRegisterView } from './pci-register-view.js'
import { propertyTable } from './property-table.js'

/** One function. */
export class PciFunction implements ShownAsPage, Described {
  /** Bus, device and function as lspci prints them: `05:00.0`. */
  readonly id: string
  readonly requesterId: RequesterId
  /** Its configuration space: 64, 256 or 4096 bytes, as far as it was to be read. */
  readonly config: Uint8Array
  readonly driver: string | null
  readonly #placed: readonly PlacedRegister[]
  readonly #all: readonly PciListing[]

  constructor(listing: PciListing, all: readonly PciListing[]) {
    this.id = printRequesterId(listing.id)
    this.requesterId = listing.id
    this.config = listing.bytes
    this.driver = listing.driver ?? null
    this.#placed = registersOf(listing.bytes)
    this.#all = all
  }

  get name(): string {
    return deviceText(this.#word(0), this.#word(2), 0)
  }

  get class(): string {
    return className(this.#word(10))
  }

  get portType(): string {
    const type = portType(this.config)
    const names: Readonly<Record<number, string>> = PORT_TYPES
    return type === undefined ? 'not PCI Express' : (names[type] ?? `type ${type}`)
  }

  /** The bridge it hangs on; null for one on the first bus. */
  get parent(): PciFunction | null {
    const { bus } = partsOf(this.requesterId)
    const above = this.#all.find(
      ({ bytes }) => bus !== 0 && isBridge(bytes) && readConfig(bytes, SECONDARY_BUS, 1) === bus,
    )
    return above === undefined ? null : new PciFunction(above, this.#all)
  }

  /** The functions on the bus right below a bridge. */
  get children(): readonly PciFunction[] {
    if (!isBridge(this.config)) return []
    const below = readConfig(this.config, SECONDARY_BUS, 1) ?? 0
    return this.#all
      .filter(({ id }) => below !== 0 && partsOf(id).bus === below)
      .map((listing) => new PciFunction(listing, this.#all))
  }

  /** How many bridges are above it. */
  get depth(): number {
    const { parent } = this
    return parent === null ? 0 : 1 + parent.depth
  }

  /** Its registers by lspci's names; of two with one name, the second has its place behind:
   *  `RootSta@0x130`. */
  get registers(): Readonly<Record<string, PciRegisterView>> {
    const views = new Map<string, PciRegisterView>()
    for (const placed of this.#placed) {
      const view = new PciRegisterView(this.config, placed)
      const { name, offset } = view
      views.set(views.has(name) ? `${name}@0x${offset.toString(16)}` : name, view)
    }
    const show = () => page([this.#registerTable()], Object.fromEntries(views))
    return Object.defineProperty(Object.fromEntries(views), DISPLAY, { value: show })
  }

  /** Its error registers; a function without them, or of which only the first bytes were to be
   *  read, says so. */
  get aer(): AerView | NotKnown {
    if (this.config.length <= CLASSIC_BYTES) {
      return new NotKnown(`only ${this.config.length} bytes of ${this.id} were to be read`)
    }
    const at = capability(this.config, EXT_AER, true)?.at
    if (at === undefined) return new NotKnown(`${this.id} has no Advanced Error Reporting`)
    const ofAer = this.#placed.filter(({ base }) => base === at)
    const register = (name: string): PciRegisterView | undefined => {
      const placed = ofAer.find((each) => each.register.name === name)
      return placed && new PciRegisterView(this.config, placed)
    }
    return new AerView({ bytes: this.config, at, register })
  }

  /** Names of errors that are latched: found, and cleared by nobody since. */
  get errors(): readonly string[] {
    const { aer } = this
    if (aer instanceof AerView) return aer.latched.rows.map(([name]) => String(name))
    const status = this.registers['DevSta']
    return status?.set.filter((name) => ERROR_BITS.includes(name)) ?? []
  }

  toJSON(): unknown {
    const { id, name, portType: type, errors, driver } = this
    return { id, name, class: this.class, portType: type, errors, driver }
  }

  [DESCRIBE](): Description {
    const name = `hostbridge.at('${this.id}')`
    return { name, summary: `${this.class}: ${this.name}`, members: FUNCTION_MEMBERS }
  }

  [DISPLAY](): Page {
    const { aer } = this
    const style = { members: FUNCTION_MEMBERS, shown: SHOWN }
    const errors = aer instanceof AerView ? aer[DISPLAY]().parts : [aer.toString()]
    return page(
      [
        `${this.id} ${this.class}: ${this.name}`,
        propertyTable<PciFunction>(this, style),
        ...errors,
        this.#registerTable(),
      ],
      this.toJSON(),
    )
  }

  /** All registers, each block under its own head. */
  #registerTable(): Table {
    let last = ''
    const rows = this.#placed.flatMap((placed) => {
      const { block, base, register } = placed
      const head = block === last ? [] : [['', block, '', '']]
      last = block
      const at = `0x${(base + register.offset).toString(16)}`
      const value = rawText(new PciRegisterView(this.config, placed))
      return [...head, [at, `  ${register.name}`, value, register.doc]]
    })
    const columns = [{ name: 'at', align: 'right' as const }, 'register', 'value']
    return table([...columns, { name: 'meaning', wraps: true }], rows)
  }

  #word(at: number): number {
    return readConfig(this.config, at, 2) ?? 0
  }
}

const SECONDARY_BUS = 0x19
const ERROR_BITS: readonly string[] = ['CorrErr', 'NonFatalErr', 'FatalErr', 'UnsupReq']

const rawText = ({ raw, register }: PciRegisterView): string =>
  `0x${raw.toString(16).padStart(2 * register.bytes, '0')}`

const SHOWN = ['portType', 'driver'] as const

/** What each property of a function says. */
const FUNCTION_MEMBERS: MembersOf<PciFunction> = {
  id: 'bus, device and function, as lspci prints them',
  requesterId: 'the same as one number, as messages carry it',
  config: 'its configuration space, byte by byte',
  driver: 'the driver in dom0 that has it; none where nobody has',
  name: 'vendor and device',
  class: 'what sort of device it is',
  portType: 'its place in the hierarchy: root port, port of a switch, endpoint',
  parent: 'the bridge it hangs on; null on the first bus',
  children: 'the functions right below a bridge',
  depth: 'how many bridges are above it',
  registers: 'its registers by name: registers.DevSta',
  aer: 'its error registers: aer.uncorrectableStatus, aer.headerLog ...',
  errors: 'names of errors that are latched and that nobody has cleared',
}
