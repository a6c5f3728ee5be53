// The C preprocessor over a script (-C): text in, text with `# line` marks out.
//
//   "#if X ..."  ->  cpp -D__SUNW_D=1 ... /dev/stdin  ->  '# 1 "/dev/stdin"' and what is left
//
// Holds: a first line `#! ...` is taken away, its newline stays. Source: libdtrace dt_cc.c
// (dt_preproc), dt_open.c of illumos and Linux: what is predefined, and what is said.
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { XpvError } from '../../base/error.js'
import { type OptionDialect, VERSIONS, versionNumber } from '../../dtrace/program/options.js'

/** How to preprocess. */
export interface CppOptions {
  /** The program; `cpp` of the search path when absent. */
  readonly path?: string | undefined
  /** -D, -U, -I, -H and the rest, in order. */
  readonly words: readonly string[]
  readonly dialect: OptionDialect
  /** -X: the C to keep to. */
  readonly standard?: string | undefined
  /** -x version. */
  readonly version?: string | undefined
}

const MOST_BYTES = 2 ** 28

/** Runs the preprocessor. Throws `XpvError` `dtrace.preprocessor` when there is none or it fails;
 *  `tell` is told first what it said. */
export function preprocess(
  text: string,
  options: CppOptions,
  tell: (said: string) => void,
): string {
  const path = options.path ?? 'cpp'
  const run = runOver(text.replace(/^#![^\n]*/, ''), path, cppWords(options))
  tell(run.stderr ?? '')
  if (run.error !== undefined) throw failure(path, run.error)
  if (run.status === 0) return run.stdout
  throw new XpvError('dtrace.preprocessor', 'Preprocessor failed to process input program')
}

/** The program's input is a file: `/dev/stdin` cannot be opened where it is a socket. */
function runOver(text: string, path: string, words: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'xpv-cpp-'))
  const file = join(folder, 'script.d')
  writeFileSync(file, text)
  const input = openSync(file, 'r')
  try {
    return spawnSync(path, words, {
      argv0: basename(path),
      stdio: [input, 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: MOST_BYTES,
    })
  } finally {
    closeSync(input)
    rmSync(folder, { recursive: true })
  }
}

function failure(path: string, error: Error): XpvError {
  const code = 'code' in error ? error.code : ''
  const isMissing = code === 'ENOENT'
  const message = isMissing ? 'Preprocessor not found' : 'Failed to exec preprocessor'
  const hint = isMissing
    ? `install ${path} (on Debian: apt install cpp), or -x cpppath=PATH names another`
    : `-x cpppath=PATH names another`
  return new XpvError('dtrace.preprocessor', message, hint)
}

/** Names each DTrace defines of the system it runs on. illumos knows no linux, whatever the
 *  preprocessor says. */
const SYSTEM: Readonly<Record<OptionDialect, readonly string[]>> = {
  illumos: [
    '-D__sun',
    '-D__SunOS',
    '-D__SunOS_5_11',
    '-U__linux',
    '-U__linux__',
    '-U__gnu_linux__',
  ],
  linux: ['-D__linux', '-D__Linux'],
}

function cppWords({ words, dialect, standard, version }: CppOptions): readonly string[] {
  const number = versionNumber(version ?? VERSIONS[dialect].newest) ?? 0
  return [
    ...SYSTEM[dialect],
    '-D__unix',
    '-D__SVR4',
    '-D__SUNW_D=1',
    '-U__GNUC__',
    '-D__SUNW_D_64',
    '-D__amd64',
    ...words,
    `-D__SUNW_D_VERSION=0x${number.toString(16).padStart(8, '0')}`,
    standard === 's' ? '-traditional-cpp' : '-std=c99',
    '/dev/stdin',
  ]
}
