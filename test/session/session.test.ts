// A session: what a cell may be, what it leaves behind, and how its mistakes are told.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { XpvError } from '../../src/base/error.js'
import type { CellResult } from '../../src/session/cell.js'
import { Session } from '../../src/session/session.js'
import { engine } from './engine.js'

let session: Session
let written: string

beforeEach(() => {
  written = ''
  session = new Session({
    ...engine,
    globals: {
      on: (spec: string) => ({ spec }),
      refuse: () => {
        throw new XpvError('msr.denied', 'dom0 may not read it', 'pcpus[0].msr')
      },
    },
    commands: [],
    write: (text) => {
      written += text
    },
    modules: { xpv: async () => ({ version: '0.1.0' }) },
  })
})
afterEach(() => session.close())

/** The last cell's value, or the text of what went wrong. */
function outcome(result: CellResult): unknown {
  if (result.kind === 'ok') return result.value
  return result.kind === 'error' ? `! ${result.error.text}` : result.kind
}

async function run(...cells: readonly string[]): Promise<unknown> {
  let last: CellResult = { kind: 'incomplete' }
  for (const cell of cells) last = await session.evaluate(cell)
  return outcome(last)
}

describe('values', () => {
  it.each<[string, readonly string[], unknown]>([
    ['an expression', ['1 + 1'], 2],
    ['64 bits', ['2n ** 63n'], 2n ** 63n],
    ['what JSON cannot carry', ['-0'], -0],
    ['not a number', ['0 / 0'], Number.NaN],
    ['null', ['null'], null],
    ['a symbol', ['Symbol.for("a")'], Symbol.for('a')],
    ['await at the top', ['const r = await Promise.resolve(7); r'], 7],
    ['a promise as last value', ['Promise.resolve(8)'], 8],
    ['a given name', ['on("xpv:::").spec'], 'xpv:::'],
    ['an object, not a block', ['{ a: 1 }'], { a: 1 }],
    ['a block, not an object', ['{ let a = 1; a }'], undefined],
    ['a declaration shows nothing', ['const x = 5'], undefined],
    ['a loop shows nothing', ['for (let i = 0; i < 3; i++) i'], undefined],
    ['the last value', ['41', '_ + 1'], 42],
    ['nothing at all', [' \n '], undefined],
    ['a comment', ['// nothing'], undefined],
  ])('%s', async (_, cells, value) => expect(await run(...cells)).toEqual(value))

  it('are the very objects of this realm, not copies', async () => {
    const shared = { seen: false }
    session.define({ shared })
    expect(await run('shared.seen = true; shared')).toBe(shared)
    expect(await run('[] instanceof Array && new Map()')).toBeInstanceOf(Map)
  })
})

describe('bindings', () => {
  const kinds = [
    'const k = 1',
    'let k = 1',
    'var k = 1',
    'class k {}',
    'function k() {}',
    'enum k { A }',
  ]
  const pairs = kinds.flatMap((first) => kinds.map((second) => [first, second] as const))
  it.each(pairs)('%s, then %s', async (first, second) => {
    expect(await run(first, second, 'typeof k')).toBe(await run(second, 'typeof k'))
  })

  it.each<[string, readonly string[], unknown]>([
    ['live on', ['const a = 1', 'a + 1'], 2],
    [
      'of a destructuring',
      ['const { a, b: [c, ...d], ...e } = { a: 1, b: [2, 3, 4], f: 5 }', '[a, c, d, e]'],
      [1, 2, [3, 4], { f: 5 }],
    ],
    ['with defaults', ['let { a = 3 } = {}, b', '[a, b]'], [3, undefined]],
    ['let without a value starts anew', ['let a = 1', 'let a', 'a'], undefined],
    ['a function before its place', ['const v = f(); function f() { return 6 }', 'v'], 6],
    ['functions know their names', ['function f() {}', 'f.name'], 'f'],
    [
      'a function calls itself',
      ['function fac(n) { return n < 2 ? 1 : n * fac(n - 1) }', 'fac(5)'],
      120,
    ],
    [
      'functions side by side',
      ['class A{}function f(){return A}class B{}', 'f().name + B.name'],
      'AB',
    ],
    ['an async function', ['async function f() { return 3 }', 'await f()'], 3],
    ['a generator', ['function* g() { yield 1; yield 2 }', '[...g()]'], [1, 2]],
    ['var reaches out of a block', ['if (true) { var a = 1 }', 'a'], 1],
    ['var without a block', ['if (true) var a = 2', 'a'], 2],
    ['var in the head of a loop', ['for (var i = 0; i < 3; i++);', 'i'], 3],
    ['var of a pattern in a loop', ['for (var [k, v] of [["x", 1]]);', 'k + v'], 'x1'],
    ['var as the body of a loop', ['for (const n of [1, 2]) var last = n', 'last'], 2],
    [
      'var stays inside a function',
      ['function f() { var inner = 1; return inner }', 'f() + typeof inner'],
      '1undefined',
    ],
    ['let stays inside a block', ['{ let inner = 1 }', 'typeof inner'], 'undefined'],
    [
      'without semicolons',
      ['const a = [1]\n;[2].map(String)\nlet b\n(() => { b = a })()', 'b'],
      [1],
    ],
    ['after a line without one', ['const f = () => 1\nconst b = 2\nvar c = 3', 'b + c'], 5],
    ['exported, as in a file', ['export const a = 1; export function f() { return a }', 'f()'], 1],
    [
      'covering a name of the language',
      ['const name = 1, performance = 2', 'name + performance'],
      3,
    ],
    ['named at work', ['const f = () => 1; const K = class {}', 'f.name + K.name'], 'fK'],
    [
      'of a class, with statics',
      ['class P { static #n = 1; static get n() { return P.#n } }', 'P.n'],
      1,
    ],
  ])('%s', async (_, cells, value) => expect(await run(...cells)).toEqual(value))

  it('survive a cell that fails after making them', async () => {
    await session.evaluate('const before = 1; throw new Error("x"); const after = 2')
    expect(await run('before')).toBe(1)
    expect(await run('after')).toMatch(/^! ReferenceError: after is not defined/)
    expect(session.names()).toEqual(['before'])
  })
})

