// The notebook at the prompt: cells typed, run, edited, taken back, saved.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { cellIdsAt } from '../../src/shell/cell-ids.js'
import { deskIn, type TestDesk } from './desk.js'

const NOTEBOOK = `---
xpv: 1
title: Sums
backend:
  machine: sim:xvm-3.1
odd-key: kept as it is   # with its comment
---

# Sums

First a list.

\`\`\`ts xpv #list
const list = [1, 2, 3]
\`\`\`

\`\`\`ts xpv #sum hide
list.reduce((a, b) => a + b, 0)
\`\`\`

\`\`\`ts xpv #length
list.length
\`\`\`

\`\`\`ts xpv #other
'of nothing'
\`\`\`
`

let folder: string
let prompt: TestDesk | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpv-desk-'))
  writeFileSync(join(folder, 'sums.xpv.md'), NOTEBOOK)
})
afterEach(() => {
  prompt?.close()
  prompt = undefined
  rmSync(folder, { recursive: true })
})

const typing = async (...lines: readonly string[]): Promise<string> => {
  prompt ??= await deskIn(folder)
  return prompt.type(...lines)
}
const reading = async (...lines: readonly string[]): Promise<string> => {
  prompt ??= await deskIn(folder, 'sums.xpv.md')
  return prompt.type(...lines)
}

it('what is typed becomes cells; what fails, and what only asks, does not', async () => {
  const text = await typing('const n = 2', 'n *', 'nothing + 1', 'n?', 'n * 2', '.cells')
  expect(text.slice(text.indexOf('  c1'))).toBe(
    '  c1  ts   silent        const n = 2\n  c2  ts   fresh         n * 2\n',
  )
})

it('.cells tells names that nothing defines, and those that two cells do', async () => {
  const text = await typing('const n = 2', 'const f = () => zyxwvut', 'const n = 3', '.cells')
  expect(text.split('\n').slice(-3, -1)).toEqual([
    '#c2: nb.undefined-name: no cell above defines zyxwvut',
    '#c3: nb.second-definer: defines n again, as #c1 does: say `shadow` if it means to',
  ])
})

it.each([
  { before: '.show l', texts: ['list', 'length'] },
  { before: '.edit #su', texts: ['sum'] },
  { before: '.run ..', texts: ['list', 'sum', 'length', 'other', 'stale'] },
  { before: '.answer ', texts: [] },
  { before: '.save l', texts: undefined },
])('Tab behind $before has the cells it may name', async ({ before, texts }) => {
  prompt = await deskIn(folder, 'sums.xpv.md')
  const { desk } = prompt
  const found = await cellIdsAt(before, async () => desk)
  expect(found?.map(({ text }) => text)).toEqual(texts)
})

it('opening a notebook runs nothing, and tells what is in it', async () => {
  prompt = await deskIn(folder, 'sums.xpv.md')
  expect(prompt.desk.opening).toMatch(/^Sums: .*sums\.xpv\.md\n4 cells, 1 silent, 3 never; nothing/)
  await expect(typing('list')).resolves.toMatch(/list is not defined/)
})

