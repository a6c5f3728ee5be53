// FmdFolder: where `xpv fmd` keeps what it knows: a log file each for errors, diagnoses, resources
// and information, a checkpoint, and which telemetry was taken.
//
//   errlog fltlog rsrclog infolog     only ever appended to
//   checkpoint                        written anew beside, then put in place
//   sources                           a line of JSON for each file of telemetry, before its first
//                                     ereport is taken
//
// Holds: a program that is killed at any moment loses nothing that is in a log, and doubles
// nothing: what the checkpoint lacks comes from the logs again, and of telemetry that was taken in
// part the rest is taken. Of logs only what is behind the checkpoint is read, unless they are
// damaged.
import { createHash } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { stringMember } from '../fma/event/nvlist.js'
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  type LogPlaces,
} from '../fma/fmd/checkpoint.js'
import type { LogName, LogRecord } from '../fma/fmd/input.js'
import { EreportRecord } from '../fma/fmd/input-record.js'
import { encodeLogRecord, type LogScan, logHeader, readLog } from '../fma/fmd/log-format.js'
import type { FaultManager, FmdParts } from '../fma/fmd/manager.js'
import { recover } from '../fma/fmd/recover.js'
import type { Beginning, FaultLogs } from '../fma/host/fault-management.js'
import { LOG_FILES } from '../fma/view/log-files.js'

/** Inputs between two checkpoints. */
const CHECKPOINT_EVERY = 20_000
const NAMES = Object.keys(LOG_FILES) as readonly LogName[]
const OWN = 'ereport.fm.fmd.'

/** A file of telemetry that was begun, or gone on with after another one. */
interface Source {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  /** Ereports in the error log before those that are of it. */
  readonly from: number
  /** Of its own ereports, those that were taken earlier. */
  readonly before: number
}

/** What is known of the folder when it is opened. */
export interface FolderState {
  /** Ereports that were taken before. */
  readonly ereports: number
  /** Bytes at ends of logs that were not written whole, and are cut off. */
  readonly tornBytes: number
}

/** One log, as far as it was read. */
type Scan = Pick<LogScan, 'records' | 'losses'> & { readonly torn: number }

/** What was found in a folder. */
interface Found {
  readonly records: readonly LogRecord[]
  readonly tornBytes: number
  /** All of the logs was read. */
  readonly isWhole: boolean
}

/** A folder of logs that one program writes. */
export class FmdFolder implements FaultLogs {
  readonly state: FolderState
  readonly #folder: string
  readonly #files = new Map<LogName, number>()
  readonly #sources: Source[]
  readonly #checkpoint: Checkpoint | undefined
  #found: Found
  #ereports: number
  #sinceCheckpoint = 0

