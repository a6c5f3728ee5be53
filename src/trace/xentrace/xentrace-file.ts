// A xentrace recording: what it holds, and its observations in time order.
//
//   ByteSource  ->  openXentrace  ->  info (from the window index), survey() (one pass), observe()
//
// Reads the variable records of Xen 3.2 to 4.20 and the fixed ones of 3.0 and 3.1. Ids come out as
// today's Xen numbers them: 0x20f0xx (before 4.3) as 0x2010xx, 0x2f0xx (before 3.4) as 0x280xx.
// Holds: a damaged file yields all records outside the damage; the damage is in the stream's loss.
import { XpvError } from '../../base/error.js'
import type { PcpuId } from '../../machine/ids.js'
import {
  type CodeFilter,
  type Loss,
  noLoss,
  type ObservationStream,
  type ObserveOptions,
} from '../../machine/observation.js'
import type { ByteSource } from '../byte-source.js'
import { BlockReader } from './block-reader.js'
import { type FixedRecordBytes, fixedRecordBytes, indexFixedRecords } from './fixed-records.js'
import { PCPU_LIMIT, WINDOW_HEADER, WINDOW_HEADER_BYTES } from './layout.js'
import { MergedStream } from './merged-stream.js'
import { surveyWindows, type XentraceSurvey } from './survey.js'
import { indexWindows } from './window-index.js'
import { WindowTable } from './window-table.js'

/** What the window index tells without a pass over the records. */
export interface XentraceInfo {
  readonly generation: 'fixed (Xen 3.0, 3.1)' | 'variable (Xen 3.2 and later)'
  /** Every pcpu that has a window, ascending. */
  readonly pcpus: readonly PcpuId[]
  readonly windows: number
  readonly sizeBytes: number
  /** What is wrong with the windows; what is wrong inside them, a stream or a survey finds. */
  readonly loss: Loss
}

/** An open recording. Owns its source. */
export interface XentraceFile {
  readonly name: string
  readonly info: XentraceInfo
  /** Counts records and bytes by class, and finds the numbering and the last time stamp: one pass,
   *  kept. */
  survey(): XentraceSurvey
  /** A new pass over the records; `wants` is asked with today's ids. */
  observe(wants?: CodeFilter, options?: ObserveOptions): ObservationStream
  close(): void
}

/** How to read a recording: `hz` is the rate of its time stamp counter, which the file does not
 *  say. */
export interface XentraceOptions {
  readonly hz?: number
}

const HEAD_BYTES = 256

/** Whether a file that begins with `head` is a xentrace file. 240 bytes are enough to be sure. */
export function looksLikeXentrace(head: Uint8Array): boolean {
  return beginsWithWindow(head) || fixedRecordBytes(head) !== undefined
}

function beginsWithWindow(head: Uint8Array): boolean {
  if (head.length < WINDOW_HEADER_BYTES) return false
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  return view.getUint32(0, true) === WINDOW_HEADER && view.getUint32(4, true) < PCPU_LIMIT
}

/** Opens a recording: finds its windows, which reads 12 bytes of each. Throws `XpvError`
 *  `trace.empty`, `trace.not-xentrace`, or `trace.unreadable` when the source cannot be read. */
export function openXentrace(source: ByteSource, options: XentraceOptions = {}): XentraceFile {
  const reader = new BlockReader(source)
  const head = readHead(source, reader)
  const windows = new WindowTable()
  const loss = noLoss()
  const file = { reader, sizeBytes: source.sizeBytes }
  const fixed = beginsWithWindow(head) ? undefined : fixedRecordBytes(head)
  if (fixed !== undefined) indexFixedRecords(file, fixed, windows, loss)
  else if (!indexWindows(file, windows, loss)) throw notXentrace(source.name, head)
  return xentraceFile(source, { reader, windows, fixed, loss, hz: options.hz })
}

interface Indexed {
  readonly reader: BlockReader
  readonly windows: WindowTable
  readonly fixed: FixedRecordBytes | undefined
  readonly loss: Loss
  readonly hz: number | undefined
}

function xentraceFile(source: ByteSource, indexed: Indexed): XentraceFile {
  const { windows, fixed, loss } = indexed
  let surveyed: XentraceSurvey | undefined
  return {
    name: source.name,
    info: {
      generation: fixed === undefined ? 'variable (Xen 3.2 and later)' : 'fixed (Xen 3.0, 3.1)',
      pcpus: [...windows.pcpus].sort((a, b) => a - b) as PcpuId[],
      windows: windows.length + windows.empty,
      sizeBytes: source.sizeBytes,
      loss,
    },
    survey: () => {
      surveyed ??= surveyWindows(indexed)
      return surveyed
    },
    observe: (wants = () => true, { order = 'time' } = {}) =>
      new MergedStream({ ...indexed, name: source.name, loss: copyOf(loss) }, wants, order),
    close: () => source.close(),
  }
}

function copyOf(loss: Loss): Loss {
  return { ...loss, notes: [...loss.notes] }
}

function readHead(source: ByteSource, reader: BlockReader): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES)
  const got = source.sizeBytes === 0 ? 0 : reader.direct(head, 0)
  if (got > 0) return head.subarray(0, got)
  const hint = 'record again: xentrace -D -e all FILE, ended with Ctrl-C'
  throw new XpvError('trace.empty', `${source.name}: no bytes in it`, hint)
}

function notXentrace(name: string, head: Uint8Array): XpvError {
  const seen = [...head.subarray(0, WINDOW_HEADER_BYTES)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(' ')
  const message =
    `${name}: not a xentrace file: at offset 0 expected a window header (03 f0 01 20, a pcpu, ` +
    `a size), found ${seen}, and there is none further on: nothing in it can be used`
  return new XpvError('trace.not-xentrace', message, 'a file that xentrace(8) wrote')
}
