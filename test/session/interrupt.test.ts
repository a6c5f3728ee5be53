// Interrupting: whatever a cell does, its user gets the prompt back, and the bindings stay.
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import type { Command } from '../../src/session/command.js'
import { Session } from '../../src/session/session.js'
import { killWhenStuck } from './no-hang.js'

afterAll(killWhenStuck())

/** 200 ms on a machine of our own; this one is shared. */
const IN_TIME_MS = 2000

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const counting: Command = {
  name: 'count',
  summary: 'counts until it is told to stop',
  usage: 'await | compute | ignore',
  examples: [],
  run: async ([how], io) => {
    let count = 0
    if (how === 'compute') while (!io.interrupted()) count += 1
    else if (how === 'ignore') for (;;) count += 1
    else
      while (!io.signal.aborted) {
        count += 1
        await sleep(1)
      }
    io.write(`counted ${count > 0}\n`)
    return 0
  },
}

let session: Session
beforeEach(() => {
  session = new Session({ globals: { sleep }, commands: [counting], write: () => {} })
  session.guard()
})
afterEach(() => session.close())

it.each([
  ['a loop', 'for (;;) {}'],
  ['a loop after an await', 'await sleep(1); for (;;) {}'],
  ['a loop in a timer', 'await new Promise((resolve) => setTimeout(() => { for (;;) {} }, 1))'],
  ['a loop in the display of a value', '({ [Symbol.for("xpv.display")]() { for (;;) {} } })'],
  ['a regular expression that never ends', '/^(a+)+$/.test("a".repeat(40) + "b")'],
  ['an endless wait', 'await new Promise(() => {})'],
  ['a loop in a command', 'count ignore'],
])('%s is stopped in time', async (_, cell) => {
  await session.evaluate('const kept = 41')
  // A loop that begins after its cell was given up is not ours to stop: on a busy machine it may
  // take long to begin.
  const timeoutMs = /[Aa]wait.*for/.test(cell) ? 1000 : 100
  const started = performance.now()
  const result = await session.evaluate(cell, { timeoutMs })
  const tookMs = performance.now() - started - timeoutMs
  expect(result.kind).toBe('interrupted')
  expect(tookMs).toBeLessThan(IN_TIME_MS)
  expect(await session.evaluate('kept + 1')).toMatchObject({ kind: 'ok', value: 42 })
})

it('keeps what the interrupted cell had already bound and written', async () => {
  const cell = 'const got = 7; console.log("so far"); for (;;) {}; const never = 1'
  const result = await session.evaluate(cell, { timeoutMs: 50 })
  expect(result).toMatchObject({ kind: 'interrupted', output: 'so far\n' })
  expect(await session.evaluate('got')).toMatchObject({ value: 7 })
  expect(session.names()).toEqual(['got'])
  expect(session.journal.entries[0]).toMatchObject({ ended: 'interrupted', output: 'so far\n' })
})

it.each(['count await', 'count compute'])('lets `%s` print what it has', async (line) => {
  const result = await session.evaluate(line, { timeoutMs: 100 })
  expect(result).toMatchObject({ kind: 'interrupted', output: 'counted true\n' })
})

it('stops a waiting cell when the program says so', async () => {
  const begun = new Promise((resolve) => session.define({ begun: resolve }))
  const running = session.evaluate('begun(); await sleep(600_000)')
  await begun
  session.interrupt()
  expect((await running).kind).toBe('interrupted')
})

it('does nothing when no cell runs, nor to the next one', async () => {
  session.interrupt()
  expect(await session.evaluate('1', { timeoutMs: 50 })).toMatchObject({ value: 1 })
  await sleep(80)
  expect(await session.evaluate('2')).toMatchObject({ value: 2 })
})

it('runs one cell at a time', async () => {
  const begun = new Promise((resolve) => session.define({ begun: resolve }))
  const first = session.evaluate('begun(); await sleep(20); 1')
  await begun
  await expect(session.evaluate('2')).rejects.toMatchObject({ code: 'session.running' })
  expect(await first).toMatchObject({ value: 1 })
})
