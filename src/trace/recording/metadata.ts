// recording.json: what a recording's folder says of itself.
//
//   { "format": 1, "title": "...", "xen": "4.17.7", "pcpus": 4,
//     "parts": [ { "file": "create.xt", "format": "xentrace", "hz": 2600000000 } ],
//     "state": [ { "file": "xl-info.txt", "format": "xl-info" } ] }
//
// Holds: every part names a file inside the folder. What the folder does not know is left out,
// never guessed: without `hz` a xentrace part counts cycles only.
import { XpvError } from '../../base/error.js'

/** Which decoder reads a capture: a file of xentrace, or a file or folder of ftrace. */
export type PartFormat = 'xentrace' | 'ftrace-text' | 'ftrace-raw'

/** One capture within a recording. */
export interface RecordingPart {
  readonly file: string
  readonly format: PartFormat
  /** Cycles a second of a xentrace file. */
  readonly hz?: number
  /** Where this part's start lies on the recording's time line, in nanoseconds; 0 when absent. */
  readonly offsetNs?: number
  /** Of the file's bytes; a raw ftrace folder has none. */
  readonly sha256?: string
  readonly note?: string
}

/** What a tool printed about the host when the recording was made. */
export type StateFormat = 'xl-info' | 'xl-dmesg' | 'lspci'

/** One such text. */
export interface RecordingState {
  readonly file: string
  readonly format: StateFormat
}

/** A recording's own description. */
export interface RecordingMetadata {
  readonly title: string
  readonly xen?: string
  readonly host?: string
  readonly pcpus?: number
  readonly parts: readonly RecordingPart[]
  /** What is known of the host besides; none when absent. */
  readonly state?: readonly RecordingState[]
}

const STATE_FORMATS: readonly StateFormat[] = ['xl-info', 'xl-dmesg', 'lspci']
const FORMATS: readonly PartFormat[] = ['xentrace', 'ftrace-text', 'ftrace-raw']

/** Reads a `recording.json`; `path` is what messages call it, and the title of one that has none.
 *  Throws `XpvError` `recording.metadata` naming the field that is wrong. */
export function parseRecordingMetadata(text: string, path: string): RecordingMetadata {
  const json = parseObject(text, path)
  const whole = new Fields(json, path, '')
  if (json['format'] !== 1) throw whole.wrong('format', '1')
  const parts = json['parts']
  if (!Array.isArray(parts) || parts.length === 0) throw whole.wrong('parts', 'a list of captures')
  return {
    title: whole.text('title') ?? path,
    ...given('xen', whole.text('xen')),
    ...given('host', whole.text('host')),
    ...given('pcpus', whole.count('pcpus', 1)),
    parts: parts.map((part: unknown, i) => parsePart(part, path, `parts[${i}]`)),
    ...given('state', stateOf(json['state'], whole)),
  }
}

function stateOf(state: unknown, whole: Fields): readonly RecordingState[] | undefined {
  if (state === undefined) return undefined
  const expected = `a list of { file, format: ${STATE_FORMATS.join(' or ')} }`
  if (!Array.isArray(state)) throw whole.wrong('state', expected)
  return state.map((each: unknown) => {
    const { file, format }: Json = isObject(each) ? each : {}
    const known = STATE_FORMATS.find((name) => name === format)
    if (!isInside(file) || known === undefined) throw whole.wrong('state', expected)
    return { file, format: known }
  })
}

/** Whether it names a file inside the folder. */
function isInside(file: unknown): file is string {
  return typeof file === 'string' && file !== '' && !/(^|\/)\.\.(\/|$)|^\//.test(file)
}

type Json = Readonly<Record<string, unknown>>

function parsePart(value: unknown, path: string, where: string): RecordingPart {
  if (!isObject(value)) throw mistake(path, `"${where}" is not an object`)
  const part = new Fields(value, path, `${where}.`)
  const file = part.text('file')
  if (!isInside(file)) {
    throw part.wrong('file', 'the name of a file inside the folder')
  }
  const format = FORMATS.find((known) => known === value['format'])
  if (format === undefined) throw part.wrong('format', FORMATS.join(', '))
  return {
    file,
    format,
    ...given('hz', part.count('hz', 1)),
    ...given('offsetNs', part.count('offsetNs', 0)),
    ...given('sha256', part.text('sha256')),
    ...given('note', part.text('note')),
  }
}

/** The fields of one object of the file, checked as they are read. */
class Fields {
  readonly #json: Json
  readonly #path: string
  readonly #where: string

  constructor(json: Json, path: string, where: string) {
    this.#json = json
    this.#path = path
    this.#where = where
  }

  text(name: string): string | undefined {
    const value = this.#json[name]
    if (value === undefined || typeof value === 'string') return value
    throw this.wrong(name, 'a string')
  }

  count(name: string, least: number): number | undefined {
    const value = this.#json[name]
    if (value === undefined) return undefined
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
    throw this.wrong(name, `a whole number from ${least}`)
  }

  wrong(name: string, expected: string): XpvError {
    const seen = JSON.stringify(this.#json[name]) ?? 'missing'
    return mistake(this.#path, `"${this.#where}${name}" is ${seen}, expected ${expected}`)
  }
}

/** The field, or no field: what is not known is left out. */
function given<N extends string, V>(name: N, value: V | undefined): { readonly [K in N]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [K in N]: V })
}

function mistake(path: string, what: string): XpvError {
  const hint = 'compare with a recording.json of the examples'
  return new XpvError('recording.metadata', `${path}: ${what}`, hint)
}

function parseObject(text: string, path: string): Json {
  const json = parseJson(text, path)
  if (isObject(json)) return json
  throw mistake(path, 'not a JSON object')
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw mistake(path, `not JSON: ${error.message}`)
    throw error
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
