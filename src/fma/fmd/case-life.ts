// Case life: how a case goes from state to state, and what is published and logged on the way.
//
//   unsolved -solve-> solved -isolate-> close-wait -> closed -repair-> repaired -> resolved
//       \--close, or a duplicate--> gone      \--repair--> close-wait --> repaired
//
// Holds: list.suspect when solved, list.isolated when closed, list.updated when part of it was
// repaired, list.repaired when all was, list.resolved when none of it is out of service any more;
// what happens to the same resources after that changes nothing of it.
// Between close-wait and what follows, the module whose case it is is told. All five are logged;
// illumos does not log list.isolated. Source: illumos-gate fmd_case.c.
import { XpvError } from '../../base/error.js'
import { asruChangeToNvlist } from '../event/asru-change.js'
import type { Fault } from '../event/fault.js'
import type { FmdFmri } from '../event/fmri-module.js'
import { type ListChange, type SuspectList, suspectListToNvlist } from '../event/suspect-list.js'
import { messageFor } from '../message/catalog.js'
import type { Message } from '../message/message.js'
import type { CaseFile, Diagnosis } from './case-file.js'
import { acquittedBefore, compareCases, suspectKey, type Verdict } from './duplicates.js'
import { fmriKey } from './fmri-key.js'
import type { EreportReference, LogRecord } from './input.js'
import type { Solution } from './module.js'
import type { Reason } from './reason.js'
import {
  clearFaulty,
  type Entry,
  entryStatus,
  isUnusable,
  type RepairReason,
  Resources,
} from './resources.js'

/** What a case's life needs of the fault manager. */
export interface Desk {
  readonly nowNs: bigint
  newUuid(): string
  /** The name of a module, as a diagnosis says who made it. */
  engine(module: string): FmdFmri
  log(record: Omit<LogRecord, 'number' | 'timeNs'> & { readonly log: 'fault' | 'resource' }): void
  publish(list: SuspectList): void
  /** Has the module told that its case was closed, and `ended` called then. */
  closing(file: CaseFile): void
  /** Has a case forgotten after the time that resolved cases are kept. */
  resolved(file: CaseFile): void
  solved(file: CaseFile): void
}

/** Finds the message of a diagnosis. */
export type MessageOf = (classes: readonly string[]) => Pick<Message, 'code' | 'severity'>

/** All cases, and what their lives do. */
export class CaseLife {
  readonly cases = new Map<string, CaseFile>()
  readonly resources = new Resources()
  /** Solved cases by the keys of their suspects. */
  readonly #bySuspect = new Map<string, Set<CaseFile>>()
  readonly #desk: Desk
  readonly #messageOf: MessageOf

  constructor(desk: Desk, messageOf: MessageOf = messageFor) {
    this.#desk = desk
    this.#messageOf = messageOf
  }

  /** Publishes a diagnosis, or drops the case when an earlier one says the same. */
  solve(file: CaseFile, solution: Solution): void {
    const { suspects } = solution
    if (file.diagnosis !== undefined) throw wrong(file, 'is already solved')
    if (suspects.length === 0) throw wrong(file, 'was solved without a suspect')
    const faults = suspects.length < 2 ? suspects : [...suspects].sort(bySuspect)
    const verdicts = this.#comparisons(faults)
    for (const [old, verdict] of verdicts) this.#adjust(old, verdict)
    if (verdicts.some(([, { drop }]) => drop)) this.discard(file)
    else this.#convict(file, solution.reason, { faults, verdicts: verdicts.map(([, v]) => v) })
  }

