// RawFiles: which files of a directory make up a raw capture, in the layout of our recordings and
// in the layout of tracefs itself.
//
//   cpu0.trace_pipe_raw ...    header_page          events/<system>/<name>/format    saved_cmdlines
//   per_cpu/cpu0/trace_pipe_raw events/header_page  print-format
import { XpvError } from '../../base/error.js'
import type { ByteSource } from '../byte-source.js'
import type { RawPages } from './raw-reader.js'

/** A raw capture: pages, and the texts that say how to read them. Owns its sources. */
export interface FtraceRawFiles {
  readonly name: string
  readonly pages: readonly RawPages[]
  /** Text of events/header_page. */
  readonly headerPage: string
  /** Texts of the format files. */
  readonly formats: readonly string[]
  /** Text of saved_cmdlines; without it no record has a name of its process. */
  readonly savedCmdlines: string | undefined
}

/** A directory: the relative paths below it, and how to open one. */
export interface CaptureDirectory {
  readonly name: string
  readonly paths: readonly string[]
  readonly open: (path: string) => ByteSource
}

const PAGES = /(?:^|\/)cpu(\d+)[./]trace_pipe_raw$/
const FORMAT = /(?:^|\/)(?:format|print-format)$/
const MAX_TEXT = 1 << 20

/** Whether relative paths are those of a raw capture. */
function looksLikeFtraceRaw(paths: readonly string[]): boolean {
  return paths.some((path) => PAGES.test(path))
}

/** Opens the files of a raw capture. Throws `XpvError` `trace.incomplete` when the pages or the
 *  header_page are missing, without which nothing can be read. */
export function openRawFiles(directory: CaptureDirectory): FtraceRawFiles {
  const { name, paths } = directory
  const headerPage = textAt(directory, /(?:^|\/)header_page$/)
  if (!looksLikeFtraceRaw(paths) || headerPage === undefined) {
    const missing = headerPage === undefined ? 'header_page' : 'cpu<n>.trace_pipe_raw'
    throw new XpvError(
      'trace.incomplete',
      `${name}: a raw ftrace capture needs ${missing}, which is not there`,
      'cp /sys/kernel/tracing/events/header_page, per_cpu/cpu*/trace_pipe_raw and the format files',
    )
  }
  return {
    name,
    pages: openPages(directory),
    headerPage,
    formats: paths.filter((path) => FORMAT.test(path)).map((path) => readText(directory, path)),
    savedCmdlines: textAt(directory, /(?:^|\/)saved_cmdlines$/),
  }
}

/** Reads saved_cmdlines, `pid comm` a line, into names by pid. */
export function parseSavedCmdlines(text: string): ReadonlyMap<number, string> {
  const comms = new Map<number, string>()
  for (const [, pid, comm = ''] of text.matchAll(/^(\d+) (.+)$/gm)) comms.set(Number(pid), comm)
  return comms
}

/** The pages of every vcpu, ascending: on a tie the lower one comes first. */
function openPages({ paths, open }: CaptureDirectory): readonly RawPages[] {
  const found = paths.flatMap((path) => {
    const vcpu = PAGES.exec(path)?.[1]
    return vcpu === undefined ? [] : [{ vcpu: Number(vcpu), path }]
  })
  found.sort((a, b) => a.vcpu - b.vcpu)
  return found.map(({ vcpu, path }) => ({ vcpu, source: open(path) }))
}

function textAt(directory: CaptureDirectory, pattern: RegExp): string | undefined {
  const path = directory.paths.find((candidate) => pattern.test(candidate))
  return path === undefined ? undefined : readText(directory, path)
}

function readText(directory: CaptureDirectory, path: string): string {
  const source = directory.open(path)
  const bytes = new Uint8Array(Math.min(source.sizeBytes, MAX_TEXT))
  const size = source.read(bytes, 0)
  source.close()
  return new TextDecoder().decode(bytes.subarray(0, size))
}
