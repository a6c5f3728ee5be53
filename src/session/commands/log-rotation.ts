// Log rotation: a log of a folder that `xpv fmd -d FOLDER` wrote is put aside, to begin anew.
//
//   errlog  ->  errlog.0-        the next `xpv fmd` begins errlog again
//
// Holds: a log goes only when the checkpoint knows all that is in it, and nothing of an earlier
// rotation is overwritten.
// Source: illumos-gate usr/src/cmd/fm/fmd/common/fmd_log.c (fmd_log_rotate).
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { decodeCheckpoint } from '../../fma/fmd/checkpoint.js'
import type { LogName } from '../../fma/fmd/input.js'
import { LOG_FILES } from '../../fma/view/log-files.js'

const NO_SUCH_LOG = 'invalid log file name'
const FAILED = 'failed to rotate log file (consult fmd(1M) log)'
const BUSY = 'log file is too busy to rotate (try again later)'

/** Puts a log of a folder aside; why not, in the words of libfmd_adm. Logs of a machine are kept in
 *  memory: there is no file to put aside. */
export function rotateLog(
  name: string,
  root: string | undefined,
  directory: string,
): string | undefined {
  const [log] = Object.entries(LOG_FILES).find(([, file]) => file === name) ?? []
  if (log === undefined) return NO_SUCH_LOG
  if (root === undefined) return FAILED
  const folder = resolve(directory, root)
  const path = join(folder, name)
  const size = statSync(path, { throwIfNoEntry: false })?.size
  if (size === undefined) return FAILED
  if (knownBytes(folder, log as LogName) !== size || existsSync(`${path}.0-`)) return BUSY
  renameSync(path, `${path}.0-`)
  return undefined
}

/** How much of a log the checkpoint knows. */
function knownBytes(folder: string, log: LogName): number | undefined {
  const path = join(folder, 'checkpoint')
  const bytes = existsSync(path) ? readFileSync(path) : undefined
  return bytes && decodeCheckpoint(bytes)?.places?.bytes[log]
}
