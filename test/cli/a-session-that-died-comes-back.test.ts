// `xpv --resume`: the cells of a session that died run again, and what differs is told.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

/** No process has it. */
const DEAD = 2 ** 30

let state: string
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'xpv-resume-'))
})
afterEach(() => rmSync(state, { recursive: true }))

function xpv(argv: readonly string[], input: string): { stdout: string; stderr: string } {
  const env = { ...process.env, XDG_STATE_HOME: state, NO_COLOR: '1' }
  const words = ['--no-force-async-hooks-checks', 'bin/xpv.mjs', ...argv]
  return spawnSync(process.execPath, words, { encoding: 'utf8', input, env })
}

/** A journal as a session leaves it that is killed in its last cell. */
function leave(id: string): string {
  const folder = join(state, 'xpv', 'sessions')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${id}.jsonl`)
  const head = { xpv: 1, id, pid: DEAD, startedMs: 1, folder: process.cwd(), seed: 9 }
  const cells = [
    { began: 1, language: 'ts', source: 'const n = 41' },
    { ended: 1, how: 'ok', said: '' },
    { title: 'Found' },
    { note: 'What is it now?' },
    { began: 2, language: 'ts', source: '"now"' },
    { ended: 2, how: 'ok', said: "'then'" },
    { began: 3, language: 'ts', source: 'login("<TOKEN>")', isRedacted: true },
    { ended: 3, how: 'ok', said: '' },
    { began: 4, language: 'ts', source: 'for (;;);' },
  ]
  writeFileSync(path, [head, ...cells].map((line) => `${JSON.stringify(line)}\n`).join(''))
  return path
}

it('runs its cells again, says what differs, and goes on', () => {
  const path = leave('a-session')
  const { stdout, stderr } = xpv(['--resume'], 'n + 1\n.show c2\n')
  expect(stderr).toBe('')
  expect(stdout).toBe(
    [
      'the cells of a-session, run again',
      '  1  const n = 41',
      '  2  "now"',
      `     said "'then'", now says "'now'"`,
      '  3  login("<TOKEN>")',
      '     held a secret: to be typed again',
      '  4  for (;;);',
      '     was running when the session died: not run again',
      '42',
      'What is it now?',
      '',
      '#c2  ts  fresh',
      '    "now"',
      "'now'",
      '',
    ].join('\n'),
  )
  expect(readFileSync(path, 'utf8')).toMatch(/\{"closed":"resumed"\}\n$/)
  expect(xpv(['--resume'], '').stderr).toContain('no session has died')
})

it('lists those that died', () => {
  leave('one')
  leave('two')
  const { stdout } = xpv(['--resume', 'list'], '')
  expect(stdout).toMatch(/^(one|two) {2}4 cells on sim:xvm-3\.1 in .*, last: for \(;;\);\n/)
  expect(stdout.trim().split('\n')).toHaveLength(2)
})
