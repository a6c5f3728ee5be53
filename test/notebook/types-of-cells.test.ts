// `xpv run` and `xpv check` check the types of cells beside their run.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { xpv as untyped } from '../cli/xpv-process.js'

const FRONT = '---\nxpv: 1\ntitle: types\nmachine: sim:xvm-3.1\n---\n\n'
const cell = (info: string, source: string): string => `\`\`\`${info}\n${source}\n\`\`\`\n\n`

const WRONG = cell('ts xpv #wrong', "const n: number = 'x'\nn")
const EXPECTED = cell('ts xpv #expected expect-error=TS2345', "Math.max('x')")
const RULES = cell('esc xpv #site', 'event fault.site.fan@chassis;')
const USE = cell('ts xpv #use', 'site.counts.types.fault')
const THROWS = cell('ts xpv #throws', "throw new Error('here')")

let path = ''
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'xpv-types-')), 'a.xpv.md')
})

const xpv = (words: readonly string[]) => untyped(words, { env: { XPV_TYPES: 'on' } })
const write = (...cells: string[]): void => writeFileSync(path, FRONT + cells.join(''))

it('a cell that runs, but has wrong types, is a failure of that kind: status 3', () => {
  write(WRONG, EXPECTED, RULES, USE)
  expect(xpv(['run', '--allow', 'all', path])).toMatchObject({ status: 3 })
  const text = readFileSync(path, 'utf8')
  expect(text).toContain('```xpv-out #wrong')
  expect(text).toMatch(/#expected sha=\w+\nts\.2345: line 1:10: Argument of type 'string'/)
  expect(text).toMatch(/#use sha=\w+\n1\n/)
  const { status, out } = xpv(['--json', 'check', '--allow', 'all', path])
  expect(status).toBe(3)
  expect(JSON.parse(out)).toMatchObject([
    { drifts: [{ kind: 'failure', failure: 'type', what: 'wrong' }] },
  ])
  expect(xpv(['--no-types', 'check', '--allow', 'all', path])).toMatchObject({ status: 0 })
})

it('a name that nothing defines is told once, with its line; status 3 is for types alone', () => {
  const named = cell('ts xpv #named', "const f = () => totl\nconst n: number = 'x'")
  const thrown = cell('ts xpv #thrown', 'totl')
  write(cell('ts xpv #total', 'const total = 1'), named, thrown, THROWS)
  const { status, out } = xpv(['--json', 'check', '--allow', 'all', path])
  expect(status).toBe(1)
  const hint = 'nb.undefined-name: no cell above defines totl; did you mean total?'
  expect(JSON.parse(out)).toMatchObject([
    {
      drifts: [
        { failure: 'name', what: 'named', line: 12, message: hint },
        { failure: 'type', what: 'named', line: 11, changes: expect.not.stringContaining('totl') },
        { failure: 'name', what: 'thrown', line: 17, message: hint },
        { kind: 'never-run', what: 'thrown' },
        { kind: 'failure', what: 'throws', message: 'failed' },
        { kind: 'never-run', what: 'throws' },
      ],
      warnings: [],
    },
  ])
})
