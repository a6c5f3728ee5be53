// AerLogged: what a kernel's log tells of functions, as the registers it was read from, and what of
// it was told before.
//
//   status 00001000, recovery failed; then status 00005000  ->  first bit 12, then bit 14 alone
//
// Holds: a message says that something happened. Where all that is latched was so before, it is
// what the message tells of if that is but one thing, and else nobody knows what it is.
import type { RequesterId } from '../../../machine/pci/requester-id.js'
import type { AerIncident, AerMessage, AerReport } from './aer-lines.js'
import {
  type FabricErrors,
  type Gathered,
  NO_BITS,
  NOTHING_GATHERED,
  statusOf,
} from './fabric-errors.js'

/** Bits of RootSta. */
const RECEIVED = {
  correctable: { once: 0x01, several: 0x02 },
  'non-fatal': { once: 0x24, several: 0x08 },
  fatal: { once: 0x44, several: 0x08 },
} as const
const FIRST_FATAL = 0x10

/** The functions that a log tells of, and what each had latched when it was told of last. */
export class LoggedFunctions {
  readonly #left = new Map<RequesterId, number>()

  /** What one message, and what was read because of it, says of each function. */
  take({ message, reports }: Pick<AerIncident, 'message' | 'reports'>): readonly FabricErrors[] {
    const told = new Map<RequesterId, FabricErrors>()
    if (message !== undefined) told.set(message.root, errorsOf(message.root, rootGathered(message)))
    for (const report of reports) {
      const { id, severity } = report
      if (report.status === undefined) continue
      const before = told.get(id)
      const gathered = { ...(before ?? NOTHING_GATHERED), ...reportGathered(report) }
      const made = errorsOf(id, gathered, report.ids)
      const fresh = severity === 'correctable' ? made.new.uncorrectable : this.#fresh(report)
      told.set(id, { ...made, new: { ...made.new, uncorrectable: fresh } })
    }
    return [...told.values()]
  }

  /** All that was to be done because of a message has been done. */
  ended({ reports, outcome }: Pick<AerIncident, 'reports' | 'outcome'>): void {
    for (const { id, severity, status } of reports) {
      if (severity === 'correctable' || status === undefined) continue
      if (outcome === 'recovered') this.#left.delete(id)
      else this.#left.set(id, status)
    }
  }

  #fresh({ id, status = 0, mask }: AerReport): number {
    const fresh = (status & ~(this.#left.get(id) ?? 0)) >>> 0
    if (fresh !== 0) return fresh
    const told = (status & ~mask) >>> 0
    return (told & (told - 1)) === 0 ? told : 0
  }
}

function rootGathered({ severity, isMultiple, source }: AerMessage): Gathered {
  const { once, several } = RECEIVED[severity]
  const isFatal = severity === 'fatal'
  const status = once | (isMultiple ? several : 0) | (isFatal ? FIRST_FATAL : 0)
  // Of several messages the log does not say whether the first was a fatal one.
  const id = isFatal && isMultiple ? 0 : (source ?? 0)
  const isBad = severity !== 'correctable'
  const root = {
    status,
    command: undefined,
    correctableSource: isBad ? 0 : id,
    uncorrectableSource: isBad ? id : 0,
  }
  return { ...NOTHING_GATHERED, root }
}

function reportGathered({
  severity,
  status = 0,
  mask,
  first,
  header,
}: AerReport): Partial<Gathered> {
  if (severity === 'correctable') return { correctable: { status, mask } }
  return { uncorrectable: { status, mask, severity: undefined, control: undefined, first, header } }
}

function errorsOf(
  id: RequesterId,
  gathered: Gathered,
  ids?: { readonly vendor: number; readonly device: number },
): FabricErrors {
  return {
    ...gathered,
    id,
    ids: ids && { ...ids, revision: undefined },
    type: undefined,
    expressAt: undefined,
    aerAt: undefined,
    buses: undefined,
    new: { ...NO_BITS, ...statusOf(gathered) },
  }
}
