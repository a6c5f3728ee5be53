// -c: a command runs beside the recording; $target is its process.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startWaiting } from '../../src/session/commands/dtrace-child.js'
import { xpv } from './xpv-process.js'

const OVER = ['dtrace', '--machine', 'examples/recordings/xl-create']

it('a command waits until it is released, and its end is told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'xpv-child-'))
  const file = join(folder, 'out')
  try {
    const child = startWaiting(['sh', '-c', `echo\t$$>${file};exit\t3`])
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(() => readFileSync(file)).toThrow()
    child.release()
    expect(await child.ended).toBe(`pid ${child.pid} exited with status 3`)
    expect(readFileSync(file, 'utf8')).toBe(`${child.pid}\n`)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('a command that is not wanted any more is ended', async () => {
  const child = startWaiting(['sleep', '60'])
  child.kill()
  expect(await child.ended).toBe(`pid ${child.pid} terminated by SIGKILL`)
})

it('a command that there is not is told before anything runs', () => {
  expect(() => startWaiting(['no-such-command-at-all'])).toThrow(
    'failed to execute no-such-command-at-all: No such file or directory',
  )
})

it('$target is the process, exit() ends it, its status is not ours', () => {
  const run = xpv([...OVER, '-c', 'sleep 60', '-qn', 'BEGIN { exit($target > 1 ? 7 : 8); }'])
  expect(run).toMatchObject({ status: 7, out: '\n' })
  const gone = xpv([...OVER, '-c', 'false', '-n', 'END { trace($target); }'])
  expect(gone.status).toBe(0)
  expect(gone.err).toMatch(/^dtrace: pid \d+ exited with status 1$/m)
})
