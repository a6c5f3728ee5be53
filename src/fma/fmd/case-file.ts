// Case file: a case as the fault manager works on it; what others see of it is a Case.
//
// Holds: it changes only through case-life.ts, but for ereports that are added.
import { type Ereport, ereportToNvlist } from '../event/ereport.js'
import type { Severity } from '../message/message.js'
import type { Case, SolvedCase } from './case.js'
import { printData } from './data-text.js'
import type { Reason } from './reason.js'
import { type Entry, entryStatus } from './resources.js'

/** What a case has once it is solved. */
export interface Diagnosis {
  readonly solvedNs: bigint
  readonly code: string
  readonly severity: Severity
  readonly message: boolean
  readonly reason: Reason | undefined
  readonly entries: readonly Entry[]
  state: SolvedCase['state']
  changedNs: bigint
  /** Its suspects were taken out of service; were all dealt with. */
  isolated: boolean
  repaired: boolean
}

/** Whether two are one: after a restart an engine and a case have one each. */
function isSameEreport(a: Ereport, b: Ereport): boolean {
  if (a.timeNs !== b.timeNs || a.class !== b.class || a.ena !== b.ena) return false
  return printData(ereportToNvlist(a)) === printData(ereportToNvlist(b))
}

/** A case that is being worked on. */
export class CaseFile {
  readonly uuid: string
  readonly module: string
  readonly openedNs: bigint
  ereports: Ereport[] = []
  injected = false
  diagnosis: Diagnosis | undefined
  /** Its module knows no more of it: it was closed, or the module was reset. */
  orphaned = false

  constructor(of: { readonly uuid: string; readonly module: string; readonly openedNs: bigint }) {
    this.uuid = of.uuid
    this.module = of.module
    this.openedNs = of.openedNs
  }

  add(ereport: Ereport): void {
    this.ereports.push(ereport)
    if (ereport.injected === true) this.injected = true
  }

  /** Adds what fired a SERD engine, in order of time, but nothing that is there. How many. */
  addFired(ereports: readonly Ereport[]): number {
    const known = new Set(this.ereports)
    const fresh = [...new Set(ereports)].filter((one) => {
      return !known.has(one) && !this.ereports.some((other) => isSameEreport(one, other))
    })
    if (fresh.length === 0) return 0
    for (const one of fresh) this.add(one)
    this.ereports.sort((a, b) => Number((a.timeNs ?? 0n) - (b.timeNs ?? 0n)))
    return fresh.length
  }

  /** What others see of it. */
  view(): Case {
    const { uuid, module, openedNs, injected, diagnosis } = this
    const facts = { uuid, module, openedNs, ereports: [...this.ereports], injected }
    if (diagnosis === undefined) return { ...facts, state: 'unsolved' }
    const { state, solvedNs, changedNs, code, severity, message, reason } = diagnosis
    return {
      ...facts,
      ...{ state, solvedNs, changedNs, code, severity, message, reason },
      suspects: diagnosis.entries.map((entry) => {
        return { fault: entry.fault, status: entryStatus(entry) }
      }),
    }
  }
}
