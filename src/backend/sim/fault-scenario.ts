// FaultScenario: which faults happen to a host, and when: as somebody writes it down, checked.
//
//   { faults: [{ kind: 'cache', level: 1, pcpu: 2, at: '10s', every: '30s', times: 4 }] }
//     ->  [{ fault: { kind: 'cache', ... }, atNs: 10e9, everyNs: 30e9, times: 4, random: false }]
//   { kind: 'pcie', function: '03:00.0', error: 'CmpltTO', at: '1m', every: '10m', random: true }
//
// Holds: every mistake is told, each with where it is; nothing that was written is passed over.
import { XpvError } from '../../base/error.js'
import { nearest } from '../../base/nearest.js'
import { REQUESTS } from '../../machine/mca-code.js'
import { AER_ERRORS } from '../../machine/pci/aer-error.js'
import { parseRequesterId } from '../../machine/pci/requester-id.js'
import { type Fault, INTERNAL_CODES } from './fault.js'
import { isHeader, type PcieFault } from './pci/fault.js'

/** When a fault happens: after so long, and then again and again. */
export interface FaultTimes {
  /** From now on; at once unless said otherwise. */
  readonly atNs: number
  /** Between two; on average when `random`. */
  readonly everyNs: number
  /** How often in all. */
  readonly times: number
  readonly random: boolean
}

/** Something of the processors and the memory, or of what is behind the hostbridge. */
export type HostFault = Fault | PcieFault

/** One fault with its times. */
export interface PlannedFault<F = HostFault> extends FaultTimes {
  readonly fault: F
}

/** Faults that belong together. */
export interface FaultScenario {
  readonly name: string
  readonly faults: readonly PlannedFault[]
}

/** Reads a scenario. Throws `XpvError` `sim.scenario` that lists every mistake in it. */
export function parseScenario(value: unknown): FaultScenario {
  const mistakes: Mistake[] = []
  const { name = 'scenario', faults } = objectOr(value, mistakes, 'the scenario')
  if (!Array.isArray(faults)) mistakes.push({ where: 'faults', what: 'is not a list of faults' })
  const read = (Array.isArray(faults) ? faults : []).map((fault, n) =>
    readFault(fault, `faults[${n}]`, mistakes),
  )
  refuse(mistakes)
  return { name: String(name), faults: read }
}

/** Reads one fault with its times. Throws `XpvError` `sim.scenario`. */
export function parseFault(value: unknown): PlannedFault {
  const mistakes: Mistake[] = []
  const read = readFault(value, 'fault', mistakes)
  refuse(mistakes)
  return read
}

interface Mistake {
  readonly where: string
  readonly what: string
  readonly hint?: string | undefined
}

function refuse(mistakes: readonly Mistake[]): void {
  if (mistakes.length === 0) return
  const lines = mistakes.map(({ where, what }) => `${where} ${what}`)
  const hint = mistakes.find((m) => m.hint !== undefined)
  throw new XpvError(
    'sim.scenario',
    lines.join('\n'),
    hint === undefined ? undefined : `${hint.where}: ${hint.hint}`,
  )
}

/** Says what is wrong with a value; undefined when nothing is. */
type Check = (value: unknown) => { readonly what: string; readonly hint?: string } | undefined

