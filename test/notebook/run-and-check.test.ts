// `xpv run` and `xpv check` as a process: what is stored, what is reported, what nothing may harm.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { loadNotebook } from '../../src/cli/notebook-files.js'
import { ROOT, type RunOptions, xpv } from '../cli/xpv-process.js'

const FOLDER = mkdtempSync(join(tmpdir(), 'xpv-run-'))
afterAll(() => rmSync(FOLDER, { recursive: true }))

const CELL = (id: string, source: string): string => `\`\`\`ts xpv #${id}\n${source}\n\`\`\`\n\n`
const PARAMS =
  '---\nxpv: 1\nbackend: { kind: sim, machine: sim:xvm-3.1 } # the host\nparams:\n' +
  '  who: web1\n  status: { type: bigint, default: "0x10", doc: a word }\n---\n\n' +
  `${CELL('status', 'params.status * 2n')}${CELL('who', 'params.who')}${CELL('one', '1')}` +
  CELL('bars', "chart.bar(on('xpv:::').by('probename').count())")

/** Runs xpv in the folder, cells unchecked for types: that is not what is tested. */
const ran = (words: readonly string[], options: RunOptions = {}) =>
  xpv(['--no-types', ...words], { cwd: FOLDER, ...options })

it('what a run is given is stored with its outputs; a check reports what depends on it', () => {
  const path = join(FOLDER, 'p.xpv.md')
  writeFileSync(path, PARAMS)
  expect(ran(['run', '-p', 'status=0x15', 'p.xpv.md'])).toMatchObject({ status: 0, err: '' })
  const text = readFileSync(path, 'utf8')
  expect(text).toContain('  who: web1\n  status: { type: bigint, default: "21", doc: a word }\n')
  expect(text).toContain('machine: sim:xvm-3.1 } # the host\n')
  expect(text).toMatch(/#status sha=\w{8}\n42n\n/)
  const [name = ''] = readdirSync(join(FOLDER, 'p.out'))
  expect(text).toContain(`![output of #bars](p.out/${name})\n`)
  const sha = createHash('sha256')
    .update(readFileSync(join(FOLDER, 'p.out', name)))
    .digest('hex')
  expect(name).toBe(`${sha.slice(0, 16)}.svg`)

  const foreign = {
    ...{ TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8', COLUMNS: '40' },
    ...{ XPV_SEED: '9', XPV_MACHINE: 'sim:xen-4.20', XPV_WIDTH: '40', FORCE_COLOR: '1' },
  }
  expect(ran(['check', 'p.xpv.md'], { env: foreign }).out).toBe('p.xpv.md: ok, 4 cells\n')

  rmSync(join(FOLDER, 'p.out', name))
  const other = ran(['--json', 'check', '-p', 'who=web22', 'p.xpv.md'])
  expect(other.status).toBe(1)
  const [{ drifts }] = JSON.parse(other.out)
  expect(drifts.map((d: { what: string; kind: string }) => `${d.what} ${d.kind}`)).toEqual([
    'who output',
    'bars file',
  ])
  expect(drifts[0]).toMatchObject({ line: 17, changes: "  @@ line 1\n  - 'web1'\n  + 'web22'\n" })
  expect(readFileSync(path, 'utf8')).toBe(text)
  expect(ran(['check', '--update', 'p.xpv.md']).out).toMatch(/1 difference, stored as it is now/)
  expect(readdirSync(join(FOLDER, 'p.out'))).toEqual([name])
})

it('a parameter that is none, or not of its type, is refused with what there is', () => {
  writeFileSync(join(FOLDER, 'q.xpv.md'), PARAMS)
  expect(ran(['run', '-p', 'whom=x', 'q.xpv.md'])).toMatchObject({
    status: 5,
    err: 'xpv: nb.param: there is no parameter whom: there is who, status\n  try: -p who=VALUE\n',
  })
  expect(ran(['check', '-p', 'status=many', 'q.xpv.md']).err).toContain('status is a bigint: many')
  expect(readFileSync(join(FOLDER, 'q.xpv.md'), 'utf8')).toBe(PARAMS)
})

it.each([
  { name: 'an empty file', bytes: '', code: 'nb.no-front-matter' },
  { name: 'binary junk', bytes: Buffer.from([0xff, 0xfe, 0, 1, 2]), code: 'nb.encoding' },
  { name: 'cut off in a fence', bytes: PARAMS.slice(0, -8), code: 'nb.unclosed-fence' },
  { name: 'cut off in the front matter', bytes: PARAMS.slice(0, 30), code: 'nb.no-front-matter' },
])('$name is refused', ({ bytes, code }) => {
  const path = join(FOLDER, 'bad.xpv.md')
  writeFileSync(path, bytes)
  expect(() => loadNotebook(path)).toThrow(expect.objectContaining({ code }))
})

it('Ctrl-C in the middle leaves the file as it was, and nothing beside it', async () => {
  const folder = join(FOLDER, 'stopped')
  const text = PARAMS + CELL('forever', 'for (;;) {}')
  mkdirSync(folder)
  writeFileSync(join(folder, 'n.xpv.md'), text)
  const words = [join(ROOT, 'bin', 'xpv.mjs'), '--no-types', 'run', 'n.xpv.md']
  const child = spawn(process.execPath, words, { cwd: folder, stdio: 'ignore' })
  setTimeout(() => child.kill('SIGINT'), 2000)
  const status = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 130)))
  expect(status).toBe(130)
  expect(readFileSync(join(folder, 'n.xpv.md'), 'utf8')).toBe(text)
  expect(readdirSync(folder)).toEqual(['n.xpv.md'])
})

it.skipIf(process.getuid?.() === 0)('a folder that may not be written is said to be', () => {
  const folder = join(FOLDER, 'closed')
  mkdirSync(folder)
  writeFileSync(join(folder, 'n.xpv.md'), PARAMS)
  chmodSync(folder, 0o555)
  const { status, err } = ran(['run', 'closed/n.xpv.md'])
  chmodSync(folder, 0o755)
  expect([status, err]).toEqual([1, expect.stringContaining('file.unwritable')])
  expect(existsSync(join(folder, 'n.out'))).toBe(false)
})

it('where nothing can be written, that is told before a cell runs', () => {
  writeFileSync(join(FOLDER, 'o.xpv.md'), PARAMS)
  const { status, err } = ran(['run', '-o', '/proc/o.xpv.md', 'o.xpv.md'])
  expect(status).toBe(5)
  expect(err).toMatch(/^xpv: file\.unwritable: cannot write \/proc\/o\.xpv\.md: \w+\n/)
})
