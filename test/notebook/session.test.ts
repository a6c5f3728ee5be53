// A notebook's session: what its cells know and what ends them.
import { afterEach, expect, it } from 'vitest'
import { makeContext } from '../../src/cli/context.js'
import { notebookSession } from '../../src/cli/notebook-session.js'
import { Output } from '../../src/cli/output.js'
import { loadConfig } from '../../src/config/config.js'
import type { CellLanguage } from '../../src/notebook/document.js'
import type { NotebookSession } from '../../src/notebook/run.js'

const HOST = { hz: undefined, seed: undefined, directory: process.cwd(), params: {} }
let open: NotebookSession | undefined
afterEach(() => open?.close())

async function session(place: Partial<Parameters<typeof notebookSession>[0]> = {}) {
  open?.close()
  const config = loadConfig({ flags: {}, environment: {}, folder: '/nowhere' })
  const { signal } = new AbortController()
  const context = makeContext({ config, out: new Output(), signal })
  open = await notebookSession({ ...HOST, spec: 'sim:xvm-3.1', ...place }, context)
  const { evaluate } = open
  return (source: string, language: CellLanguage = 'ts', timeoutMs?: number) =>
    evaluate({ id: 'a', language, source }, timeoutMs)
}

it('parameters are there, of their types, and cannot be changed', async () => {
  const run = await session({ params: { status: 0xbea0000000000136n, who: 'web1' } })
  expect(await run('[params.status.toString(16), params.who]')).toMatchObject({
    text: "[ 'bea0000000000136', 'web1' ]\n",
  })
  expect(await run('params.who = 2')).toMatchObject({ kind: 'error', error: 'TypeError' })
})

it('time is that of the simulated host: its boot, then what passes there', async () => {
  const run = await session()
  const said = 'new Date().toISOString().slice(0, 16)'
  const booted = await run(said)
  await run("machine.run('60s')")
  const later = await run(said)
  expect(booted.text).toMatch(/^'200\d-\d\d-\d\dT\d\d:\d\d'\n$/)
  const minutes = [booted, later].map(({ text }) => Date.parse(`${text.slice(1, 17)}Z`) / 60_000)
  expect((minutes[1] ?? 0) - (minutes[0] ?? 0)).toBe(1)
})

it('what is drawn by lot is the same again, and another with another seed', async () => {
  const drawn = async (seed?: number) => {
    const run = await session({ seed })
    const { text } = await run('[Math.random(), crypto.randomUUID()]')
    return text
  }
  expect(await drawn()).toBe(await drawn())
  expect(await drawn(8)).not.toBe(await drawn())
})

it('a seed is that of simulated hosts whose spec says none', async () => {
  const course = async (place: Parameters<typeof session>[0]) => {
    const run = await session(place)
    return (await run('fmtopo', 'sh')).text // serial numbers are chance
  }
  const same = await course({ spec: 'sim:xvm-3.1,seed=9' })
  expect(await course({ seed: 9 })).toBe(same)
  expect(await course({})).not.toBe(same)
  expect(await course({ spec: 'sim:xvm-3.1,seed=9', seed: 5 })).toBe(same)
})

it('a picture comes with the text of what is shown', async () => {
  const run = await session()
  const drawn = await run("chart.bar(on('xpv:::').by('probename').count())")
  expect(drawn.kind === 'ok' ? drawn.svg : drawn.text).toMatch(/^<svg /)
})

it('a cell that takes longer than it may is ended, and the next one runs', async () => {
  const run = await session()
  expect(await run('for (;;) {}', 'ts', 100)).toMatchObject({
    kind: 'error',
    error: 'nb.timeout',
    text: 'nb.timeout: the cell took longer than 100 ms\n',
  })
  expect(await run('1 + 1', 'ts', 10_000)).toMatchObject({ kind: 'ok', text: '2\n' })
})

it('a cell that prints a gigabyte fails, and says why', async () => {
  const run = await session()
  const flood = "const line = 'x'.repeat(1 << 20); for (let i = 0; i < 1024; i++) console.log(line)"
  const { kind, error, text } = await run(flood)
  expect([kind, error]).toEqual(['error', 'nb.too-much'])
  expect(text.length).toBeLessThan(5000)
})

it('process.exit is refused, and everything is back once it is closed', async () => {
  const run = await session()
  expect(await run('process.exit(0)')).toMatchObject({ kind: 'error', error: 'nb.exit' })
  open?.close()
  open = undefined
  expect(Math.abs(Date.now() - performance.timeOrigin - performance.now())).toBeLessThan(60_000)
})

it('rules in a cell are checked, and named by its id', async () => {
  const run = await session()
  const rules = 'event fault.cpu.x@cpu;\nevent ereport.cpu.x@cpu;\n'
  expect((await run(rules, 'esc')).kind).toBe('ok')
  expect((await run('event fault.cpu.x@;\n', 'esc')).kind).toBe('error')
})
