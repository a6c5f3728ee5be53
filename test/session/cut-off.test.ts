// Cutting off: of a cell that was interrupted while it waited, nothing goes on.
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import { Session } from '../../src/session/session.js'
import { killWhenStuck } from './no-hang.js'

afterAll(killWhenStuck())

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** What it has to tidy up in, and a little more. */
const GRACE_MS = 130

let session: Session
let seen: string[]
beforeEach(() => {
  seen = []
  const see = (what: string) => void seen.push(what)
  session = new Session({ globals: { sleep, see }, commands: [], write: () => {} })
  session.guard()
})
afterEach(() => session.close())

/** What fails with nobody to see it; vitest would take it for a failure of the test. */
let strays: unknown[]
beforeEach(() => {
  strays = []
  const others = process.listeners('unhandledRejection')
  const stray = (thrown: unknown) => void (session.fail(thrown) || strays.push(thrown))
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', stray)
  return () => {
    process.off('unhandledRejection', stray)
    for (const listener of others) process.on('unhandledRejection', listener)
  }
})

/** Runs the cell until it says 'waits', interrupts it, and gives what is left of it some time. */
async function cutOff(cell: string): Promise<string> {
  const waits = new Promise((resolve) => session.define({ waits: resolve }))
  const running = session.evaluate(cell)
  await waits
  session.interrupt()
  const { kind } = await running
  await sleep(GRACE_MS)
  return kind
}

it.each([
  ['a loop behind the await', 'waits(); await sleep(20); for (;;) see("more")'],
  ['a loop around it', 'for (;;) { await sleep(2); see("more"); waits(); seen = see }'],
  ['a function of an earlier cell', 'waits(); await slow()'],
  ['a promise nobody awaits', 'slow(); waits(); await sleep(1e6)'],
  ['async iteration', 'waits(); for await (const _ of ticks()) see("more")'],
  ['async iteration of plain values', 'waits(); for await (const p of [sleep(20)]) see("more")'],
  ['a loop that takes any error', 'waits(); for (;;) try { await slow() } catch {}'],
  ['an interval', 'setInterval(() => see("more"), 5); waits(); await sleep(1e6)'],
  ['a timer', 'setTimeout(() => { for (;;) see("more") }, 20); waits(); await sleep(1e6)'],
  ['a chain of timers', 'const f = () => setTimeout(f, 1); f(); waits(); await sleep(1e6)'],
  ['a promise as the last value', 'waits(); slow()'],
])('%s does not go on', async (_, cell) => {
  await session.evaluate(`
    async function slow() { await sleep(20); see("more") }
    async function* ticks() { await sleep(20); yield 1 }
    const kept = 41`)
  expect(await cutOff(cell)).toBe('interrupted')
  seen.length = 0
  await sleep(30)
  expect(seen).toEqual([])
  expect(await session.evaluate('kept + 1')).toMatchObject({ kind: 'ok', value: 42 })
})

it('gets time to tidy up', async () => {
  await cutOff('try { waits(); await sleep(1e6) } finally { await sleep(1); see("tidy") }')
  expect(seen).toEqual(['tidy'])
})

it('tidying up is stopped when it does not end', async () => {
  await cutOff('try { waits(); await sleep(1e6) } finally { for (;;); }')
  expect(await session.evaluate('1')).toMatchObject({ value: 1 })
})

it('leaves alone what earlier cells have left running', async () => {
  await session.evaluate('async function poll() { for (;;) { await sleep(2); see("poll") } }')
  await session.evaluate(
    'const polling = poll(); const every = setInterval(() => see("interval"), 2)',
  )
  await cutOff('waits(); await sleep(1e6)')
  seen.length = 0
  await sleep(30)
  expect([...new Set(seen)].sort()).toEqual(['interval', 'poll'])
})

it('a chain of microtasks without end is stopped', async () => {
  const endless = '(async () => { for (;;) await 0 })(); await sleep(1)'
  expect(await session.evaluate(endless, { timeoutMs: 100 })).toMatchObject({ kind: 'interrupted' })
  const thens = 'const f = () => Promise.resolve().then(f); f(); await sleep(1)'
  expect(await session.evaluate(thens, { timeoutMs: 100 })).toMatchObject({ kind: 'interrupted' })
  expect(await session.evaluate('2')).toMatchObject({ value: 2 })
})

it('what it dies of is no failure of anybody', async () => {
  await session.evaluate('async function slow() { await sleep(20); see("more") }')
  await cutOff('slow(); waits(); await sleep(1e6)')
  expect(strays).toEqual([])
})