  /** Opens it; makes it where it is not there. */
  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true })
    const checkpoint = readIfThere(this.#path('checkpoint'))
    this.#checkpoint = checkpoint && decodeCheckpoint(checkpoint)
    this.#found = this.#read(this.#checkpoint?.places)
    const { records, tornBytes } = this.#found
    const { inputs = 0, places } = this.#checkpoint ?? {}
    const counted = places === undefined ? 0 : inputs
    const later = records.filter((each) => isOfTelemetry(each) && each.number > counted)
    this.#ereports = (places?.ereports ?? 0) + later.length
    this.state = { ereports: this.#ereports, tornBytes }
    for (const name of NAMES) this.#files.set(name, this.#open(name))
    this.#sources = this.#readSources()
  }

  append(records: readonly LogRecord[]): void {
    for (const record of records) {
      const file = this.#files.get(record.log)
      if (file !== undefined) writeSync(file, encodeLogRecord(record))
      if (isOfTelemetry(record)) this.#ereports++
    }
  }

  records(name: LogName): readonly LogRecord[] {
    return readLog(readFileSync(this.#path(LOG_FILES[name]))).records
  }

  /** Ereports of telemetry that were ever logged. */
  get ereports(): number {
    return this.#ereports
  }

  /** The manager as it was; a new one in a new folder. */
  begin(parts: FmdParts): Beginning {
    const { records, isWhole } = this.#found
    const checkpoint = this.#checkpoint
    this.#found = { ...this.#found, records: [] }
    let recovered = recover(parts, { checkpoint, records })
    const isDamaged = recovered.lostInputs > 0 || recovered.adopted.length > 0
    if (isDamaged && !isWhole) {
      recovered = recover(parts, { checkpoint, records: this.#read(undefined).records })
    }
    this.append(recovered.missing)
    return recovered
  }

  /** Now and then writes down all that the manager knows. */
  taken(manager: FaultManager): void {
    this.#sinceCheckpoint++
    if (this.#sinceCheckpoint >= CHECKPOINT_EVERY) this.checkpoint(manager)
  }

  /** Writes down all that the manager knows. */
  checkpoint(manager: FaultManager): void {
    this.#sinceCheckpoint = 0
    for (const file of this.#files.values()) fsyncSync(file)
    const sizes = NAMES.map((name) => [name, fstatSync(this.#files.get(name) ?? -1).size])
    const bytes = Object.fromEntries(sizes) as Record<LogName, number>
    const places = { bytes, ereports: this.#ereports }
    this.#replace('checkpoint', encodeCheckpoint({ ...manager.save(), places }))
  }

  /** How many ereports of a file were taken before; notes that it is begun when none. A file that
   *  has grown since is the same one. */
  takenOf(name: string, bytes: Uint8Array): number {
    const at = this.#sources.findLastIndex((each) => isSame(each, bytes))
    const known = this.#sources[at]
    const until = this.#sources[at + 1]?.from ?? this.#ereports
    const before = known === undefined ? 0 : known.before + until - known.from
    if (known === undefined || at < this.#sources.length - 1) this.#beginSource(name, bytes, before)
    return before
  }

  close(): void {
    for (const file of this.#files.values()) closeSync(file)
    this.#files.clear()
  }

  /** The records of all logs behind a checkpoint; all there are when that is not to be had. */
  #read(places: LogPlaces | undefined): Found {
    const scans = NAMES.map((name) => this.#scan(name, places?.bytes[name]))
    const isCut = scans.some(({ losses }) => losses.some(({ kind }) => kind === 'garbled'))
    if (places !== undefined && isCut) return this.#read(undefined)
    const tornBytes = scans.reduce((sum, each) => sum + each.torn, 0)
    const records = scans.flatMap((each) => each.records)
    return { records, tornBytes, isWhole: places === undefined }
  }

  /** Reads a log from a place on, and cuts off what was not written whole. */
  #scan(name: LogName, from = 0): Scan {
    const path = this.#path(LOG_FILES[name])
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (from > size) return this.#scan(name)
    if (size === 0) return { records: [], losses: [], torn: 0 }
    const { records, losses, wholeBytes } = readLog(tailOf(path, from), from > 0 ? 'tail' : 'whole')
    const whole = from + wholeBytes
    if (whole < size) truncateSync(path, whole)
    return { records, losses, torn: size - whole }
  }

  /** Opens a log to go on behind its last record. */
  #open(name: LogName): number {
    const file = openSync(this.#path(LOG_FILES[name]), 'a')
    if (fstatSync(file).size === 0) writeSync(file, logHeader())
    return file
  }

  #beginSource(name: string, bytes: Uint8Array, before: number): void {
    const from = this.#ereports
    this.#sources.push({ name, bytes: bytes.length, sha256: sha256(bytes), from, before })
    const lines = this.#sources.map((each) => `${JSON.stringify(each)}\n`).join('')
    this.#replace('sources', new TextEncoder().encode(lines))
  }

  #readSources(): Source[] {
    const bytes = readIfThere(this.#path('sources'))
    const lines = bytes === undefined ? [] : new TextDecoder().decode(bytes).trim().split('\n')
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Source)
  }

  /** A file is there as it was, or as it is to be. */
  #replace(name: string, bytes: Uint8Array): void {
    const fresh = this.#path(`${name}.new`)
    const file = openSync(fresh, 'w')
    writeFileSync(file, bytes)
    fsyncSync(file)
    closeSync(file)
    renameSync(fresh, this.#path(name))
  }

  #path(name: string): string {
    return join(this.#folder, name)
  }
}

/** The bytes of a file from a place on. */
function tailOf(path: string, from: number): Uint8Array {
  if (from === 0) return readFileSync(path)
  const file = openSync(path, 'r')
  try {
    const bytes = new Uint8Array(fstatSync(file).size - from)
    let filled = 0
    for (let read = 1; read > 0 && filled < bytes.length; filled += read) {
      read = readSync(file, bytes, filled, bytes.length - filled, from + filled)
    }
    return bytes.subarray(0, filled)
  } finally {
    closeSync(file)
  }
}

/** Whether a record is of an ereport of telemetry: not one of fmd's own. */
export function isOfTelemetry(record: LogRecord): boolean {
  if (record.log !== 'error') return false
  const isMade = record instanceof EreportRecord
  const name = isMade ? record.ereport.class : stringMember(record.event, 'class')
  return name?.startsWith(OWN) !== true
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const isSame = (source: Source, bytes: Uint8Array): boolean =>
  source.bytes <= bytes.length && source.sha256 === sha256(bytes.subarray(0, source.bytes))

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
