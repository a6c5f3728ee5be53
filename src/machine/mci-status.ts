// MciStatus: the status register of a machine-check bank as facts: what happened, how bad it is,
// which of the other registers say more.
//
//   0xbd2000008000017a  ->  valid, uncorrected, enabled, address and misc valid, signalled
//                           severity srao, code 0x017a
//
// Holds: encode(decode(x)) is x. Bits 56 and 55 say what they do only where the processor can
// recover (SER_P), 54:53 only where it tracks (TES_P), 52:38 only where it counts (CMCI_P).
// Source: Intel SDM volume 3, 15.3.2.2, 15.6.3 and table 15-6.

/** Bits of IA32_MCi_STATUS. */
export const MCI_STATUS = {
  VAL: 1n << 63n,
  OVER: 1n << 62n,
  UC: 1n << 61n,
  EN: 1n << 60n,
  MISCV: 1n << 59n,
  ADDRV: 1n << 58n,
  PCC: 1n << 57n,
  S: 1n << 56n,
  AR: 1n << 55n,
} as const

/** Lowest bit of the corrected error count; it has 15. */
const COUNT_LOW = 38n
/** The greatest count: from there on it stays. */
const COUNT_MAX = 0x7fff
const COUNT_MASK = BigInt(COUNT_MAX) << COUNT_LOW
/** Lowest bit of the threshold status. */
const TRACKING_LOW = 53n

/** What of these bits a processor has: from its IA32_MCG_CAP. */
export interface McgCapability {
  readonly banks: number
  /** CMCI_P: it counts corrected errors and can announce them. */
  readonly cmci: boolean
  /** TES_P: it says whether corrected errors are getting many. */
  readonly tes: boolean
  /** SER_P: it can go on after some uncorrected errors. */
  readonly ser: boolean
  /** LMCE_P: it can tell one logical processor alone. */
  readonly lmce: boolean
}

/** Reads IA32_MCG_CAP. */
export function mcgCapability(cap: bigint): McgCapability {
  const has = (bit: bigint): boolean => ((cap >> bit) & 1n) === 1n
  return {
    banks: Number(cap & 0xffn),
    cmci: has(10n),
    tes: has(11n),
    ser: has(24n),
    lmce: has(27n),
  }
}

/** How bad: corrected; uncorrected and nothing need be done (ucna), something should (srao), must
 *  be done before going on (srar); uncorrected on a processor that cannot tell; fatal. */
export type MciSeverity = 'corrected' | 'ucna' | 'srao' | 'srar' | 'uncorrected' | 'fatal'

/** Whether corrected errors of a bank are getting many, where the hardware tracks them. */
export type MciTracking = 'none' | 'green' | 'yellow' | 'reserved'

const TRACKING: readonly MciTracking[] = ['none', 'green', 'yellow', 'reserved']

/** The severity of a status with VAL. */
export function mciSeverity(status: bigint, ser: boolean): MciSeverity {
  const has = (bit: bigint): boolean => (status & bit) !== 0n
  if (!has(MCI_STATUS.UC)) return 'corrected'
  if (has(MCI_STATUS.PCC)) return 'fatal'
  if (!ser) return 'uncorrected'
  if (!has(MCI_STATUS.S)) return 'ucna'
  if (!has(MCI_STATUS.AR)) return 'srao'
  return has(MCI_STATUS.OVER) ? 'fatal' : 'srar'
}

/** How many corrected errors the status counts: 0 to 32767. */
export function correctedCount(status: bigint): number {
  return Number((status & COUNT_MASK) >> COUNT_LOW)
}

/** The status with another count; what is more than it can hold stays at the greatest. */
export function withCorrectedCount(status: bigint, count: number): bigint {
  return (status & ~COUNT_MASK) | (BigInt(Math.min(count, COUNT_MAX)) << COUNT_LOW)
}

/** The threshold status. */
export function mciTracking(status: bigint): MciTracking {
  return TRACKING[Number((status >> TRACKING_LOW) & 3n)] ?? 'none'
}

/** The status with another threshold status. */
export function withTracking(status: bigint, tracking: MciTracking): bigint {
  const bits = BigInt(TRACKING.indexOf(tracking))
  return (status & ~(3n << TRACKING_LOW)) | (bits << TRACKING_LOW)
}

const SEVERITY_MEANING: Readonly<Record<MciSeverity, string>> = {
  corrected: 'corrected: the hardware repaired it',
  ucna: 'uncorrected, no action required: nobody has used the data yet',
  srao: 'uncorrected, recoverable, action optional: software may take the page away',
  srar: 'uncorrected, recoverable, action required: this context must not go on',
  uncorrected: 'uncorrected: the processor does not say whether it can be survived',
  fatal: 'fatal: the state of the processor is corrupt',
}

/** A severity in a sentence. */
export function severityMeaning(severity: MciSeverity): string {
  return SEVERITY_MEANING[severity]
}
