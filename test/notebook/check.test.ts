import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { compareRun, diffNotebook, measureInputs } from '../../src/notebook/check.js'
import { parseNotebook, printNotebook } from '../../src/notebook/format.js'
import { withOutputs } from '../../src/notebook/outputs.js'
import { type NotebookSession, runNotebook, shortened } from '../../src/notebook/run.js'

/** A session that answers from a table; everything unknown is an error. */
function answering(answers: Readonly<Record<string, string>>): NotebookSession {
  return {
    evaluate: async (source) => {
      const text = answers[source.trim()]
      return text === undefined
        ? { kind: 'error', error: 'x.unknown', text: `x.unknown: ${source}` }
        : { kind: 'ok', error: '', text }
    },
    close: () => {},
  }
}

const BARE = '---\nxpv: 1\n---\n\n```ts xpv #a\nA\n```\n\n```ts xpv #b\nB\n```\n'

async function stored(answers: Readonly<Record<string, string>>): Promise<string> {
  const { document } = parseNotebook(BARE)
  const run = await runNotebook(document, answering(answers))
  return printNotebook(withOutputs(document, run.outputs))
}

it('a notebook that was just run has no drift', async () => {
  const { document } = parseNotebook(await stored({ A: 'one', B: 'two' }))
  const run = await runNotebook(document, answering({ A: 'one', B: 'two' }))
  expect(compareRun(document, run)).toEqual([])
  expect(diffNotebook('n', document, run)).toBe('')
})

it('names the cell whose output differs, and shows the lines', async () => {
  const { document } = parseNotebook(await stored({ A: 'one', B: 'two' }))
  const run = await runNotebook(document, answering({ A: 'one', B: 'three' }))
  expect(compareRun(document, run).map((d) => [d.kind, d.what])).toEqual([['output', 'b']])
  expect(diffNotebook('n', document, run)).toMatch(/-two\n\+three/)
})

it('a changed source makes its own output and all later ones stale', async () => {
  const text = (await stored({ A: 'one', B: 'two' })).replace('\nA\n', '\nA2\n')
  const { document } = parseNotebook(text)
  const run = await runNotebook(document, answering({ A2: 'one', B: 'two' }))
  expect(compareRun(document, run).map((d) => d.what)).toEqual(['a', 'b'])
})

it('a failing cell fails the check unless it said so', async () => {
  const { document } = parseNotebook(await stored({ A: 'one' }))
  const run = await runNotebook(document, answering({ A: 'one' }))
  expect(run.failures.map((f) => f.cell.id)).toEqual(['b'])
  const expecting = parseNotebook(BARE.replace('#b', '#b expect-error=x.unknown'))
  expect((await runNotebook(expecting.document, answering({ A: 'one' }))).failures).toEqual([])
  const wrong = parseNotebook(BARE.replace('#b', '#b expect-error=y.other'))
  expect((await runNotebook(wrong.document, answering({ A: 'one' }))).failures).toHaveLength(1)
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

it('a long output is cut, with a count and a hash of the whole', () => {
  const text = Array.from({ length: 250 }, (_, i) => `line ${i}\n`).join('')
  const whole = createHash('sha256').update(text).digest('hex').slice(0, 16)
  expect(shortened(text).split('\n').at(-2)).toBe(`[50 more lines; sha256 of all ${whole}]`)
  expect(shortened('short\n')).toBe('short\n')
})
