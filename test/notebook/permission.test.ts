// Permission: what is declared is asked for before anything runs; what is granted works, and no more.
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseNotebook, printNotebook } from '../../src/notebook/format.js'
import { movedTo } from '../../src/notebook/front-edit.js'
import { fenceFlags } from '../../src/notebook/permission/fence.js'
import { groundsOf, readable, runByOthers } from '../../src/notebook/permission/grounds.js'
import {
  isGranted,
  parseGrants,
  parseWant,
  printWant,
  sayWant,
} from '../../src/notebook/permission/want.js'
import { type Ran, xpv } from '../cli/xpv-process.js'

let root = ''
const at = (...names: string[]): string => join(root, ...names)
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'xpv-permission-')))
  for (const folder of ['.git', 'nb/deep/deeper', 'nb/out', 'other/.hidden', 'rec']) {
    mkdirSync(at(folder), { recursive: true })
  }
  for (const file of ['nb/a', 'nb/deep/b', 'nb/deep/deeper/c', 'other/x', 'rec/recording.json']) {
    writeFileSync(at(file), 'text\n')
  }
  writeFileSync(at('package.json'), '{}')
  symlinkSync('../a', at('nb/deep/inside'))
})
afterAll(() => rmSync(root, { recursive: true }))

const CELL = (id: string, source: string): string => `\`\`\`ts xpv #${id}\n${source}\n\`\`\`\n`
const FS = "import fs from 'node:fs'\n"

/** Runs a notebook in nb/, its front matter and cells as given. */
function run(front: string, cells: string, words: readonly string[] = []): Ran {
  writeFileSync(at('nb/n.xpv.md'), `---\nxpv: 1\n${front}---\n\n${cells}`)
  return xpv(['run', ...words, 'nb/n.xpv.md'], { cwd: root })
}

