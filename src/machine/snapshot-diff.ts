// SnapshotDiff: what is different between two snapshots of a host: who came, who went, what
// changed, and by how much.
//
// Holds: empty when nothing differs; whoever came or went is one row, not one a property.

import { DESCRIBE, type Described, type Description } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import { type Table, table } from '../base/table.js'
import type { HostSnapshot } from './host-snapshot.js'
import { bytesText, nsText } from './quantity.js'
import { type SnapshotValue, snapshotText } from './snapshot-values.js'

/** One difference: `-` stands where there was nothing. */
export interface DiffRow {
  readonly what: string
  readonly before: string
  readonly after: string
  /** By how much a number changed; '' for all else. */
  readonly change: string
}

type Values = ReadonlyMap<string, SnapshotValue>

/** The differences of two snapshots. */
export class SnapshotDiff implements ShownAsPage, Described {
  readonly rows: readonly DiffRow[]
  /** Nanoseconds from the first to the second; null where that is not known. */
  readonly elapsedNs: number | null

  constructor(before: HostSnapshot, after: HostSnapshot) {
    this.elapsedNs = before.atNs === null || after.atNs === null ? null : after.atNs - before.atNs
    this.rows = diffRows(before.values, after.values)
  }

  toTable(): Table {
    const rows = this.rows.map(({ what, before, after, change }) => [what, before, after, change])
    const columns = [
      { name: 'what', wraps: true },
      { name: 'before', wraps: true },
      { name: 'after', wraps: true },
      { name: 'change', align: 'right' as const },
    ]
    return table(columns, rows)
  }

  toJSON(): unknown {
    return { elapsedNs: this.elapsedNs, rows: this.rows }
  }

  [DESCRIBE](): Description {
    return {
      name: 'before.diff(after)',
      summary: 'what is different between two snapshots',
      members: {
        rows: 'one for each difference: what, before, after, change',
        elapsedNs: 'nanoseconds between the two',
        toTable: 'the rows as a table',
      },
    }
  }

  [DISPLAY](): Page {
    const { elapsedNs, rows } = this
    const when = elapsedNs === null ? '' : `${nsText(elapsedNs)} later: `
    if (rows.length === 0) return page([`${when}${NO_DIFFERENCE}`], this.toJSON())
    const count = `${rows.length} difference${rows.length === 1 ? '' : 's'}`
    return page([`${when}${count}`, this.toTable()], this.toJSON())
  }
}

const NO_DIFFERENCE = 'nothing is different; what time alone changes is not compared'

function diffRows(before: Values, after: Values): readonly DiffRow[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])]
  const [wereThere, areThere] = [things(before), things(after)]
  const came = [...areThere].filter((thing) => !wereThere.has(thing))
  const went = [...wereThere].filter((thing) => !areThere.has(thing))
  const isWhole = (path: string): boolean =>
    [...came, ...went].some((thing) => path.startsWith(`${thing}.`))
  return [
    ...went.map((what) => ({ what, before: thingText(before, what), after: '-', change: 'gone' })),
    ...came.map((what) => ({ what, before: '-', after: thingText(after, what), change: 'new' })),
    ...paths.filter((path) => !isWhole(path)).flatMap((path) => changed(path, before, after)),
  ]
}

/** Domains that have values. */
function things(values: Values): ReadonlySet<string> {
  return new Set([...values.keys()].flatMap((path) => /^domains\[\d+\]/.exec(path)?.[0] ?? []))
}

function thingText(values: Values, thing: string): string {
  const part = (name: string): string | undefined => {
    const value = values.get(`${thing}.${name}`)
    return value && snapshotText(value)
  }
  const vcpus = part('maxVcpus')
  const all = [part('name'), part('memoryBytes'), vcpus && `${vcpus} vcpus`, part('state')]
  return all.filter((text) => text !== undefined).join(', ')
}

function changed(what: string, before: Values, after: Values): readonly DiffRow[] {
  const [was, is] = [before.get(what), after.get(what)]
  if (was?.value === is?.value) return []
  const text = (of: SnapshotValue | undefined): string => (of ? snapshotText(of) : '-')
  return [{ what, before: text(was), after: text(is), change: changeText(was, is) }]
}

function changeText(was: SnapshotValue | undefined, is: SnapshotValue | undefined): string {
  if (typeof was?.value !== 'number' || typeof is?.value !== 'number') return ''
  if (is.unit === undefined) return ''
  const by = is.value - was.value
  const size = is.unit === 'bytes' ? bytesText(Math.abs(by)) : String(Math.abs(by))
  return `${by < 0 ? '-' : '+'}${size}`
}
