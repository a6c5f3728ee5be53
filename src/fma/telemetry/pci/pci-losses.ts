// PciLosses: what PCI errors could not tell, and why: how many there were, who sent them, in what
// order, about what.
//
//   RootSta MultCERcvd           ->  source-id: a root port keeps the source of the first ...
//   UESta CmpltTO MalfTLP        ->  header: there is room for the header of the first ...
//   a poll, a snapshot           ->  count, order, time
//
// Holds: it only counts; ereports are made all the same.
import type { Topology } from '../../topo/topology.js'
import type { Unknowns } from '../unknowns.js'
import type { AerIncident } from './aer-lines.js'
import { withoutClass } from './error-classes.js'
import type { FabricErrors } from './fabric-errors.js'
import { isThere } from './pci-place.js'
import { firstBit, OF_DEVICE, targetOf } from './tlp-target.js'

const SEVERAL_CORRECTABLE = 0x02
const SEVERAL_UNCORRECTABLE = 0x08
/** Errors whose packet has a header to be logged. */
const WITH_HEADER = [12, 15, 16, 18, 19, 20]
const UNSUPPORTED = 1 << 20

const REASONS = {
  source:
    'a root port keeps the source of the first message of a kind until it is served: of later ' +
    'ones only that they came',
  header: 'there is room for the header of the first error alone',
  noHeader: 'no header was logged of a packet that has one',
  stranger: 'the header names a function that this host does not have',
  address: 'the header has an address, and nobody says which function answers there',
  place: 'the topology does not have the function',
  unsupported: 'of an unsupported request illumos makes no ereport on x86',
  noClass: 'illumos has no class for these errors',
  gone: 'the function does not answer: its registers read all ones',
  counts: 'a bit that is latched tells of one error or of many',
  order: 'what is found by one look has no order',
  poll: 'found by a look: it happened at any time since the look before',
  several: 'the root port was sent more messages than the one it tells of',
  nothingRead: 'the kernel found nothing latched at whoever sent the message',
  notAsked: 'its link may be down after a fatal error: Linux does not ask it what it found',
  again: 'what is latched was so before: whatever happened again cannot be told from it',
  suppressed: 'the kernel left lines about errors out of its log: there were too many',
  notServed:
    'this kernel does not serve PCI Express errors: it has none in its log, whatever happened',
} as const

/** Who looks without being told finds bits, at some time. */
export function notePoll(unknowns: Unknowns): void {
  unknowns.add('time', REASONS.poll)
  noteUnasked(unknowns)
}

/** Whoever looks without being told finds bits. */
export function noteUnasked(unknowns: Unknowns): void {
  unknowns.add('count', REASONS.counts, undefined)
  unknowns.add('order', REASONS.order, undefined)
}

/** What the registers of one function could not tell. */
export function noteFunction(
  errors: FabricErrors,
  of: { readonly unknowns: Unknowns; readonly topology?: Topology | undefined },
): void {
  const { unknowns, topology } = of
  const several = errors.new.root & (SEVERAL_CORRECTABLE | SEVERAL_UNCORRECTABLE)
  if (several !== 0) unknowns.add('source-id', REASONS.source, undefined)
  if (!isThere(topology, errors.id)) unknowns.add('place', REASONS.place)
  noteHeaders(errors, of)
  const { uncorrectable, correctable } = errors.new
  const odd = withoutClass('uncorrectable', uncorrectable)
  if ((odd & UNSUPPORTED) !== 0) unknowns.add('class', REASONS.unsupported)
  const others = bitCount(odd & ~UNSUPPORTED) + bitCount(withoutClass('correctable', correctable))
  if (others > 0) unknowns.add('class', REASONS.noClass, others)
}

function noteHeaders(
  errors: FabricErrors,
  of: { readonly unknowns: Unknowns; readonly topology?: Topology | undefined },
): void {
  const { unknowns, topology } = of
  const { uncorrectable } = errors
  const fresh = errors.new.uncorrectable
  if (uncorrectable === undefined || fresh === 0) return
  const first = firstBit(uncorrectable)
  const others = WITH_HEADER.filter((bit) => bit !== first && ((fresh >>> bit) & 1) === 1).length
  if (others > 0) unknowns.add('header', REASONS.header, others)
  if (first === undefined || ((fresh >>> first) & 1) === 0) return
  const target = targetOf(errors)
  const isLogged = uncorrectable.header?.some((word) => word !== 0) === true
  if (!isLogged && WITH_HEADER.includes(first)) unknowns.add('header', REASONS.noHeader)
  if (target?.way === OF_DEVICE) unknowns.add('place', REASONS.address)
  if (target?.id !== undefined && !isThere(topology, target.id)) {
    unknowns.add('source-id', REASONS.stranger)
  }
}

/** A function that did not answer. */
export function noteGone(unknowns: Unknowns): void {
  unknowns.add('class', REASONS.gone)
}

/** What one message in a log, and what was read because of it, could not tell. */
export function noteMessage(
  { message, reports }: AerIncident,
  errors: readonly FabricErrors[],
  unknowns: Unknowns,
): void {
  if (message?.isMultiple === true) unknowns.add('count', REASONS.several, undefined)
  if (reports.length === 0) unknowns.add('class', REASONS.nothingRead)
  for (const { id, severity, status } of reports) {
    const fresh = errors.find((each) => each.id === id)?.new.uncorrectable
    if (status === undefined) unknowns.add('class', REASONS.notAsked)
    else if (severity !== 'correctable' && fresh === 0) unknowns.add('class', REASONS.again)
  }
}

/** The kernel does not want to, was told not to, or the firmware keeps it to itself. */
const NOT_SERVED = [
  /_OSC: not requesting OS control/,
  /\bpci=(?:\S*,)?(?:nomsi|noaer)\b/,
  /_OSC: platform does not support \[[^\]]*\bAER\b/,
]

const SUPPRESSED = /\b(?:aer\w*|pci_print_aer|pcie_portdrv\w*): (\d{1,9}) callbacks suppressed/g

/** Whether a kernel's log says that it serves no PCI Express errors, or left some out. */
export function noteKernel(text: string, unknowns: Unknowns): void {
  for (const [, count] of text.matchAll(SUPPRESSED)) {
    unknowns.add('record', REASONS.suppressed, Number(count))
  }
  const isNotServed = NOT_SERVED.some((each) => each.test(text))
  if (isNotServed) unknowns.add('record', REASONS.notServed, undefined)
}

function bitCount(bits: number): number {
  let count = 0
  for (let left = bits >>> 0; left !== 0; left = (left & (left - 1)) >>> 0) count++
  return count
}
