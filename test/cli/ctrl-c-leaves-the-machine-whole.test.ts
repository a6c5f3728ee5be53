// Ctrl-C while time passes on a simulated machine: the prompt is back, and time can go on, on the
// machine, on its forks and on its second host. Only code of the user's own that never looks, in
// the middle of something that happens on the machine, leaves none behind.
import { performance } from 'node:perf_hooks'
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import { connect } from '../../src/cli/connect.js'
import { CurrentMachine } from '../../src/cli/current-machine.js'
import { type OpenSession, openSession } from '../../src/cli/session.js'
import type { CellResult } from '../../src/session/cell.js'
import { killWhenStuck } from '../session/no-hang.js'

afterAll(killWhenStuck())

/** When Ctrl-C comes, in milliseconds after the cell begins. */
const AFTER_MS = 150
/** Time until the prompt is back: 200 ms on a machine of our own; this one is shared. */
const PROMPT_MS = 2000

let open: OpenSession
beforeEach(async () => {
  const silent = { write: () => {}, warn: () => {}, columns: () => 80 }
  open = openSession(new CurrentMachine('sim', (spec) => connect(spec), undefined), silent)
  open.session.guard()
  await open.session.evaluate('const other = machine.fork()')
})
afterEach(() => open.close())

const evaluate = (source: string, timeoutMs?: number) =>
  open.session.evaluate(source, timeoutMs === undefined ? {} : { timeoutMs })

/** Interrupted, or with the status that a command has then. */
const isInterrupted = (result: CellResult): boolean =>
  result.kind === 'interrupted' || (result.kind === 'ok' && result.status === 130)

/** A second passes on a host, and its dom0 answers. */
async function goesOn(host: string): Promise<void> {
  const before = await yielded(`${host}.nowNs`)
  expect(await yielded(`${host}.run('1s'); ${host}.nowNs`)).toBe(Number(before) + 1e9)
  expect(await yielded(`${host}.command('xm list').stdout`)).toContain('Domain-0')
}

/** What a cell yields; it must end by itself. */
async function yielded(source: string): Promise<unknown> {
  const result = await evaluate(source)
  expect(result).toMatchObject({ kind: 'ok' })
  return result.kind === 'ok' ? result.value : undefined
}

it.each([
  ["machine.run('1000h')", 'machine'],
  ["machine.command('sleep 3600000')", 'machine'],
  ['for (;;) machine.step()', 'machine'],
  ['for (;;) machine.run(10)', 'machine'],
  ['sleep 3600000', 'machine'],
  ["other.run('1000h')", 'other'],
  ["other.command('sleep 3600000')", 'other'],
  ["machine.peer.run('1000h')", 'machine.peer'],
])('%s: the prompt is back, time can go on', async (cell, host) => {
  const started = performance.now()
  const result = await evaluate(cell, AFTER_MS)
  const tookMs = performance.now() - started - AFTER_MS
  expect(isInterrupted(result)).toBe(true)
  expect(tookMs).toBeLessThan(PROMPT_MS)
  await goesOn(host)
})

it.each(["machine.run('1000h')", 'sleep 3600000', "machine.command('sleep 3600000')"])(
  'with a program that prints everything, %s ends too',
  async (cell) => {
    await evaluate(
      'dtrace -n \'xdt::: { printf("%d", timestamp); @[probename] = quantize(arg0); }\'',
    )
    expect(isInterrupted(await evaluate(cell, AFTER_MS))).toBe(true)
    await goesOn('machine')
  },
)

it('a watcher of the user that hangs leaves no machine behind, and says so', async () => {
  await evaluate("import { createSimulator } from 'xpv'; const mine = createSimulator()")
  await evaluate('mine.watch(() => true, () => { for (;;) {} })')
  expect(await evaluate('mine.run(1e12)', AFTER_MS)).toMatchObject({ kind: 'interrupted' })
  const refused = await evaluate('mine.run(1e9)')
  expect(refused).toMatchObject({ kind: 'error', error: { code: 'sim.torn' } })
  await goesOn('machine')
})
