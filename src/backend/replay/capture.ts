// A capture: one file, or a folder of raw pages, opened by the decoder that its first bytes ask
// for.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { XpvError } from '../../base/error.js'
import type { CodeFilter, ObservationStream, ObserveOptions } from '../../machine/observation.js'
import { looksLikeFtraceText, openFtraceRaw, openFtraceText } from '../../trace/ftrace/ftrace.js'
import { openRawFiles } from '../../trace/ftrace/raw-files.js'
import type { PartFormat } from '../../trace/recording/metadata.js'
import { looksLikeXentrace, openXentrace } from '../../trace/xentrace/xentrace-file.js'
import { fileError, type OnRead, openFile } from './file-source.js'

/** An open capture. Each `observe` is a new pass. */
export interface OpenCapture {
  readonly format: PartFormat
  readonly sizeBytes: number
  /** Its clock rate; undefined when it counts cycles and nobody said how many make a second. */
  readonly hz: number | undefined
  observe(wants?: CodeFilter, options?: ObserveOptions): ObservationStream
  close(): void
}

const HEAD_BYTES = 4096

/** Tells the format of a file by its first bytes. Throws `XpvError` `trace.empty` or
 *  `trace.unknown`. */
export function detectFormat(path: string): PartFormat {
  const source = openFile(path)
  try {
    const head = new Uint8Array(Math.min(HEAD_BYTES, source.sizeBytes))
    const size = source.read(head, 0)
    if (size === 0) {
      throw new XpvError('trace.empty', `${path} is empty: at offset 0 a trace was expected`, HINT)
    }
    const seen = head.subarray(0, size)
    if (looksLikeXentrace(seen)) return 'xentrace'
    if (looksLikeFtraceText(seen)) return 'ftrace-text'
    throw new XpvError('trace.unknown', `${path} ${unlike(seen)}`, HINT)
  } finally {
    source.close()
  }
}

/** Opens a capture of a known format. Throws `XpvError` `file.*` and `trace.*`. */
export function openCapture(
  path: string,
  format: PartFormat,
  options: { readonly hz?: number; readonly onRead?: OnRead | undefined },
): OpenCapture {
  if (format === 'ftrace-raw')
    return opened(format, openFtraceRaw(rawFiles(path, options.onRead), options), 1e9)
  const source = openFile(path, options.onRead)
  try {
    if (format === 'ftrace-text') return opened(format, openFtraceText(source, options), 1e9)
    return opened(format, openXentrace(source, options), options.hz)
  } catch (error) {
    source.close()
    throw error
  }
}

interface Decoder {
  readonly info: { readonly sizeBytes: number }
  observe(wants?: CodeFilter, options?: ObserveOptions): ObservationStream
  close(): void
}

function opened(format: PartFormat, decoder: Decoder, hz: number | undefined): OpenCapture {
  return {
    format,
    hz,
    sizeBytes: decoder.info.sizeBytes,
    observe: (wants, options) => decoder.observe(wants, options),
    close: () => decoder.close(),
  }
}

function rawFiles(path: string, onRead: OnRead | undefined): ReturnType<typeof openRawFiles> {
  return openRawFiles({
    name: path,
    paths: filesBelow(path),
    open: (relative) => openFile(join(path, relative), onRead),
  })
}

function filesBelow(path: string): string[] {
  try {
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
  } catch (error) {
    throw fileError(path, error)
  }
}

const HINT = 'xentrace -D -e all trace.xt, or cat /sys/kernel/tracing/trace'

/** What the first bytes are, and what was expected of them. */
function unlike(head: Uint8Array): string {
  const hex = [...head.subarray(0, 12)].map((b) => b.toString(16).padStart(2, '0')).join(' ')
  return (
    `is not a trace: at offset 0 are ${hex}, expected 03 f0 01 20 (a xentrace window), ` +
    'a fixed record of Xen 3.1, or "# tracer:" (ftrace text); nothing of it can be used'
  )
}
