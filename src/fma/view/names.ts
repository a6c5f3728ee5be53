// Names: what a diagnosis names, of one kind: classes, resources, ASRUs, FRUs, serial numbers. Each
// once, with how sure it is, and in what state.
//
//   hc:///…/pciexfn=0 60 %, hc:///…/pciexbus=2 20 %, hc:///…/pciexbus=2 20 %
//     ->  pciexfn=0 60 %, pciexbus=2 40 % (2, at most 20 %)
//
// Holds: the one with the highest single certainty is first. Among equals the first stays first and
// the others stand in reverse. Source: illumos-gate usr/src/cmd/fm/fmadm/common/faulty.c
// (merge_name_list, print_name_list).
import { type FaultStatus, faultStatus } from '../event/fault-status.js'

/** One name. */
export interface NamedThing {
  readonly name: string
  /** What is written beside it on the case. */
  readonly label?: string | undefined
  /** Percent, of all suspects that name it together. */
  readonly certainty: number
  /** Percent, of the surest of them. */
  readonly highest: number
  /** How many suspects name it. */
  readonly count: number
  readonly status: FaultStatus
}

const NO_STATUS = faultStatus()
const FAULTY = faultStatus('faulty')

/** What one suspect says: the name, how sure, in what state. */
export function named(
  name: string,
  certainty: number,
  status: FaultStatus = NO_STATUS,
  label?: string,
): NamedThing {
  return { name, label, certainty, highest: certainty, count: 1, status }
}

/** Adds one more to the names, or adds its certainty to the same name. */
export function withName(names: readonly NamedThing[], one: NamedThing): readonly NamedThing[] {
  const at = names.findIndex(({ name }) => name === one.name)
  const known = names[at]
  if (known === undefined) return inserted(names, one)
  const highest = Math.max(known.highest, one.highest)
  const merged: NamedThing = {
    ...known,
    highest,
    certainty: known.certainty + one.certainty,
    count: known.count + one.count,
    status: (known.status | (one.status & FAULTY)) as FaultStatus,
  }
  const before = names[at - 1]
  const isOvertaking = highest > known.highest && before !== undefined && highest > before.highest
  if (isOvertaking) return inserted(names.toSpliced(at, 1), merged)
  return names.with(at, merged)
}

function inserted(names: readonly NamedThing[], one: NamedThing): readonly NamedThing[] {
  const [first, ...others] = names
  if (first === undefined || one.highest > first.highest) return [one, ...names]
  const at = others.findIndex(({ highest }) => one.highest >= highest)
  return names.toSpliced(at < 0 ? names.length : at + 1, 0, one)
}

/** How names are printed. */
export interface NameFormat {
  readonly label: string
  /** At most so many, and one always; 0 is all. */
  readonly limit: number
  /** The certainty that decides whether any is printed: neither at 0 nor at 100. */
  readonly certainty: number
  /** How many suspects there are is told as well. */
  readonly full: boolean
  /** What is said below each name. */
  readonly state?: (status: FaultStatus) => string
}

/** A line for each name, with its state below. One that is too many is printed all the same, more
 *  are counted. */
export function printNames(names: readonly NamedThing[], format: NameFormat): string {
  const { label, limit, state } = format
  const indent = ' '.repeat(label.length)
  const shown = limit === 0 ? names : names.slice(0, Math.max(1, limit))
  const lines = shown.map((each, i) => {
    const below = state === undefined ? '' : state(each.status)
    return `${i === 0 ? label : indent} ${printName(each, format)}${below}`
  })
  const left = names.length - shown.length
  const last = names.at(-1)
  if (left === 1 && last !== undefined) lines.push(`${indent} ${printName(last, format)}`)
  if (left > 1) {
    lines.push(`${indent}... ${left} more entries suppressed, use -v option for full list\n`)
  }
  return lines.join('')
}

function printName(one: NamedThing, format: NameFormat): string {
  const name = one.label === undefined ? one.name : `"${one.label}" (${one.name})`
  return `${name}${printCertainty(one, format)}\n`
}

function printCertainty({ certainty, count, highest }: NamedThing, format: NameFormat): string {
  const isTold = certainty !== 0 && format.certainty > 0 && format.certainty < 100
  if (!isTold) return ''
  if (count === 1) return ` ${certainty}%`
  return format.full ? ` ${count} @ max ${highest}%` : ` max ${highest}%`
}

/** The status that all have; undefined when they differ. */
export function commonStatus(names: readonly NamedThing[]): FaultStatus | undefined {
  const [first, ...others] = names
  return others.every(({ status }) => status === first?.status) ? first?.status : undefined
}
