// Live views: what watches, kept up to date while a cell runs, and while nothing does; and what a
// program that runs over a long recording has counted so far.
//
//   a cell runs      between two steps of the machine, and turns of the loop  ->  below its output
//   nothing runs     once a second                                            ->  above the prompt
//
// Holds: views take at most a tenth of the time; while a cell is written only those that are had
// in no time are looked at.
import { performance } from 'node:perf_hooks'
import type { Traces } from '../session/traces.js'
import { cellsOf, type Row } from './editor/row.js'
import { sgrOf } from './editor/style.js'
import type { Place } from './editor/text-rows.js'
import { Region } from './region.js'
import type { ShellOutput } from './shell.js'
import { glanceAt, watchRows } from './watches.js'

/** Milliseconds between two glances. */
const RUNNING_MS = 250
const IDLE_MS = 1_000
/** Milliseconds until what was counted so far is shown, and how many times as long as that took it
 *  rests. */
const SO_FAR_MS = 700
const REST = 10
/** Milliseconds that a glance may take. */
const MOST_RUNNING_MS = 1_000
const MOST_IDLE_MS = 30

/** The terminal they are shown on. */
export interface ViewPlace {
  readonly traces: Traces
  readonly output: ShellOutput & { readonly rows?: number; readonly columns?: number }
  /** What else writes there. */
  readonly errors?: ShellOutput | undefined
  readonly colour: boolean
  /** The views show something else now, and a cell is being written below them. */
  readonly onChange: () => void
}

/** Owns two timers; close it. */
export class LiveViews {
  readonly #place: ViewPlace
  readonly #region: Region
  readonly #idle: NodeJS.Timeout
  #running: NodeJS.Timeout | undefined
  #nextMs = 0
  #soFar: readonly string[] = []
  #soFarMs = 0

  constructor(place: ViewPlace) {
    this.#place = place
    const { output, errors } = place
    const isShared = errors !== undefined && errors !== output && errors.isTTY === true
    this.#region = new Region(isShared ? [output, errors] : [output])
    this.#idle = setInterval(() => this.#glanceIdly(), IDLE_MS)
    this.#idle.unref()
  }

  /** A cell runs; what is yielded is to be called when it has ended. */
  whileRunning(): () => void {
    const { traces } = this.#place
    this.#soFarMs = performance.now() + SO_FAR_MS
    this.#soFar = []
    const glance = (): void => this.#glance()
    this.#nextMs = performance.now() + RUNNING_MS
    this.#running = setInterval(glance, RUNNING_MS)
    this.#running.unref()
    traces.glance = glance
    return () => {
      clearInterval(this.#running)
      this.#running = undefined
      traces.glance = undefined
      this.#region.clear()
    }
  }

  close(): void {
    clearInterval(this.#idle)
  }

  get #window(): Place {
    const { columns, rows } = this.#place.output
    return { columns: columns || 80, height: rows || 24 }
  }

  #glance(): void {
    if (performance.now() < this.#nextMs) return
    this.#nextMs = performance.now() + RUNNING_MS
    const { traces, colour } = this.#place
    const place = this.#window
    const terms = { everyMs: RUNNING_MS, mostMs: MOST_RUNNING_MS, columns: place.columns }
    glanceAt(traces, terms)
    const views = watchRows(traces, place)
    const rows = [...views, ...this.#countedRows({ ...place, height: place.height - views.length })]
    this.#region.show(rows.map((row) => textOf(row, colour)))
  }

  /** What was counted so far, in half of the rows there are. */
  #countedRows({ columns, height }: Place): readonly Row[] {
    const { soFar } = this.#place.traces
    const startedMs = performance.now()
    if (soFar === undefined) return []
    if (startedMs >= this.#soFarMs) {
      this.#soFar = soFar().trim().split('\n')
      this.#soFarMs = startedMs + Math.max(RUNNING_MS, REST * (performance.now() - startedMs))
    }
    if (this.#soFar.length === 0) return []
    const most = Math.max(1, (height >> 1) - 2)
    const left = this.#soFar.length - most
    const lines = [
      'so far:',
      ...this.#soFar.slice(-most),
      ...(left > 0 ? [`... ${left} more above`] : []),
    ]
    return lines.map((line) => ({ cells: cellsOf(line, 'hint', columns - 1), wraps: false }))
  }

  #glanceIdly(): void {
    if (this.#running !== undefined) return
    const { traces, onChange } = this.#place
    const terms = { everyMs: IDLE_MS, mostMs: MOST_IDLE_MS, columns: this.#window.columns }
    if (glanceAt(traces, terms)) onChange()
  }
}

/** A row with its styles, as a terminal is told them. */
function textOf({ cells }: Row, colour: boolean): string {
  let sgr = ''
  let text = ''
  for (const cell of cells) {
    const wanted = sgrOf(cell.style, colour)
    if (wanted !== sgr) text += `\x1b[0${wanted === '' ? '' : `;${wanted}`}m`
    sgr = wanted
    text += cell.text
  }
  return sgr === '' ? text : `${text}\x1b[0m`
}
