// TextReader: tracefs text or a trace-cmd report, record by record.
//
//   # tracer: nop                                       said once, kept as info
//   # entries-in-buffer/entries-written: 925/925 #P:2
//   xl-734 [000] ..... 257.341992: open: (...)          a record
//   CPU:0 [LOST 12 EVENTS]                              booked, and told to the grouping
//
// Holds: a line that is none of these costs itself and is booked; so is a last line without a
// newline, whose numbers may be cut. Lines that go back in time are left out and booked.
import { bookLoss, type Loss } from '../../machine/observation.js'
import type { ByteSource } from '../byte-source.js'
import type { FtraceItem, FtraceReader } from './ftrace-record.js'
import { isKnownProbe, isMark } from './kprobes.js'
import { type Line, LineReader } from './line-reader.js'
import { parseFields, parseLostLine, parseTextLine, type TextLine } from './text-line.js'

const MARKS = /^(?:tracing_mark_write: )?/

/** Reads records of a text from the start; `zero` is the time of tick 0. */
export class TextReader implements FtraceReader {
  readonly #lines: LineReader
  readonly #zero: bigint
  readonly #loss: Loss
  #ticks = 0
  #skipped = 0

  constructor(source: ByteSource, zero: bigint, loss: Loss) {
    this.#lines = new LineReader(source)
    this.#zero = zero
    this.#loss = loss
  }

  get skipped(): number {
    return this.#skipped
  }

  next(): FtraceItem | undefined {
    for (let line = this.#lines.next(); line !== undefined; line = this.#lines.next()) {
      const item = line.complete ? this.#item(line) : this.#cut(line)
      if (item !== undefined) return item
    }
    return undefined
  }

  #item(line: Line): FtraceItem | undefined {
    if (line.text.startsWith('#')) return undefined
    const parsed = parseTextLine(line.text)
    if (parsed !== undefined) return this.#record(line, parsed)
    if (isComment(line.text)) return undefined
    const lost = parseLostLine(line.text)
    if (lost !== undefined) return { kind: 'lost', ...lost }
    const seen = JSON.stringify(line.text.slice(0, 40))
    this.#book(line, `a line of a trace was expected, found ${seen}`)
    return undefined
  }

  #record(line: Line, parsed: TextLine): FtraceItem | undefined {
    const { name } = parsed
    if (name === undefined || !isKnownProbe(name)) {
      this.#skipped += 1
      return undefined
    }
    const ticks = Number(parsed.time - this.#zero)
    if (ticks < this.#ticks || !Number.isSafeInteger(ticks)) {
      this.#book(line, 'the line goes back in time: two captures in one file?')
      return undefined
    }
    this.#ticks = ticks
    const { comm, pid, vcpu, body } = parsed
    const fields = parseFields(isMark(name) ? '' : body)
    const text = isMark(name) ? body.replace(MARKS, '') : ''
    return { kind: 'record', ticks, vcpu, pid, comm, name, fields, text }
  }

  #cut(line: Line): undefined {
    this.#book(line, 'the line is cut: it has no end')
  }

  #book(line: Line, what: string): void {
    bookLoss(this.#loss, `offset ${line.offset}: ${what}`, { bytes: line.sizeBytes })
  }
}

/** Whether a line holds no record by design: header, note of the kernel, trace-cmd's `cpus=2`. */
export function isComment(text: string): boolean {
  return text === '' || text.startsWith('#') || /^\s*(?:cpus=\d+|version = \d+)?\s*$/.test(text)
}
