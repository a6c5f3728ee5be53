// What a script learns from how xpv ended, and what a person reads: a stable code, what was seen,
// and the next thing to type; never a stack trace.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROOT, xpv } from './xpv-process.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpv-status-'))
  const trace = readFileSync(join(ROOT, 'examples/recordings/load/load.xt'))
  const file = (name: string, bytes: string | Uint8Array) =>
    writeFileSync(join(folder, name), bytes)
  file('cut.xt', trace.subarray(0, 100_001))
  file('empty.xt', '')
  file('photo.jpg', Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'))
  file('three.xt', trace.subarray(0, 3))
  const recording = (name: string, json: string) => {
    mkdirSync(join(folder, name))
    file(join(name, 'recording.json'), json)
  }
  mkdirSync(join(folder, 'nothing'))
  recording('half', '{ "format": 1, ')
  recording('list', '[]')
  recording('newer', '{ "format": 2 }')
  recording('away', '{ "format": 1, "parts": [{ "file": "gone.xt", "format": "xentrace" }] }')
  recording('outside', '{ "format": 1, "parts": [{ "file": "../x", "format": "xentrace" }] }')
  mkdirSync(join(folder, 'odd', 'recording.json'), { recursive: true })
  file('prose.xpv.md', '# no front matter\n')
  file('open.xpv.md', '---\nxpv: 1\n---\n```ts xpv\n1\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

const MACHINES: readonly (readonly [machine: string, status: number, said: string])[] = [
  ['empty.xt', 5, 'xpv: trace.empty: empty.xt is empty'],
  ['photo.jpg', 5, 'xpv: trace.unknown: photo.jpg is not a trace: at offset 0 are ff d8 ff e0'],
  ['three.xt', 5, 'xpv: trace.unknown: three.xt is not a trace'],
  ['nothing', 5, 'xpv: recording.no-metadata: nothing is a folder without recording.json'],
  ['nowhere.xt', 5, 'xpv: file.not-found: there is no file nowhere.xt'],
  ['/dev/null', 5, 'xpv: file.not-a-file: /dev/null is a pipe or device'],
  ['half', 5, 'xpv: recording.metadata: half/recording.json: not JSON'],
  ['list', 5, 'xpv: recording.metadata: list/recording.json: not a JSON object'],
  ['newer', 5, 'xpv: recording.metadata: newer/recording.json: "format" is 2, expected 1'],
  ['away', 5, 'xpv: file.not-found: there is no file away/gone.xt'],
  ['outside', 5, 'xpv: recording.metadata: outside/recording.json: "parts[0].file"'],
  ['odd', 5, 'xpv: file.unreadable: cannot read odd/recording.json: it is a folder'],
  ['sim:xvm-3.2', 4, 'xpv: sim.no-era: no era is called xvm-3.2\n  try: there are xvm-3.1, '],
  ['sim:xen-4.17,cpus=4', 4, 'xpv: sim.no-option: a simulated host has no option cpus'],
  ['sim,memory=much', 4, 'xpv: sim.bad-value: memory=much'],
  ['live', 4, 'xpv: backend.not-available: live'],
  ['ssh://host', 4, 'xpv: backend.not-available: ssh://host'],
]

it.each(MACHINES)('--machine %s ends with %i', (machine, status, said) => {
  const run = xpv(['info', '--machine', machine], { cwd: folder })
  expect(run).toMatchObject({ status, out: '' })
  expect(run.err.slice(0, said.length)).toBe(said)
  expect(run.err).toMatch(/^[^\n]+\n {2}try: [^\n]+\n$/)
})

const WORDS: readonly (readonly [words: readonly string[], status: number, said: string])[] = [
  [['chek', 'notebooks'], 2, 'there is no command chek\n  try: xpv check notebooks'],
  [['lscpi'], 2, 'there is no command lscpi\n  try: xpv lspci'],
  [['--bogus'], 2, "unknown option '--bogus'"],
  [['info', 'a', 'b'], 2, 'too many arguments'],
  [['help', 'chek'], 2, 'there is no command chek'],
  [['--hz', 'fast', 'info'], 2, 'fast is not a clock rate\n  try: --hz 2.6G'],
  [['--hz'], 2, '--hz wants a value'],
  [['--seed', 'x', 'info'], 2, 'x is not a seed\n  try: --seed 7'],
  [['--machine=', 'info'], 2, '--machine is empty'],
  [['--color', 'purple', 'info'], 2, '--color purple is not known'],
  [['-e'], 2, 'argument missing'],
  [['check'], 2, 'missing required argument'],
  [['nowhere.ts'], 5, 'file.not-found: there is no file nowhere.ts'],
  [['check', 'nothing'], 5, 'nothing holds no notebook'],
  [['check', 'prose.xpv.md'], 5, 'nb.no-front-matter: prose.xpv.md'],
  [['check', 'open.xpv.md'], 5, 'nb.unclosed-fence: open.xpv.md: line 4'],
  [['-e', '1 +'], 1, 'nb.syntax: line 1:3: Expression expected'],
  [['-e', 'probs()'], 3, "ts.2552: line 1:1: Cannot find name 'probs'."],
  [['-e', 'probs()', '--no-types'], 1, 'at cell 1, line 1:1\n  try: probes()'],
  [['-e', 'dtrce -l'], 3, '  try: dtrace -l'],
  [['-e', 'let n: number = "x"'], 3, 'ts.2322: line 1:5: Type '],
  [['-e', "import 'nowhere'"], 1, 'session.no-module: there is no module nowhere'],
  [['-e', "on('xpv:::dom-creat-start')"], 1, "  try: on('xpv:::dom-create-start')"],
  [['dtrace', '-n', 'BEGIN { trace(x }'], 1, 'syntax error near "}"'],
]

it.each(WORDS)('%j ends with %i', (words, status, said) => {
  const isTyped = status === 3 || words.includes('--no-types')
  const run = xpv(words, { cwd: folder, env: isTyped ? { XPV_TYPES: 'on' } : {} })
  expect(run).toMatchObject({ status, out: '' })
  expect(run.err).toContain(said)
  expect(run.err).not.toMatch(/node:|\.js:\d|Require stack/)
})

it('a cut trace yields what lies before the cut, and says what was lost', () => {
  const run = xpv(['dtrace', '--machine', 'cut.xt', '-qn', 'xdt::: { @ = count(); }'], {
    cwd: folder,
  })
  expect(run.status).toBe(0)
  expect(Number(run.out)).toBeGreaterThan(1000)
  expect(run.err).toMatch(/^dtrace: \d+ trace bytes lost/)
  expect(xpv(['info', 'cut.xt'], { cwd: folder }).out).toMatch(/^lost: .* at offset \d+/m)
})

it('a division by zero is a fault of its clause; the others go on', () => {
  const run = xpv([
    'dtrace',
    '-qn',
    'BEGIN { trace(1 / (cpu - cpu)); } BEGIN { trace("on"); exit(0); }',
  ])
  expect(run.status).toBe(0)
  expect(run.out).toContain('on')
  expect(run.err).toMatch(/^dtrace: error on enabled probe ID 1 .*: divide-by-zero/)
})

it('dtrace ends with what exit() said', () => {
  expect(xpv(['dtrace', '-qn', 'BEGIN { exit(7); }']).status).toBe(7)
})

it('with --json a failure is JSON too', () => {
  const { status, err } = xpv(['--json', 'info', 'nowhere.xt'])
  expect(status).toBe(5)
  expect(JSON.parse(err)).toMatchObject({ error: { code: 'file.not-found' } })
  const cell = JSON.parse(xpv(['--json', '-e', '1 +']).err)
  expect(cell.error.diagnostics).toMatchObject([{ span: { start: 2 } }])
})

it('what fails in the background of a cell is its failure', () => {
  const code = 'setTimeout(() => { throw new Error("late") }, 5); await new Promise(() => {})'
  const run = xpv(['-e', code])
  expect(run).toMatchObject({
    status: 1,
    err: expect.stringMatching(/^Error: late\n {4}at .*cell 1/),
  })
})

it('a pipe is worked on to its first failure', () => {
  const input = 'const a = 1\nfunction f() {\n  return a + 1\n}\nf()\nthrow new Error("boom")\n3\n'
  const run = xpv([], { input })
  expect(run).toMatchObject({ status: 1, out: '2\n' })
  expect(run.err).toContain('Error: boom')
})
