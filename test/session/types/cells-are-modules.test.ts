// Cells are modules: each imports what it mentions from whoever declared it last, and what nobody
// can ask for any more is dropped.
import { expect, it } from 'vitest'
import { CellChain } from '../../../src/session/types/cell-chain.js'
import { shapeOf } from '../../../src/session/types/declared.js'

it('what may be assigned to is told from what may not', async () => {
  const { names } = await shapeOf('let a = 1, { b, c: [d = 2, ...e] } = x; const f = 1; var g')
  const assignable = [...names].filter(([, kind]) => kind === 'assignable').map(([name]) => name)
  expect(assignable).toEqual(['a', 'b', 'd', 'e', 'g'])
})

it.each<[source: string, whole: readonly string[]]>([
  ['const a = 1; export const b = 2', ['a', 'b']],
  ['function f() { var inner = 1 }\nasync function* g() {}', ['f', 'g']],
  ['class K<T> { name!: T }', ['K']],
  ["import a, { b as c, type D } from 'x'; import * as all from 'y'", ['a', 'c', 'all']],
  ['interface Shape { type: string }\ntype Pair<T> = [T, T]', ['Shape', 'Pair']],
  ['enum Colour { Red }\nnamespace N { export const x = 1 }', ['Colour', 'N']],
  ['export interface Shape {}; const type = 1', ['Shape', 'type']],
  ['interface Half { a: ', ['Half']],
  ['1 + 1', []],
  ['"type A = 1"; /* type B = 2 */ `type C = 3`', []],
])('%s', async (source, whole) => {
  expect([...(await shapeOf(source)).names.keys()].sort()).toEqual([...whole].sort())
})

it('an object alone is an object, a block is a block', async () => {
  expect((await shapeOf('{ a: 1, b: 2 }')).isObject).toBe(true)
  expect((await shapeOf('{ const a = 1; a }')).isObject).toBe(false)
})

async function chainOf(...cells: readonly string[]): Promise<CellChain> {
  const chain = new CellChain()
  for (const cell of cells) chain.add(cell, await shapeOf(cell))
  return chain
}

it('a cell knows what it mentions, from the last that declared it', async () => {
  const chain = await chainOf('const a = 1', 'let n = a', 'const a = 2, b = 3')
  const cell = 'n + a'
  expect(chain.document(cell, await shapeOf(cell))).toBe(
    'declare let n: typeof import("./xpv-cell-2.mts").n; ' +
      'import { a } from "./xpv-cell-3.mts"; export {};\nn + a\n',
  )
})

it('what a cell declares itself it does not import', async () => {
  const chain = await chainOf('const a = 1, b = 2')
  const cell = 'const a = b'
  const [head] = chain.document(cell, await shapeOf(cell)).split('\n')
  expect(head).toBe('import { b } from "./xpv-cell-1.mts"; export {};')
})

it('cells that nobody can ask for are dropped, those that others hang on are not', async () => {
  const chain = await chainOf('const a = 1', 'const b = a', 'const c = 1')
  const again = 'const a = 9, c = 9'
  expect(chain.add(again, await shapeOf(again)).dropped).toEqual(['xpv-cell-3.mts'])
  const last = 'const b = 9'
  const { dropped } = chain.add(last, await shapeOf(last))
  expect([...dropped].sort()).toEqual(['xpv-cell-1.mts', 'xpv-cell-2.mts'])
})

it('a cell that declares nothing leaves nothing', async () => {
  const chain = new CellChain()
  for (let i = 0; i < 300; i++) {
    expect(chain.add('1 + 1', await shapeOf('1 + 1'))).toEqual({ added: [], dropped: [] })
  }
})
