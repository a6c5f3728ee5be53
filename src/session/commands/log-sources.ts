// Log sources: the logs that fmdump reads: those of the machine that is open, of a folder that
// `xpv fmd -d FOLDER` wrote, or a file.
//
//   the machine     ->  /var/fm/fmd/fltlog
//   -R FOLDER       ->  FOLDER/fltlog, or FOLDER/var/fm/fmd/fltlog
//
// Holds: reading one again yields what it holds by then. Bytes of a file that are no record are
// told and passed over.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { XpvError } from '../../base/error.js'
import type { LogName, LogRecord } from '../../fma/fmd/input.js'
import { readLog } from '../../fma/fmd/log-format.js'
import type { FaultManagement } from '../../fma/host/fault-management.js'
import { LOG_FILES, LOG_FOLDER } from '../../fma/view/log-files.js'

/** One log. */
export interface LogSource {
  readonly path: string
  /** Which log it is; undefined for one without a record to tell it by. */
  readonly log: LogName | undefined
  /** All that it holds now, and what of it is lost. */
  read(): LogReading
}

/** What a log holds. */
export interface LogReading {
  readonly records: readonly LogRecord[]
  readonly losses: readonly string[]
}

/** A log of the machine that is open. */
export function machineLog(management: FaultManagement, log: LogName): LogSource {
  const path = `${LOG_FOLDER}/${LOG_FILES[log]}`
  return { path, log, read: () => ({ records: management.log(log), losses: [] }) }
}

/** A log in a folder. */
export function folderLog(folder: string, log: LogName, directory: string): LogSource {
  const name = LOG_FILES[log]
  const [deep, flat] = [`${folder}${LOG_FOLDER}/${name}`, join(folder, name)]
  const path = existsSync(resolve(directory, flat)) ? flat : deep
  return { path, log, read: () => readFile(path, directory) }
}

/** A log in a file; its first record tells which. */
export function fileLog(path: string, directory: string): LogSource {
  const log = readFile(path, directory).records[0]?.log
  return { path, log, read: () => readFile(path, directory) }
}

/** Throws XpvError `fma.no-log` with what fmdump says of a file that it cannot read. */
function readFile(path: string, directory: string): LogReading {
  try {
    const { records, losses } = readLog(readFileSync(resolve(directory, path)))
    return { records, losses: losses.map(({ at, bytes }) => `${bytes} bytes at ${at}`) }
  } catch (error) {
    throw new XpvError('fma.no-log', `failed to open ${path}: ${reasonOf(error)}`)
  }
}

const ERRNOS: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EISDIR: 'Is a directory',
  ENOTDIR: 'Not a directory',
}

function reasonOf(error: unknown): string {
  if (error instanceof XpvError && error.code === 'fma.log') return error.message
  const errno = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = ERRNOS[errno]
  if (reason === undefined) throw error
  return reason
}