const wholeNumber: Check = (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0
    ? undefined
    : { what: `is ${shown(value)}, not a number from 0 on` }

const oneOf =
  (...names: readonly (string | number)[]): Check =>
  (value) => {
    if (names.some((name) => name === value)) return undefined
    const near = typeof value === 'string' ? nearest(value, names.map(String)) : undefined
    return { what: `is ${shown(value)}`, hint: near ?? names.join(', ') }
  }

const yesNo: Check = oneOf(true as never, false as never)

const wide: Check = (value) =>
  wideOf(value) === undefined
    ? { what: `is ${shown(value)}, not a number such as 0x12345000` }
    : undefined

const duration: Check = (value) =>
  durationNs(value) === undefined
    ? { what: `is ${shown(value)}`, hint: '10s, 500ms, 2h' }
    : undefined

const requester: Check = (value) =>
  typeof value === 'string' && parseRequesterId(value) !== undefined
    ? undefined
    : { what: `is ${shown(value)}`, hint: 'bus:device.function, such as 03:00.0' }

const tlpHeader: Check = (value) =>
  isHeader(value)
    ? undefined
    : { what: `is ${shown(value)}`, hint: 'four words of 32 bits: [0x04000001, 0xf, 0x100, 0]' }

const AER = oneOf(...AER_ERRORS.map((e) => e.name))
const SEVERITY = oneOf('corrected', 'ucna', 'srao', 'srar', 'uncorrected', 'fatal')
const TYPE = oneOf('data', 'instruction', 'generic')
const REQUEST = oneOf(...REQUESTS.map((name) => name.toLowerCase()))
const ON_PCPU = { pcpu: wholeNumber, address: wide, severity: SEVERITY }
const PLACE = ['socket', 'channel', 'dimm', 'rank', 'bank', 'row', 'column']

const TIMES: Readonly<Record<string, Check>> = {
  at: duration,
  every: duration,
  times: wholeNumber,
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
    perPage: wholeNumber,
  },
  internal: { ...ON_PCPU, 'what!': oneOf(...Object.keys(INTERNAL_CODES)) },
  raw: { pcpu: wholeNumber, 'bank!': wholeNumber, 'status!': wide, address: wide, misc: wide },
  pcie: { 'function!': requester, 'error!': AER, header: tlpHeader, advisory: yesNo },
}

const WIDE = ['address', 'status', 'misc']

function readFault(value: unknown, where: string, mistakes: Mistake[]): PlannedFault {
  const given = objectOr(value, mistakes, where)
  const { kind } = given
  const wrong = oneOf(...Object.keys(KINDS))(kind)
  if (wrong !== undefined) mistakes.push({ where: `${where}.kind`, ...wrong })
  else checkFields(given, KINDS[kind as HostFault['kind']], { where, mistakes })
  const { at, every, times, random, ...rest } = given
  const fault = Object.fromEntries(
    Object.entries(rest).map(([name, v]) => [name, WIDE.includes(name) ? wideOf(v) : v]),
  )
  return {
    // Checked field by field above; what is wrong never leaves this file.
    fault: fault as unknown as HostFault,
    atNs: durationNs(at ?? 0) ?? 0,
    everyNs: durationNs(every ?? 0) ?? 0,
    times: typeof times === 'number' ? times : every === undefined ? 1 : Number.POSITIVE_INFINITY,
    random: random === true,
  }
}

function checkFields(
  given: Readonly<Record<string, unknown>>,
  checks: Readonly<Record<string, Check>>,
  to: { readonly where: string; readonly mistakes: Mistake[] },
): void {
  const known = Object.keys(checks).map((name) => name.replace('!', ''))
  const all = [...known, ...Object.keys(TIMES)]
  for (const [name, value] of Object.entries(given)) {
    if (name === 'kind' || value === undefined) continue
    const check = checks[name] ?? checks[`${name}!`] ?? TIMES[name]
    const hint = nearest(name, all) ?? all.join(', ')
    const wrong = check === undefined ? { what: 'is not known', hint } : check(value)
    if (wrong !== undefined) to.mistakes.push({ where: `${to.where}.${name}`, ...wrong })
  }
  for (const name of Object.keys(checks)) {
    if (!name.endsWith('!') || given[name.slice(0, -1)] !== undefined) continue
    const wrong = checks[name]?.(undefined)
    to.mistakes.push({
      where: `${to.where}.${name.slice(0, -1)}`,
      what: 'is missing',
      ...hintOf(wrong),
    })
  }
}

function hintOf(wrong: ReturnType<Check>): { readonly hint?: string } {
  return wrong?.hint === undefined ? {} : { hint: wrong.hint }
}

function objectOr(value: unknown, mistakes: Mistake[], where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  mistakes.push({ where, what: `is ${shown(value)}, not an object` })
  return {}
}

function wideOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
  const isNumber = typeof value === 'string' && /^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(value)
  return isNumber ? BigInt(value) : undefined
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
}

/** Nanoseconds of `10s`, `500ms`, or of a number of them; undefined for anything else. */
export function durationNs(value: unknown): number | undefined {
  if (typeof value === 'number') return value >= 0 ? value : undefined
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ns|us|ms|s|m|h|d)$/.exec(String(value)) ?? []
  return number === undefined ? undefined : Math.round(Number(number) * (UNITS[unit] ?? 1))
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  return typeof value === 'bigint' ? `${value}` : (JSON.stringify(value) ?? String(value))
}
