// Number page: what a number may be, when nobody said: the readings that make sense, most likely
// first.
//
//   0x9c0000400001009f  ->  IA32_MCi_STATUS      0x179  ->  IA32_MCG_CAP, and more
//   explain(36, 'hypercall')                     ->  domctl: the reader said
import { XpvError } from '../../base/error.js'
import { table } from '../../base/table.js'
import { HYPERCALLS, type NamesByNumber } from '../../machine/hypercall-numbers.js'
import { msrAt } from '../../machine/msr/msr-table.js'
import { errnoOf, errorPage } from './error-page.js'
import { Explanation } from './explanation.js'
import { hypercallPage } from './hypercall-page.js'
import { pciIdentityPage, pciRegisterPage } from './pci-page.js'
import { bankStatusPage, registerPage, registerValuePage } from './register-page.js'
import { tracePage } from './trace-page.js'

/** The words that say what a number is, besides names of registers. */
const NUMBER_KINDS = ['hypercall', 'error', 'msr', 'status', 'pci', 'trace'] as const

/** One way to read a number. */
type NumberKind = (typeof NUMBER_KINDS)[number]

/** The page of a number; `as` says what it is: a word of `NUMBER_KINDS`, or the name of the
 *  register it was read from. Throws `XpvError` `explain.no-reading`, `msr.unknown`. */
export function numberPage(value: bigint, as?: string): Explanation {
  if (as !== undefined) {
    const found = isNumberKind(as) ? readAs(value, as) : namedValuePage(value, as)
    if (found === undefined) throw noReading(value, as)
    return found
  }
  const readings = NUMBER_KINDS.flatMap((kind) => {
    const page = isLikely(value, kind) ? readAs(value, kind) : undefined
    return page === undefined ? [] : [{ kind, page }]
  })
  const [first, ...others] = readings
  if (first === undefined) return plainNumber(value)
  if (others.length === 0) return first.page
  const written = value < 0n || value > 9n ? hex(value) : `${value}`
  const rows = readings.map(({ kind, page }) => [kind, page.subject])
  return new Explanation({
    subject: written,
    parts: [`${written} (${value}) may be:`, table(['as', { name: 'it is', wraps: true }], rows)],
    next: readings.map(({ kind }) => `explain(${written}, '${kind}')`).slice(0, 3),
    json: Object.fromEntries(rows),
  })
}

/** Whether a word says what a number is. */
export function isNumberKind(as: string): as is NumberKind {
  return (NUMBER_KINDS as readonly string[]).includes(as)
}

function namedValuePage(value: bigint, name: string): Explanation | undefined {
  const isErrno = name === 'errno'
  return isErrno
    ? readAs(value, 'error')
    : (pciRegisterPage(name, value) ?? registerValuePage(name, value))
}

/** Whether a number alone makes somebody think of that kind. */
function isLikely(value: bigint, kind: NumberKind): boolean {
  switch (kind) {
    case 'status':
      return value >= 1n << 63n && errnoOf(value) === undefined
    case 'error':
      return errnoOf(value) !== undefined
    case 'pci':
      return KNOWN_VENDORS.has(Number(value & 0xffffn)) && value > 0xffffn && value < 1n << 32n
    default:
      return value >= 0n && value < 1n << 32n
  }
}

/** Intel, AMD, Broadcom, Mellanox, NVIDIA, Realtek, ASPEED, Red Hat. */
const KNOWN_VENDORS: ReadonlySet<number> = new Set([
  0x8086, 0x1022, 0x14e4, 0x15b3, 0x10de, 0x10ec, 0x1a03, 0x1af4,
])

function readAs(value: bigint, kind: NumberKind): Explanation | undefined {
  switch (kind) {
    case 'status':
      return bankStatusPage(value)
    case 'error': {
      const name = errnoOf(value)
      return name === undefined ? undefined : errorPage(name)
    }
    case 'hypercall':
      return (HYPERCALLS as NamesByNumber)[Number(value)] === undefined
        ? undefined
        : hypercallPage(Number(value))
    case 'msr':
      return msrAt(Number(value)) === undefined ? undefined : registerPage(Number(value))
    case 'pci':
      return pciIdentityPage(value)
    case 'trace':
      return tracePage(Number(value))
  }
}

/** A number of which no more is known than itself. */
function plainNumber(value: bigint): Explanation {
  const unsigned = BigInt.asUintN(64, value)
  const set = Array.from({ length: 64 }, (_, bit) => bit).filter(
    (bit) => ((unsigned >> BigInt(bit)) & 1n) === 1n,
  )
  const rows = [
    ['decimal', `${value}`],
    ['hexadecimal', hex(value)],
    ['bits set', set.length === 0 ? 'none' : set.reverse().join(' ')],
  ]
  return new Explanation({
    subject: hex(value),
    parts: [table(['as', { name: 'it is', wraps: true }], rows)],
    next: [`explain(${hex(value)}n, 'IA32_MC0_STATUS')`],
    json: { value: `${value}` },
  })
}

function noReading(value: bigint, as: string): XpvError {
  return new XpvError('explain.no-reading', `${hex(value)} is no ${as} that is known`)
}

const hex = (value: bigint): string => (value < 0n ? `${value}` : `0x${value.toString(16)}`)
