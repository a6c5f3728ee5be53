// Ctrl-C and SIGTERM end a run as they end dtrace(8): END fires, aggregations print. A reader that
// has seen enough ends it too.
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { openRecording } from '../../src/backend/replay/open.js'
import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import { dtraceCommand } from '../../src/session/commands/dtrace.js'
import { inRepository } from './dtrace-run.js'
import { startXpv, xpv } from './xpv-process.js'

it('an interrupt ends the run where it is, with END and what was counted so far', async () => {
  const machine = openRecording(inRepository('examples/recordings', 'xl-create'))
  const abort = new AbortController()
  let out = ''
  const io = {
    write: (text: string) => {
      out += text
      abort.abort()
    },
    warn: (text: string) => {
      out += text
    },
    signal: abort.signal,
    interrupted: () => abort.signal.aborted,
    columns: 80,
  }
  const program = 'BEGIN { trace("on"); } tick-200us { @ = count(); } END { trace("off"); }'
  try {
    const status = await dtraceCommand({ machine: () => machine }).run(['-qn', program], io)
    expect(status).toBe(0)
  } finally {
    machine.close()
  }
  const [, ticks] = /^onoff\n +(\d+)\n$/.exec(out) ?? []
  // The recording lasts 14 s: 70,000 ticks.
  expect(Number(ticks)).toBeGreaterThan(0)
  expect(Number(ticks)).toBeLessThan(20_000)
})

it.each([
  { program: 'BEGIN { trace("on"); } END { trace("off"); }', passes: false },
  { program: 'BEGIN { trace("on"); } END { trace("off"); t = timestamp; }', passes: true },
  { program: 'BEGIN { trace("on"); } tick-1s {} END { trace("off"); }', passes: true },
])('time passes until an interrupt, unless nothing can tell: $program', async (how) => {
  const machine = createSimulator({ seed: 1 })
  const abort = new AbortController()
  const since = machine.nowNs
  let out = ''
  const io = {
    write: (text: string) => {
      if (out === '') setTimeout(() => abort.abort(), 20)
      out += text
    },
    warn: () => {},
    signal: abort.signal,
    interrupted: () => abort.signal.aborted,
    columns: 80,
  }
  await dtraceCommand({ machine: () => machine }).run(['-qn', how.program], io)
  expect({ out, passes: machine.nowNs > since }).toEqual({ out: 'onoff\n', passes: how.passes })
})

it.each(['SIGINT', 'SIGTERM'] as const)('%s reaches the run and its command', async (signal) => {
  const program = 'BEGIN { printf("on\\n"); } END { printf("off\\n"); }'
  const over = ['--machine', 'examples/recordings/xl-create']
  const child = startXpv(['dtrace', ...over, '-c', 'sleep 60', '-qn', program])
  let out = ''
  let stopped = false
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
    if (!stopped) child.kill(signal)
    stopped = true
  })
  const [status] = await once(child, 'exit')
  expect({ status, out }).toEqual({ status: 0, out: 'on\noff\n\n' })
})

it('a closed pipe ends it without a word', async () => {
  const child = startXpv(['dtrace', '-qn', 'xdt::: { trace(timestamp); }'])
  let err = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  child.stdout?.once('data', () => child.stdout?.destroy())
  const [status] = await once(child, 'exit')
  expect({ status, err }).toEqual({ status: 0, err: '' })
})

it('bytes that are no text at all are a mistake with a place', () => {
  const run = xpv(['dtrace', '-xerrtags', '-s', '/dev/stdin'], { input: '\u0000\u0001{{}}"\u0000' })
  expect(run.status).toBe(1)
  expect(run.err).toMatch(/dtrace: failed to compile script \/dev\/stdin: \[D_[A-Z_]+\] line 1: /)
})
