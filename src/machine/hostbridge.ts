// HostBridge: where PCI Express begins: the tree of functions below, and the errors that are
// latched in it.
//
//   hostbridge  ->  00:00.0                       Host bridge: ...
//                   00:02.0      Root Port        ...
//                   └─ 01:00.0   Upstream Port    ...              CmpltTO
//
// Holds: every look is a new one; functions are as they were then.

import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { XpvError } from '../base/error.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import { type Table, table } from '../base/table.js'
import { AerView } from './aer-view.js'
import type { HostAccess } from './host-access.js'
import { isKnown, valueOr } from './not-known.js'
import { parseRequesterId, printRequesterId } from './pci/requester-id.js'
import { PciFunction } from './pci-function.js'

/** The hierarchy of one host. */
export class HostBridge implements ShownAsPage, Described {
  readonly #access: () => HostAccess

  constructor(access: () => HostAccess) {
    this.#access = access
  }

  /** All functions, ascending. Throws `XpvError` `machine.not-known` where a machine tells of
   *  none. */
  get functions(): readonly PciFunction[] {
    const listings = valueOr(this.#access().pci())
    if (!isKnown(listings)) throw new XpvError('machine.not-known', listings.reason)
    return listings.map((listing) => new PciFunction(listing, listings))
  }

  /** Root ports: where hierarchies begin and their error messages end. */
  get rootPorts(): readonly PciFunction[] {
    return this.functions.filter(({ portType }) => portType === 'Root Port')
  }

  /** Functions that have errors latched. */
  get failing(): readonly PciFunction[] {
    return this.functions.filter(({ errors }) => errors.length > 0)
  }

  /** The function of an id: `at('05:00.0')`. Throws `XpvError` `machine.no-function`. */
  at(id: string): PciFunction {
    const wanted = parseRequesterId(id)
    const { functions } = this
    const found = functions.find(({ requesterId }) => requesterId === wanted)
    if (found !== undefined) return found
    const what = wanted === undefined ? id : printRequesterId(wanted)
    const there = functions.map((each) => each.id).join(' ')
    throw new XpvError('machine.no-function', `there is no function ${what}`, `there are ${there}`)
  }

  /** The tree: every function under its bridge. */
  toTable(): Table {
    const { functions } = this
    const tops = functions.filter(({ parent }) => parent === null)
    const rows = tops.flatMap((top) => subtree(top, 0))
    const hasErrors = rows.some((row) => row[3] !== '')
    const columns = [
      { name: 'function', isKey: true, isTree: true },
      { name: 'type', priority: -1 },
      { name: 'what', wraps: true },
      { name: 'errors latched', wraps: true, priority: 1 },
    ]
    return hasErrors
      ? table(columns, rows)
      : table(
          columns.slice(0, 3),
          rows.map((row) => row.slice(0, 3)),
        )
  }

  toJSON(): unknown {
    return this.functions
  }

  [DESCRIBE](): Description {
    return { name: 'hostbridge', summary: 'the PCI Express hierarchy', members: BRIDGE_MEMBERS }
  }

  [DISPLAY](): Page {
    const listings = valueOr(this.#access().pci())
    if (!isKnown(listings)) return page([listings.toString()], null)
    const tree = this.toTable()
    const note = tree.columns.length < 4 ? 'no error is latched' : undefined
    return page([tree, note], this.toJSON())
  }
}

function subtree(of: PciFunction, depth: number): readonly string[][] {
  const { portType } = of
  const isPort = /Port$/.test(portType)
  const type = portType === 'not PCI Express' ? '' : portType
  const what = isPort ? of.name : `${of.class}: ${of.name}`
  const row = [`${'  '.repeat(depth)}${of.id}`, type, what, latchedIn(of).join(' ')]
  return [row, ...of.children.flatMap((child) => subtree(child, depth + 1))]
}

/** Errors a function found, and of a root port the messages that came to it. */
function latchedIn({ errors, aer }: PciFunction): readonly string[] {
  return [...errors, ...(aer instanceof AerView ? (aer.rootStatus?.set ?? []) : [])]
}

/** What each property and method of the hostbridge says. */
const BRIDGE_MEMBERS: MembersOf<HostBridge> = {
  functions: 'all functions, ascending: functions[2].aer.uncorrectableStatus',
  rootPorts: 'the root ports: error messages of what is below end there',
  failing: 'functions that have errors latched',
  at: "the function of an id: at('05:00.0')",
  toTable: 'all of them as a table',
}
