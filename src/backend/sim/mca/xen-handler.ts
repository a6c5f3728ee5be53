// XenHandler: what a Xen hypervisor does about machine checks.
//
//   poll, every 8 s at first    banks that cannot interrupt  ->  record  ->  VIRQ_MCA
//   interrupt (CMCI)            banks the pcpu owns          ->  record  ->  VIRQ_MCA
//   exception                   all banks of all pcpus       ->  page offlined, VIRQ_MCA; or panic
//
// Holds: between 2 and 16 seconds pass between polls, less where errors are found, twice as much
// where none are. Without a free entry the error is lost, since its bank is cleared all the same.
// `scans: false` is the fault of Xen 4.13 to 4.18: the set of banks to look at is empty, so polls
// and exceptions find nothing; interrupts look at another set.
// Source: xen/arch/x86/cpu/mcheck/ mce.c, mce_intel.c, non-fatal.c, mcaction.c.
import { assert } from '../../../base/assert.js'
import { MCI_STATUS } from '../../../machine/mci-status.js'
import {
  MCA_CLEARED,
  MCA_CMCI,
  MCA_PAGE_OFFLINE,
  MCA_POLLED,
  MCA_TELEMETRY_DROPPED,
  MCA_VIRQ,
} from '../../../machine/observation.js'
import { type BankState, CMCI_EN } from './bank.js'
import {
  holding,
  isPhysical,
  type Looking,
  type McaHandler,
  type McaHandlerParts,
  mfnOf,
  recordOf,
} from './handler.js'
import { dumpLines } from './record-text.js'
import type { TelemetryPool, TelemetryRecord, TelemetryRecovery } from './telemetry.js'

/** How a version of Xen handles machine checks. */
export interface XenHandling {
  /** The set of banks to look at is filled. */
  readonly scans: boolean
  /** It uses the interrupt for corrected errors. */
  readonly cmci: boolean
  readonly offlinesPages: boolean
  /** It was booted to say what it does (mce_verbosity=verbose). */
  readonly verbose: boolean
}

const PERIOD_NS = 8_000_000_000
const PERIOD_MIN_NS = 2_000_000_000
const PERIOD_MAX_NS = 16_000_000_000
const CMCI_THRESHOLD = 2n
/** Dom0 has had time enough to bind the interrupt after so many records. */
const PATIENCE = 10

const { OVER, UC, EN, MISCV, ADDRV, PCC, S, AR } = MCI_STATUS
const RIPV = 1n
const EIPV = 2n

interface XenHandlerState {
  readonly periodNs: number
  readonly dumped: number
}

/** A record of an exception that is dealt with once all pcpus have left it. */
interface Deferred {
  readonly entry: number
  readonly record: Omit<TelemetryRecord, 'id'>
}

/** A Xen hypervisor's machine checks. */
export class XenHandler implements McaHandler {
  readonly #parts: McaHandlerParts
  readonly #pool: TelemetryPool
  readonly #handling: XenHandling
  #periodNs = PERIOD_NS
  #dumped = 0

  constructor(parts: McaHandlerParts, pool: TelemetryPool, handling: XenHandling) {
    this.#parts = parts
    this.#pool = pool
    this.#handling = handling
  }

  start(): void {
    const { banks, around, pollIn } = this.#parts
    for (const pcpu of this.#hasInterrupt ? around.online : []) {
      for (let bank = 0; bank < banks.count; bank++) {
        const state = banks.at(pcpu, bank)
        if (state !== undefined) state.ctl2 = CMCI_EN | CMCI_THRESHOLD
      }
    }
    pollIn(PERIOD_NS)
  }

