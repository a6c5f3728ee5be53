// Names that nothing above a cell defines, and names that two cells define.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { mistakesIn } from '../../../src/cli/named-run.js'
import { parseNotebook } from '../../../src/notebook/format.js'
import { notebook, type TestCell } from './notebook.js'

const told = (cells: readonly TestCell[]): readonly string[] =>
  mistakesIn(notebook(cells)).map(({ cell, message }) => `${cell}: ${message}`)

it.each<{ name: string; cells: readonly TestCell[]; is: readonly string[] }>([
  {
    name: 'a slip of the fingers has the nearest name',
    cells: ['const total = 5', 'totl + 1'],
    is: ['c2: no cell above defines totl; did you mean total?'],
  },
  {
    name: 'a name of the session is near, too',
    cells: ['domain.length'],
    is: ['c1: no cell above defines domain; did you mean domains?'],
  },
  {
    name: 'one that only a cell below defines',
    cells: ['list.length', 'const list = []'],
    is: ['c1: no cell above defines list: #c2 below does'],
  },
  { name: 'one like no other', cells: ['zyxwvut'], is: ['c1: no cell above defines zyxwvut'] },
  {
    name: 'two in one cell are two, one used twice is one',
    cells: ['aaaaa1(bbbbb2, aaaaa1)'],
    is: ['c1: no cell above defines aaaaa1', 'c1: no cell above defines bbbbb2'],
  },
  {
    name: 'a function may use what comes below',
    cells: ['const f = () => n', 'let n = 1'],
    is: [],
  },
  {
    name: 'but not what never comes',
    cells: ['const f = () => zyxwvut'],
    is: ['c1: no cell above defines zyxwvut'],
  },
  {
    name: 'a function that is called at once uses it now',
    cells: ['[1].map(() => nn7 + 1)', 'let nn7 = 1'],
    is: ['c1: no cell above defines nn7: #c2 below does'],
  },
  { name: 'asking for its type is no use', cells: ['typeof zyxwvut'], is: [] },
  { name: 'a name without a declaration is there, too', cells: ['zed = 5', 'zed + 1'], is: [] },
  { name: 'a member of the global object', cells: ['globalThis.zed = 5', 'zed + 1'], is: [] },
  { name: 'eval may define anything', cells: ["eval('var zed = 1')", 'zed + 1'], is: [] },
  {
    name: 'so may who has the global object',
    cells: ['Object.assign(globalThis, { zed: 1 })', 'zed + 1'],
    is: [],
  },
  {
    name: 'and a cell that cannot be read',
    cells: ['const = 5', 'zed + 1'],
    is: [],
  },
  {
    name: 'the session, the realm, the last value, parameters, rules',
    cells: [
      { esc: 'event fault.site.fan@chassis;', id: 'site' },
      'show(site); help(); sh`x`; _; params.a; on; Math; process; structuredClone(fma)',
    ],
    is: [],
  },
  {
    name: 'locals',
    cells: ['function f(a) { let b = a; try {} catch (e) { e }; return b }'],
    is: [],
  },
  { name: 'types are no names', cells: ['const n: Whatever = 1'], is: [] },
  {
    name: 'a second definer is warned of',
    cells: ['const n = 1', 'const n = 2'],
    is: ['c2: defines n again, as #c1 does: say `shadow` if it means to'],
  },
  { name: 'an assignment defines nothing anew', cells: ['let n = 1', 'n = 2'], is: [] },
  {
    name: 'loops may use one name',
    cells: ['for (var i = 0; i < 1; i++);', 'for (var i = 0; 0;);'],
    is: [],
  },
])('$name', ({ cells, is }) => expect(told(cells)).toEqual(is))

it('the line is that of the use, in the notebook', () => {
  const text = '```ts xpv #a\n// one\n\nzyxwvut\n```\n\n```ts xpv #b\nenum E { A }\nzyxwvut2\n```\n'
  const { document } = parseNotebook(text)
  expect(mistakesIn(document).map(({ line }) => line)).toEqual([4, 9])
})

it.each(['expect-error', 'expect-error=ReferenceError'])('a cell that says %s may', (option) => {
  const { document } = parseNotebook(`\`\`\`ts xpv #a ${option}\nzyxwvut\n\`\`\`\n`)
  expect(mistakesIn(document)).toEqual([])
})

it('a cell that says shadow may', () => {
  const text = '```ts xpv #a\nlet n = 1\n```\n\n```ts xpv #b shadow\nlet n = 2\n```\n'
  expect(mistakesIn(parseNotebook(text).document)).toEqual([])
})

const LESSONS = join(import.meta.dirname, '..', '..', '..', 'notebooks')
it.each(readdirSync(LESSONS).filter((name) => name.endsWith('.xpv.md')))('%s is sound', (name) => {
  const { document } = parseNotebook(readFileSync(join(LESSONS, name), 'utf8'))
  expect(mistakesIn(document)).toEqual([])
})
