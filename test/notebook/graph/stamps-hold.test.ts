// Stamps and slices against what cells really do: random programs are run, changed, and run again.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { NotebookDocument } from '../../../src/notebook/document.js'
import { cellsOf } from '../../../src/notebook/document.js'
import { graphOf } from '../../../src/notebook/graph/graph.js'
import { stampsOf } from '../../../src/notebook/graph/stamps.js'
import { Session } from '../../../src/session/session.js'
import { notebook } from './notebook.js'
import { changed, PROGRAM } from './random-program.js'

/** What each cell says when these are run in order; undefined when one fails. */
async function run(
  document: NotebookDocument,
  ids?: readonly string[],
): Promise<ReadonlyMap<string, string> | undefined> {
  const session = new Session({ globals: {}, commands: [], write: () => {} })
  const said = new Map<string, string>()
  try {
    for (const { id, source } of cellsOf(document)) {
      if (ids !== undefined && !ids.includes(id)) continue
      const result = await session.evaluate(source, { language: 'ts', final: true })
      if (result.kind !== 'ok') return undefined
      said.set(id, `${result.output}${result.shown?.['text/plain'] ?? ''}`)
    }
    return said
  } finally {
    session.close()
  }
}

it('a cell whose stamp stays says the same when another cell is changed', async () => {
  await fc.assert(
    fc.asyncProperty(PROGRAM, fc.nat(), async (cells, pick) => {
      const others = cells.map((cell, i) => (i === pick % cells.length ? changed(cell) : cell))
      const [before, after] = [notebook(cells), notebook(others)]
      const [said, says] = [await run(before), await run(after)]
      fc.pre(said !== undefined && says !== undefined)
      const [stamps, now] = [stampsOf(before), stampsOf(after)]
      const same = [...stamps].filter(([id, stamp]) => now.get(id) === stamp)
      for (const [id] of same) expect(says.get(id), id).toBe(said.get(id))
    }),
    { numRuns: Number(process.env['RUNS'] ?? 40) },
  )
})

it('a slice says what the whole does', async () => {
  await fc.assert(
    fc.asyncProperty(PROGRAM, fc.nat(), async (cells, pick) => {
      const document = notebook(cells)
      const said = await run(document)
      fc.pre(said !== undefined)
      const id = `c${1 + (pick % cells.length)}`
      const slice = graphOf(document).slice([id])
      expect((await run(document, slice))?.get(id), slice.join(' ')).toBe(said.get(id))
    }),
    { numRuns: Number(process.env['RUNS'] ?? 40) },
  )
})
