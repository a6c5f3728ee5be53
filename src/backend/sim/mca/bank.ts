// Bank: five registers of one machine-check bank, and what an error does to them.
//
//   empty + error              ->  the error, VAL
//   corrected + corrected      ->  the first, counted; OVER where the hardware cannot count
//   corrected + uncorrected    ->  the second, OVER
//   uncorrected + anything     ->  the first, OVER; only a fatal one replaces one that was not
//
// Holds: what was uncorrected is never replaced by what was corrected. A disabled error gives way
// to an enabled one. Source: Intel SDM volume 3, 15.3.2.2.1, tables 15-1, 15-2 and 15-8.
import {
  correctedCount,
  MCI_STATUS,
  type McgCapability,
  withCorrectedCount,
  withTracking,
} from '../../../machine/mci-status.js'

/** The registers of a bank. */
export interface BankState {
  ctl: bigint
  status: bigint
  addr: bigint
  misc: bigint
  ctl2: bigint
}

/** An error as the hardware tells it to its bank. `status` has codes and severity bits; VAL, OVER,
 *  EN, ADDRV, MISCV and counts are the bank's. */
export interface BankError {
  readonly status: bigint
  readonly address?: bigint
  readonly misc?: bigint
  /** Which bit of CTL enables it; where absent, `status` says itself whether it is. */
  readonly enable?: number
  /** The hardware tracks how many such errors there are. */
  readonly tracked: boolean
}

/** CTL2: it interrupts. */
export const CMCI_EN = 1n << 30n
/** CTL2: at how many. */
export const CMCI_THRESHOLD = 0x7fffn
/** Corrected errors from which on a tracked structure is yellow. */
const YELLOW_FROM = 64

const { VAL, OVER, UC, EN, MISCV, ADDRV, PCC, S, AR } = MCI_STATUS
const ALL_ONES = 2n ** 64n - 1n

/** A bank after a reset, all kinds of errors enabled. */
export function newBank(): BankState {
  return { ctl: ALL_ONES, status: 0n, addr: 0n, misc: 0n, ctl2: 0n }
}

/** What became of an error. `lost`: something the bank knew, or should have known, is gone. */
export interface Logged {
  readonly lost: boolean
  /** It is to be announced by a corrected machine-check interrupt. */
  readonly cmci: boolean
  /** It is to be announced by a machine-check exception. */
  readonly exception: boolean
}

/** Writes an error into a bank, as the hardware does. */
export function logError(bank: BankState, error: BankError, cap: McgCapability): Logged {
  const found = error.status | VAL | enabled(bank, error)
  const before = correctedCount(bank.status)
  const isEmpty = (bank.status & VAL) === 0n
  if (isEmpty) put(bank, { ...error, status: found })
  const lost = !isEmpty && meet(bank, { ...error, status: found }, cap)
  if ((found & UC) === 0n) count(bank, error, cap, before + 1)
  return { lost, ...announced(bank, found, { cap, before }) }
}

function enabled(bank: BankState, { enable }: BankError): bigint {
  return enable !== undefined && ((bank.ctl >> BigInt(enable)) & 1n) === 1n ? EN : 0n
}

/** An error finds another one there. True when one of them is lost, not only counted. */
function meet(bank: BankState, error: BankError, cap: McgCapability): boolean {
  const counted = correctedCount(bank.status)
  const isCounted = cap.cmci && ((bank.status | error.status) & UC) === 0n
  const replaces = rank(error.status) > rank(bank.status)
  if (replaces) put(bank, { ...error, status: withCorrectedCount(error.status, counted) })
  if (replaces || !isCounted) bank.status |= OVER
  return replaces || !isCounted
}

function put(bank: BankState, error: BankError): void {
  const { address, misc } = error
  bank.status =
    error.status | (address === undefined ? 0n : ADDRV) | (misc === undefined ? 0n : MISCV)
  bank.addr = address ?? 0n
  bank.misc = misc ?? 0n
}

/** Which of two errors stays: the higher, the first of equals. */
function rank(status: bigint): number {
  const kind = (status & UC) === 0n ? 0 : (status & PCC) === 0n ? 1 : 2
  return 2 * kind + ((status & EN) === 0n ? 0 : 1)
}

function count(bank: BankState, error: BankError, cap: McgCapability, total: number): void {
  if (cap.cmci) bank.status = withCorrectedCount(bank.status, total)
  if (!cap.tes || !error.tracked || (bank.status & UC) !== 0n) return
  bank.status = withTracking(bank.status, total >= YELLOW_FROM ? 'yellow' : 'green')
}

/** How the hardware tells of it: what is corrected, or needs no action, by interrupt. */
function announced(
  bank: BankState,
  found: bigint,
  of: { readonly cap: McgCapability; readonly before: number },
): { readonly cmci: boolean; readonly exception: boolean } {
  const canInterrupt = of.cap.cmci && (bank.ctl2 & CMCI_EN) !== 0n
  if ((found & UC) === 0n) {
    const threshold = Math.max(1, Number(bank.ctl2 & CMCI_THRESHOLD))
    const reached = of.before < threshold && correctedCount(bank.status) >= threshold
    return { cmci: canInterrupt && reached, exception: false }
  }
  const needsNothing = of.cap.ser && (found & (PCC | S | AR)) === 0n
  if (needsNothing) return { cmci: canInterrupt, exception: false }
  return { cmci: false, exception: (found & EN) !== 0n }
}

/** What software does once it has read a bank: all but its controls become 0. */
export function clearBank(bank: BankState): void {
  bank.status = 0n
  bank.addr = 0n
  bank.misc = 0n
}
