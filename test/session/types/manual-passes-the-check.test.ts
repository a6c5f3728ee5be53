// Everything the manual shows somebody to type passes the check of its types. Cells of lessons are
// checked with them: test/notebook/lessons.test.ts.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cellTypes } from '../../../src/cli/cell-types.js'
import { OBJECT_TOPICS } from '../../../src/cli/object-topics.js'
import { TOPICS } from '../../../src/cli/topics.js'
import { type CellTypes, SCRIPT_PATIENCE } from '../../../src/session/types/cell-types.js'

const ROOT = join(import.meta.dirname, '..', '..', '..')

let types: CellTypes | undefined
beforeAll(() => {
  types = cellTypes({
    directory: ROOT,
    patience: SCRIPT_PATIENCE,
    machine: () => undefined,
    warn: () => {},
  })
})
afterAll(() => types?.close())

/** The mistakes of cells that follow each other. */
async function mistakesIn(cells: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const cell of cells) {
    if (/^[\w.[\]()']+\?\s*$/.test(cell)) continue
    for (const { code, message } of (await types?.mistakes(cell)) ?? []) {
      found.push(`${cell.slice(0, 60)}: ${code} ${message}`)
    }
    await types?.ran(cell)
  }
  return found
}

it('the check is there, and finds what is wrong', async () => {
  expect(await mistakesIn(['domains[0].nothing'])).toHaveLength(1)
})

it('every example of the manual', async () => {
  const examples = [...TOPICS, ...OBJECT_TOPICS].flatMap((topic) => topic.examples)
  expect(await mistakesIn(examples)).toEqual([])
})
