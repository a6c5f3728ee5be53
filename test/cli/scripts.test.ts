// Scripts, settings and pipes around the command.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { environment, ROOT, startXpv, xpv } from './xpv-process.js'

const IDLE = join(ROOT, 'examples/recordings/idle')

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpv-script-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const IN_BASH = { cwd: ROOT, encoding: 'utf8', env: environment() } as const

const file = (name: string, text: string): void => writeFileSync(join(folder, name), text)

const LIBRARY = `
import { openRecording, queriesOn } from 'xpv'
import { topmost } from './rows.js'
const { on } = queriesOn(openRecording(process.env.RECORDING))
console.log(topmost(on('xdt:::').by('probename').count().rows()))
`

it('a script imports xpv, and TypeScript beside it, wherever it lies', () => {
  file('rows.ts', 'export const topmost = <T>(rows: readonly T[]): T | undefined => rows.at(-1)\n')
  file('script.ts', LIBRARY)
  const run = xpv(['script.ts'], { cwd: folder, env: { RECORDING: IDLE } })
  expect(run).toEqual({ status: 0, out: "{ probename: 'hypercall', value: 430 }\n", err: '' })
  expect(xpv([join(folder, 'script.ts')], { env: { RECORDING: IDLE } }).out).toBe(run.out)
})

it('plain node imports xpv in the checkout', () => {
  const code = "import('xpv').then((x) => console.log(Object.keys(x).includes('queriesOn')))"
  const run = spawnSync(process.execPath, ['-e', code], { cwd: ROOT, encoding: 'utf8' })
  expect(run.stdout).toBe('true\n')
})

it('a mistake in an imported file names its place', () => {
  file('bad.ts', 'export const a: = 1\n')
  file('thrower.ts', 'type Any = never\nexport function f(): Any {\n  throw new Error("no")\n}\n')
  const bad = xpv(['-e', "import './bad.ts'"], { cwd: folder })
  expect(bad.err).toContain('bad.ts:1:17: ')
  const thrown = xpv(['-e', "import { f } from './thrower.ts'; f()"], { cwd: folder })
  expect(thrown.err).toMatch(
    /^Error: no\n {4}at f \(.*thrower\.ts:3:9\)\n {4}at cell 1, line 1:35\n$/,
  )
})

it('reads a script from standard input', () => {
  expect(xpv(['-'], { input: 'const n: number = 6\nn * 7\n' })).toEqual({
    status: 0,
    out: '42\n',
    err: '',
  })
})

it('the command line goes before the environment, the environment before .env', () => {
  const title = (words: readonly string[], env: Record<string, string> = {}): string =>
    xpv([...words, '-e', 'machine.snapshot().title'], { cwd: folder, env }).out
  file('.env', `XPV_MACHINE=${IDLE}\n`)
  const LOAD = join(ROOT, 'examples/recordings/load')
  expect(title([])).toContain('an idle host')
  expect(title([], { XPV_MACHINE: LOAD })).toContain('dom0 under load')
  expect(title(['--machine', IDLE], { XPV_MACHINE: LOAD })).toContain('an idle host')
  rmSync(join(folder, '.env'))
  expect(xpv(['-e', '1'], { env: { XPV_COLOR: 'pink' } })).toMatchObject({ status: 2 })
})

it('a reader that has seen enough ends it quietly', () => {
  const command = `${process.execPath} bin/xpv.mjs dtrace -n 'xdt::: {}' | head -1; echo $PIPESTATUS`
  const run = spawnSync('bash', ['-c', command], IN_BASH)
  expect(run.stdout).toMatch(/^CPU .*\n0\n$/)
  expect(run.stderr).toBe("dtrace: description 'xdt::: ' matched 173 probes\n")
})

it.runIf(existsSync('/dev/full'))('a full disk does not pass for success', () => {
  const command = `${process.execPath} bin/xpv.mjs -e 1 > /dev/full`
  const run = spawnSync('bash', ['-c', command], IN_BASH)
  expect(run.status).toBe(5)
  expect(run.stderr).toContain('file.unwritable')
})

it.each([
  ['a loop that never awaits', 'console.log("begun"); for (;;) {}'],
  ['a wait without end', 'console.log("begun"); await new Promise(() => {})'],
])('SIGINT ends %s with 130', async (_, code) => {
  const child = startXpv(['-e', code])
  const ended = new Promise((resolve) => child.on('exit', (status) => resolve(status)))
  await new Promise((resolve) => child.stdout?.once('data', resolve))
  child.kill('SIGINT')
  expect(await ended).toBe(130)
})

it('examples/slowest-calls.ts agrees with the times in the capture', () => {
  // ioctl_ret minus domctl of the two calls: 271.481098 - 271.442298, 257.424928 - 257.415216.
  const run = xpv(['examples/slowest-calls.ts'], { cwd: ROOT })
  expect(run.out.split('\n').slice(1, 3)).toEqual([
    'destroydomain                38800',
    'createdomain                  9712',
  ])
})

it('a notebook opened in the shell brings its clock rate along', () => {
  const trace = join(ROOT, 'examples/recordings/idle/idle.xt')
  copyFileSync(trace, join(folder, 'bare.xt'))
  const backend = 'backend:\n  kind: trace\n  machine: bare.xt\n  hz: 2600000000\n'
  file('rate.xpv.md', `---\nxpv: 1\n${backend}---\n`)
  const run = xpv(['rate.xpv.md'], { cwd: folder, input: 'machine.info()\n' })
  expect(run.out).toMatch(/clock rate\s+2600000000 Hz\n/)
})

it.each([
  { words: ['-e', '1', 'more'] },
  { words: ['script.ts', 'more'] },
  { words: ['rate.xpv.md', 'more'] },
])('$words: what nobody takes is refused', ({ words }) => {
  const run = xpv(words, { cwd: folder })
  expect(run.status).toBe(2)
  expect(run.err).toContain('more')
})
