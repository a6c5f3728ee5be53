// -C: a script goes through cpp first, and messages speak of the lines that were written.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dtrace } from './dtrace-run.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpv-cpp-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const write = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const cpp = (text: string, ...words: readonly string[]) =>
  dtrace([...words, '-qCs', write('script.d', text)])

const SHOW = 'BEGIN { printf("%d", X); exit(0); }\n'

describe('names', () => {
  it.each([
    ['-D', ['-D', 'X=7'], 7],
    ['-x define', ['-xdefine=X=8'], 8],
    ['the later one', ['-D', 'X=7', '-UX', '-DX=9'], 9],
    ['-x cppargs', ['-x', 'cppargs=-DX=1 -UX -DX=2'], 2],
    ['of every D compiler', ['-DX=__SUNW_D'], 1],
    ['of its version', ['-DX=__SUNW_D_VERSION'], 0x0100d000],
    ['of the version asked for', ['-DX=__SUNW_D_VERSION', '-xversion=1.6.3'], 0x01006003],
    ['of 64 bits', ['-DX=__SUNW_D_64'], 1],
    ['of illumos', ['-DX=__sun'], 1],
    ['of Linux, there', ['-DX=__linux', '-xdialect=linux'], 1],
  ])('%s', async (_, words, value) => {
    expect(await cpp(SHOW, ...words)).toEqual({ status: 0, out: `${value}\n`, warned: '' })
  })

  it('illumos is no Linux', async () => {
    const text = '#ifdef __linux\n#error linux\n#endif\nBEGIN { exit(0); }\n'
    expect(await cpp(text)).toEqual({ status: 0, out: '\n', warned: '' })
  })
})

it('-I says where to look, and a mistake is told in the file it is in', async () => {
  write('mine.h', 'inline int mine = 5;\ninline int bad = nothing;\n')
  const run = await cpp('#include "mine.h"\nBEGIN { exit(mine); }\n', `-I${folder}`)
  expect(run.status).toBe(1)
  expect(run.warned).toContain(`"${join(folder, 'mine.h')}", line 2: failed to resolve nothing`)
})

it('lines count as written, whatever was left out and put in', async () => {
  const text = '#!/usr/sbin/dtrace -s\n#if 0\nx\n#endif\n#define A 1\nBEGIN\n{\n\ttrace(y);\n}\n'
  const run = await cpp(text, '-v')
  expect(run.warned).toContain('script.d: line 8: failed to resolve y: Unknown variable name\n')
  expect(run.warned).toContain('d.unknown-name: line 8:8: ')
  expect(run.warned).toContain('    \ttrace(y);\n'.trimStart())
})

it('without -C a control line of the preprocessor is a mistake', async () => {
  const run = await dtrace(['-s', write('plain.d', '#define X 1\nBEGIN { }\n')])
  expect(run.warned).toContain('line 1: invalid control directive: #define\n')
})

it('-H names the files that are included', async () => {
  const path = write('other.h', 'inline int other = 3;\n')
  const run = await cpp('#include "other.h"\nBEGIN { exit(other); }\n', '-H', `-I${folder}`)
  expect(run.status).toBe(3)
  expect(run.warned).toContain(`. ${path}\n`)
})

describe('a preprocessor that', () => {
  const FAILED = 'failed to compile script SCRIPT: '
  it.each([
    ['fails', ['-xcpppath=/bin/false'], 'Preprocessor failed to process input program\n'],
    ['is not there', ['-xcpppath=/no/such/cpp'], 'Preprocessor not found\n  try: install /no/such'],
    ['is no program', ['-xcpppath=/etc/passwd'], 'Failed to exec preprocessor\n'],
  ])('%s is told', async (_, words, message) => {
    const path = write('script.d', SHOW)
    const run = await dtrace([...words, '-qCs', path], { explain: true })
    expect(run.status).toBe(1)
    const warned = run.warned.replace(join(folder, 'script.d'), 'SCRIPT')
    expect(warned.startsWith(`dtrace: ${FAILED}${message}`), warned).toBe(true)
  })
})

it('-s /dev/stdin and programs on the command line are no files', async () => {
  expect((await dtrace(['-C', '-qn', 'BEGIN { exit(4); }'])).status).toBe(4)
})
