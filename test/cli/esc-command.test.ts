// `xpv esc`: what is printed, where, and with which status.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { xpv } from './xpv-process.js'

const FOLDER = mkdtempSync(join(tmpdir(), 'xpv-esc-'))
afterAll(() => rmSync(FOLDER, { recursive: true }))

const RIGHT = `#include <fit.h>
event fault.x@chip, FITrate=FIT;
event ereport.x@chip { within(5s) };
prop fault.x@chip (0)-> ereport.x@chip;
`
mkdirSync(join(FOLDER, 'include'))
mkdirSync(join(FOLDER, 'rules'))
writeFileSync(join(FOLDER, 'include/fit.h'), '#define FIT 250\n')
writeFileSync(join(FOLDER, 'rules/right.esc'), RIGHT)
writeFileSync(join(FOLDER, 'rules/wrong.esc'), 'event fualt.x@chip;\n')
const run = (...words: readonly string[]): ReturnType<typeof xpv> =>
  xpv(['esc', ...words], { cwd: FOLDER })

it('check counts what right rules are made of', () => {
  expect(run('check', '-I', 'include', 'rules/right.esc')).toEqual({
    status: 0,
    err: '',
    out: [
      'file             tokens  prop  event  engine  asru  fru  errors  warnings',
      '---------------  ------  ----  -----  ------  ----  ---  ------  --------',
      'rules/right.esc      41     1      2       0     0    0       0         0',
      '2 events: 1 fault, 1 ereport',
      'calls: 1 within',
      'N and K: 1 of 0',
      '',
    ].join('\n'),
  })
})

it('check tells mistakes with their places, of all files of a folder, and ends with 1', () => {
  const { status, out, err } = run('check', '-Iinclude', 'rules')
  expect({ status, err }).toEqual({ status: 1, err: '' })
  expect(out).toContain(
    'esc.unknown-class-type: rules/wrong.esc line 1:7: fualt is no type of class\n' +
      '  event fualt.x@chip;\n        ^^^^^\n  did you mean fault?\n',
  )
  expect(out).toMatch(/^2 files +48 +1 +3 +0 +0 +0 +1 +0$/m)
})

it('check --json is one object', () => {
  const { status, out } = run('check', '--json', 'rules/wrong.esc')
  expect(status).toBe(1)
  const { files } = JSON.parse(out)
  expect(files[0]).toMatchObject({ file: 'rules/wrong.esc', isRight: false })
  expect(files[0].counts.statements.event).toBe(1)
  expect(files[0].diagnostics).toEqual([
    {
      code: 'esc.unknown-class-type',
      severity: 'error',
      message: 'fualt is no type of class',
      hint: 'did you mean fault?',
      file: 'rules/wrong.esc',
      line: 1,
      column: 7,
    },
  ])
})

it('print shows the rules without macros', () => {
  const { status, out, err } = run('print', '-I', 'include', 'rules/right.esc')
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(out).toContain('event fault.x@chip,\n    FITrate=250;\n')
})

it('an include that is missing is an error that says what to type', () => {
  const { status, out } = run('check', 'rules/right.esc')
  expect(status).toBe(1)
  expect(out).toMatch(/esc\.include-missing: .* line 1:10: there is no file fit\.h\n.*\n.*\n.*-I/)
})

it.each([
  { words: ['check', 'nowhere.esc'], status: 5 },
  { words: ['check', 'include'], status: 5 },
  { words: ['chek', 'rules/right.esc'], status: 2 },
  { words: ['check'], status: 2 },
  { words: ['check', '-x', 'rules/right.esc'], status: 2 },
  { words: ['check', 'rules/right.esc', '-I'], status: 2 },
  { words: [], status: 2 },
])('$words ends with $status', ({ words, status }) => {
  const ran = run(...words)
  expect(ran.status).toBe(status)
  expect(ran.err).toMatch(/^xpv: .*\n {2}try: /)
})

it('help tells of it, in the shell too', () => {
  expect(xpv(['--help']).out).toMatch(/^ +esc .*Eversholt/m)
  expect(xpv(['esc', '--help']).out).toContain('xpv esc check gcpu.esc')
  expect(xpv(['help', 'esc']).out).toContain('xpv esc check gcpu.esc')
})
