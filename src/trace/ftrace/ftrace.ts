// ftrace: a Linux dom0's kprobes on privcmd, as text or as raw pages, become observations.
//
//   openFtraceText(source)  ┐
//   openFtraceRaw(files)    ┴ -> info, observe(wants) -> DOM0_CALL_ENTRY, DOM0_CALL_RETURN, ...
//
// Holds: opening reads no further than the first record. A file of another kind is refused with
// what was found; damage inside a capture costs the damaged part and is booked in the stream's
// loss.
import { XpvError } from '../../base/error.js'
import { type Clock, nanosecondClock } from '../../machine/clock.js'
import { bookLoss, type CodeFilter, type Loss, noLoss } from '../../machine/observation.js'
import type { ByteSource } from '../byte-source.js'
import { CallStream, type FtraceStream } from './call-stream.js'
import type { FtraceInfo, FtraceReader } from './ftrace-record.js'
import { type Line, LineReader } from './line-reader.js'
import { type FtraceRawFiles, parseSavedCmdlines } from './raw-files.js'
import { parseHeaderPage, parseRawFormat } from './raw-format.js'
import { firstTime, type RawCapture, RawReader } from './raw-reader.js'
import { parseTextLine } from './text-line.js'
import { isComment, TextReader } from './text-reader.js'

/** A capture that can be observed as often as one likes. Owns its sources: close it. */
export interface FtraceFile {
  readonly info: FtraceInfo
  /** Starts a new pass from the beginning; `wants` narrows it. */
  observe(wants?: CodeFilter): FtraceStream
  close(): void
}

/** What a capture does not say: the rate of a clock that does not count nanoseconds. */
export interface FtraceOptions {
  readonly hz?: number
}

const CAPTURE_HINT = 'cat /sys/kernel/tracing/trace > FILE, or trace-cmd report > FILE'

/** Whether a file starts like tracefs text or a trace-cmd report. 64 KiB of its start
 *  are enough. */
export function looksLikeFtraceText(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head.subarray(0, 1 << 16))
  if (text.startsWith('# tracer:')) return true
  const first = text.split('\n').find((line) => !isComment(line))
  return first !== undefined && parseTextLine(first)?.name !== undefined
}

/** Opens tracefs text or a trace-cmd report. Throws `XpvError`: `trace.empty` for no bytes at all,
 *  `trace.not-ftrace` for a file of another kind. */
export function openFtraceText(source: ByteSource, options: FtraceOptions = {}): FtraceFile {
  const head = new Uint8Array(Math.min(source.sizeBytes, 1 << 16))
  const size = source.read(head, 0)
  if (size === 0) throw emptyError(source.name)
  if (!looksLikeFtraceText(head.subarray(0, size))) throw foreignError(source.name, head)
  const header = readHeader(source)
  const clock = clockOf(source.name, { ...header, options })
  const info: FtraceInfo = {
    name: source.name,
    form: header.form,
    clock,
    sizeBytes: source.sizeBytes,
    vcpus: header.vcpus,
    overwritten: header.overwritten,
  }
  return ftraceFile(info, {
    reader: (loss) => new TextReader(source, clock.zero, loss),
    close: () => source.close(),
  })
}

/** Opens raw pages. Throws `XpvError`: `trace.format` when header_page or a format file is none,
 *  `trace.empty` when the pages hold no bytes, `trace.not-ftrace` when the first page is none. */
