// The journal on disk: every cell is there before it runs, and nobody else may read it.
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  closeJournal,
  hasCrashed,
  JournalFile,
  journalId,
  readJournals,
} from '../../src/session/journal-file.js'
import { redactor } from '../../src/session/secrets.js'
import { Session } from '../../src/session/session.js'

/** No process has it: the kernel counts to 4194304 at most. */
const DEAD = 2 ** 30
const head = { pid: DEAD, machine: 'sim', seed: 7, hz: undefined, folder: '/tmp' }

let folder: string
let warned: string
let file: JournalFile
let session: Session
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'xpv-journal-')), 'sessions')
  warned = ''
  begin()
})
afterEach(() => {
  session.close()
  file.close()
  rmSync(join(folder, '..'), { recursive: true })
})

function begin(startedMs = Date.now()): void {
  file = new JournalFile(folder, { ...head, id: journalId(startedMs, DEAD), startedMs }, (text) => {
    warned += text
  })
  const redact = redactor({ API_TOKEN: 'tok-123456' }, {})
  const look = () => readJournals(folder)[0]?.cells.at(-1)
  session = new Session({ globals: { look }, commands: [], write: () => {}, keeper: file, redact })
}

it('has a cell before it runs, and its end after', async () => {
  expect(await session.evaluate('look()')).toMatchObject({
    value: { number: 1, language: 'ts', source: 'look()', how: undefined },
  })
  await session.evaluate('console.log("so"); throw new Error("no")')
  const [journal] = readJournals(folder)
  expect(journal).toMatchObject({ ...head, closed: undefined })
  expect(journal?.cells[1]).toMatchObject({
    how: 'error',
    said: 'so\nError: no\n    at cell 2, line 1:26',
  })
})

it('has what is said of the session, after the cells before it', async () => {
  session.journal.remark({ kind: 'title', text: 'Found' })
  await session.evaluate('1')
  session.journal.remark({ kind: 'note', text: 'line one\nline two' })
  expect(readJournals(folder)[0]?.remarks).toEqual([
    { kind: 'title', text: 'Found', after: 0 },
    { kind: 'note', text: 'line one\nline two', after: 1 },
  ])
})

it('is for its owner only, and makes no file before there is a cell', async () => {
  expect(readJournals(folder)).toEqual([])
  await session.evaluate('1')
  const [name = ''] = readdirSync(folder)
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
})

it('a session that did not end, or was not resumed, has crashed', async () => {
  const crashed = () => readJournals(folder).filter(hasCrashed).length
  await session.evaluate('1')
  expect(crashed()).toBe(1)
  closeJournal(readJournals(folder)[0]?.path ?? '', 'resumed')
  expect(crashed()).toBe(0)
  session.close()
  begin()
  await session.evaluate('2')
  file.close()
  expect(crashed()).toBe(0)
})

it('reads past a line that was cut off, and past what is no journal', async () => {
  await session.evaluate('1')
  const { path = '' } = readJournals(folder)[0] ?? {}
  appendFileSync(path, '{"began":2,"langu')
  appendFileSync(join(folder, 'other.jsonl'), '\u0000\u00ff{]')
  expect(readJournals(folder)).toMatchObject([{ cells: [{ source: '1', how: 'ok' }] }])
  closeJournal(path, 'resumed')
  expect(readJournals(folder)).toMatchObject([{ closed: 'resumed' }])
})

it('drops journals that are old or too many', async () => {
  await session.evaluate('1')
  const [name = ''] = readdirSync(folder)
  const longAgo = Date.now() / 1000 - 31 * 24 * 3600
  utimesSync(join(folder, name), longAgo, longAgo)
  session.close()
  begin()
  await session.evaluate('2')
  expect(readJournals(folder)).toMatchObject([{ cells: [{ source: '2' }] }])
})

it('never has a secret, nor have errors', async () => {
  const cell = 'const t = "tok-123456"; console.log(t); throw new Error(t, { cause: new Error(t) })'
  const result = await session.evaluate(cell)
  expect(JSON.stringify(result.kind === 'error' && result.error.text)).not.toContain('tok-123456')
  const [name = ''] = readdirSync(folder)
  expect(readFileSync(join(folder, name), 'utf8')).not.toContain('tok-123456')
  expect(JSON.stringify(session.journal.entries)).not.toContain('tok-123456')
  expect(readJournals(folder)[0]?.cells[0]).toMatchObject({ isRedacted: true })
})

it('says once why it cannot be kept, and the session goes on', async () => {
  session.close()
  file = new JournalFile('/dev/null/x', { ...head, id: 'x', startedMs: 0 }, (text) => {
    warned += text
  })
  session = new Session({ globals: {}, commands: [], write: () => {}, keeper: file })
  expect(await session.evaluate('1')).toMatchObject({ value: 1 })
  expect(await session.evaluate('2')).toMatchObject({ value: 2 })
  expect(warned).toMatch(/^the journal is not kept: ENOTDIR.*\n$/)
})
