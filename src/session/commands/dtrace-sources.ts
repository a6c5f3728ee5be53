// What is compiled, read: scripts, through the preprocessor where -C asks for it, and the files of
// D libraries.
import { readdirSync, readFileSync } from 'node:fs'
import { XpvError } from '../../base/error.js'
import type { DSource } from '../../dtrace/d/compile.js'
import { type LibraryFile, orderLibraries } from '../../dtrace/d/library.js'
import { preprocess } from './dtrace-cpp.js'
import type { DtraceOptions } from './dtrace-options.js'

/** Reads the script of one -s, '-' for standard input, and preprocesses it. `tell` is told what the
 *  preprocessor says. Throws `XpvError` `dtrace.script` or `dtrace.preprocessor`. */
export function readSource(
  source: DSource,
  options: DtraceOptions,
  tell: (said: string) => void,
): DSource {
  if (source.part !== 'script') return source
  const text = source.file === undefined ? source.text : readScript(source.file)
  if (!options.preprocess) return { ...source, text }
  const cpp = {
    words: options.cppArguments,
    dialect: options.dialect,
    path: options.options.get('cpppath'),
    standard: options.options.get('stdc'),
    version: options.options.get('version'),
  }
  try {
    return { ...source, text: preprocess(text, cpp, tell) }
  } catch (error) {
    if (!(error instanceof XpvError)) throw error
    const message = `failed to compile script ${source.file ?? ''}: ${error.message}`
    throw new XpvError(error.code, message, error.hint)
  }
}

/** Where standard input is a socket, its path does not open. */
const STANDARD_INPUT: readonly string[] = ['-', '/dev/stdin', '/dev/fd/0']

function readScript(path: string): string {
  try {
    return readFileSync(STANDARD_INPUT.includes(path) ? 0 : path, 'utf8')
  } catch (error) {
    throw new XpvError('dtrace.script', `failed to open ${path}: ${reasonOf(error)}`)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  EROFS: 'Read-only file system',
}

/** Why a file could not be used, in an operating system's words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return REASONS[code] ?? code
}

/** The D libraries of some folders in the order to compile them. A folder that is not there has
 *  none, as for dtrace(8). Throws `XpvError` `dtrace.library` when they depend on one another in a
 *  circle, or on a file that is not there. */
export function readLibraries(folders: readonly string[]): readonly DSource[] {
  return folders.flatMap((folder) => {
    const order = orderLibraries(filesOf(folder))
    if (order.kind === 'error') throw new XpvError('dtrace.library', order.message)
    return order.files.map(({ path, text }) => ({ part: 'script', text, file: path }) as const)
  })
}

function filesOf(folder: string): readonly LibraryFile[] {
  let names: string[]
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.d'))
  } catch {
    return []
  }
  return names.sort().flatMap((name) => {
    const path = `${folder}/${name}`
    try {
      return [{ path, folder, text: readFileSync(path, 'utf8') }]
    } catch {
      // A folder called x.d, or a file that is not ours to read: dtrace(8) passes over it.
      return []
    }
  })
}