it('what is declared and not granted keeps all of it from running, and says what to type', () => {
  const cells = CELL('call', "await fetch('http://x')") + CELL('mark', '1')
  const ran = run('allow: [net, "read:../other", run]\n', cells)
  expect(ran).toMatchObject({ status: 5, out: '' })
  expect(ran.err).toMatch(
    /nb\.denied: nb\/n\.xpv\.md wants to use the network \(cell #call\); read other; start other/,
  )
  expect(ran.err).toContain('try: --allow net,read:other,run')
  expect(readFileSync(at('nb/n.xpv.md'), 'utf8')).not.toContain('xpv-out')
})

it('what is granted works, what is not granted fails in its cell', () => {
  const cells =
    CELL('read', `${FS}fs.readFileSync('../other/x', 'utf8')`) +
    CELL('hidden', "fs.readFileSync('../package.json', 'utf8')") +
    CELL('write', "fs.writeFileSync('out/made', 'yes')\nfs.readFileSync('out/made', 'utf8')") +
    CELL('new', "fs.mkdirSync('fresh')\nfs.writeFileSync('fresh/made', 'yes')") +
    CELL('else', "fs.writeFileSync('a', 'changed')")
  const granted = ['--allow', 'read:other,write:nb/out', '--allow', 'write:nb/fresh']
  const ran = run('allow: ["read:../other", "write:out", "write:fresh"]\n', cells, granted)
  expect(ran.err.match(/cell #\w+ failed/g)).toEqual(['cell #hidden failed', 'cell #else failed'])
  expect(readFileSync(at('nb/out/made'), 'utf8')).toBe('yes')
  expect(readFileSync(at('nb/fresh/made'), 'utf8')).toBe('yes')
  expect(readFileSync(at('nb/a'), 'utf8')).toBe('text\n')
})

it('run starts programs; all is no fence; a word that is none is told', () => {
  const source = "import c from 'node:child_process'\nc.execFileSync('echo', ['hi']).toString()"
  expect(run('', CELL('a', source), ['--allow', 'run']).status).toBe(0)
  expect(run('', CELL('a', source), ['--allow', 'all']).status).toBe(0)
  const wrong = run('', CELL('a', '1'), ['--allow', 'everything'])
  expect(wrong.err).toMatch(/nb\.allow: everything is nothing that can be allowed\n {2}try: read:/)
})

it('a cell that ends its process fails; those after it go on in a fresh one, which is said', () => {
  const ran = run('', CELL('a', 'process.reallyExit(3)') + CELL('b', '1 + 1'))
  expect(ran.status).toBe(1)
  expect(ran.err).toMatch(/cell #a failed\nnb\.host: the process of the cells has ended \(status 3/)
  expect(ran.err).toContain('n.xpv.md: #b is in a fresh process\n')
  expect(ran.err).not.toContain('cell #b failed')
})

it('what a notebook wants to read stays the same when it moves', () => {
  const { document } = parseNotebook('---\nxpv: 1\nallow: [net, "read:../other"]\n---\n')
  const moved = movedTo(document, '/a/nb', '/a/deep/er')
  expect(parseNotebook(printNotebook(moved)).document.front.allow).toEqual([
    'net',
    'read:../../other',
  ])
})

it('a cell is ended when its time is over, whether it waits or computes', () => {
  const cells =
    CELL('first', 'let n = 40') +
    '```ts xpv #waits timeout=200ms\nawait new Promise(() => {})\n```\n' +
    CELL('goes-on', 'n += 1') +
    '```ts xpv #computes timeout=200ms\nn = 0; for (;;);\n```\n' +
    CELL('after', 'n += 1')
  const ran = run('', cells)
  expect(ran.err).toContain('n.xpv.md: #after is in a fresh process; 3 cells before it run again\n')
  expect(readFileSync(at('nb/n.xpv.md'), 'utf8')).toMatch(/#after sha=\w{8}\n42\n/)
  expect(ran.err).toMatch(/cell #waits failed\nnb\.timeout: the cell took longer than 200 ms/)
  expect(ran.err).not.toContain('#goes-on')
  expect(ran.err).toMatch(/cell #computes failed\nnb\.timeout: the cell took longer than 200 ms/)
})

it('what others run later is never granted to be written', () => {
  for (const path of ['', '.git', 'package.json', 'nb/node_modules', 'nb/.git/hooks', '.bashrc']) {
    expect(runByOthers(at(path)), path).not.toBe(undefined)
  }
  expect(runByOthers(at('nb/out'))).toBe(undefined)
  const ran = run('', CELL('a', '1'), ['--allow', 'write:.'])
  expect(ran.err).toMatch(/nb\.denied: .*write:\. reaches \.git, which others run\n {2}try: /)
})

it('wants are read, printed and told; a folder covers what is below it', () => {
  expect(parseGrants(['net, read:a', 'write:/b'], '/x')).toEqual([
    { kind: 'net' },
    { kind: 'read', path: '/x/a' },
    { kind: 'write', path: '/b' },
  ])
  expect(printWant({ kind: 'read', path: '/x/a' }, '/x')).toBe('read:a')
  expect(sayWant({ kind: 'write', path: '/x' }, '/x')).toBe('write .')
  const painted = { kind: 'read', path: '/x/a\n\u001b[2K\u202eb' } as const
  expect(sayWant(painted, '/')).toBe('read x/a??[2K?b')
  for (const wrong of ['', 'read:', 'read:*', 'netz', 'all ']) {
    expect(() => parseWant(wrong, '/'), wrong).toThrow(/nothing that can be allowed/)
  }
  const granted = parseGrants(['read:/a/b'], '/')
  expect(isGranted({ kind: 'read', path: '/a/b/c' }, granted)).toBe(true)
  expect(isGranted({ kind: 'read', path: '/a/bc' }, granted)).toBe(false)
  expect(isGranted({ kind: 'write', path: '/a/b' }, granted)).toBe(false)
  expect(isGranted({ kind: 'live' }, [{ kind: 'all' }])).toBe(true)
})

it('a folder is granted whole unless something in it may not be read', () => {
  expect(readable([at('nb/deep')]).toSorted()).toEqual([at('nb/deep/b'), at('nb/deep/deeper')])
  expect(readable([at('nb')])).toEqual([at('nb')])
  expect(readable([at('other')])).toEqual([at('other/x')])
})

it('folder counts inside the repository, the machine when it is a recording', () => {
  const program = at('rec')
  const of = (front: string): string[] => {
    const { document } = parseNotebook(`---\nxpv: 1\n${front}---\n`)
    return groundsOf(document, at('nb/n.xpv.md'), program)
  }
  expect(of('')).toEqual([at('nb')])
  expect(of('folder: ../other\n')).toEqual([at('nb'), at('other/x')])
  expect(of('folder: ../..\n')).toEqual([at('nb')])
  expect(of('backend: { machine: ../rec }\n')).toEqual([at('nb'), at('rec')])
  expect(of('backend: { machine: ../other }\n')).toEqual([at('nb')])
  const sha256 = 'b9e68e1bea3e5b19ca6b2f98b73a54b73daafaa250484902e09982e07a12e733'
  const pin = (hash: string, bytes: number): string =>
    `inputs:\n  - path: ../other/x\n    sha256: ${hash}\n    bytes: ${bytes}\n`
  expect(of(pin(sha256, 5))).toEqual([at('nb'), at('other/x')])
  expect(of(pin(sha256.replace('b', 'c'), 5))).toEqual([at('nb')])
})

it.each([
  ['20.19.0', '--experimental-permission', false],
  ['22.12.0', '--experimental-permission', true],
  ['22.13.0', '--permission', true],
  ['24.1.0', '--permission', true],
] as const)('on Node %s the fence is %s', (version, flag, hasSqlite) => {
  const flags = fenceFlags({ reads: ['/a'], grants: [] }, version)
  expect(flags[0]).toBe(flag)
  expect(flags).toContain('--allow-fs-read=/a')
  expect(flags.includes('--no-experimental-sqlite')).toBe(hasSqlite)
  expect(flags.join(' ')).not.toMatch(/allow-(fs-write|child|worker|addons|wasi|net|inspector)/)
})
