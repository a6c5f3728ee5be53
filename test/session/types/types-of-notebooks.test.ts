// The types of a notebook's cells: all asked about at once, told cell by cell, whatever runs.
import { afterAll, expect, it } from 'vitest'
import {
  type CellToCheck,
  expectedTypeError,
  mistakesText,
  TypeChecks,
  typeErrorCode,
} from '../../../src/cli/check-types.js'

const told: string[] = []
const checks = new TypeChecks((text) => told.push(text))
afterAll(() => checks.close())

/** The codes of the mistakes of cells of TypeScript, cell by cell. */
async function codes(...cells: (string | CellToCheck)[]): Promise<readonly string[]> {
  const all = cells.map(
    (cell): CellToCheck => (typeof cell === 'string' ? { language: 'ts', source: cell } : cell),
  )
  const found = await checks.check(all, import.meta.dirname)
  return (found ?? []).map((each) => each.map(typeErrorCode).join(' '))
}

it('a cell knows what those before it have declared', async () => {
  expect(await codes('const n = 1', 'n.toFixd()', 'n.toFixed()')).toEqual(['', 'TS2551', ''])
})

it('a name belongs to the cell that declared it last', async () => {
  const cells = ['let x = 1', 'x.toFixed(1)', "let x = 'a'", 'x.toFixed(1)']
  expect(await codes(...cells)).toEqual(['', '', '', 'TS2551'])
})

it('what one notebook declares is nothing to the next', async () => {
  await codes('const onlyHere = 1')
  expect(await codes('onlyHere')).toEqual(['TS2304'])
})

it.each<[what: string, cells: (string | CellToCheck)[], found: readonly string[]]>([
  ['a wrong argument', ["Math.max('x')"], ['TS2345']],
  ['a mark runs it all the same', ["!const s: number = 'x'", 's.toFixed(1)'], ['', '']],
  ['a question is none', ['nothing.at.all?'], ['']],
  [
    'other languages are left to their compilers',
    [
      { language: 'sh', source: 'xm list' },
      { language: 'd', source: 'BEGIN { exit(0); }' },
    ],
    ['', ''],
  ],
  [
    'rules have a type',
    [
      { language: 'esc', source: 'event fault.x@chip;', name: 'site' },
      'site.counts.tokens.toFixed(1)',
      'site.countz',
    ],
    ['', '', 'TS2551'],
  ],
  ['an object alone', ['{ a: 1 }'], ['']],
  ['what cannot be read is told by the run', ['const a = (', 'a b'], ['', '']],
  ['a module of Node', ["import { cpus } from 'node:os'", 'cpus().lenth'], ['', 'TS2551']],
  ['the same name twice in one cell', ['const k = 1; k.x'], ['TS2339']],
])('%s', async (_, cells, found) => expect(await codes(...cells)).toEqual(found))

it('many cells, and the last knows the first', async () => {
  const cells = Array.from({ length: 40 }, (_, i) => `const n${i} = ${i}`)
  const found = await codes(...cells, 'n0.nothing', 'n39.toFixed(1)')
  expect(found.slice(40)).toEqual(['TS2339', ''])
  expect(found.slice(0, 40).join('')).toBe('')
})

it('no cells have no mistakes', async () => expect(await codes()).toEqual([]))

it('mistakes are shown as at the prompt', async () => {
  const source = "const n: number = 'x'"
  const found = await checks.check([{ language: 'ts', source }], import.meta.dirname)
  const mistakes = found?.[0] ?? []
  expect(mistakesText(source, mistakes)).toMatch(/^ts\.2322: line 1:7: [\s\S]*\^\n$/)
})

it.each([
  ['TS2345', 'TS2345'],
  ['d.syntax', undefined],
  ['', undefined],
  [undefined, undefined],
])('expect-error=%s', (given, code) => expect(expectedTypeError(given)).toBe(code))

it('nothing was said of a server that is there', () => expect(told).toEqual([]))
