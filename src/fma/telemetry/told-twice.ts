// ToldTwice: Linux tells of one memory error as a machine check and, once the driver of its memory
// controller has found the DIMM, as that driver's own event: two records of one error.
//
//   mce_record 0x12345680 at 15:01:40, mc_event 0x12345680 at 15:01:40  ->  the second one alone
//
// Holds: each event stands for one machine check at most; the one that is left out is counted.
// Source: Linux drivers/edac (mce decoders), kernel tracepoints mce:mce_record and ras:mc_event.
import { MCI_STATUS } from '../../machine/mci-status.js'
import type { MemoryError, RecordedTime, SourceRecord } from './source.js'
import type { Unknowns } from './unknowns.js'

const TWICE = 'an error was told of as a machine check and by the driver of its memory controller'
/** The driver decodes later, and times of tables are whole seconds. */
const APART_NS = 2_000_000_000n
const { ADDRV, UC } = MCI_STATUS

/** Records without machine checks of which a driver tells too. */
export function* toldOnce(
  records: readonly SourceRecord[],
  unknowns: Unknowns,
): Iterable<SourceRecord> {
  const told = new Map<string, bigint[]>()
  for (const record of records) {
    if (record.kind !== 'memory') continue
    const [key, time] = [eventKey(record.error), timeOf(record)]
    if (key === undefined || time === undefined) continue
    told.set(key, [...(told.get(key) ?? []), time])
  }
  for (const record of records) {
    if (isDouble(record, told)) unknowns.add('record', `${TWICE}: counted once`)
    else yield record
  }
}

function isDouble(record: SourceRecord, told: ReadonlyMap<string, bigint[]>): boolean {
  const time = timeOf(record)
  const [bank] = record.kind === 'machine-check' ? record.record.banks : []
  if (bank === undefined || time === undefined || (bank.status & ADDRV) === 0n) return false
  const times = told.get(keyOf(bank.addr, (bank.status & UC) === 0n)) ?? []
  const at = times.findIndex((each) => each - time <= APART_NS && time - each <= APART_NS)
  if (at < 0) return false
  times.splice(at, 1)
  return true
}

const eventKey = ({ physaddr, isCorrected }: MemoryError): string | undefined =>
  physaddr === undefined ? undefined : keyOf(physaddr, isCorrected)

/** Drivers may know the page alone. */
const keyOf = (address: bigint, isCorrected: boolean): string => `${address >> 12n} ${isCorrected}`

const timeOf = ({ timeNs, sinceBootNs }: RecordedTime): bigint | undefined => timeNs ?? sinceBootNs