it('.show has the prose before a cell, its source and its output', async () => {
  await reading('.run ..sum')
  expect(await reading('.show list')).toBe(
    '# Sums\n\nFirst a list.\n\n#list  ts  silent\n    const list = [1, 2, 3]\n',
  )
  expect(await reading('.show #sum')).toMatch(/#sum {2}ts {2}fresh\n.*reduce.*\n6\n$/)
})

it('a cell that needs others that did not run names them, and offers to run them', async () => {
  await expect(reading('.run sum')).rejects.toMatchObject({
    code: 'nb.needs',
    message: '#sum needs what has not run here: #list',
    hint: '.run ..sum',
  })
  expect(await reading('.run ..sum')).toBe(
    '#list  const list = [1, 2, 3]\n#sum  list.reduce((a, b) => a + b, 0)\n6\n2 cells run\n',
  )
  expect(await reading('.run length')).toBe('#length  list.length\n3\n')
})

it('an edited cell is replaced, and marks what depends on it', async () => {
  await reading('.run')
  expect(await reading('.edit list', 'const list = [4]')).toBe(
    '[const list = [1, 2, 3]]\nnow stale: #sum #length (.run stale)\n',
  )
  expect(await reading('.run stale')).toMatch(/^#sum .*\n4\n#length .*\n1\n2 cells run\n$/)
  expect(await reading('.run stale')).toBe('nothing to run\n')
})

it('an edit that fails leaves the cell, and waits for a better one', async () => {
  await reading('.run', '.edit list', 'const list = [unknown]')
  expect(await reading('.show list')).toContain('const list = [1, 2, 3]\n')
  await reading('const list = [7]')
  expect(await reading('.show list')).toContain('const list = [7]\n')
})

it('a cell that ran after one below it that changed what it reads is out of order', async () => {
  const text = await reading('.run', 'const list = [9, 9]', '.run length', '.cells')
  expect(text).toMatch(/now out of order: #length/)
  expect(text).toMatch(/length +ts +out-of-order/)
})

it('.undo takes a cell back, and what it did; .redo does it again', async () => {
  await typing('const list = [1]', 'list.push(2)', 'list.push(3)')
  expect(await typing('.undo', 'list.length', '.undo', '.cells')).toBe(
    'taken back: list.push(3)\n2\ntaken back: list.length\n' +
      '  c1  ts   silent        const list = [1]\n  c2  ts   fresh         list.push(2)\n',
  )
  expect(await typing('.undo', 'list.length')).toBe('taken back: list.push(2)\n1\n')
  await typing('.undo')
  expect(await typing('.redo', 'list.length')).toBe('list.length\n1\n1\n')
})

it('.undo brings the machine back as it was', async () => {
  await typing("xm.create('web1')")
  expect(await typing('domains.length')).toBe('2\n')
  await typing('.undo', '.undo')
  expect(await typing('domains.length')).toBe('1\n')
})

it('.undo of an edit brings the old source back', async () => {
  await reading('.run', '.edit list', 'const list = [4]', '.undo')
  expect(await reading('.show list')).toContain('const list = [1, 2, 3]\n')
  expect(await reading('list.length')).toBe('3\n')
})

it('with nothing to undo, redo, show or save it says so', async () => {
  await expect(typing('.undo')).rejects.toMatchObject({ code: 'nb.nothing-to-undo' })
  await expect(typing('.redo')).rejects.toMatchObject({ code: 'nb.nothing-to-redo' })
  await expect(typing('.show x')).rejects.toMatchObject({ code: 'nb.no-cell' })
  await expect(typing('.save a')).rejects.toMatchObject({ code: 'shell.nothing-to-save' })
  await expect(typing('1', '.save')).rejects.toMatchObject({ code: 'shell.usage' })
  await expect(typing('.load nowhere.xpv.md')).rejects.toMatchObject({ code: 'file.not-found' })
})

it('.save writes what matters, with what it needs, notes and a title; leaving warns', async () => {
  const file = join(folder, 'found.xpv.md')
  const read = `(await import('node:fs')).statSync('${join(folder, 'sums.xpv.md')}').size > 0`
  const lines = ['const used = 2', 'const spare = 3', 'used * 21', 'used?', 'oops(', read]
  await typing('.title What is asked', ...lines, '.note The answer.', 'used + 1')
  expect(prompt?.desk.beforeLeaving()).toBe('')
  expect(await typing(`.save ${file}`)).toMatch(/^4 cells saved in .*; nothing kept needs #c2\n$/)
  const text = readFileSync(file, 'utf8')
  expect(text).toMatch(/^title: What is asked$/m)
  expect(text).toMatch(/inputs:\n {2}- path: sums\.xpv\.md\n {4}sha256: \w{64}\n/)
  expect(text).not.toMatch(/spare|used\?|oops/)
  expect(text).toMatch(
    /#c3\nused \* 21\n```\n\n```xpv-out #c3 sha=\w{8}\n42\n```\n[\s\S]*\n\nThe answer\.\n/,
  )
  expect(prompt?.desk.beforeLeaving()).toBe('')
  await typing('used + 2')
  expect(prompt?.desk.beforeLeaving()).toMatch(/has changes that are not saved/)
  expect(prompt?.desk.beforeLeaving()).toBe('')
})

it('.save into an opened notebook touches only what changed', async () => {
  const file = join(folder, 'sums.xpv.md')
  await reading('.run', '.edit length', 'list.length * 2', 'list[0]', '.save')
  const text = readFileSync(file, 'utf8')
  const without = text.replace(/\n```xpv-out[\s\S]*?```\n/g, '')
  const edited = NOTEBOOK.replace('list.length\n', 'list.length * 2\n')
  expect(without).toBe(`${edited}\n\`\`\`ts xpv #c5\nlist[0]\n\`\`\`\n`)
  expect(text).toMatch(/xpv-out #length sha=\w{8}\n6\n/)
})

it('an opened notebook that is saved in another folder leads from there on, too', async () => {
  const lesson = NOTEBOOK.replace('odd-key:', 'folder: data\nodd-key:')
  writeFileSync(join(folder, 'sums.xpv.md'), lesson)
  mkdirSync(join(folder, 'data'))
  mkdirSync(join(folder, 'mine'))
  const file = join(folder, 'mine', 'sums.xpv.md')
  await reading(`.save ${file}`)
  expect(readFileSync(file, 'utf8')).toMatch(/^folder: \.\.\/data$/m)
  await reading('.note More.', '.save')
  expect(readFileSync(file, 'utf8')).toMatch(/^folder: \.\.\/data$/m)
})
