// Cells of any kind: modules of any kind, await in every position, what the language has.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CellResult } from '../../src/session/cell.js'
import { Session } from '../../src/session/session.js'
import { engine } from './engine.js'

let folder: string
let session: Session
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpv-cells-'))
  const files = {
    'rows.ts':
      'export const rows: number[] = [1]\nexport default function twice(n: number) { return 2 * n }',
    'more.mts':
      "import { rows } from './rows.js'\nexport enum E { A = 5 }\nexport const more = [...rows, 2]",
    'plain.js': 'export const plain = 3',
    'old.cjs': 'module.exports = { old: 4 }',
    'data.json': '{ "five": 5 }',
    'bad.ts': '\nexport function bad(): never {\n  throw new Error("bad")\n}',
    'wrong.ts': 'export const a =\n  = 1',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  session = new Session({
    ...engine,
    globals: {},
    commands: [],
    write: () => {},
    directory: folder,
  })
})
afterEach(() => session.close())

function outcome(result: CellResult): unknown {
  if (result.kind === 'ok') return result.value
  return result.kind === 'error' ? `! ${result.error.text}` : result.kind
}

async function run(...cells: readonly string[]): Promise<unknown> {
  let last: CellResult = { kind: 'incomplete' }
  for (const cell of cells) last = await session.evaluate(cell)
  return outcome(last)
}

type Case = readonly [name: string, cells: readonly string[], value: unknown]

describe('modules', () => {
  it.each<Case>([
    ['a .ts file', ["import twice, { rows } from './rows.ts'", 'twice(rows[0])'], 2],
    [
      'a .mts file with an enum, which imports',
      ["import { more, E } from './more.mts'; [more, E.A]"],
      [[1, 2], 5],
    ],
    ['a .js file', ["import { plain } from './plain.js'; plain"], 3],
    ['a .cjs file', ["import old from './old.cjs'; old.old"], 4],
    ['JSON', ["import data from './data.json'; data.five"], 5],
    ['JSON, with its type', ["import data from './data.json' with { type: 'json' }; data.five"], 5],
    ['dynamic', ["(await import('./plain.js')).plain"], 3],
    ['dynamic, with then', ["import('./plain.js').then((m) => m.plain)"], 3],
    ['for what it does', ["import './plain.js'; 1"], 1],
    [
      'twice the same',
      ["import { plain } from './plain.js'", "import { plain } from './plain.js'; plain"],
      3,
    ],
  ])('%s', async (_, cells, value) => expect(await run(...cells)).toEqual(value))
})

describe('await', () => {
  const late = 'const late = (v) => new Promise((r) => setTimeout(r, 1, v))'
  it.each<Case>([
    ['in a declaration', ['const { a = await late(1) } = {}, b = await late(2)', '[a, b]'], [1, 2]],
    ['in a condition', ['let k; if (await late(true)) k = 1; else k = 2', 'k'], 1],
    [
      'in a loop',
      ['let s = 0; for (let i = await late(0); i < (await late(3)); i++) s += i', 's'],
      3,
    ],
    ['in a template', [`\`<\${await late(1)}>\``], '<1>'],
    ['in an argument, of an argument', ['Math.max(await late(1), await late(await late(2)))'], 2],
    ['of parentheses', ['await (1, late(3))'], 3],
    ['as an operand', ['(await late(2)) ** 2 + -(await late(1))'], 3],
    ['without a semicolon before', ['const q = 1\nawait late(2)'], 2],
    [
      'in a switch',
      ['let w; switch (await late(1)) { case await late(1): w = "one" }', 'w'],
      'one',
    ],
    [
      'in try, catch and finally',
      [
        'let f = ""; try { throw await late("t") } catch (e) { f += e + (await late("c")) } finally { f += await late("f") }',
        'f',
      ],
      'tcf',
    ],
    ['in a label', ['out: for (;;) { for (;;) { await late(); break out } } ; 4'], 4],
    [
      'over plain values',
      ['const o = []; for await (const v of [late(1), 2]) o.push(v)', 'o'],
      [1, 2],
    ],
    [
      'over an async generator',
      [
        'async function* g() { yield late(1); yield 2 }\nconst p = []; for await (const v of g()) { p.push(v); if (v === 2) break }',
        'p',
      ],
      [1, 2],
    ],
    ['in an arrow', ['const h = async () => await late(5)', 'await h()'], 5],
    [
      'in a class',
      ['class C { #n = 1; async n() { return this.#n + await late(1) } }', 'await new C().n()'],
      2,
    ],
    ['of what rejects', ['let c; try { await Promise.reject(7) } catch (e) { c = e }', 'c'], 7],
    ['of what only has then', ['await { then: (yes) => yes(8) }'], 8],
  ])('%s', async (_, cells, value) => expect(await run(late, ...cells)).toEqual(value))

  it('over what cannot be gone over is a mistake in its own words', async () => {
    expect(await run('for await (const x of 5);')).toMatch(
      /^! TypeError: 5 is not|not async iterable/,
    )
  })

  it('leaves the stack as it was written', async () => {
    await session.evaluate('async function g() {\n  await 0\n  null.x\n}')
    expect(await run('async function f() { await g() }\nawait f()')).toBe(
      "! TypeError: Cannot read properties of null (reading 'x')\n" +
        '    at g (cell 1, line 3:8)\n    at f (cell 2, line 1:22)\n    at cell 2, line 2:1',
    )
  })
})

describe('the language', () => {
  it.each<Case>([
    ['a label', ['a: { b: { break a } }', '1'], 1],
    ['a getter and a setter', ['const o = { get a() { return 1 }, set a(v) {} }', 'o.a'], 1],
    [
      'a class with all kinds of members',
      [
        'class A { static s; static { A.s = 1 } #p = 2; get p() { return this.#p } static #q() { return 3 } static q = A.#q() }',
        '[A.s, new A().p, A.q]',
      ],
      [1, 2, 3],
    ],
    [
      'a class that extends an older one of its name',
      ['class A { a = 1 }', 'const B = A; class A2 extends B { b = 2 }', 'new A2().a'],
      1,
    ],
    [
      'a generator that is left',
      [
        'function* g() { try { yield 1; yield 2 } finally { ended = true } }\nlet ended = false; const [first] = g()',
        '[first, ended]',
      ],
      [1, true],
    ],
    ['destructuring into what is there', ['let a = 1, b = 2; [a, b] = [b, a]', '[a, b]'], [2, 1]],
    [
      'an abstract class',
      [
        'abstract class S { abstract a(): number }\nclass T extends S { a() { return 1 } }',
        'new T().a()',
      ],
      1,
    ],
    ['a const enum', ['const enum F { A = 1 << 3 }', 'F.A'], 8],
    [
      'a namespace that grows',
      ['namespace N { export const a = 1 }', 'namespace N { export const b = 2 }', 'N.b'],
      2,
    ],
    ['satisfies and as const', ['const k = { a: 1 } as const satisfies object; k.a'], 1],
    ['the folder, changed', ['process.chdir("/"); process.cwd()'], '/'],
  ])('%s', async (_, cells, value) => {
    const before = process.cwd()
    expect(await run(...cells)).toEqual(value)
    process.chdir(before)
  })

  it('decorators are refused in words', async () => {
    expect(await run('function log(c) {}\n@log class A {}')).toMatch(
      /^! nb\.[a-z-]+: line 2:1: .*decorator/i,
    )
  })
})
