// Runs the test shell on a pseudo-terminal, key by key. Needs python3, which makes the terminal.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

/** One thing to do at the terminal; `look` notes what the screen shows then, under a name. */
export type Step =
  | { expect: string }
  | { send: string }
  | { wait: number }
  | { size: readonly [rows: number, columns: number] }
  | { look: string }

/** What came of it. */
export interface Ran {
  readonly transcript: string
  readonly status: number
  /** Seconds from the last thing sent, for each thing expected. */
  readonly matches: readonly number[]
  /** How long the transcript was at each look. */
  readonly looks: Readonly<Record<string, number>>
  readonly problem: string | null
}

export const CTRL_C = '\u0003'
export const CTRL_D = '\u0004'
export const PROMPT: Step = { expect: 'xpv> ' }

/** A line with its Enter. */
export const line = (text: string): Step => ({ send: `${text}\r` })

const hasPython = spawnSync('python3', ['-V']).status === 0
/** A pty is made by python3: without it these are reported as skipped. */
export const onlyOnTerminals = it.skipIf(!hasPython)

/** A terminal for each test of a file, with a state directory of its own. */
export interface Pty {
  /** Where history is kept. */
  state(): string
  run(...steps: readonly Step[]): Ran
  /** From the first prompt to a last one, left with Ctrl-D; `screen` is all that was printed. */
  onTerminal(...steps: readonly Step[]): Ran & { readonly screen: string }
}

/** Builds the test shell once for a file; `env` is added to its environment. */
export function ptyFor(name: string, env: Readonly<Record<string, string>> = {}): Pty {
  const program = `node_modules/.cache/xpv-test/${name}-${process.pid}.mjs`
  let state = ''
  beforeAll(() =>
    build({
      entryPoints: ['test/shell/fixture.ts'],
      outfile: program,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      loader: { '.esc': 'text' },
    }),
  )
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'xpv-shell-'))
    return () => rmSync(state, { recursive: true })
  })
  afterAll(() => rmSync(program, { force: true }))

  const run = (...steps: readonly Step[]): Ran => {
    const argv = ['test/shell/on-a-terminal.py', JSON.stringify(steps), process.execPath, program]
    const all = { ...process.env, XDG_STATE_HOME: state, TERM: 'xterm', NO_COLOR: '1', ...env }
    const { stdout, stderr } = spawnSync('python3', argv, { encoding: 'utf8', env: all })
    expect(stderr).toBe('')
    return JSON.parse(stdout)
  }
  const onTerminal: Pty['onTerminal'] = (...steps) => {
    const ran = run(PROMPT, ...steps, PROMPT, { send: CTRL_D })
    expect(ran.problem, ran.transcript).toBe(null)
    return { ...ran, screen: stripVTControlCharacters(ran.transcript).replaceAll('\r', '') }
  }
  return { state: () => state, run, onTerminal }
}
