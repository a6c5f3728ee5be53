// DTrace's own text: what dtrace(8) prints of a run, byte for byte.
//
//   records in order  ->  CPU     ID                    FUNCTION:NAME
//                           0   6314 privcmd_HYPERVISOR_domctl:dom-create-start ...
//   run's end         ->  a newline, then every aggregation that no printa() printed
//
// Holds: the head comes once, before the first firing; faults and drops go to `warn`, never to
// `write`. Source: illumos dtrace.c (chew, chewrec), libdtrace dt_consume.c; DTrace for Linux where
// it differs.
import type {
  FiringRecord,
  OutputRecord,
  RecordItem,
  RunResult,
  TypedValue,
} from '../program/record.js'
import { formatPrinta, printAggregations } from './aggregation.js'
import type { Dialect } from './conversion.js'
import { FlowIndenter } from './flow.js'
import { isSet, type OptionMap } from './options.js'
import { pad } from './pad.js'
import { formatPrintf } from './printf.js'
import { dropLine, faultLine } from './warning.js'

/** How and where a run prints. */
export interface TextPrinterOptions {
  /** Standard output; called with whole rows. */
  write(text: string): void
  /** Standard error: one line at a time, newline included. */
  warn(text: string): void
  /** -q: only what actions print. */
  readonly quiet: boolean
  /** Leaves CPU and ID out, as DTrace's tests do. */
  readonly testing?: boolean
  readonly dialect?: Dialect
  /** Reads aggsortkey, aggsortrev, aggsortpos, aggsortkeypos and droptags anew at each record, and
   *  flowindent once. */
  readonly options?: OptionMap
}

/** Prints one run. Feed records in order, then finish once. */
export class TextPrinter {
  readonly #o: TextPrinterOptions
  readonly #options: OptionMap
  readonly #dialect: Dialect
  readonly #flow: FlowIndenter | undefined
  #headed = false
  /** With -F a firing waits for the next, which says whether a return ends here. */
  #waiting: FiringRecord | undefined

  constructor(o: TextPrinterOptions) {
    this.#o = o
    this.#options = o.options ?? new Map()
    this.#dialect = o.dialect ?? 'illumos'
    this.#flow = isSet(this.#options, 'flowindent') ? new FlowIndenter() : undefined
  }

  /** Prints one record. */
  record(r: OutputRecord): void {
    if (r.kind === 'firing') {
      this.#firing(r)
      return
    }
    this.#flush(undefined)
    const tagged = isSet(this.#options, 'droptags')
    this.#o.warn(r.kind === 'fault' ? faultLine(r, this.#dialect) : dropLine(r, tagged))
  }

  /** Ends the output. */
  finish(result: RunResult): void {
    this.#flush(undefined)
    const unprinted = new Set(result.unprinted)
    const left = result.aggregations.filter(({ decl }) => unprinted.has(decl.id))
    this.#o.write(`\n${printAggregations(left, this.#options)}`)
  }

  #firing(firing: FiringRecord): void {
    if (this.#flow === undefined) {
      this.#row(firing, this.#o.quiet ? '' : this.#place(firing))
      return
    }
    this.#flush(firing)
    this.#waiting = firing
  }

  #flush(next: FiringRecord | undefined): void {
    const firing = this.#waiting
    this.#waiting = undefined
    if (firing === undefined || this.#flow === undefined) return
    const name = pad(this.#flow.name(firing, next), 41, 'left')
    this.#row(firing, `${this.#cpu(firing)}${name} `)
  }

  #row(firing: FiringRecord, before: string): void {
    const items = firing.items.map((item) => this.#item(item)).join('')
    this.#o.write(`${this.#head()}${before}${items}${this.#o.quiet ? '' : '\n'}`)
  }

  #head(): string {
    if (this.#headed) return ''
    this.#headed = true
    if (this.#flow !== undefined)
      return `${this.#o.testing ? '' : 'CPU '}${pad('FUNCTION', 41, 'left')}\n`
    if (this.#o.quiet) return ''
    const name = pad('FUNCTION:NAME', 32, 'right')
    return this.#o.testing ? `${name}\n` : `CPU     ID ${name}\n`
  }

  #place(firing: FiringRecord): string {
    const { probe } = firing
    const id = this.#o.testing ? '' : `${String(probe.id).padStart(6)} `
    return `${this.#cpu(firing)}${id}${pad(`${probe.function}:${probe.name}`, 32, 'right')} `
  }

  #cpu(firing: FiringRecord): string {
    return this.#o.testing ? '' : `${String(firing.cpu).padStart(3)} `
  }

  #item(item: RecordItem): string {
    switch (item.kind) {
      case 'trace':
        return this.#o.quiet
          ? tracedQuietly(item.value, this.#dialect)
          : traced(item.value, this.#dialect)
      case 'printf':
        return formatPrintf(item.format, item.args, this.#dialect)
      case 'printa':
        return formatPrinta(item.aggregations, item.format, this.#options, this.#dialect)
    }
  }
}

/** Widths of trace(): illumos by size; Linux by size and, from 64 bits on, sign. */
const TRACE_WIDTHS = {
  illumos: { 1: 3, 2: 5, 4: 8, 8: 16 },
  linux: { 1: 3, 2: 5, 4: 10, 8: 19 },
} as const

/** trace(x) in a row. A string gets two blanks before and 33 columns; DTrace would show the
 *  bytes of an empty or unprintable one in hex, which we do not. */
function traced(value: TypedValue, dialect: Dialect): string {
  if (typeof value.value === 'string') return `  ${pad(value.value, 33, 'left')}`
  const { bytes, signed } = integerShape(value)
  const extra = dialect === 'linux' && bytes === 8 && !signed ? 1 : 0
  const width = TRACE_WIDTHS[dialect][bytes] + extra
  return ` ${tracedQuietly(value, dialect).padStart(width)}`
}

/** trace(x) with -q: the bare value. illumos shows 1 and 2 bytes as unsigned, 4 and 8 as signed,
 *  whatever the type says; Linux goes by the type. */
function tracedQuietly(value: TypedValue, dialect: Dialect): string {
  if (typeof value.value === 'string') return value.value
  const { bytes, signed } = integerShape(value)
  const asSigned = dialect === 'linux' ? signed : bytes >= 4
  const bits = bytes * 8
  return (asSigned ? BigInt.asIntN : BigInt.asUintN)(bits, value.value).toString()
}

function integerShape({ type }: TypedValue): { bytes: 1 | 2 | 4 | 8; signed: boolean } {
  return type.kind === 'int' ? type : { bytes: 8, signed: true }
}
