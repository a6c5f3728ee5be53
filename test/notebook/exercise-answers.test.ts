// Answers: what is right in spite of how it looks, and what is told of what is not.
import { expect, it, vi } from 'vitest'
import { answerWord } from '../../src/cli/desk-answer.js'
import { compareAnswer, kindOf } from '../../src/notebook/exercise/answer.js'
import { exercisesOf } from '../../src/notebook/exercise/exercise.js'
import { parseNotebook } from '../../src/notebook/format.js'
import type { CellResult } from '../../src/session/cell.js'
import type { Session } from '../../src/session/session.js'

const TABLE = 'pcpu  online\n----  ------\n   0  yes\n   1  no\n'
const ROWS = '  a    1\n  b    2\n'
const HISTOGRAM = ' value  ------------- Distribution ------------- count\n 1 |@ 5\n'

it.each([
  ['613', '613\n'],
  ['613n', '613'],
  ["'613'", '613'],
  ['0x265', '613'],
  ['  a  1\n  b   2', ROWS],
  ['pcpu   online\n-----  ------\n0 yes\n1 no', TABLE],
])('%j is right where %j is stored', (found, stored) => {
  expect(compareAnswer(found, stored)).toEqual({ isRight: true, text: 'right' })
})

it.each([
  ['612', '613', 'a number is wanted, but another one: look again'],
  ['613000', '613', 'look at the unit'],
  ['0.613', '613', 'look at the unit'],
  ['', '613', 'it shows nothing'],
  [TABLE, '613', 'it is a table, where a number is wanted'],
  [HISTOGRAM, ROWS, 'it is a distribution, where a table is wanted'],
  ['abc', '613', 'it is a word, where a number is wanted'],
  ['  a  1', ROWS, 'it is a text, where a table is wanted'],
  [`${ROWS}  c 3`, ROWS, 'too many lines'],
  ['b 2\na 1', ROWS, 'the lines are right, their order is not'],
  ['a 1\nb 3', ROWS, 'its numbers differ'],
  ['a 1\nc 2', ROWS, 'its words differ'],
])('%j where %j is stored: %s', (found, stored, says) => {
  const { isRight, text } = compareAnswer(found, stored)
  expect(isRight).toBe(false)
  expect(text).toContain(says)
  for (const number of stored.match(/\d{2,}/g) ?? []) expect(text).not.toContain(number)
})

it('knows kinds by their looks', () => {
  const kinds = ['', '1.5', 'yes', 'two words', TABLE, ROWS, HISTOGRAM, 'a\nb'].map(kindOf)
  const names = ['nothing', 'number', 'word', 'text', 'table', 'table', 'distribution', 'text']
  expect(kinds).toEqual(names)
})

const { document } = parseNotebook(`---
xpv: 1
---

## To try

1. How many are there?
   All of them.

\`\`\`ts xpv #many answer
6 * 7
\`\`\`

\`\`\`xpv-out #many sha=00000000
42
\`\`\`

**Exercise.** And the table?

\`\`\`ts xpv #table answer
x
\`\`\`
`)

it('the task is the last paragraph above', () => {
  expect(exercisesOf(document)).toEqual([
    { id: 'many', task: '1. How many are there? All of them.', stored: '42\n' },
    { id: 'table', task: 'And the table?', stored: undefined },
  ])
})

it('.answer lists, asks, judges, remembers, and leaves no cell', async () => {
  const ok: CellResult = {
    ...({ kind: 'ok' } as const),
    value: 42n,
    shown: undefined,
    output: '',
    durationMs: 0,
    status: 0,
  }
  const evaluate = vi.fn(
    async (source: string): Promise<CellResult> => ({ ...ok, value: source === '42' ? 42n : 41 }),
  )
  const session = () => ({ evaluate }) as unknown as Session
  const answer = (words: string): Promise<string> => answerWord(words, document, session)
  expect(await answer('')).toMatch(/^many\n {2}1\. How many/)
  expect(await answer('many')).toMatch(/^1\. How many are there\? All of them\.\n\.answer many/)
  expect(await answer('many 41')).toMatch(/^not yet: a number is wanted, but another one/)
  expect(await answer('#many 42')).toBe('right; 1 to go\n')
  expect(evaluate).toHaveBeenLastCalledWith('42', { final: true, quiet: true })
  expect(await answer('')).toMatch(/^many: done\n/)
  await expect(answer('mamy 1')).rejects.toMatchObject({
    code: 'nb.no-exercise',
    hint: '.answer many EXPRESSION',
  })
  await expect(answer('table 1')).rejects.toMatchObject({ code: 'nb.not-run' })
})