describe('TypeScript', () => {
  it.each<[string, readonly string[], unknown]>([
    ['annotations', ['const n: number = 1 as number; n!'], 1],
    ['generics in a call', ['function id<T>(x: T): T { return x }\nid<string>("a")'], 'a'],
    ['interfaces vanish', ['interface A { x: number }\ntype B = A | null', '1'], 1],
    ['enums', ['enum Color { Red, Green }', 'Color[1]'], 'Green'],
    [
      'an enum anew has only its new members',
      ['enum C { A, B }', 'enum C { X }', 'Object.keys(C)'],
      ['0', 'X'],
    ],
    ['namespaces', ['namespace N { export const a = 4 }', 'N.a'], 4],
    ['parameter properties', ['class P { constructor(readonly x: number) {} }', 'new P(3).x'], 3],
  ])('%s', async (_, cells, value) => expect(await run(...cells)).toEqual(value))
})

describe('imports', () => {
  it.each<[string, readonly string[], unknown]>([
    [
      'named, used in a later cell',
      ["import { basename } from 'node:path'", 'basename("/a/b")'],
      'b',
    ],
    ['renamed', ["import { join as j } from 'node:path'; j('a', 'b')"], 'a/b'],
    [
      'default and all',
      ["import os from 'node:os'\nimport * as all from 'node:os'", 'os.EOL === all.EOL'],
      true,
    ],
    ['types vanish', ["import type { Stats } from 'node:fs'; 2"], 2],
    ['dynamic', ["const { sep } = await import('node:path'); sep"], '/'],
    ['dynamic, inside a function', ["const f = () => import('node:path')", '(await f()).sep'], '/'],
    ['given by the program', ["import { version } from 'xpv'; version"], '0.1.0'],
    [
      'a package',
      ["import * as acorn from 'acorn'; acorn.parse('1', { ecmaVersion: 6 }).type"],
      'Program',
    ],
  ])('%s', async (_, cells, value) => expect(await run(...cells)).toEqual(value))

  it('says which module is not there', async () => {
    expect(await run("import x from 'no-such-package'")).toMatch(
      /^! session\.no-module: there is no module no-such-package, seen from /,
    )
  })
})

