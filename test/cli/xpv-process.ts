// The built command as a process of its own, as a shell starts it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** The checkout. */
export const ROOT = join(import.meta.dirname, '..', '..')

const COMMAND = join(ROOT, 'bin', 'xpv.mjs')

/** How one run ended, and what it printed. */
export interface Ran {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** What a run is given besides its words. */
export interface RunOptions {
  readonly input?: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** A run that takes longer hangs: on a busy machine the longest take a tenth of it. */
const HANGS_MS = 60_000

/** Runs `xpv` to its end. One that hangs is killed: its status is null. */
export function xpv(words: readonly string[], options: RunOptions = {}): Ran {
  const { input = '', cwd = ROOT, env } = options
  const run = spawnSync(process.execPath, ['--no-force-async-hooks-checks', COMMAND, ...words], {
    cwd,
    input,
    encoding: 'utf8',
    timeout: HANGS_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 26,
    env: { ...environment(), ...env },
  })
  return { status: run.status, out: run.stdout, err: run.stderr }
}

/** Starts `xpv` and leaves it running; one that hangs is killed. */
export function startXpv(words: readonly string[]): ChildProcess {
  const argv = ['--no-force-async-hooks-checks', COMMAND, ...words]
  return spawn(process.execPath, argv, {
    cwd: ROOT,
    stdio: 'pipe',
    env: environment(),
    timeout: HANGS_MS,
    killSignal: 'SIGKILL',
  })
}

/** Ours, without settings of whoever runs the tests. What is built stays: sources may be edited
 *  while tests run. Types are not checked: a test that is about them says XPV_TYPES=on. */
export function environment(): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter((name) => !name.startsWith('XPV_'))
  const ours = Object.fromEntries(names.map((name) => [name, process.env[name]]))
  return {
    ...ours,
    NO_COLOR: '1',
    XPV_AS_BUILT: '1',
    XPV_TYPES: 'off',
    XDG_CONFIG_HOME: '/nowhere',
  }
}
