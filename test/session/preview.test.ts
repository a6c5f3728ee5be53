// What a cell would yield, told while it is written: nothing runs that has an effect.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Session } from '../../src/session/session.js'

let session: Session
beforeAll(async () => {
  session = new Session({
    globals: { limit: 5 },
    commands: [{ name: 'xm', summary: '', usage: '', examples: [], run: async () => 0 }],
    write: () => {},
  })
  await session.evaluate(
    'const rows = [3, 1]; let n = 1; class Own { a = 1 }; const own = new Own()',
  )
})
afterAll(() => session.close())

it.each<readonly [string, string | undefined]>([
  ['1 + 1', '2'],
  ['0xffn << 4n', '4080n'],
  ['limit', '5'],
  ['rows', '[ 3, 1 ]'],
  ['rows.map((x) => x * 2)', '[ 6, 2 ]'],
  ["'a'.padEnd(3)", "'a  '"],
  ['{ a: rows }', '{ a: [ 3, 1 ] }'],
  ['42', undefined],
  ['"a"', undefined],
  ['own', undefined],
  ['rows.sort()', undefined],
  ['n = 7', undefined],
  ['await 1', undefined],
  ['const a = 1', undefined],
  ['nope.nope', undefined],
  ['1 +', undefined],
  ['xm', undefined],
  ['process.exit(3)', undefined],
])('%s: %s', async (text, shown) => expect(await session.assist.preview(text)).toBe(shown))

it('changes nothing', async () => {
  await session.assist.preview('rows.sort()')
  await session.assist.preview('n = 7')
  expect(await session.evaluate('String([rows, n])')).toMatchObject({ value: '3,1,1' })
})