export function openFtraceRaw(files: FtraceRawFiles, options: FtraceOptions = {}): FtraceFile {
  const layout = parseHeaderPage(files.headerPage)
  const formats = new Map(files.formats.map(parseRawFormat).map((format) => [format.id, format]))
  const comms = parseSavedCmdlines(files.savedCmdlines ?? '')
  const capture: RawCapture = { pages: files.pages, layout, formats, comms }
  const sizeBytes = files.pages.reduce((sum, { source }) => sum + source.sizeBytes, 0)
  if (sizeBytes === 0) throw emptyError(files.name)
  const zero = firstTime(capture)
  if (zero === undefined) throw foreignPagesError(files.name)
  const clock = clockOf(files.name, { zero, counter: options.hz !== undefined, options })
  const info: FtraceInfo = {
    name: files.name,
    form: 'raw',
    clock,
    sizeBytes,
    vcpus: files.pages.length,
    overwritten: 0,
  }
  return ftraceFile(info, {
    reader: (loss) => new RawReader(capture, zero, loss),
    close: () => {
      for (const { source } of files.pages) source.close()
    },
  })
}

function ftraceFile(
  info: FtraceInfo,
  parts: { readonly reader: (loss: Loss) => FtraceReader; readonly close: () => void },
): FtraceFile {
  return {
    info,
    observe: (wants = () => true) => {
      const loss = noLoss()
      if (info.overwritten > 0) {
        const note = `the kernel overwrote ${info.overwritten} records before the capture was read`
        bookLoss(loss, note, { records: info.overwritten })
      }
      return new CallStream({ reader: parts.reader(loss), clock: info.clock, loss, wants })
    },
    close: parts.close,
  }
}

interface TextHeader {
  readonly form: 'tracefs' | 'trace-cmd'
  readonly vcpus: number | undefined
  readonly overwritten: number
  readonly zero: bigint
  readonly counter: boolean
}

/** Reads the comment lines and the time of the first record. */
function readHeader(source: ByteSource): TextHeader {
  const lines = new LineReader(source)
  let entries: RegExpExecArray | null = null
  let vcpus: string | undefined
  let form: TextHeader['form'] = 'trace-cmd'
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    const first = firstRecord(line)
    if (first !== undefined) return { form, ...counts(entries, vcpus), ...first }
    if (line.text.startsWith('# tracer:')) form = 'tracefs'
    entries ??= /entries-in-buffer\/entries-written: (\d+)\/(\d+)/.exec(line.text)
    vcpus ??= /(?:#P:|^cpus=)(\d+)/.exec(line.text)?.[1]
  }
  return { form, ...counts(entries, vcpus), zero: 0n, counter: false }
}

function firstRecord(line: Line): { readonly zero: bigint; readonly counter: boolean } | undefined {
  if (!line.complete || isComment(line.text)) return undefined
  const parsed = parseTextLine(line.text)
  return parsed && { zero: parsed.time, counter: parsed.counter }
}

function counts(entries: RegExpExecArray | null, vcpus: string | undefined) {
  const overwritten = entries === null ? 0 : Number(entries[2]) - Number(entries[1])
  return {
    vcpus: vcpus === undefined ? undefined : Number(vcpus),
    overwritten: Math.max(0, overwritten),
  }
}

function clockOf(
  name: string,
  of: { readonly zero: bigint; readonly counter: boolean; readonly options: FtraceOptions },
): Clock {
  if (!of.counter) return nanosecondClock(name, of.zero)
  return { unit: 'cycles', hz: of.options.hz, zero: of.zero, source: name }
}

function foreignPagesError(name: string): XpvError {
  return new XpvError(
    'trace.not-ftrace',
    `${name}: at offset 0 a page of the ring buffer was expected, and no page is one`,
    'copy /sys/kernel/tracing/per_cpu/cpu*/trace_pipe_raw',
  )
}

function emptyError(name: string): XpvError {
  return new XpvError(
    'trace.empty',
    `${name} is empty: at offset 0 a trace was expected`,
    CAPTURE_HINT,
  )
}

function foreignError(name: string, head: Uint8Array): XpvError {
  const seen = JSON.stringify(new TextDecoder('latin1').decode(head.subarray(0, 16)))
  return new XpvError(
    'trace.not-ftrace',
    `${name}: at offset 0 "# tracer:" or a line of a trace was expected, found ${seen}`,
    CAPTURE_HINT,
  )
}