describe('mistakes', () => {
  it.each([
    [
      'of syntax, with its place',
      'const a = 1\nlet 3',
      "nb.syntax: line 2:5: Expected ';', '}' or <eof>\n  let 3\n      ^",
    ],
    [
      'found only after stripping',
      'const a: number = 1; const a = 2',
      "nb.syntax: line 1:28: Identifier 'a' has already been declared",
    ],
    [
      'thrown, with the place in the cell',
      'const a = 1\nthrow new Error("no")',
      'Error: no\n    at cell 1, line 2:7',
    ],
    [
      'thrown in a function',
      'function f() {\n  null.x\n}\nf()',
      "TypeError: Cannot read properties of null (reading 'x')\n    at f (cell 1, line 2:8)\n    at cell 1, line 4:1",
    ],
    [
      'thrown after an await',
      'await 0; const n: number = 1; throw new RangeError("late")',
      'RangeError: late\n    at cell 1, line 1:37',
    ],
    [
      'thrown behind an enum',
      'enum E { A }\n\nthrow new Error("x")',
      'Error: x\n    at cell 1, line 3:7',
    ],
    ['refused', 'refuse()', 'msr.denied: dom0 may not read it\n  try: pcpus[0].msr'],
    ['anything thrown', 'throw { a: 1n }', 'thrown: { a: 1n }'],
    [
      'a name that is not there',
      'nothing',
      'ReferenceError: nothing is not defined\n    at cell 1, line 1:1\n  try: help',
    ],
    [
      'a name that was never declared',
      'oops = 1',
      'ReferenceError: oops is not defined\n    at cell 1, line 1:6',
    ],
    [
      'a name the shell needs',
      'class Map {}',
      'nb.reserved-name: line 1:7: the shell itself needs Map; give this another name',
    ],
    [
      'a cause',
      'throw new Error("a", { cause: new Error("b") })',
      'Error: a\n    at cell 1, line 1:7\n  because of Error: b',
    ],
    [
      'with an object for a cell',
      '{ a: nothing }',
      'ReferenceError: nothing is not defined\n    at cell 1, line 1:6',
    ],
  ])('%s', async (_, cell, text) => {
    const told = String(await run(cell)).slice(2)
    expect(text.startsWith('nb.') ? told.slice(0, text.length) : told).toBe(text)
  })

  it('name the cell whose code it was, also from a later cell', async () => {
    await session.evaluate('1')
    await session.evaluate('const f = () => {\n  throw new Error("deep")\n}')
    expect(await run('f()')).toBe(
      '! Error: deep\n    at f (cell 2, line 2:9)\n    at cell 3, line 1:1',
    )
  })

  it('refuse what a cell has nobody for', async () => {
    expect(await run('export default 1')).toMatch(
      /^! nb.syntax: line 1:1: a cell has nobody to export to/,
    )
  })
})

describe('unfinished input', () => {
  it.each([
    'on("xpv:::")\n  .by(',
    'const x = {',
    'if (a) {',
    '`abc',
    '/* abc',
    'a +',
    'x =>',
    'interface A {',
    'class A extends',
    'const x: Map<string,',
    'function* g() { yield',
    '[1,',
  ])('waits after %s', async (text) => expect(await run(text)).toBe('incomplete'))
  it.each(['let 3', 'foo)', '"abc', 'a b', 'const x', '/abc', '1 = 2'])(
    'does not wait after %s',
    async (text) => expect(await run(text)).toMatch(/^! nb.syntax/),
  )
  it('is a mistake when nothing more will come', async () => {
    const result = await session.evaluate('f(', { final: true })
    expect(outcome(result)).toMatch(/^! nb.syntax: line 1:3: Unexpected eof/)
  })
})

describe('output', () => {
  it('is seen at once and kept with the cell', async () => {
    const result = await session.evaluate('console.log("a", 1n); console.error({ b: [1] })')
    expect(result).toMatchObject({ kind: 'ok', output: 'a 1n\n{ b: [ 1 ] }\n' })
    expect(written).toBe('a 1n\n{ b: [ 1 ] }\n')
  })

  it('is in the journal with source and value', async () => {
    await session.evaluate('console.log("x"); 5')
    await session.evaluate('throw new Error("y")')
    expect(session.journal.entries).toMatchObject([
      {
        number: 1,
        language: 'ts',
        source: 'console.log("x"); 5',
        ended: 'ok',
        output: 'x\n',
        shown: { 'text/plain': '5' },
      },
      {
        number: 2,
        ended: 'error',
        output: '',
        shown: { 'text/plain': 'Error: y\n    at cell 2, line 1:7' },
      },
    ])
  })
})

describe('isolation', () => {
  it('leaves no name behind', async () => {
    const names = () => Object.getOwnPropertyNames(globalThis).sort()
    session.close()
    const before = names()
    const first = new Session({ ...engine, globals: { secret: 1 }, commands: [], write: () => {} })
    await first.evaluate(
      'const a = 1; var b = 2; function c() {} class D {} enum E { A } let { f } = { f: 1 }',
    )
    await first.evaluate("import { join } from 'node:path'; const URL = 1")
    expect(first.names()).toEqual(['a', 'b', 'c', 'D', 'E', 'f', 'join', 'URL'])
    first.close()
    expect(names()).toEqual(before)
    expect(URL.name).toBe('URL')
    session = new Session({ ...engine, globals: {}, commands: [], write: () => {} })
    expect(await run('a')).toMatch(/ReferenceError: a is not defined/)
    expect(await run('secret')).toMatch(/ReferenceError: secret is not defined/)
  })

  it('refuses a second session beside the first', () => {
    const second = () => new Session({ ...engine, globals: {}, commands: [], write: () => {} })
    expect(second).toThrow(expect.objectContaining({ code: 'session.busy' }))
  })
})
