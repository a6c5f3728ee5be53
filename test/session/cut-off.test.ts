// Cutting off: of a cell that was interrupted while it waited, nothing goes on.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import { Session } from '../../src/session/session.js'
import { nativeImport } from './native-import.js'
import { killWhenStuck } from './no-hang.js'

afterAll(killWhenStuck())

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** The same by a clock that no session has taken over: nothing clears it. */
const { setTimeout: later } = globalThis
const pause = (ms: number) => new Promise((resolve) => later(resolve, ms))

/** What it has to tidy up in, and a little more. */
const GRACE_MS = 130

let session: Session
let seen: string[]
beforeEach(() => {
  seen = []
  const see = (what: string) => void seen.push(what)
  session = new Session({ globals: { sleep, see, pause }, commands: [], write: () => {} })
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
  ['a chain', 'sleep(20).then(() => see("more")); waits(); await sleep(1e6)'],
  ['a chain of chains', 'const go = () => sleep(1).then(go); go(); waits(); await sleep(1e6)'],
  ['what takes any error', 'waits(); await slow().catch(() => 1).then(() => see("more"))'],
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

/** A module that waits in every way there is. */
const WAITING = `
async function* ticks(pause) { await pause(250); yield 1 }
export const slow = async (pause, see) => { await pause(250); see('await') }
export const chained = (pause, see) => pause(250).then(() => pause(0)).then(() => see('then'))
export const over = async (pause, see) => { for await (const _ of ticks(pause)) see('each') }
`

const FILE = join(mkdtempSync(join(tmpdir(), 'xpv-waiting-')), 'waiting.mjs')
writeFileSync(FILE, WAITING)

it.each<[where: string, use: string]>([
  ['a cell', WAITING.replaceAll('export ', '')],
  ['an imported file', 'const { slow, chained, over } = await load()'],
])('whatever %s waits for, none of it goes on', async (_, use) => {
  session.define({ load: () => nativeImport(FILE) })
  await session.evaluate(use)
  const all = '[slow, chained, over].map((each) => each(pause, see))'
  await session.evaluate(`await Promise.all(${all})`)
  expect(seen).toHaveLength(3)
  seen.length = 0
  expect(await cutOff(`${all}; waits(); await pause(1e4)`)).toBe('interrupted')
  await pause(200)
  expect(seen).toEqual([])
})

it('a chain tidies up, too', async () => {
  await cutOff(`(async () => { await sleep(1e6) })().finally(() => see("tidy"))
    waits(); await sleep(1e6)`)
  expect(seen).toEqual(['tidy'])
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
