// Exceptions: which records of machine checks are of one exception: it is told to all pcpus at
// once, and each leaves what its banks hold.
//
//   MCIP pcpu 0, MCIP pcpu 1, MCIP pcpu 2, MCIP pcpu 1  ->  three of one exception, then another
//
// Holds: a bank of a pcpu is read once an exception; records found by a look end it.
import type { MachineCheckRecord } from '../../machine/telemetry.js'

/** MCG_STATUS: a machine check is in progress. */
const MCIP = 4n

/** Follows records in their order. */
export class Exceptions {
  readonly #read = new Set<string>()

  /** Whether a record is of the same exception as the one before it. */
  isSame({ pcpu, mcgStatus, banks }: Omit<MachineCheckRecord, 'atNs'>): boolean {
    const isException = (mcgStatus & MCIP) !== 0n
    const keys = banks.map(({ bank }) => `${pcpu} ${bank}`)
    const isSame = isException && this.#read.size > 0 && !keys.some((key) => this.#read.has(key))
    if (!isSame) this.#read.clear()
    if (isException) for (const key of keys) this.#read.add(key)
    return isSame
  }
}
