// Interrupting: whatever a cell does, its user gets the prompt back, and the bindings stay.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Command } from '../../src/session/command.js'
import { Session } from '../../src/session/session.js'

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
  const started = performance.now()
  const result = await session.evaluate(cell, { timeoutMs: 100 })
  const tookMs = performance.now() - started - 100
  expect(result.kind).toBe('interrupted')
  expect(tookMs).toBeLessThan(600)
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
  const running = session.evaluate('await sleep(60_000)')
  await sleep(20)
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
  const first = session.evaluate('await sleep(50); 1')
  await sleep(10)
  await expect(session.evaluate('2')).rejects.toMatchObject({ code: 'session.running' })
  expect(await first).toMatchObject({ value: 1 })
})
