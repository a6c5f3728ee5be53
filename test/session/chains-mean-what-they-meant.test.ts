// Gates change no meaning: chains, imports and import.meta are what they are anywhere.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Session } from '../../src/session/session.js'
import { engine } from './engine.js'
import { nativeImport } from './native-import.js'

const FOLDER = mkdtempSync(join(tmpdir(), 'xpv-chains-'))

let session: Session
beforeAll(() => {
  session = new Session({
    ...{ globals: {}, commands: [], write: () => {}, directory: FOLDER, ...engine },
  })
})
afterAll(() => session.close())

async function valueIn(cell: string): Promise<unknown> {
  const result = await session.evaluate(cell, { final: true })
  if (result.kind === 'error') return result.error.text
  return result.kind === 'ok' ? result.value : result.kind
}

it.each<[cell: string, value: unknown]>([
  ['await Promise.resolve(1).then((n) => n + 1)', 2],
  ['await Promise.resolve(1)./* ( */then /* a */ (((n) => n + 1)).then((n) => n * 2)', 4],
  ['await Promise.reject(1).then(() => 0, (n) => n + 1)', 2],
  ['await Promise.reject(1).catch((n) => n + 1).finally(() => 9)', 2],
  ['await Promise.resolve(3).then(undefined, null)', 3],
  ['await Promise.resolve(3).then()', 3],
  ['await (undefined as any)?.then(() => 1)', undefined],
  ['await Promise.resolve(1)?.then?.((n) => n + 1)', 2],
  ['await Promise.resolve(2).then(...[(n) => n * 3])', 6],
  ['await Promise.resolve(2).then(async (n) => await Promise.resolve(n).then((m) => m + 1))', 3],
  ['({ then: (a, b) => [a, b] }).then(1, 2)', [1, 2]],
  ['({ n: 5, catch(f) { return f.call(this) } }).catch(function () { return this.n })', 5],
  ['await new Promise((resolve) => queueMicrotask(() => resolve(7)))', 7],
  ['queueMicrotask.name', 'queueMicrotask'],
  ['import.meta.dirname', FOLDER],
  ['import.meta.url', `${pathToFileURL(FOLDER).href}/`],
  ["import.meta.resolve('os')", 'node:os'],
  ["import.meta.resolve('./a.ts')", pathToFileURL(join(FOLDER, 'a.ts')).href],
  ['const here = import.meta; here.dirname', FOLDER],
])('%s', async (cell, value) => expect(await valueIn(cell)).toEqual(value))

it('import.meta.resolve says what is not there', async () => {
  expect(await valueIn("import.meta.resolve('no-such-package')")).toMatch(/^session\.no-module/)
})

it('a file has its gates, and its places are those it was written with', async () => {
  const late = `export const late = async (n) => (await n, await n + await one(n))
const one = async (n) => { await 0; await Promise.resolve(n).then((m) => { if (m > 1) boom() }); return 1 }
const boom = () => { throw new Error('late') }
`
  writeFileSync(join(FOLDER, 'late.mjs'), late)
  writeFileSync(join(FOLDER, 'plain.mjs'), 'export const two = await Promise.resolve(2)')
  writeFileSync(join(FOLDER, 'old.cjs'), 'module.exports = { await: 1, then: (f) => f }')
  session.define({ load: (name: string) => nativeImport(join(FOLDER, name)) })
  expect(await valueIn("const { late } = await load('late.mjs'); await late(1)")).toBe(2)
  const text = String(await valueIn('await late(2)'))
  const places = [...text.matchAll(/late\.mjs:(\d+):(\d+)/g)].map(([, line, column]) => {
    const written = late.split('\n')[Number(line) - 1] ?? ''
    return written.slice(Number(column) - 1).match(/^\w+( Error)?/)?.[0]
  })
  expect(places).toEqual(['new Error', 'boom', 'await', 'await'])
  expect(await valueIn("(await load('plain.mjs')).two")).toBe(2)
  expect(await valueIn("(await load('old.cjs')).default.await")).toBe(1)
})
