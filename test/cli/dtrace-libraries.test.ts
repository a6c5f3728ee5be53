// -L: what a folder of D libraries defines is there for programs.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { dtrace } from './dtrace-run.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpv-lib-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const library = (name: string, text: string): void => writeFileSync(join(folder, name), text)

const PROGRAM = ['-qn', 'BEGIN { printf("%d", twice); exit(0); }']

it('files are read after those they depend on', async () => {
  library('a.d', '#pragma D depends_on library b.d\ninline int twice = 2 * once;\n')
  library('b.d', 'inline int once = 21;\n')
  library('readme.txt', 'not D at all {')
  expect(await dtrace(['-L', folder, ...PROGRAM])).toEqual({ status: 0, out: '42\n', warned: '' })
})

it('clauses of a library are not enabled, and it may be empty', async () => {
  library('a.d', 'inline int twice = 2;\nBEGIN { trace("never"); }\n')
  library('b.d', '')
  expect(await dtrace([`-L${folder}`, ...PROGRAM])).toEqual({ status: 0, out: '2\n', warned: '' })
})

it('a library that needs a module there is not is passed over', async () => {
  library('a.d', '#pragma D depends_on module nosuchmodule\ninline int other = nothing;\n')
  library('b.d', 'inline int twice = 4;\n')
  expect((await dtrace(['-L', folder, ...PROGRAM])).out).toBe('4\n')
})

it.each([
  ['a.d', '#pragma D depends_on library z.d\n', 'Invalid library dependency in DIR/a.d: DIR/z.d'],
  ['a.d', '#pragma D depends_on library a.d\n', 'Cyclic dependency detected: DIR/a.d => DIR/a.d'],
])('%s that cannot be ordered', async (name, text, message) => {
  library(name, text)
  const run = await dtrace(['-L', folder, ...PROGRAM])
  expect(run).toMatchObject({ status: 1, out: '' })
  expect(run.warned.replaceAll(folder, 'DIR')).toContain(message)
})

it('a mistake in a library is told with its file and line', async () => {
  library('a.d', '\ninline int twice = nothing;\n')
  const run = await dtrace(['-L', folder, ...PROGRAM])
  expect(run.status).toBe(1)
  expect(run.warned).toContain(`"${folder}/a.d", line 2: failed to resolve nothing`)
})

it('-x nolibs reads none, a folder that is not there has none', async () => {
  library('a.d', 'inline int twice = ;\n')
  mkdirSync(join(folder, 'folder.d'))
  const words = ['-L', folder, '-L', '/no/such/folder', '-xnolibs', '-qn', 'BEGIN { exit(6); }']
  expect((await dtrace(words)).status).toBe(6)
})