  #convict(
    file: CaseFile,
    reason: Reason | undefined,
    of: { faults: readonly Fault[]; verdicts: readonly Verdict[] },
  ): void {
    const { faults } = of
    const { code, severity } = this.#messageOf(faults.map((fault) => fault.class))
    const { nowNs } = this.#desk
    const message = faults.every((fault) => fault.message !== false)
    const facts = { code, severity, message, reason, isolated: false, repaired: false }
    const times = { solvedNs: nowNs, changedNs: nowNs }
    const entries = faults.map((fault) => this.#addEntry(file.uuid, fault))
    this.keep(file, { ...facts, ...times, entries, state: 'solved' })
    for (const entry of entries) this.#blame(entry)
    const cleared = acquittedBefore(entries, of.verdicts)
    for (const entry of cleared) this.acquit(entry, 'acquitted')
    this.#desk.solved(file)
    this.#publish(file, 'suspect')
  }

  /** Puts a diagnosis into a case, as when it is restored. */
  keep(file: CaseFile, diagnosis: Diagnosis): void {
    file.diagnosis = diagnosis
    for (const entry of diagnosis.entries) {
      entry.isOver = diagnosis.state === 'resolved'
      const key = suspectKey(entry.fault)
      const there = this.#bySuspect.get(key) ?? new Set()
      this.#bySuspect.set(key, there.add(file))
    }
  }

  /** Drops a case that came to nothing; its module is told. */
  discard(file: CaseFile): void {
    this.cases.delete(file.uuid)
    this.#desk.closing(file)
  }

  /** Forgets a case and its suspects. */
  forget(file: CaseFile): void {
    this.cases.delete(file.uuid)
    for (const entry of file.diagnosis?.entries ?? []) {
      const key = suspectKey(entry.fault)
      const there = this.#bySuspect.get(key)
      there?.delete(file)
      if (there?.size === 0) this.#bySuspect.delete(key)
      this.resources.remove(entry)
    }
  }

  /** Forgets all of them. */
  clear(): void {
    this.cases.clear()
    this.resources.clear()
    this.#bySuspect.clear()
  }

  /** Notes why a suspect is none any more; once its case is repaired no other reason is noted.
   *  Whether it was faulty until now. */
  acquit(entry: Entry, reason: RepairReason): boolean {
    const state = this.cases.get(entry.uuid)?.diagnosis?.state
    if (state === 'repaired' || state === 'resolved') return false
    const done = clearFaulty(entry, reason)
    if (done !== 'nothing') this.#logEntry(entry)
    return done === 'cleared'
  }

  /** Says that suspects are out of service or back; logged where that changes anything. */
  setUnusable(entries: Iterable<Entry>, unusable: boolean): void {
    const asrus = new Set([...entries].map(({ asru }) => asru))
    for (const asru of asrus) {
      if (asru.unusable === unusable) continue
      this.resources.setUnusable(asru, unusable)
      for (const entry of asru.entries) if (!entry.isOver) this.#logEntry(entry)
    }
  }

  /** All that can be taken out of service of a case has been. */
  isolate(file: CaseFile): void {
    const { diagnosis } = file
    if (diagnosis === undefined) this.discard(file)
    if (diagnosis?.state !== 'solved') return
    diagnosis.isolated = true
    this.setUnusable(diagnosis.entries, true)
    this.#enter(diagnosis, 'close-wait')
    this.#desk.closing(file)
  }

  /** Looks whether suspects of a case are still faulty, after some were dealt with. */
  update(file: CaseFile): void {
    const { diagnosis } = file
    if (diagnosis === undefined || diagnosis.repaired) return
    if (diagnosis.entries.some(({ faulty }) => faulty)) {
      this.#publish(file, 'updated')
      return
    }
    diagnosis.repaired = true
    if (diagnosis.state === 'closed') this.#repair(file, diagnosis)
    if (diagnosis.state !== 'solved') return
    this.#enter(diagnosis, 'close-wait')
    this.#desk.closing(file)
  }

  /** Goes on from close-wait, once the module knows. */
  closed(file: CaseFile): void {
    file.orphaned = true
    const { diagnosis } = file
    if (diagnosis?.state !== 'close-wait') return
    if (diagnosis.repaired) {
      this.#repair(file, diagnosis)
      return
    }
    this.#enter(diagnosis, 'closed')
    this.#publish(file, 'isolated')
  }

  /** What was repaired is back in service. */
  resolve(file: CaseFile): void {
    const { diagnosis } = file
    if (diagnosis?.state === 'repaired' && !isOut(diagnosis)) this.#resolve(file, diagnosis)
  }

  #repair(file: CaseFile, diagnosis: Diagnosis): void {
    this.#enter(diagnosis, 'repaired')
    this.#publish(file, 'repaired')
    if (!isOut(diagnosis)) this.#resolve(file, diagnosis)
  }

  #resolve(file: CaseFile, diagnosis: Diagnosis): void {
    this.#enter(diagnosis, 'resolved')
    for (const entry of diagnosis.entries) entry.isOver = true
    this.#publish(file, 'resolved')
    for (const entry of diagnosis.entries) this.#logEntry(entry)
    this.#desk.resolved(file)
  }

  #enter(diagnosis: Diagnosis, state: Diagnosis['state']): void {
    diagnosis.state = state
    diagnosis.changedNs = this.#desk.nowNs
  }

  #comparisons(faults: readonly Fault[]): readonly (readonly [CaseFile, Verdict])[] {
    const old = new Set(faults.flatMap((fault) => [...this.#sharing(fault)]))
    const inOrder =
      old.size < 2 ? [...old] : [...this.cases.values()].filter((file) => old.has(file))
    return inOrder.map((file) => [file, compareCases(faults, file, this.#desk.nowNs)])
  }

  #sharing(fault: Fault): Iterable<CaseFile> {
    return this.#bySuspect.get(suspectKey(fault)) ?? []
  }

  #adjust(old: CaseFile, { acquit, blame }: Verdict): void {
    for (const entry of acquit) this.acquit(entry, 'acquitted')
    for (const entry of blame) this.#blame(entry)
    if (acquit.length + blame.length > 0) this.update(old)
  }

  #addEntry(uuid: string, fault: Fault): Entry {
    const { nowNs } = this.#desk
    return this.resources.add({ id: this.#desk.newUuid(), uuid, fault, changedNs: nowNs })
  }

  #blame(entry: Entry): void {
    if (entry.faulty) return
    entry.faulty = true
    this.#logEntry(entry)
  }

  #logEntry(entry: Entry): void {
    const { nowNs } = this.#desk
    entry.changedNs = nowNs
    const { asru, fault, uuid, faulty, reason } = entry
    const file = this.cases.get(uuid)
    const fmri = asru.fmri
    if (file?.diagnosis === undefined || fmri === undefined) return
    const change = asruChangeToNvlist({
      ...{ asru: fmri, uuid, fault, faulty, unusable: isUnusable(entry) },
      code: file.diagnosis.code,
      timeNs: file.diagnosis.solvedNs,
      repaired: reason === 'repaired',
      replaced: reason === 'replaced',
      acquitted: reason === 'acquitted',
      resolved: file.diagnosis.state === 'resolved',
      message: fault.message !== false,
    })
    this.#desk.log({ log: 'resource', event: change })
  }

  #publish(file: CaseFile, change: ListChange): void {
    const list = suspectListOf(file, { change, engine: this.#desk.engine(file.module) })
    const ereports = file.ereports.map(({ timeNs, class: name, ena }): EreportReference => {
      return { timeNs: timeNs ?? 0n, class: name, ena }
    })
    this.#desk.log({ log: 'fault', event: suspectListToNvlist(list), ereports })
    this.#desk.publish(list)
  }
}

/** What is published of a case. */
function suspectListOf(
  file: CaseFile,
  { change, engine }: { readonly change: ListChange; readonly engine: FmdFmri },
): SuspectList {
  const { uuid, injected, diagnosis } = file
  if (diagnosis === undefined) throw wrong(file, 'is not solved')
  const { code, severity, message, solvedNs, entries } = diagnosis
  const isOwn = change === 'suspect' || change === 'isolated'
  return {
    ...{ change, uuid, engine, severity, message, injected, diagTimeNs: solvedNs },
    code: isOwn ? code : messageFor([`list.${change}`]).code,
    suspects: entries.map((entry) => ({ fault: entry.fault, status: entryStatus(entry) })),
  }
}

/** Whether something of a case is still out of service. */
const isOut = ({ entries }: Diagnosis): boolean =>
  entries.some(({ asru }) => asru.fmri !== undefined && asru.unusable)

/** By class, then by resource. */
function bySuspect(a: Fault, b: Fault): number {
  if (a.class !== b.class) return `${a.class}\n` < `${b.class}\n` ? -1 : 1
  const [x, y] = [a.resource ? fmriKey(a.resource) : '', b.resource ? fmriKey(b.resource) : '']
  return x === y ? 0 : x < y ? -1 : 1
}

const wrong = (file: CaseFile, what: string): XpvError =>
  new XpvError('fma.case', `case ${file.uuid} of ${file.module} ${what}`)
