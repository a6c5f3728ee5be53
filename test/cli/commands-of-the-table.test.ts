// Subcommands are commands of the prompt, and functions: one table, one output.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OpenSession } from '../../src/cli/session.js'
import { SUBCOMMANDS } from '../../src/cli/subcommands.js'
import { plainSession } from '../session/plain-session.js'
import { ROOT, xpv } from './xpv-process.js'

let open: OpenSession
beforeAll(async () => {
  open = await plainSession(ROOT)
})
afterAll(() => open.close())

/** What a cell prints or shows. */
async function told(cell: string): Promise<string> {
  const result = await open.session.evaluate(cell, { final: true })
  if (result.kind === 'error') return `${result.error.text}\n`
  if (result.kind !== 'ok') return result.kind
  return `${result.output}${result.shown?.['text/plain'] ?? ''}`
}

it('each is a command at the prompt, but for what starts or helps a prompt', () => {
  const missing = SUBCOMMANDS.map(({ name }) => name).filter(
    (name) => !open.session.commands.has(name),
  )
  expect(missing).toEqual(['jupyter'])
})

it.each([
  'info examples/recordings/load',
  'info --json examples/recordings/load',
  'fmd --every 19s examples/recordings/fma-series/mcelog-series.bin',
  'completion fish',
])('%s says the same everywhere', async (line) => {
  const { out } = xpv(line.split(' '))
  expect(await told(line)).toBe(out)
  const [name, ...words] = line.split(' ')
  const call = `(await xpv.${name}(${words.map((word) => JSON.stringify(word)).join(', ')})).stdout`
  expect((await open.session.evaluate(call)) as object).toMatchObject({ kind: 'ok', value: out })
})

it('one that runs cells has a process of its own', async () => {
  expect(await told('check no-such.xpv.md')).toMatch(/there is no file no-such\.xpv\.md/)
  expect(await told('(await xpv.check("no-such.xpv.md")).status')).toBe('5')
})

it('info without a file is of the machine that is open', async () => {
  const parts = (await told('info')).split('\n')
  expect(parts[0]).toBe(await told('machine.snapshot().title').then((text) => text.slice(1, -1)))
})

it('what is wrong is said with what to type here', async () => {
  expect(await told('info --nothing')).toMatch(/^cli\.usage: [^\n]*\n {2}try: info --help/)
  expect(await told('fmd nofile')).toMatch(/try: fmd /)
  expect(await told('xpv.nothing')).toBe('')
})

it.each([
  { recording: 'load', says: /^pcpus seen +0 1\nno record of pcpus +2 3$/m, unseen: [2, 3] },
  { recording: 'contended', says: /^pcpus seen +0 1 2 3\nspan /m, unseen: [] },
  { recording: 'xl-migrate', says: /^pcpus seen +none\nspan /m, unseen: [0, 1, 2, 3] },
])('info of $recording says which pcpus it has no record of', async (each) => {
  const { recording, says, unseen } = each
  expect(await told(`info examples/recordings/${recording}`)).toMatch(says)
  const json = JSON.parse(await told(`info --json examples/recordings/${recording}`))
  expect(json.pcpusUnseen).toMatchObject({ kind: 'known', value: unseen })
})
