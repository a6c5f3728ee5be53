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
// part the rest is taken.
import { createHash } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { stringMember } from '../fma/event/nvlist.js'
import { decodeCheckpoint, encodeCheckpoint } from '../fma/fmd/checkpoint.js'
import type { LogName, LogRecord } from '../fma/fmd/input.js'
import { encodeLogRecord, logHeader, readLog } from '../fma/fmd/log-format.js'
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

/** A folder of logs that one program writes. */
export class FmdFolder implements FaultLogs {
  readonly state: FolderState
  readonly #folder: string
  readonly #files = new Map<LogName, number>()
  readonly #sources: Source[]
  #found: readonly LogRecord[] | undefined
  #ereports: number
  #sinceCheckpoint = 0

  /** Opens it; makes it where it is not there. */
  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true })
    const scans = NAMES.map((name) => this.#open(name))
    this.#found = scans.flatMap(({ records }) => records)
    this.#ereports = this.#found.filter(isTaken).length
    const tornBytes = scans.reduce((sum, each) => sum + each.torn, 0)
    this.state = { ereports: this.#ereports, tornBytes }
    this.#sources = this.#readSources()
  }

  append(records: readonly LogRecord[]): void {
    for (const record of records) {
      const file = this.#files.get(record.log)
      if (file !== undefined) writeSync(file, encodeLogRecord(record))
      if (isTaken(record)) this.#ereports++
    }
  }

  records(name: LogName): readonly LogRecord[] {
    return readLog(readFileSync(this.#path(LOG_FILES[name]))).records
  }

  /** The manager as it was; a new one in a new folder. */
  begin(parts: FmdParts): Beginning {
    const records = this.#found ?? []
    this.#found = undefined
    const checkpoint = readIfThere(this.#path('checkpoint'))
    const recovered = recover(parts, {
      checkpoint: checkpoint && decodeCheckpoint(checkpoint),
      records,
    })
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
    this.#replace('checkpoint', encodeCheckpoint(manager.save()))
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

  /** Reads a log, cuts off what was not written whole, and goes on behind it. */
  #open(name: LogName): { readonly records: readonly LogRecord[]; readonly torn: number } {
    const path = this.#path(LOG_FILES[name])
    const bytes = readIfThere(path) ?? new Uint8Array()
    const { records, wholeBytes } = bytes.length === 0 ? NOTHING : readLog(bytes)
    if (wholeBytes < bytes.length) truncateSync(path, wholeBytes)
    const file = openSync(path, 'a')
    if (wholeBytes === 0) writeSync(file, logHeader())
    this.#files.set(name, file)
    return { records, torn: bytes.length - wholeBytes }
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

const NOTHING = { records: [], wholeBytes: 0 }

/** Whether a record is of an ereport of telemetry: not one of fmd's own. */
function isTaken({ log, event }: LogRecord): boolean {
  return log === 'error' && stringMember(event, 'class')?.startsWith(OWN) !== true
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
