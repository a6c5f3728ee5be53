// Log files: how the files of a folder of logs are called, and how fmdump names logs of a host.
//
//   error -> errlog     fault -> fltlog     resource -> rsrclog     info -> infolog
//
// Source: fmd(8), FILES; resources have one log here, on illumos a file each.
import type { LogName } from '../fmd/input.js'

/** The name of each log's file. */
export const LOG_FILES: Readonly<Record<LogName, string>> = {
  error: 'errlog',
  fault: 'fltlog',
  resource: 'rsrclog',
  info: 'infolog',
}

/** Where a host keeps them. */
export const LOG_FOLDER = '/var/fm/fmd'
