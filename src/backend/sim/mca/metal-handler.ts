// MetalHandler: what an operating system that owns the hardware does about machine checks, as
// illumos does it.
//
//   poll, every 10 s      banks of each pcpu, shared ones by one of them  ->  record
//   interrupt (CMCI)      the same                                        ->  record
//   exception             all banks  ->  record; panic when it cannot be survived
//
// Holds: what may yet become an exception is not cleared at once: only when seen twice the same, or
// after five polls that left it. Ten interrupts between two polls turn them off, 1,000 polls that
// find nothing turn them on again.
// Source: illumos' generic machine-check handler and its poller.

import { MCI_STATUS, mciSeverity } from '../../../machine/mci-status.js'
import { MCA_CLEARED, MCA_CMCI, MCA_POLLED } from '../../../machine/observation.js'
import { type BankState, CMCI_EN } from './bank.js'
import {
  holding,
  type Looking,
  type McaHandler,
  type McaHandlerParts,
  recordOf,
} from './handler.js'
import type { TelemetryRecord } from './telemetry.js'

const PERIOD_NS = 10_000_000_000
/** Announced at the first. */
const CMCI_THRESHOLD = 1n
const MOST_INTERRUPTS = 10
const CLEAN_POLLS = 1000
const MOST_DEFERRALS = 5

const { EN, UC, PCC, OVER } = MCI_STATUS

/** A bank that was left as it is. */
interface Left {
  readonly status: bigint
  readonly times: number
}

interface MetalState {
  readonly left: readonly (readonly [key: string, left: Left])[]
  readonly interrupts: readonly (readonly [pcpu: number, count: number])[]
  readonly clean: readonly (readonly [pcpu: number, count: number])[]
}

/** An operating system's machine checks. */
export class MetalHandler implements McaHandler {
  readonly #parts: McaHandlerParts
  readonly #logged: (record: Omit<TelemetryRecord, 'id'>) => void
  #left = new Map<string, Left>()
  /** Since the last poll, by pcpu. */
  #interrupts = new Map<number, number>()
  /** Polls without an error since its interrupts were turned off, by pcpu. */
  #clean = new Map<number, number>()

  /** `logged` takes each record. */
  constructor(parts: McaHandlerParts, logged: (record: Omit<TelemetryRecord, 'id'>) => void) {
    this.#parts = parts
    this.#logged = logged
  }

  start(): void {
    for (const pcpu of this.#parts.around.online) this.#interruptsOf(pcpu, true)
    this.#parts.pollIn(PERIOD_NS)
  }

  poll(): void {
    for (const pcpu of this.#parts.around.online) {
      const found = this.#holding(pcpu)
      if (found.length === 0) this.#parts.say(MCA_POLLED, pcpu, undefined)
      else this.#log(pcpu, 'poll', found)
      this.#interrupts.delete(pcpu)
      this.#countClean(pcpu, found.length === 0)
    }
    this.#parts.pollIn(PERIOD_NS)
  }

  cmci(pcpu: number): void {
    const found = this.#holding(pcpu)
    if (found.length > 0) this.#log(pcpu, 'cmci', found)
    const count = (this.#interrupts.get(pcpu) ?? 0) + 1
    this.#interrupts.set(pcpu, count)
    if (count < MOST_INTERRUPTS) return
    this.#interruptsOf(pcpu, false)
    this.#clean.set(pcpu, 0)
  }

  exception(pcpus: readonly number[]): void {
    const { banks } = this.#parts
    const { ser } = banks.cap
    let isFatal = false
    for (const pcpu of pcpus) {
      const found = this.#holding(pcpu)
      if (found.length === 0) continue
      this.#logged(recordOf(this.#parts, found, { pcpu, why: 'exception' }))
      const severities = found.map(([, state]) => mciSeverity(state.status, ser))
      isFatal ||= severities.some((severity) => severity === 'fatal' || severity === 'uncorrected')
      this.#clear(pcpu, found)
    }
    if (isFatal) this.#parts.panic('Unrecoverable Machine-Check Exception')
  }

  save(): MetalState {
    return {
      left: [...this.#left],
      interrupts: [...this.#interrupts],
      clean: [...this.#clean],
    }
  }

  restore(saved: unknown): void {
    const state = saved as MetalState
    this.#left = new Map(state.left)
    this.#interrupts = new Map(state.interrupts)
    this.#clean = new Map(state.clean)
  }

  /** The banks that this pcpu looks after. */
  #holding(pcpu: number): readonly (readonly [bank: number, state: BankState])[] {
    const { banks, around } = this.#parts
    return holding(banks, pcpu, (bank) => banks.owner(bank, pcpu, around.online) === pcpu)
  }

  #log(pcpu: number, why: Looking, found: Found): void {
    const fresh = found.filter(([bank, state]) => !this.#hasSeen(pcpu, bank, state.status))
    for (const [bank] of found) {
      this.#parts.say(why === 'poll' ? MCA_POLLED : MCA_CMCI, pcpu, bank)
    }
    if (fresh.length > 0) this.#logged(recordOf(this.#parts, fresh, { pcpu, why }))
    this.#clear(
      pcpu,
      found.filter(([bank, state]) => !this.#leaves(pcpu, bank, state.status)),
    )
  }

  #hasSeen(pcpu: number, bank: number, status: bigint): boolean {
    return this.#left.get(`${pcpu} ${bank}`)?.status === (status & ~OVER)
  }

  /** Whether an error is left in its bank, since an exception may still come for it. */
  #leaves(pcpu: number, bank: number, status: bigint): boolean {
    if ((status & EN) === 0n || (status & (UC | PCC)) === 0n) return false
    const key = `${pcpu} ${bank}`
    const before = this.#left.get(key)
    const times = (before?.times ?? 0) + 1
    const leaves = before?.status !== (status & ~OVER) && times <= MOST_DEFERRALS
    if (leaves) this.#left.set(key, { status: status & ~OVER, times })
    return leaves
  }

  #clear(pcpu: number, found: Found): void {
    for (const [bank] of found) {
      this.#left.delete(`${pcpu} ${bank}`)
      this.#parts.say(MCA_CLEARED, pcpu, bank)
      this.#parts.banks.clear(pcpu, bank)
    }
  }

  #interruptsOf(pcpu: number, on: boolean): void {
    const { banks, around } = this.#parts
    if (!banks.cap.cmci) return
    for (let bank = 0; bank < banks.count; bank++) {
      const state = banks.at(pcpu, bank)
      if (state === undefined || banks.owner(bank, pcpu, around.online) !== pcpu) continue
      state.ctl2 = on ? CMCI_EN | CMCI_THRESHOLD : 0n
    }
  }

  #countClean(pcpu: number, isClean: boolean): void {
    const polls = this.#clean.get(pcpu)
    if (polls === undefined) return
    this.#clean.set(pcpu, isClean ? polls + 1 : 0)
    if (polls + 1 < CLEAN_POLLS) return
    this.#clean.delete(pcpu)
    this.#interruptsOf(pcpu, true)
  }
}

type Found = readonly (readonly [bank: number, state: BankState])[]
