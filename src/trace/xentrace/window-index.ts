// Finds the windows of a xentrace file of Xen 3.2 and later by hopping from header to header.
//
//   12-byte headers  ->  WindowTable        what does not chain up  ->  the loss account
//
// Holds: every byte of the file is in a header, in exactly one window, or booked as lost. A header
// that does not chain costs its own window: the search goes on at the next place that looks like a
// header.
import { bookLoss, type Loss } from '../../machine/observation.js'
import type { BlockReader } from './block-reader.js'
import {
  CODE_MASK,
  CPU_CHANGE,
  isEventCode,
  PCPU_LIMIT,
  WINDOW_HEADER,
  WINDOW_HEADER_BYTES,
} from './layout.js'
import type { WindowTable } from './window-table.js'

/** A window as its header tells it: `end` is where the next header must be. */
interface Window {
  readonly at: number
  readonly pcpu: number
  readonly start: number
  readonly end: number
}

const MAGIC = [0x03, 0xf0, 0x01, 0x20] as const
const SCAN_BYTES = 1 << 16
/** Beyond this distance the next header is not in the same cached block anyway. */
const FAR_BYTES = 8192

/** Adds every window of the file to `table` and books what lies between. Yields false, with nothing
 *  booked, when there is no window at all. */
export function indexWindows(
  file: { readonly reader: BlockReader; readonly sizeBytes: number },
  table: WindowTable,
  loss: Loss,
): boolean {
  const finder = new WindowFinder(file.reader, file.sizeBytes)
  let window = finder.at(0, false)
  if (window === undefined) {
    window = finder.search(0)
    if (window === undefined) return false
    const note = `bytes 0 to ${window.at - 1}: expected a window header (03 f0 01 20)`
    bookLoss(loss, `${note}; resumed at offset ${window.at}`, { bytes: window.at })
  }
  while (window !== undefined) {
    const following = finder.at(window.end, window.end - window.start > FAR_BYTES)
    if (following !== undefined || window.end === file.sizeBytes) {
      table.add(window.pcpu, window.start, window.end - window.start)
      window = following
    } else window = mend(finder, window, table, loss)
  }
  return true
}

/** Books a window that no header follows; yields the next window that can be found. */
function mend(
  finder: WindowFinder,
  window: Window,
  table: WindowTable,
  loss: Loss,
): Window | undefined {
  const next = finder.search(window.start)
  const limit = next?.at ?? finder.sizeBytes
  const until = Math.min(window.end, limit)
  table.add(window.pcpu, window.start, until - window.start)
  const who = `window of pcpu ${window.pcpu} at offset ${window.at}`
  const said = `says ${window.end - window.start} bytes`
  if (until < window.end) {
    const seen = next === undefined ? 'the file ends' : 'the next window begins'
    bookLoss(loss, `${who}: ${said}, but ${seen} after ${until - window.start}`, {})
  } else {
    const found = next === undefined ? 'none follows' : `the next is at offset ${next.at}`
    const note = `${limit - until} bytes at offset ${until}: expected a window header; ${found}`
    bookLoss(loss, note, { bytes: limit - until })
  }
  return next
}

/** Reads headers, and looks for one where the chain broke. */
class WindowFinder {
  readonly sizeBytes: number
  readonly #reader: BlockReader
  readonly #bytes = new Uint8Array(WINDOW_HEADER_BYTES)
  readonly #words = new DataView(this.#bytes.buffer)

  constructor(reader: BlockReader, sizeBytes: number) {
    this.#reader = reader
    this.sizeBytes = sizeBytes
  }

  /** The window whose header is at `offset`, or undefined when there is no header. */
  at(offset: number, far: boolean): Window | undefined {
    const got = far
      ? this.#reader.direct(this.#bytes, offset)
      : this.#reader.read(this.#bytes, offset)
    if (got < WINDOW_HEADER_BYTES || offset + WINDOW_HEADER_BYTES > this.sizeBytes) return undefined
    return windowAt(this.#words, 0, offset)
  }

  /** The first window at or after `offset` that begins as one does: header, then a record. */
  search(offset: number): Window | undefined {
    const bytes = new Uint8Array(SCAN_BYTES)
    const view = new DataView(bytes.buffer)
    for (let position = offset; position + WINDOW_HEADER_BYTES <= this.sizeBytes; ) {
      const got = this.#reader.direct(bytes, position)
      const last = got - WINDOW_HEADER_BYTES
      if (last < 0) return undefined
      for (let i = magicFrom(bytes, 0); i >= 0 && i <= last; i = magicFrom(bytes, i + 1)) {
        const window = windowAt(view, i, position + i)
        if (window !== undefined && this.#beginsWithRecord(window)) return window
      }
      position += last + 1
    }
    return undefined
  }

  /** Its first word is a record's, or there is none to look at. */
  #beginsWithRecord(window: Window): boolean {
    if (window.end === window.start || window.start + 4 > this.sizeBytes) return true
    if (this.#reader.read(this.#bytes.subarray(0, 4), window.start) < 4) return true
    const code = this.#words.getUint32(0, true) & CODE_MASK
    return isEventCode(code) && code !== CPU_CHANGE
  }
}

/** The window that a header at `i` of `view`, which is at `offset` of the file, tells of. */
function windowAt(view: DataView, i: number, offset: number): Window | undefined {
  const pcpu = view.getUint32(i + 4, true)
  const size = view.getUint32(i + 8, true)
  if (view.getUint32(i, true) !== WINDOW_HEADER) return undefined
  if (pcpu >= PCPU_LIMIT || size % 4 !== 0) return undefined
  const start = offset + WINDOW_HEADER_BYTES
  return { at: offset, pcpu, start, end: start + size }
}

function magicFrom(bytes: Uint8Array, from: number): number {
  let i = bytes.indexOf(MAGIC[0], from)
  while (i >= 0) {
    if (bytes[i + 1] === MAGIC[1] && bytes[i + 2] === MAGIC[2] && bytes[i + 3] === MAGIC[3]) {
      return i
    }
    i = bytes.indexOf(MAGIC[0], i + 1)
  }
  return -1
}
