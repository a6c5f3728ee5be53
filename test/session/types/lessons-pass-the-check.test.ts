// Everything we show somebody to type passes the check of its types: the lessons, the manual.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cellTypes } from '../../../src/cli/cell-types.js'
import { OBJECT_TOPICS } from '../../../src/cli/object-topics.js'
import { TOPICS } from '../../../src/cli/topics.js'
import { type CellTypes, SCRIPT_PATIENCE } from '../../../src/session/types/cell-types.js'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const NOTEBOOKS = readdirSync(join(ROOT, 'notebooks')).filter((name) => name.endsWith('.xpv.md'))

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

it.each(NOTEBOOKS)('%s', async (name) => {
  const text = readFileSync(join(ROOT, 'notebooks', name), 'utf8')
  const cells = [...text.matchAll(/^```ts xpv([^\n]*)\n([\s\S]*?)^```/gm)]
  expect(cells.length).toBeGreaterThan(0)
  const sound = cells.filter(([, info = '']) => !info.includes('expect-error'))
  expect(await mistakesIn(sound.map(([, , code = '']) => code))).toEqual([])
})

it('every example of the manual', async () => {
  const examples = [...TOPICS, ...OBJECT_TOPICS].flatMap((topic) => topic.examples)
  expect(await mistakesIn(examples)).toEqual([])
})
