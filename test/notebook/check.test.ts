import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { compareRun, type Drift, measureInputs, steadyCells } from '../../src/notebook/check.js'
import type { NotebookDocument } from '../../src/notebook/document.js'
import { parseNotebook, printNotebook } from '../../src/notebook/format.js'
import { dropUnused, keepFiles, outputFolder } from '../../src/notebook/output-files.js'
import { withOutputs } from '../../src/notebook/outputs.js'
import { type CellOutcome, type NotebookSession, runNotebook } from '../../src/notebook/run.js'

type Answer = string | Partial<CellOutcome>

/** A session that answers from a table; everything unknown is an error. */
function answering(answers: Readonly<Record<string, Answer>>): NotebookSession {
  return {
    evaluate: async ({ source }) => {
      const answer = answers[source.trim()]
      const text = `x.unknown: ${source}`
      if (answer === undefined) return { kind: 'error', error: 'x.unknown', text }
      const told = typeof answer === 'string' ? { text: answer } : answer
      return { kind: 'ok', error: '', text: '', ...told }
    },
    close: () => {},
  }
}

const BARE = '---\nxpv: 1\n---\n\n```ts xpv #a\nA\n```\n\n```ts xpv #b\nB\n```\n'

/** A notebook on disk whose outputs are those of a run. */
async function stored(
  answers: Readonly<Record<string, Answer>>,
  bare = BARE,
): Promise<{ document: NotebookDocument; path: string }> {
  const path = join(mkdtempSync(join(tmpdir(), 'xpv-check-')), 'n.xpv.md')
  const { document } = parseNotebook(bare)
  const { outputs } = await runNotebook(document, answering(answers))
  const laid = withOutputs(document, outputs, outputFolder(path))
  keepFiles(
    path,
    [...outputs.values()].flatMap(({ files }) => files),
    writeFileSync,
  )
  return { document: parseNotebook(printNotebook(laid)).document, path }
}

/** How a stored notebook differs from a run. */
async function drifts(
  { document, path }: Awaited<ReturnType<typeof stored>>,
  answers: Readonly<Record<string, Answer>>,
): Promise<readonly Drift[]> {
  return compareRun(document, await runNotebook(document, answering(answers)), path)
}

it('a notebook that was just run has no drift', async () => {
  const notebook = await stored({ A: 'one', B: { text: 'two', svg: '<svg/>' } })
  expect(await drifts(notebook, { A: 'one', B: { text: 'two', svg: '<svg/>' } })).toEqual([])
})

it('names the cell whose output differs, where it is, and shows the lines', async () => {
  const notebook = await stored({ A: 'one', B: 'same\ntwo\n' })
  expect(await drifts(notebook, { A: 'one', B: 'same\nthree\n' })).toEqual([
    {
      kind: 'output',
      what: 'b',
      line: 13,
      message: 'prints something else now',
      changes: '  @@ line 1\n    same\n  - two\n  + three\n',
    },
  ])
})

it('a picture that differs is said to, beside its text', async () => {
  const notebook = await stored({ A: { text: 'one', svg: '<svg>1</svg>' } })
  const found = await drifts(notebook, { A: { text: 'one', svg: '<svg>2</svg>' } })
  expect(found.map(({ what, message }) => `${what} ${message}`)).toEqual([
    expect.stringMatching(/^a draws another picture now, \w{16}\.svg instead of \w{16}\.svg$/),
    expect.stringContaining('b failed'),
  ])
})

it('a changed source makes its own output stale, and none that does not need it', async () => {
  const notebook = await stored({ A: 'one', B: 'two' })
  const text = printNotebook(notebook.document).replace('\nA\n', '\nA2\n')
  const changed = { ...notebook, document: parseNotebook(text).document }
  const found = await drifts(changed, { A2: 'one', B: 'two' })
  expect(found.map(({ kind, what }) => [kind, what])).toEqual([['stale', 'a']])
})

it('a failing cell fails the check unless it said so', async () => {
  const { document } = parseNotebook(
    await stored({ A: 'one' }).then((n) => printNotebook(n.document)),
  )
  const run = await runNotebook(document, answering({ A: 'one' }))
  expect(run.failures.map((f) => f.cell.id)).toEqual(['b'])
  const expecting = parseNotebook(BARE.replace('#b', '#b expect-error=x.unknown'))
  expect((await runNotebook(expecting.document, answering({ A: 'one' }))).failures).toEqual([])
  const wrong = parseNotebook(BARE.replace('#b', '#b expect-error=y.other'))
  expect((await runNotebook(wrong.document, answering({ A: 'one' }))).failures).toHaveLength(1)
})

