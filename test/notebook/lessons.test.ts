// The lessons: `xpv check` finds every byte as it is stored, from anywhere, twice; and names what
// differs when one byte of a recording is another.
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROOT, xpv } from '../cli/xpv-process.js'

const SMALL = 'small.xpv.md'
const INPUTS = ['create.xt', 'privcmd.ftrace.txt']
const OK = /^(notebooks\/\S+\.xpv\.md: ok, \d+ cells\n)+$/

/** A notebook on a recording of ours, as a lesson is. */
function small(): string {
  const pinned = INPUTS.map((name) => {
    const path = `../examples/recordings/xl-create/${name}`
    const bytes = readFileSync(join(copy, 'notebooks', path))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return `  - { path: ${path}, sha256: ${sha256}, bytes: ${bytes.length} }\n`
  })
  const front = `xpv: 1\nbackend: { machine: ../examples/recordings/xl-create }\nfolder: ..\n`
  const calls = '```d xpv #calls\nxpv:::dom-* { }\n```\n'
  return `---\n${front}inputs:\n${pinned.join('')}---\n\n${calls}\n\`\`\`ts xpv #sum\n1 + 1\n\`\`\`\n`
}

let copy = ''
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'xpv-lessons-'))
  cpSync(join(ROOT, 'notebooks'), join(copy, 'notebooks'), { recursive: true })
  cpSync(join(ROOT, 'examples'), join(copy, 'examples'), { recursive: true })
  mkdirSync(join(copy, '.git'))
  writeFileSync(join(copy, 'notebooks', SMALL), small())
  const made = xpv(['run', `notebooks/${SMALL}`], { cwd: copy })
  expect(made).toMatchObject({ status: 0, err: '' })
})
afterAll(() => rmSync(copy, { recursive: true }))

it('check passes, with types, wherever and however wide', () => {
  const env = { XPV_TYPES: 'on', TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', COLUMNS: '40' }
  const run = xpv(['check', 'notebooks'], { env })
  expect(run).toMatchObject({ status: 0, err: '' })
  expect(run.out).toMatch(OK)
})

it('a copy passes, seen from any folder', () => {
  const inside = xpv(['check', SMALL], { cwd: join(copy, 'notebooks') })
  expect(inside).toMatchObject({ status: 0, out: expect.stringMatching(/: ok, \d+ cells\n$/) })
  const outside = xpv(['check', join(copy, 'notebooks', SMALL)], { cwd: '/' })
  expect(outside.status).toBe(0)
})

it('one byte of a recording: the input, the cells and the lines are named', () => {
  const path = join(copy, 'examples/recordings/xl-create/privcmd.ftrace.txt')
  const bytes = readFileSync(path)
  const at = bytes.indexOf(': domctl: ') + 2
  bytes[at] = 'x'.charCodeAt(0)
  writeFileSync(path, bytes)
  const run = xpv(['check', `notebooks/${SMALL}`], { cwd: copy })
  expect(run.status).toBe(1)
  expect(run.out).toMatch(
    /: input \.\.\/examples\/\S+privcmd\.ftrace\.txt: sha256 is \w{64}, expected/,
  )
  expect(run.out).toMatch(/: cell #calls: prints something else now\n/)
  expect(run.out).toMatch(/^ {2}- .*[ :]dom-create-start\b/m)
  expect(run.out).not.toMatch(/#sum/)
  expect(run.out).toMatch(/: \d+ differences? \(xpv check --update /)

  const json = JSON.parse(xpv(['--json', 'check', `notebooks/${SMALL}`], { cwd: copy }).out)
  expect(json[0].drifts[0]).toMatchObject({ kind: 'input' })

  expect(xpv(['check', '--update', `notebooks/${SMALL}`], { cwd: copy }).status).toBe(0)
  expect(xpv(['check', `notebooks/${SMALL}`], { cwd: copy })).toMatchObject({ status: 0 })
})

it('a saved session is a notebook that checks, from its folder and from another', () => {
  const input = [
    "const top = on('xdt:::').by('probename').count().top(2)",
    'top',
    '.open examples/recordings/load',
    'top',
    'dtrace -s examples/wake-latency.d',
    `.save ${join(copy, 'notebooks', 'mine')}`,
  ]
  const recording = ['--machine', 'examples/recordings/xl-create']
  const saved = xpv(recording, { cwd: copy, input: `${input.join('\n')}\n` })
  expect(saved).toMatchObject({ status: 0, out: expect.stringMatching(/5 cells saved in \S+mine/) })
  const first = xpv(['check', 'notebooks/mine.xpv.md'], { cwd: copy })
  expect(first).toMatchObject({ status: 0, out: 'notebooks/mine.xpv.md: ok, 5 cells\n' })
  expect(xpv(['check', join(copy, 'notebooks/mine.xpv.md')], { cwd: '/' }).status).toBe(0)
})

it('one notebook that cannot be read does not keep the others from being checked', () => {
  writeFileSync(join(copy, 'broken.xpv.md'), '# prose\n')
  writeFileSync(join(copy, 'far.xpv.md'), '---\nxpv: 1\nbackend: { machine: live }\n---\n')
  const run = xpv(['check', 'broken.xpv.md', 'far.xpv.md', 'notebooks/mine.xpv.md'], { cwd: copy })
  expect(run.status).toBe(5)
  expect(run.err).toMatch(
    /nb\.no-front-matter: broken\.xpv\.md.*nb\.denied: far\.xpv\.md wants to work on a live machine/s,
  )
  expect(run.out).toBe('notebooks/mine.xpv.md: ok, 5 cells\n')
})

it('a run stored elsewhere still leads to its recording', () => {
  const other = join(copy, 'examples', 'elsewhere.xpv.md')
  expect(xpv(['run', `notebooks/${SMALL}`, '-o', other], { cwd: copy }).status).toBe(0)
  expect(xpv(['check', other], { cwd: '/' })).toMatchObject({ status: 0 })
})
