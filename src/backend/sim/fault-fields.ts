// FaultFields: what may be said of each kind of fault, and whether it was said right.
//
//   { kind: 'cache', levle: 1 }  ->  levle is not known: did you mean level?  level is missing
//
// Holds: every mistake is told; nothing that was said is passed over. Drives the checks of
// `inject`, of scenario files, and what help lists.
import { parseDuration } from '../../base/duration.js'
import { XpvError } from '../../base/error.js'
import { nearest } from '../../base/nearest.js'
import { REQUESTS } from '../../machine/mca-code.js'
import { AER_ERRORS } from '../../machine/pci/aer-error.js'
import { parseRequesterId } from '../../machine/pci/requester-id.js'
import { type Fault, INTERNAL_CODES } from './fault.js'
import type { FaultTimes, HostFault, PlannedFault } from './fault-scenario.js'
import { isHeader } from './pci/fault.js'

/** Something wrong with one field; with the fault as a whole where `field` is absent. */
export interface FaultMistake {
  readonly field?: string
  readonly what: string
  readonly hint?: string
}

/** Says what is wrong with a value; undefined when nothing is. */
type Check = (value: unknown) => Omit<FaultMistake, 'field'> | undefined

const wholeNumber: Check = (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0
    ? undefined
    : { what: `is ${shown(value)}, not a whole number from 0 on` }

const atLeastOne: Check = (value) =>
  wholeNumber(value) ?? (value === 0 ? { what: 'is 0', hint: '1' } : undefined)

const oneOf =
  (...names: readonly (string | number)[]): Check =>
  (value) => {
    if (names.some((name) => name === value)) return undefined
    const near = typeof value === 'string' ? nearest(value, names.map(String)) : undefined
    return { what: `is ${shown(value)}`, hint: near ?? names.join(', ') }
  }

const yesNo: Check = (value) =>
  typeof value === 'boolean' ? undefined : { what: `is ${shown(value)}`, hint: 'yes, no' }

const wide: Check = (value) =>
  wideOf(value) === undefined
    ? { what: `is ${shown(value)}, not a number of at most 64 bits`, hint: '0x12345000' }
    : undefined

const duration: Check = (value) =>
  parseDuration(value) === undefined
    ? { what: `is ${shown(value)}, not a time`, hint: '10s, 500ms, 2h' }
    : undefined

const requester: Check = (value) =>
  typeof value === 'string' && parseRequesterId(value) !== undefined
    ? undefined
    : { what: `is ${shown(value)}, not a bus, device and function`, hint: '03:00.0' }

const tlpHeader: Check = (value) =>
  isHeader(value)
    ? undefined
    : { what: `is ${shown(value)}, not four words of 32 bits`, hint: '0x04000001,0xf,0x100,0' }

const AER = oneOf(...AER_ERRORS.map((e) => e.name))
const SEVERITY = oneOf('corrected', 'ucna', 'srao', 'srar', 'uncorrected', 'fatal')
const TYPE = oneOf('data', 'instruction', 'generic')
const REQUEST = oneOf(...REQUESTS.map((name) => name.toLowerCase()))
const ON_PCPU = { pcpu: wholeNumber, address: wide, severity: SEVERITY }
const PLACE = ['socket', 'channel', 'dimm', 'rank', 'bank', 'row', 'column']

const interval: Check = (value) =>
  duration(value) ??
  (parseDuration(value) === 0 ? { what: 'is no time at all', hint: '10s' } : undefined)

const TIMES: Readonly<Record<string, Check>> = {
  at: duration,
  every: interval,
  times: atLeastOne,
  random: yesNo,
}

/** What may be said of each kind; a name that ends in `!` must be. */
const KINDS: Readonly<Record<HostFault['kind'], Readonly<Record<string, Check>>>> = {
  cache: { ...ON_PCPU, 'level!': oneOf(1, 2, 3), cache: TYPE, request: REQUEST },
  tlb: { ...ON_PCPU, level: oneOf(0, 1, 2), tlb: TYPE },
  bus: {
    ...ON_PCPU,
    participant: oneOf('source', 'responder', 'observer', 'generic'),
    request: REQUEST,
    space: oneOf('memory', 'io', 'generic'),
    timeout: yesNo,
  },
  memory: {
    ...ON_PCPU,
    ...Object.fromEntries(PLACE.map((name) => [name, wholeNumber])),
    access: oneOf('read', 'write', 'command', 'scrub'),
    syndrome: wholeNumber,
    perPage: atLeastOne,
  },
  internal: { ...ON_PCPU, 'what!': oneOf(...Object.keys(INTERNAL_CODES)) },
  raw: {
    pcpu: wholeNumber,
    'bank!': wholeNumber,
    'status!': wide,
    address: wide,
    misc: wide,
  },
  pcie: { 'function!': requester, 'error!': AER, header: tlpHeader, advisory: yesNo },
}

/** All kinds, by the word that begins a line of a scenario. */
export const FAULT_KINDS: readonly string[] = Object.keys(KINDS)

/** Other words for kinds. */
const MEANT: Readonly<Record<string, HostFault['kind']>> = {
  ...{ dimm: 'memory', dram: 'memory', ram: 'memory', ecc: 'memory', mem: 'memory' },
  ...{ l1: 'cache', l2: 'cache', l3: 'cache', pci: 'pcie', aer: 'pcie', cpu: 'internal' },
  ...{ quickpath: 'bus', hypertransport: 'bus' },
}

/** Fields of 64 bits. */
export const WIDE_FIELDS: ReadonlySet<string> = new Set(['address', 'status', 'misc'])

/** Reads what somebody said of one fault; `mistakes` gets what is wrong with it. */
export function readFault(
  given: Readonly<Record<string, unknown>>,
  mistakes: FaultMistake[],
): PlannedFault {
  const { kind } = given
  const meant = typeof kind === 'string' ? MEANT[kind.toLowerCase()] : undefined
  const wrong =
    meant === undefined ? oneOf(...FAULT_KINDS)(kind) : { what: `is ${shown(kind)}`, hint: meant }
  if (wrong !== undefined) mistakes.push({ field: 'kind', ...wrong })
  else checkFields(given, KINDS[kind as HostFault['kind']], mistakes)
  const { at, every, times, random, ...rest } = given
  for (const field of ['random', 'times'].filter((name) => given[name] !== undefined)) {
    if (every !== undefined || given[field] === 1) continue
    mistakes.push({ field, what: 'is said without how often', hint: 'every=30s' })
  }
  const fault = Object.fromEntries(
    Object.entries(rest).map(([name, v]) => [name, WIDE_FIELDS.has(name) ? wideOf(v) : v]),
  )
  return {
    // Checked field by field above; what is wrong never leaves this file's callers.
    fault: fault as unknown as HostFault,
    atNs: parseDuration(at ?? 0) ?? 0,
    everyNs: parseDuration(every ?? 0) ?? 0,
    times: typeof times === 'number' ? times : every === undefined ? 1 : Number.POSITIVE_INFINITY,
    random: random === true,
  }
}

/** Throws `XpvError` `sim.fault` that lists what is wrong with a fault, or with its times. */
export function checkFault(fault: Fault, times: Partial<FaultTimes>): void {
  const mistakes: FaultMistake[] = []
  readFault({ ...fault }, mistakes)
  const { times: often = 1, everyNs = 0, atNs = 0 } = times
  if (often > 1 && !(everyNs > 0)) mistakes.push({ what: 'it comes again, but after no time' })
  if (!(atNs >= 0)) mistakes.push({ what: `it cannot come after ${atNs} ns` })
  if (mistakes.length === 0) return
  const lines = mistakes.map(({ field, what }) => (field === undefined ? what : `${field} ${what}`))
  throw new XpvError('sim.fault', lines.join('\n'), mistakes.find((m) => m.hint)?.hint)
}

function checkFields(
  given: Readonly<Record<string, unknown>>,
  checks: Readonly<Record<string, Check>>,
  mistakes: FaultMistake[],
): void {
  const names = Object.keys(checks)
  const all = [...names.map((name) => name.replace('!', '')), ...Object.keys(TIMES)]
  for (const [field, value] of Object.entries(given)) {
    if (field === 'kind' || value === undefined) continue
    const check = own(checks, field) ?? own(checks, `${field}!`) ?? own(TIMES, field)
    const hint = nearest(field, all) ?? all.join(', ')
    const wrong = check === undefined ? { what: 'is not known', hint } : check(value)
    if (wrong !== undefined) mistakes.push({ field, ...wrong })
  }
  for (const name of names) {
    const field = name.slice(0, -1)
    if (!name.endsWith('!') || given[field] !== undefined) continue
    mistakes.push({ what: `${field} is missing`, ...hintOf(field, checks[name]) })
  }
}

/** Every object has a `constructor`; no fault does. */
function own(checks: Readonly<Record<string, Check>>, field: string): Check | undefined {
  return Object.hasOwn(checks, field) ? checks[field] : undefined
}

function hintOf(field: string, check: Check | undefined): { readonly hint?: string } {
  const first = check?.(undefined)?.hint?.split(', ')[0]
  return first === undefined ? {} : { hint: `${field}=${first}` }
}

function wideOf(value: unknown): bigint | undefined {
  const number = bigOf(value)
  return number !== undefined && number >= 0n && number < 2n ** 64n ? number : undefined
}

function bigOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
  const isNumber = typeof value === 'string' && /^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(value)
  return isNumber ? BigInt(value) : undefined
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  return typeof value === 'bigint' ? `${value}` : (JSON.stringify(value) ?? String(value))
}
