// recording.json: what a recording's folder says of itself.
//
//   { "format": 1, "title": "...", "xen": "4.17.7", "pcpus": 4,
//     "parts": [ { "file": "create.xt", "format": "xentrace", "hz": 2600000000, "sha256": "..." }
//     ] }
//
// Holds: every part names a file inside the folder. What the folder does not know is left out,
// never guessed: without `hz` a xentrace part counts cycles only.
import { XpvError } from '../../base/error.js'

export type PartFormat = 'xentrace' | 'ftrace-text' | 'ftrace-raw'

/** One capture within a recording. */
export interface RecordingPart {
  readonly file: string
  readonly format: PartFormat
  readonly hz?: number
  /** Where this part's start lies on the recording's time line, in nanoseconds; 0 when absent. */
  readonly offsetNs?: number
  /** Of the file's bytes; a raw ftrace folder has none. */
  readonly sha256?: string
  readonly note?: string
}

/** A recording's own description. */
export interface RecordingMetadata {
  readonly title: string
  readonly xen?: string
  readonly host?: string
  readonly pcpus?: number
  readonly parts: readonly RecordingPart[]
}

const FORMATS: readonly string[] = ['xentrace', 'ftrace-text', 'ftrace-raw'] satisfies PartFormat[]

/** Reads a `recording.json`. Throws `XpvError` `recording.metadata` naming the field that is
 *  wrong. */
export function parseRecordingMetadata(text: string, path: string): RecordingMetadata {
  const fail = (what: string): never => {
    throw new XpvError(
      'recording.metadata',
      `${path}: ${what}`,
      `compare with a recording.json of the examples`,
    )
  }
  const json = parseObject(text, fail)
  if (json['format'] !== 1) fail(`"format" is ${JSON.stringify(json['format'])}, expected 1`)
  const parts = json['parts']
  if (!Array.isArray(parts) || parts.length === 0) return fail('"parts" lists no capture')
  return {
    title: typeof json['title'] === 'string' ? json['title'] : path,
    ...optional(json, 'xen', 'string', fail),
    ...optional(json, 'host', 'string', fail),
    ...optional(json, 'pcpus', 'number', fail),
    parts: parts.map((part, i) => parsePart(part, `parts[${i}]`, fail)),
  }
}

type Fail = (what: string) => never
type Json = Readonly<Record<string, unknown>>

function parsePart(value: unknown, where: string, fail: Fail): RecordingPart {
  if (!isObject(value)) return fail(`${where} is not an object`)
  const { file, format } = value
  if (typeof file !== 'string' || file === '' || /(^|\/)\.\.(\/|$)|^\//.test(file)) {
    return fail(`${where}.file must name a file inside the folder`)
  }
  if (typeof format !== 'string' || !FORMATS.includes(format)) {
    return fail(`${where}.format is ${JSON.stringify(format)}, expected ${FORMATS.join(', ')}`)
  }
  return {
    file,
    format: format as PartFormat,
    ...optional(value, 'hz', 'number', fail),
    ...optional(value, 'offsetNs', 'number', fail),
    ...optional(value, 'sha256', 'string', fail),
    ...optional(value, 'note', 'string', fail),
  }
}

function optional(json: Json, name: string, type: string, fail: Fail): Record<string, never> {
  const value = json[name]
  if (value === undefined) return {}
  const bad = type === 'number' && !(Number.isSafeInteger(value) && Number(value) >= 0)
  return typeof value !== type || bad
    ? fail(`"${name}" is ${JSON.stringify(value)}, expected a ${type}`)
    : ({ [name]: value } as Record<string, never>)
}

function parseObject(text: string, fail: Fail): Json {
  try {
    const json: unknown = JSON.parse(text)
    return isObject(json) ? json : fail('not a JSON object')
  } catch (error) {
    return fail(error instanceof SyntaxError ? `not JSON: ${error.message}` : String(error))
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