  poll(): void {
    const polls = this.#handling.scans && !this.#hasInterrupt
    let logged = 0
    for (const pcpu of this.#parts.around.online) {
      const found = holding(this.#parts.banks, pcpu, () => polls)
      if (found.length === 0) this.#parts.say(MCA_POLLED, pcpu, undefined)
      else if (this.#log(pcpu, 'poll', found)) logged += 1
    }
    this.#periodNs = logged === 0 ? 2 * this.#periodNs : this.#periodNs / (logged + 1)
    this.#periodNs = Math.min(PERIOD_MAX_NS, Math.max(PERIOD_MIN_NS, Math.floor(this.#periodNs)))
    this.#parts.pollIn(this.#periodNs)
  }

  cmci(pcpu: number): void {
    const { banks, around } = this.#parts
    const owns = (bank: number): boolean => banks.owner(bank, pcpu, around.online) === pcpu
    const found = holding(banks, pcpu, owns)
    if (found.length > 0) this.#log(pcpu, 'cmci', found)
  }

  exception(pcpus: readonly number[]): void {
    const { around } = this.#parts
    const deferred: Deferred[] = []
    const fatal: number[] = []
    for (const pcpu of pcpus) {
      const seen = this.#scan(pcpu)
      if (seen.deferred !== undefined) deferred.push(seen.deferred)
      if (seen.isFatal) fatal.push(pcpu)
    }
    if (fatal.length > 0) {
      for (const { record } of deferred) this.#dump(record)
      this.#parts.panic(`MCE: Fatal error happened on CPUs ${pcpuMask(fatal, around.online)}`)
      return
    }
    this.#enterSoftirq(pcpus)
    for (const { entry, record } of deferred) {
      this.#pool.commit(entry, this.#act(record, pcpus.at(-1) ?? 0))
    }
    if (!around.virqBound) return
    this.#verbosely('MCE: send MCE# to DOM0 through virq')
    this.#tellDom0(pcpus[0] ?? 0)
  }

  save(): XenHandlerState {
    return { periodNs: this.#periodNs, dumped: this.#dumped }
  }

  restore(state: unknown): void {
    const { periodNs, dumped } = state as XenHandlerState
    this.#periodNs = periodNs
    this.#dumped = dumped
  }

  get #hasInterrupt(): boolean {
    return this.#handling.cmci && this.#parts.banks.cap.cmci
  }

  /** Takes what a poll or an interrupt found out of the banks. False when it could not be kept. */
  #log(pcpu: number, why: Looking, found: Found): boolean {
    const { say } = this.#parts
    for (const [bank] of found) say(why === 'poll' ? MCA_POLLED : MCA_CMCI, pcpu, bank)
    const entry = this.#pool.reserve(false)
    const record = recordOf(this.#parts, found, { pcpu, why })
    if (entry === undefined) say(MCA_TELEMETRY_DROPPED, pcpu, found[0]?.[0])
    this.#clear(pcpu, found, (status) => why === 'poll' || this.#clearsOnInterrupt(status))
    if (entry === undefined) return false
    if (this.#parts.around.virqBound) {
      this.#pool.commit(entry, record)
      this.#tellDom0(pcpu)
    } else {
      this.#pool.dismiss(entry)
      if (why === 'cmci' || ++this.#dumped >= PATIENCE) this.#dump(record)
    }
    return true
  }

  #tellDom0(pcpu: number): void {
    this.#pool.announce()
    this.#parts.say(MCA_VIRQ, pcpu, undefined)
    this.#parts.around.virq()
  }

  #dump(record: Omit<TelemetryRecord, 'id'>): void {
    for (const line of dumpLines(record)) this.#parts.around.console(line)
  }

  #clear(pcpu: number, found: Found, clears: (status: bigint) => boolean): void {
    for (const [bank, state] of found) {
      if (!clears(state.status)) continue
      this.#parts.say(MCA_CLEARED, pcpu, bank)
      this.#parts.banks.clear(pcpu, bank)
    }
  }

  /** One pcpu's part in an exception. */
  #scan(pcpu: number): { readonly deferred?: Deferred; readonly isFatal: boolean } {
    const { banks } = this.#parts
    const found = holding(banks, pcpu, () => this.#handling.scans)
    if (found.length === 0) return { isFatal: false }
    const entry = this.#pool.reserve(true)
    const record = recordOf(this.#parts, found, { pcpu, why: 'exception' })
    if (entry === undefined) this.#parts.say(MCA_TELEMETRY_DROPPED, pcpu, found[0]?.[0])
    const statuses = found.map(([, state]) => state.status)
    const isUncorrected = statuses.some((status) => (status & UC) !== 0n)
    const isFatal = isUncorrected && !this.#survives(statuses, banks.mcgStatus(pcpu))
    this.#clear(pcpu, found, (status) => this.#clearsOnException(status))
    if (entry === undefined) return { isFatal }
    if (isUncorrected) return { deferred: { entry, record }, isFatal }
    this.#pool.commit(entry, record)
    return { isFatal }
  }

  #survives(statuses: readonly bigint[], mcgStatus: bigint): boolean {
    if (statuses.some((status) => (status & PCC) !== 0n)) return false
    if ((mcgStatus & (RIPV | EIPV)) === 0n) return false
    return statuses.every((status) => this.#isRecoverable(status))
  }

  /** Corrected; spurious; or recoverable without an error that came on top. */
  #isRecoverable(status: bigint): boolean {
    const has = (bits: bigint): boolean => (status & bits) === bits
    if (!has(UC)) return true
    if (!this.#parts.banks.cap.ser || has(PCC)) return false
    if (!has(EN)) return !has(OVER)
    if (has(S) && !has(AR)) return true
    return !has(OVER) && (has(S | AR) || (status & (S | AR)) === 0n)
  }

  #clearsOnInterrupt(status: bigint): boolean {
    if ((status & UC) === 0n) return true
    if (!this.#parts.banks.cap.ser || (status & OVER) !== 0n) return false
    return (status & EN) === 0n || (status & (PCC | S | AR)) === 0n
  }

  /** What is fatal stays: it can be read after the next boot. */
  #clearsOnException(status: bigint): boolean {
    const has = (bits: bigint): boolean => (status & bits) === bits
    if (!this.#parts.banks.cap.ser || !has(UC) || has(PCC)) return false
    if (!has(EN)) return !has(OVER)
    return has(S) && (!has(AR) || !has(OVER))
  }

  /** Every pcpu leaves the exception; the last one deals with what was deferred. */
  #enterSoftirq(pcpus: readonly number[]): void {
    for (const pcpu of pcpus) this.#verbosely(`CPU${pcpu} enter softirq`)
    this.#verbosely(`CPU${pcpus.at(-1) ?? 0} handling errors`)
  }

