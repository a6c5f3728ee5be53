// At a real terminal: Tab tells types, a wrong cell does not run, `!` runs it, and nothing is left
// behind.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const DRIVER = join(ROOT, 'test', 'shell', 'on-a-terminal.py')

interface Ran {
  readonly transcript: string
  readonly status: number
  readonly problem: string | null
}

function atTerminal(steps: readonly object[]): Ran {
  const state = mkdtempSync(join(tmpdir(), 'xpv-state-'))
  const program = [process.execPath, '--no-force-async-hooks-checks', join(ROOT, 'bin/xpv.mjs')]
  const run = spawnSync('python3', [DRIVER, JSON.stringify(steps), ...program], {
    encoding: 'utf8',
    cwd: ROOT,
    env: { ...process.env, TERM: 'xterm', NO_COLOR: '1', XDG_STATE_HOME: state, XPV_AS_BUILT: '1' },
  })
  rmSync(state, { recursive: true })
  return JSON.parse(run.stdout)
}

it('Tab tells types, a wrong cell does not run, ! runs it', () => {
  const { transcript, status, problem } = atTerminal([
    { expect: 'xpv> ' },
    { wait: 1 },
    { send: 'machine.fork().' },
    { wait: 0.3 },
    { send: '\t' },
    { expect: 'ForkedMachine' },
    { send: '\x1b' },
    { wait: 0.2 },
    { send: '\x15const n: number = "seven"\r' },
    { expect: "ts.2322: line 1:7: Type 'string' is not assignable to type 'number'" },
    { send: 'typeof n\r' },
    { expect: "Cannot find name 'n'" },
    { send: '!const n: number = "seven"\r' },
    { expect: 'xpv> ' },
    { wait: 0.2 },
    { send: 'n + "th"\r' },
    { expect: "'seventh'" },
    { send: '.exit\r' },
  ])
  expect({ status, problem, transcript }).toMatchObject({ status: 0, problem: null })
})
