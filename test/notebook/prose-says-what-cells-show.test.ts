// The lessons' prose: every number in it is shown by a cell beside it, or is a fact from outside
// with its source; and every lesson has exercises whose answers are stored.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { NotebookDocument } from '../../src/notebook/document.js'
import { exercisesOf } from '../../src/notebook/exercise/exercise.js'
import { parseNotebook } from '../../src/notebook/format.js'
import { courseIndex } from './course-index.js'
import { unshownNumbers } from './prose-numbers.js'

const FOLDER = join(import.meta.dirname, '..', '..', 'notebooks')
const LESSONS = readdirSync(FOLDER).filter((name) => name.endsWith('.xpv.md'))
const parsed = (name: string): NotebookDocument =>
  parseNotebook(readFileSync(join(FOLDER, name), 'utf8')).document

describe.each(LESSONS)('%s', (name) => {
  it('says no number that no cell beside it shows, and that has no source', () => {
    expect(unshownNumbers(parsed(name))).toEqual([])
  })
  it('has at least two exercises, each with its answer stored and its task above it', () => {
    const exercises = exercisesOf(parsed(name))
    expect(exercises.length).toBeGreaterThanOrEqual(2)
    for (const { id, task, stored } of exercises) {
      expect(stored, `#${id} has been run`).not.toBe(undefined)
      expect(task, `#${id} asks something`).toMatch(/\S/)
    }
  })
})

it('the index says of each lesson what its front matter says', () => {
  const path = join(FOLDER, 'README.md')
  if (process.env['XPV_UPDATE'] === '1') writeFileSync(path, courseIndex(FOLDER))
  expect(readFileSync(path, 'utf8')).toBe(courseIndex(FOLDER))
})

/** A section with one cell, `n`, that prints this. */
function lesson(prose: string, output: string): NotebookDocument {
  const cells = `\`\`\`ts xpv #n\nx\n\`\`\`\n\n\`\`\`xpv-out #n sha=00000000\n${output}\n\`\`\`\n`
  return parseNotebook(`---\nxpv: 1\n---\n\n## One\n\n${prose}\n\n${cells}\n## Two\n\nEnd.\n`)
    .document
}

describe('the comparison', () => {
  it.each([
    ['It moved 613 times.', '613'],
    ['That took 46 ms.', '45830000'],
    ['About 45.8 ms went by.', '45830000 ns'],
    ['Some 100,000 lines came.', '100000'],
    ['STATUS is 0x9c, that is 156.', '0x9c'],
    ['In 2007 nobody knew.', ''],
    ['[Xen 4.17](https://xenbits.xen.org) has 3 of them.', ''],
    ['Bank 4 of `IA32_MC7_STATUS` is read.', 'bank 4'],
    ['1. First one\n2. Second one', ''],
    ['### 7 things', ''],
    ['It is 12 % of all.', '0.12'],
  ])('%j is shown by %j', (prose, output) => {
    expect(unshownNumbers(lesson(prose, output))).toEqual([])
  })
  it.each([
    ['It moved 612 times.', '613'],
    ['That took 47 ms.', '45830000'],
    ['Some 100,000 lines came.', '99999'],
    ['Look at `0x9d`.', '0x9c'],
    ['It is 13 % of all.', '0.12'],
    ['There were 14.', '4 and 1'],
  ])('%j is not shown by %j', (prose, output) => {
    expect(unshownNumbers(lesson(prose, output))).toHaveLength(1)
  })
  it('a cell of another section counts only when the sentence names it', () => {
    const at = (last: string): NotebookDocument => {
      const { document } = parseNotebook(
        `${lesson('x', '613')
          .parts.map((p) => p.text)
          .join('')}`,
      )
      return { ...document, parts: [...document.parts, { kind: 'prose', text: `\n${last}\n` }] }
    }
    expect(unshownNumbers(at('It was 613.'))).toHaveLength(1)
    expect(unshownNumbers(at('It was 613 in `#n`.'))).toEqual([])
  })
})
