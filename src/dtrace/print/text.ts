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
  DropRecord,
  FaultRecord,
  FiringRecord,
  OutputRecord,
  RecordItem,
  RunResult,
} from '../program/record.js'
import { formatPrinta, printAggregations } from './aggregation.js'
import type { Dialect } from './conversion.js'
import { FlowIndenter } from './flow.js'
import { hexDump } from './hex-dump.js'
import { isSet, numberOption, type OptionMap } from './options.js'
import { type EffectItem, isEffect, type OutputEffects, performEffect } from './output-effects.js'
import { pad } from './pad.js'
import { printByPointer } from './print-by-pointer.js'
import { printByValue } from './print-by-value.js'
import { formatPrintf } from './printf.js'
import { STACK_INDENT, stackText } from './stack.js'
import { STRING_BYTES } from './stored.js'
import { type TraceStyle, traceValue } from './trace-value.js'
import { warningLine } from './warning.js'

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
  /** What holds at first; setopt() of the program changes it. */
  readonly options?: OptionMap
  /** Who runs commands and opens files for system() and freopen(): nobody when absent. */
  readonly effects?: OutputEffects
}

/** Prints one run. Feed records in order, then finish once. */
export class TextPrinter {
  readonly #o: TextPrinterOptions
  readonly #dialect: Dialect
  #options: OptionMap
  #style: TraceStyle
  #flow: FlowIndenter | undefined
  #headed = false
  /** With -F a firing waits for the next, which says whether a return ends here. */
  #waiting: FiringRecord | undefined

  constructor(o: TextPrinterOptions) {
    this.#o = o
    this.#options = o.options ?? new Map()
    this.#dialect = o.dialect ?? 'illumos'
    this.#style = this.#styleOf(o.quiet)
    this.#flow = this.#flowOf()
  }

  /** Prints one record. */
  record(r: OutputRecord): void {
    if (r.kind === 'firing') {
      this.#firing(r)
      return
    }
    this.#flush(undefined)
    this.#warn(r)
  }

  /** Ends the output. */
  finish(result: RunResult): void {
    this.#flush(undefined)
    const unprinted = new Set(result.unprinted)
    const left = result.aggregations.filter(({ decl }) => unprinted.has(decl.id))
    this.#o.write(`\n${printAggregations(left, this.#options, this.#dialect)}`)
  }

  #firing(firing: FiringRecord): void {
    this.#flush(firing)
    // Only now: setopt() in the firing before may have ended -F.
    if (this.#flow === undefined) this.#row(firing, this.#style.quiet ? '' : this.#place(firing))
    else this.#waiting = firing
  }

  #flush(next: FiringRecord | undefined): void {
    const firing = this.#waiting
    this.#waiting = undefined
    if (firing === undefined || this.#flow === undefined) return
    const name = pad(this.#flow.name(firing, next), 41, 'left')
    this.#row(firing, `${this.#cpu(firing)}${name} `)
  }

  #row(firing: FiringRecord, before: string): void {
    let text = this.#head() + before
    for (const item of firing.items) {
      if (isEffect(item)) {
        if (text !== '') this.#o.write(text)
        text = ''
        const why = performEffect(item, this.#o.effects, this.#style)
        if (why !== undefined) this.#warn(failed(firing, why))
      } else text += this.#item(item)
    }
    if (!this.#style.quiet) text += '\n'
    if (text !== '') this.#o.write(text)
  }

  #warn(record: FaultRecord | DropRecord): void {
    const line = warningLine(record, this.#dialect, this.#options)
    if (line !== '') this.#o.warn(line)
  }

  #flowOf(): FlowIndenter | undefined {
    return isSet(this.#options, 'flowindent') ? new FlowIndenter(this.#dialect) : undefined
  }

  #styleOf(quiet: boolean): TraceStyle {
    return {
      dialect: this.#dialect,
      quiet,
      raw: isSet(this.#options, 'rawbytes'),
      strsize: numberOption(this.#options, 'strsize', STRING_BYTES),
    }
  }

  #head(): string {
    if (this.#headed) return ''
    this.#headed = true
    if (this.#flow !== undefined)
      return `${this.#o.testing ? '' : 'CPU '}${pad('FUNCTION', 41, 'left')}\n`
    if (this.#style.quiet) return ''
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

  #item(item: Exclude<RecordItem, EffectItem>): string {
    switch (item.kind) {
      case 'trace':
        return traceValue(item.value, this.#style)
      case 'printf':
        return formatPrintf(item.format, item.args, this.#dialect)
      case 'printa':
        return formatPrinta(item.aggregations, item.format, this.#options, this.#dialect)
      case 'print':
        return this.#printed(item)
      case 'tracemem':
        return hexDump(item.bytes)
      case 'stack':
        return stackText(item.frames, numberOption(this.#options, 'stackindent', STACK_INDENT))
      case 'setopt':
        this.#set(item.option, item.value ?? '')
        return ''
    }
  }

  #printed({ value, address }: Extract<RecordItem, { kind: 'print' }>): string {
    if (this.#dialect === 'illumos' || address === undefined)
      return printByValue(value, this.#style.strsize)
    const most = numberOption(this.#options, 'printsize', Number.POSITIVE_INFINITY)
    return printByPointer(value, address, most)
  }

  #set(option: string, value: string): void {
    const name = option.toLowerCase()
    this.#options = new Map([...this.#options, [name, value]])
    this.#style = this.#styleOf(name === 'quiet' ? isSet(this.#options, name) : this.#style.quiet)
    if (name === 'flowindent') this.#flow = this.#flowOf()
  }
}

/** What the consumer of records could not do is the fault of no action. */
function failed({ epid, probe }: FiringRecord, text: string): FaultRecord {
  return { kind: 'fault', epid, probe, fault: 1000, action: -1, text }
}
