// Progress: how far long work is, on one line of standard error.
//
//   begin(work) -> at(done), at(done) ...   300 ms later:   replay big.xt: 41%, 120 MB/s, 2 s left
//
// Holds: only a terminal is told, and not while somebody edits a cell there. Work asks for no turn
// of the event loop: whoever does it says how far it is.
import { performance } from 'node:perf_hooks'
import { ProgressLine } from './progress-line.js'

/** What is done, and how much of it there is. */
export interface Work {
  /** Such as `replay trace.xt`. */
  readonly title: string
  /** What is counted: bytes are shown as kB, MB or GB, nanoseconds as a share alone. */
  readonly unit: 'bytes' | 'ns' | 'cells' | 'ereports'
  readonly total: number
}

/** Work under way. */
export interface Task {
  /** So much is done; when that is all of it, the work is over. */
  at(done: number): void
  /** The work is over: its line is cleared. */
  end(): void
}

/** Where the line is shown. */
export interface ProgressPlace {
  /** Whether anything may be shown now. */
  isOpen(): boolean
  show(line: string): void
  clear(): void
}

/** Milliseconds that work may take before anything is said of it, and between two lines. */
const PATIENCE_MS = 300
const BETWEEN_MS = 100

/** Tells of work at a place. `now` yields milliseconds. */
export class Progress {
  readonly #place: ProgressPlace
  readonly #now: () => number
  #mayShow: () => boolean = () => true

  constructor(place: ProgressPlace, now: () => number) {
    this.#place = place
    this.#now = now
  }

  /** From now on nothing is shown but while this holds. */
  onlyWhile(mayShow: () => boolean): void {
    this.#mayShow = mayShow
  }

  begin(work: Work): Task {
    const begunMs = this.#now()
    let nextMs = begunMs + PATIENCE_MS
    let isShown = false
    const end = (): void => {
      if (isShown) this.#place.clear()
      isShown = false
    }
    const at = (done: number): void => {
      const nowMs = this.#now()
      if (done >= work.total) end()
      else if (nowMs >= nextMs && this.#place.isOpen() && this.#mayShow()) {
        nextMs = nowMs + BETWEEN_MS
        isShown = true
        this.#place.show(progressText(work, done, nowMs - begunMs))
      }
    }
    return { at, end }
  }
}

/** The line for work of which so much was done in so many milliseconds. */
export function progressText({ title, unit, total }: Work, done: number, tookMs: number): string {
  const perSecond = (done / tookMs) * 1000
  const parts = [
    `${title}: ${Math.floor((100 * done) / total)}%`,
    ...(unit === 'cells' ? [`${done} of ${total} cells`] : []),
    ...(unit === 'bytes' ? [`${bytesText(perSecond)}/s`] : []),
    ...(unit === 'ereports' ? [`${Math.round(perSecond)} ereports/s`] : []),
    ...(done > 0 ? [`${timeText((total - done) / perSecond)} left`] : []),
  ]
  return parts.join(', ')
}

function bytesText(bytes: number): string {
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}

function timeText(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}

/** Progress on this process's standard error. */
export const progress = new Progress(new ProgressLine(), () => performance.now())
