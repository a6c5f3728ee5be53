// HostSnapshot: a host at one moment, as a value: to be kept, compared with another, shown.
//
//   const a = machine.snapshot();  xm create web1;  a.diff(machine.snapshot())
//     ->  domains[1]     -        web1, 512 MiB, 2 vcpus
//         xen.freeBytes  7.02 GiB  6.52 GiB  -512 MiB
//
// Holds: plain data: nothing that happens later changes it; two of the same state are equal.

import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { XpvError } from '../base/error.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import { table } from '../base/table.js'
import type { HostAccess } from './host-access.js'
import type { MachineInput, MachineSnapshot } from './machine.js'
import type { Obs } from './obs.js'
import { nsText } from './quantity.js'
import { SnapshotDiff } from './snapshot-diff.js'
import { type SnapshotValue, snapshotText, snapshotValues } from './snapshot-values.js'

/** Says that something is no host as it was. */
export function noSnapshot(value: unknown): XpvError {
  const message = `${value === null ? 'null' : typeof value} is no snapshot`
  return new XpvError('machine.snapshot', message, 'const before = machine.snapshot()')
}

/** A host as it was. */
export class HostSnapshot implements MachineSnapshot, ShownAsPage, Described {
  readonly title: string
  readonly xenVersion: Obs<string>
  readonly clockHz: Obs<number>
  readonly pcpus: Obs<number>
  readonly inputs: readonly MachineInput[]
  /** Nanoseconds since boot; null where that is not known. */
  readonly atNs: number | null
  /** What was there, by how one gets at it: `domains[1].memoryBytes`. */
  readonly values: ReadonlyMap<string, SnapshotValue>

  constructor(machine: MachineSnapshot, access: HostAccess | undefined) {
    this.title = machine.title
    this.xenVersion = machine.xenVersion
    this.clockHz = machine.clockHz
    this.pcpus = machine.pcpus
    this.inputs = machine.inputs
    const now = access?.now()
    this.atNs = now?.kind === 'known' ? now.value : null
    this.values = access === undefined ? new Map() : snapshotValues(access)
  }

  /** What another one has that this one has not, and the other way round. */
  diff(later: HostSnapshot): SnapshotDiff {
    if (!(later instanceof HostSnapshot)) throw noSnapshot(later)
    return new SnapshotDiff(this, later)
  }

  /** Whether everything is the same in both; the time may differ. */
  equals(other: HostSnapshot): boolean {
    return this.diff(other).rows.length === 0
  }

  toJSON(): unknown {
    const { title, xenVersion, clockHz, pcpus, inputs, atNs } = this
    const values = Object.fromEntries([...this.values].map(([path, { value }]) => [path, value]))
    return { title, xenVersion, clockHz, pcpus, inputs, atNs, values }
  }

  [DESCRIBE](): Description {
    const summary = 'a host at one moment, to be compared'
    return { name: 'machine.snapshot()', summary, members: SNAPSHOT_MEMBERS }
  }

  [DISPLAY](): Page {
    const since = this.inputs.length > 0 ? 'the recording began' : 'it booted'
    const when = this.atNs === null ? '' : `, ${nsText(this.atNs)} after ${since}`
    const shown = [...this.values].filter(([path]) => !path.startsWith('hostbridge'))
    const left = this.values.size - shown.length
    const rows = shown.map(([path, value]) => [path, snapshotText(value)])
    return page(
      [
        `${this.title}${when}`,
        this.values.size === 0 ? undefined : table(['what', { name: 'value', wraps: true }], rows),
        left === 0 ? undefined : `and ${left} registers of the hostbridge`,
        this.values.size === 0 ? undefined : 'compare: .diff(machine.snapshot())',
      ],
      this.toJSON(),
    )
  }
}

/** What each property and method of a snapshot says. */
const SNAPSHOT_MEMBERS: MembersOf<HostSnapshot> = {
  title: 'which machine it is of',
  xenVersion: 'version of the hypervisor, with where that is from',
  clockHz: 'cycles a second, with where that is from',
  pcpus: 'how many pcpus, with where that is from',
  inputs: 'the files a recorded machine is made of',
  atNs: 'when it was taken, in nanoseconds since boot',
  values: 'what was there, by how one gets at it',
  diff: 'what changed until another one: before.diff(after)',
  equals: 'whether everything is the same in another one, the time aside',
}