  #verbosely(line: string): void {
    if (this.#handling.verbose) this.#parts.around.console(line)
  }

  /** Takes the pages away that a record's errors are in; says what cannot be cured so. */
  #act(record: Omit<TelemetryRecord, 'id'>, on: number): Omit<TelemetryRecord, 'id'> {
    const isCurable = record.banks.some(({ status }) => isMemoryError(status))
    if (!this.#handling.offlinesPages || !isCurable) {
      this.#dump(record)
      return record
    }
    this.#verbosely('MCE: Enter UCR recovery action')
    const recovery: TelemetryRecovery[] = []
    const banks = record.banks.map((bank) => {
      if (!isMemoryError(bank.status) || !hasPhysicalAddress(bank)) return bank
      const mfn = mfnOf(bank.addr)
      const { outcome, domid } = this.#takePage({ pcpu: record.pcpu, bank: bank.bank, on }, mfn)
      recovery.push({ bank: bank.bank, action: 'page-offline', mfn, outcome })
      return { ...bank, domid }
    })
    const isRecovered = recovery.length > 0 && recovery.every((r) => r.outcome === 'offlined')
    if (!isRecovered) this.#dump(record)
    return { ...record, banks, recovery }
  }

  #takePage(
    at: { readonly pcpu: number; readonly bank: number; readonly on: number },
    mfn: number,
  ): ReturnType<Around['offlinePage']> {
    const { around, say } = this.#parts
    const page = around.offlinePage(mfn)
    say(MCA_PAGE_OFFLINE, at.pcpu, at.bank)
    if (page.outcome !== 'pending' || page.domid === undefined) return page
    const name = mfn.toString(16).padStart(5, '0')
    around.console(`MCE: This error page is ownded by DOM ${page.domid}`)
    around.console(`Unmap broken memory ${name} for DOM${page.domid} failed`)
    around.console('domain_crash called from arch/x86/cpu/mcheck/mcaction.c:141')
    around.console(`Domain ${page.domid} reported crashed by domain 32767 on cpu#${at.on}:`)
    around.crash(page.domid)
    return page
  }
}

type Around = McaHandlerParts['around']
type Found = readonly (readonly [bank: number, state: BankState])[]

/** Errors the hypervisor has a cure for: scrubbing, writing back the last-level cache, reading data
 *  and fetching instructions. */
function isMemoryError(status: bigint): boolean {
  const code = Number(status & 0xefffn)
  const isAction = (status & AR) !== 0n
  return isAction ? code === 0x134 || code === 0x150 : (code & 0xfff0) === 0xc0 || code === 0x17a
}

function hasPhysicalAddress(bank: { readonly status: bigint; readonly misc: bigint }): boolean {
  return (bank.status & (ADDRV | MISCV)) === (ADDRV | MISCV) && isPhysical(bank.misc)
}

/** Pcpus as Xen prints a set of them: hexadecimal, one digit for four. */
function pcpuMask(pcpus: readonly number[], online: readonly number[]): string {
  assert(online.length > 0, 'somebody is online')
  const digits = Math.ceil((Math.max(...online) + 1) / 4)
  const mask = pcpus.reduce((bits, pcpu) => bits | (1n << BigInt(pcpu)), 0n)
  return mask.toString(16).padStart(digits, '0')
}
