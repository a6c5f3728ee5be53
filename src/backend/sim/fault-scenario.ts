// FaultScenario: which faults happen to a host, and when: a text of one fault a line, checked.
//
//   # a DIMM that wears out: four errors a row, then the next row
//   memory channel=1 rank=1 row=0x123 perPage=4 every=20s random
//   cache level=1 pcpu=2 at=10s every=10s times=4
//   pcie function=03:00.0 error=CmpltTO at=1m every=10m random
//
// Holds: every mistake of the text is found, each with line and column; nothing that was written is
// passed over. A line is a kind of fault and what `fault-fields.ts` allows of it.
import { XpvError } from '../../base/error.js'
import type { Fault } from './fault.js'
import { type FaultMistake, readFault, WIDE_FIELDS } from './fault-fields.js'
import type { PcieFault } from './pci/fault.js'

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

/** A fault that was planned. */
export interface InjectedFault extends PlannedFault {
  /** Where it shows: a bank of a pcpu, or a function. */
  readonly where: string
  /** Ends it. False when it was over. */
  mend(): boolean
}

/** One fault of a scenario. */
export interface ScenarioFault extends PlannedFault {
  /** Of the text, from 1. */
  readonly line: number
}

/** Faults that belong together. */
export interface FaultScenario {
  readonly faults: readonly ScenarioFault[]
}

/** A mistake of a scenario. */
export interface ScenarioMistake {
  readonly line: number
  readonly column: number
  readonly what: string
  readonly hint?: string | undefined
}

/** Reads a scenario. Throws `XpvError` `sim.scenario` that lists every mistake in it. */
export function parseScenario(text: string): FaultScenario {
  const mistakes: ScenarioMistake[] = []
  const faults = text.split('\n').flatMap((line, n) => readLine(line, n + 1, mistakes))
  if (faults.length === 0 && mistakes.length === 0) {
    const what = 'no fault is in it'
    mistakes.push({ line: 1, column: 1, what, hint: 'cache level=1 pcpu=0 at=10s' })
  }
  refuse(mistakes)
  return { faults }
}

/** Mistakes that are told one by one: nobody reads more of a file that is no scenario. */
const MOST_TOLD = 20

/** Throws `XpvError` `sim.scenario` when there are mistakes: a line each, and how many more. */
export function refuse(mistakes: readonly ScenarioMistake[]): void {
  if (mistakes.length === 0) return
  const lines = mistakes.slice(0, MOST_TOLD).map(({ line, column, what, hint }) => {
    const more = hint === undefined ? '' : ` (${hint}${hint.includes(', ') ? '' : '?'})`
    return `line ${line}, column ${column}: ${what}${more}`
  })
  const left = mistakes.length - lines.length
  if (left > 0) lines.push(`and ${left} more`)
  const first = mistakes.find(({ hint }) => hint !== undefined)
  throw new XpvError('sim.scenario', lines.join('\n'), first?.hint)
}

interface Word {
  readonly column: number
  readonly text: string
}

function readLine(
  line: string,
  number: number,
  mistakes: ScenarioMistake[],
): readonly ScenarioFault[] {
  const [kind, ...rest] = wordsOf(line.replace(/#.*/, ''))
  if (kind === undefined) return []
  const at = new Map([['kind', kind.column]])
  const given: Record<string, unknown> = Object.create(null)
  given['kind'] = kind.text
  const wrong = (column: number, what: string, hint?: string): void => {
    mistakes.push({ line: number, column, what, hint })
  }
  for (const { column, text } of rest) {
    const [field = '', value] = splitWord(text)
    if (field === '' || value === '') wrong(column, `${text} says nothing`, 'name=value')
    else if (at.has(field)) wrong(column, `${field} was said already`)
    else given[field] = value === undefined || readValue(field, value)
    at.set(field, column)
  }
  const found: FaultMistake[] = []
  const planned = readFault(given, found)
  for (const { field, what, hint } of found) {
    wrong(at.get(field ?? 'kind') ?? kind.column, `${field ?? ''} ${what}`.trim(), hint)
  }
  return [{ ...planned, line: number }]
}

function wordsOf(line: string): readonly Word[] {
  return [...line.matchAll(/\S+/g)].map((m) => ({ column: m.index + 1, text: m[0] }))
}

/** Without a `=` a word says yes. */
function splitWord(text: string): readonly [field: string, value: string | undefined] {
  const equals = text.indexOf('=')
  return equals < 0 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)]
}

function readValue(field: string, text: string): unknown {
  if (WIDE_FIELDS.has(field)) return text
  if (/^(0x[0-9a-f]+|\d+)$/i.test(text)) return Number(text)
  if (text === 'yes' || text === 'true') return true
  if (text === 'no' || text === 'false') return false
  return field === 'header' ? text.split(',').map(Number) : text
}