it.each([
  { name: 'other numbers', before: 'took 12 ms at 0xbea0', after: 'took   7 ms at 0x11', is: [] },
  { name: 'a wider column', before: 'n\n--\n 1\n', after: 'n\n-----\n    1\n', is: [] },
  { name: 'other words', before: 'took 12 ms', after: 'failed after 12 ms', is: ['output'] },
  { name: 'one line more', before: '1\n', after: '1\n2\n', is: ['output'] },
])('unstable, $name: $is', async ({ before, after, is }) => {
  const bare = BARE.replace('#a', '#a unstable')
  const notebook = await stored({ A: before, B: '' }, bare)
  const found = await drifts(notebook, { A: after, B: '' })
  expect(found.map(({ kind }) => kind)).toEqual(is)
  const run = await runNotebook(notebook.document, answering({ A: after, B: '' }))
  const steady = steadyCells(notebook.document, found)
  const again = printNotebook(withOutputs(notebook.document, run.outputs, 'n.out', steady))
  expect(again === printNotebook(notebook.document)).toBe(is.length === 0)
})

it('the time a cell may take is told to the session', async () => {
  const limits: (number | undefined)[] = []
  const { document } = parseNotebook(BARE.replace('#b', '#b timeout=1.5s'))
  await runNotebook(document, {
    evaluate: async (_cell, limit) => {
      limits.push(limit)
      return { kind: 'ok', error: '', text: '' }
    },
    close: () => {},
  })
  expect(limits).toEqual([undefined, 1500])
})

it('of a long text the notebook has the beginning, the file beside it the whole', async () => {
  const lines = Array.from({ length: 250 }, (_, i) => `line ${i}\n`)
  const notebook = await stored({ A: lines.join(''), B: '' })
  const text = printNotebook(notebook.document)
  expect(text).toMatch(/line 199\n\[50 more lines\]\n```/)
  const sha = createHash('sha256').update(lines.join('')).digest('hex').slice(0, 16)
  expect(text).toMatch(new RegExp(`#a sha=\\w{8} text=${sha}\\n`))
  const found = await drifts(notebook, { A: lines.with(230, 'another\n').join(''), B: '' })
  expect(found[0]?.changes).toBe(
    '  @@ line 230\n    line 229\n  - line 230\n  + another\n    line 231\n',
  )
})

it('a line without an end is cut too, and no character in two', async () => {
  const notebook = await stored({ A: `a${'𝔘'.repeat(50_000)}`, B: '' })
  const text = printNotebook(notebook.document)
  expect(text).toMatch(/𝔘\n\[34467 more characters\]\n```/u)
  expect(Buffer.from(text).toString()).toBe(text)
})

it('files beside the notebook: missing, altered, and removed when nothing names them', async () => {
  const answers = { A: { text: 'one', svg: '<svg>1</svg>' }, B: { text: '', svg: '<svg>2</svg>' } }
  const notebook = await stored(answers)
  const folder = join(dirname(notebook.path), 'n.out')
  const names = readdirSync(folder)
  expect(names).toHaveLength(2)
  const [first = '', second = ''] = notebook.document.parts.flatMap((part) =>
    part.kind === 'output' ? part.files.map(({ name }) => name) : [],
  )
  rmSync(join(folder, first))
  writeFileSync(join(folder, second), '<svg>!</svg>')
  const found = await drifts(notebook, answers)
  expect(found.map(({ what, message }) => [what, message])).toEqual([
    ['a', `n.out/${first} is missing`],
    ['b', `n.out/${second} is altered`],
  ])
  writeFileSync(join(folder, 'mine.svg'), '')
  mkdirSync(join(folder, 'kept'))
  dropUnused(notebook.path, parseNotebook(BARE).document)
  expect(readdirSync(folder)).toEqual(['kept', 'mine.svg'])
})

it('an input altered by one byte is named with both hashes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'xpv-check-'))
  const sha256 = createHash('sha256').update('right').digest('hex')
  const head = `---\nxpv: 1\ninputs:\n  - path: in\n    sha256: ${sha256}\n    bytes: 5\n---\n`
  const { document } = parseNotebook(head)
  const path = join(folder, 'n.xpv.md')
  expect(measureInputs(document, path).drifts.map((d) => d.message)).toEqual([
    'there is no such file',
  ])
  writeFileSync(join(folder, 'in'), 'right')
  expect(measureInputs(document, path).drifts).toEqual([])
  writeFileSync(join(folder, 'in'), 'wrong')
  expect(measureInputs(document, path).drifts[0]?.message).toContain(sha256)
})
