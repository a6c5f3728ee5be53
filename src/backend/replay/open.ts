// Opens a recording as a machine: one trace file, or a folder of captures with a recording.json.
//
//   path -> which format (by its first bytes) -> decoder -> Machine that can be observed again and
//   again
//
// Holds: opening reads a few bytes; each observe() is a new pass over the files.
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { XpvError } from '../../base/error.js'
import type { Machine, MachineSnapshot } from '../../machine/machine.js'
import { known, type Obs, unknown } from '../../machine/obs.js'
import type { CodeFilter, ObservationStream, ObserveOptions } from '../../machine/observation.js'
import { mergeStreams } from '../../trace/merge.js'
import {
  parseRecordingMetadata,
  type RecordingMetadata,
  type RecordingPart,
} from '../../trace/recording/metadata.js'
import { detectFormat, type OpenCapture, openCapture } from './capture.js'
import { fileError, isFolder, type OnRead } from './file-source.js'
import { RecordedAccess, type RecordedTexts } from './recorded-access.js'

/** What the command line may say about a recording. */
export interface ReplayOptions {
  /** Cycles a second of a xentrace file that does not say it, or says it wrongly. */
  readonly hz?: number
  /** Told of what is read: while it is opened, and by each pass. */
  readonly onRead?: OnRead
  /** Told that a pass begins, over files of so many bytes. */
  readonly onPass?: (sizeBytes: number) => void
}

/** Opens a recording. Throws `XpvError`: `file.*` when it cannot be read, `trace.*` when it is of
 *  another kind, `recording.*` when its metadata is wrong. */
export function openRecording(path: string, options: ReplayOptions = {}): Machine {
  const metadata = isFolder(path) ? folderMetadata(path) : fileMetadata(path)
  const folder = isFolder(path) ? path : ''
  const captures: Capture[] = []
  try {
    for (const part of metadata.parts) captures.push(openPart(folder, part, options))
  } catch (error) {
    for (const capture of captures) capture.open.close()
    throw error
  }
  return new Recording(path, metadata, captures, textsOf(metadata, folder), options)
}

interface Capture {
  readonly part: RecordingPart
  readonly path: string
  readonly open: OpenCapture
}

class Recording implements Machine {
  readonly spec: string
  readonly backend = 'replay'
  readonly capabilities = new Set(['observe', 'snapshot'] as const)
  readonly access: RecordedAccess
  readonly #metadata: RecordingMetadata
  readonly #captures: readonly Capture[]
  readonly #onPass: ReplayOptions['onPass']

  constructor(
    spec: string,
    metadata: RecordingMetadata,
    captures: readonly Capture[],
    texts: RecordedTexts,
    { onPass }: ReplayOptions,
  ) {
    this.#onPass = onPass
    this.spec = spec
    this.#metadata = metadata
    this.#captures = captures
    this.access = new RecordedAccess(this, metadata.host, texts)
  }

  snapshot(): MachineSnapshot {
    const { title, xen, pcpus, parts } = this.#metadata
    const hz = this.#captures.map((c) => c.open.hz).find((rate) => rate !== undefined)
    return {
      title,
      xenVersion: fromMetadata(xen, 'the recording does not say its Xen version'),
      clockHz: fromMetadata(hz, 'no part says how many cycles make a second; pass --hz'),
      pcpus: fromMetadata(pcpus, 'the recording does not say how many pcpus the host has'),
      inputs: this.#captures.map(({ path, open }, i) => {
        const note = parts[i]?.note
        const input = { path, format: open.format, sizeBytes: open.sizeBytes }
        return note === undefined ? input : { ...input, note }
      }),
    }
  }

  observe(wants?: CodeFilter, options?: ObserveOptions): ObservationStream {
    this.#onPass?.(this.#captures.reduce((sum, { open }) => sum + open.sizeBytes, 0))
    const [only] = this.#captures
    if (this.#captures.length === 1 && only !== undefined) return only.open.observe(wants, options)
    const streams = this.#captures.map((c) => c.open.observe(wants))
    const parts = streams.map((stream, i) => ({
      stream,
      offsetNs: this.#captures[i]?.part.offsetNs ?? 0,
    }))
    return mergeStreams(parts, this.spec)
  }

  close(): void {
    for (const capture of this.#captures) capture.open.close()
  }
}

function folderMetadata(path: string): RecordingMetadata {
  const file = join(path, 'recording.json')
  if (existsSync(file)) return parseRecordingMetadata(readText(file), file)
  if (existsSync(join(path, 'header_page'))) {
    return { title: basename(path), parts: [{ file: '', format: 'ftrace-raw' }] }
  }
  throw new XpvError(
    'recording.no-metadata',
    `${path} is a folder without recording.json`,
    'name a trace file inside it, or write a recording.json as in examples/recordings/idle',
  )
}

function fileMetadata(path: string): RecordingMetadata {
  const beside = join(path, '..', 'recording.json')
  const file = basename(path)
  if (existsSync(beside)) {
    const whole = parseRecordingMetadata(readText(beside), beside)
    const part = whole.parts.find((p) => p.file === file)
    // One file alone starts its own time line: where it lies beside the others does not matter.
    if (part !== undefined) return { ...whole, parts: [{ ...part, file: path, offsetNs: 0 }] }
  }
  return { title: file, parts: [{ file: path, format: detectFormat(path) }] }
}

/** What tools printed about the host, read when there is a folder to read it from. */
function textsOf({ state = [] }: RecordingMetadata, folder: string): RecordedTexts {
  if (folder === '') return {}
  return Object.fromEntries(state.map(({ file, format }) => [format, readText(join(folder, file))]))
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw fileError(path, error)
  }
}

function openPart(folder: string, part: RecordingPart, options: ReplayOptions): Capture {
  const path = join(folder, part.file)
  const hz = options.hz ?? part.hz
  const rate = hz === undefined ? {} : { hz }
  return { part, path, open: openCapture(path, part.format, { ...rate, onRead: options.onRead }) }
}

function fromMetadata<T>(value: T | undefined, reason: string): Obs<T> {
  return value === undefined ? unknown(reason) : known(value, 'metadata')
}
