// Eversholt in a cell: the mistakes `esc check` tells, in their places; a value that counts what it
// is made of; a name for later cells.
import { writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { escCommand } from '../../../src/cli/esc-command.js'
import { Rules } from '../../../src/session/esc/rules.js'
import type { Session } from '../../../src/session/session.js'
import { plainSession } from '../plain-session.js'

const SITE = `event fault.site.fan@chassis, FITrate=100;
event ereport.site.hot@chassis;
prop fault.site.fan@chassis (0)-> ereport.site.hot@chassis;
`

const RECORDINGS = join(import.meta.dirname, '..', '..', 'fma', 'recordings')

let folder = ''
let session: Session
let closes: () => void
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xpv-esc-'))
  const open = await plainSession(folder)
  session = open.session
  closes = () => open.close()
})
afterAll(() => closes())

/** What a cell shows, or the text of its error. */
async function shown(source: string, options = {}): Promise<string> {
  const result = await session.evaluate(source, { final: true, ...options })
  if (result.kind === 'error') return result.error.text
  return result.kind === 'ok' ? (result.shown?.['text/plain'] ?? '') : result.kind
}

/** What `esc check` prints of a text in a file of that name. */
async function checked(text: string, name: string): Promise<string> {
  writeFileSync(join(folder, name), text)
  let out = ''
  const write = (more: string): void => {
    out += more
  }
  const { signal } = new AbortController()
  const io = { write, warn: write, signal, interrupted: () => false, columns: 80 }
  await escCommand(() => folder, false).run(['check', name], io)
  return out
}

it('a cell counts what `esc check` counts', async () => {
  const text = await shown(SITE, { language: 'esc', name: 'site' })
  expect(`${text}\n`).toBe(await checked(SITE, 'site'))
})

it.each([
  'event falt.site.fan@chassis;\nevent upset.x@chip, FITrate=3;',
  'prop fault.site.fan@chassis -> ereport.nobody.knows@chassis;',
  'event fault.x@chip, FITrate=;\n\n  event',
])('mistakes are those of `esc check`: %j', async (text) => {
  const found = await shown(text, { language: 'esc' })
  const [told = ''] = (await checked(text, 'rules')).split(/^file /m)
  const places = told.replaceAll(/^(esc\.\S+: )rules line/gm, '$1line').trimEnd()
  const warnings = /^.*warning: [\s\S]*?\n(?=esc\.|$)/gm
  expect(found).toBe(places.replaceAll(warnings, '').trimEnd())
})

it('a name binds the rules, for cells of TypeScript', async () => {
  await shown(SITE, { language: 'esc', name: 'fans' })
  expect(await shown('fans.counts.statements.event')).toBe('2')
  expect(await shown('fma.coverage(fans).faults.map((each) => each.fault)')).toBe(
    "[ 'fault.site.fan' ]",
  )
})

it('they take the place of files: in whatIf, in diagnose', async () => {
  await shown(SITE, { language: 'esc', name: 'others' })
  expect(await shown('fma.whatIf({ rules: others })')).toContain('other rules')
  const path = JSON.stringify(join(RECORDINGS, 'made-up', 'mce-dmesg.txt'))
  expect(await shown(`(await fma.diagnose(${path})).cases[0].code`)).toMatch(/^'GMCA-/)
  const by = `(await fma.diagnose(${path}, { rules: others })).cases[0].code`
  expect(await shown(by)).toBe("'FMD-8000-0W'")
  expect(await shown('fma.whatIf({ rules: 5 })')).toMatch(/^fma\.what-if: .*esc`\.\.\.`/)
})

it('a name that is no word of TypeScript binds nothing; `_` has the rules', async () => {
  await shown(SITE, { language: 'esc', name: 'two words' })
  expect(await shown('_ instanceof Object && _.counts.statements.prop')).toBe('1')
  expect(session.names()).not.toContain('two words')
  await shown(SITE, { language: 'esc', name: 'class' })
  expect(session.names()).not.toContain('class')
  expect(await shown(SITE, { language: 'esc', name: 'Map' })).toMatch(/^nb\.reserved-name/)
})

it('what has a mistake leaves the name as it was', async () => {
  await shown(SITE, { language: 'esc', name: 'kept' })
  expect(await shown('event', { language: 'esc', name: 'kept' })).toMatch(/^esc\./)
  expect(await shown('kept.counts.statements.prop')).toBe('1')
  expect(await shown('event', { language: 'esc', name: 'never' })).toMatch(/^esc\./)
  expect(await shown('typeof never')).toBe("'undefined'")
})

it('the tag takes numbers, and other rules', async () => {
  await shown(`const one = esc\`${SITE}\``)
  const holes = ['$' + '{one}', '$' + '{7}']
  const more = `const two = esc\`${holes[0]} event fault.site.psu@chassis, FITrate=${holes[1]};\``
  await shown(more)
  expect(await shown('two.counts.types.fault')).toBe('2')
  expect(await shown('two.source.includes("FITrate=7;")')).toBe('true')
  expect(await shown('esc`event falt.x@chip;`')).toMatch(/^esc\.[\s\S]*line 1:7/)
})

it('a file is included from the folder of the session', async () => {
  writeFileSync(join(folder, 'more.h'), '#define FIT 250\n')
  const text = '#include "more.h"\nevent fault.site.fan@chassis, FITrate=FIT;\n'
  expect(await shown(text, { language: 'esc' })).toMatch(/1 fault/)
  writeFileSync(join(folder, 'bad.h'), 'event;\n')
  expect(await shown('#include "bad.h"\n', { language: 'esc' })).toMatch(/bad\.h line 1:6/)
})

it('rules of cells and of files go together', async () => {
  writeFileSync(join(folder, 'psu.esc'), 'event fault.site.psu@chassis, FITrate=5;\n')
  await shown(SITE, { language: 'esc', name: 'cellRules' })
  const both = "fma.coverage([cellRules, 'psu.esc']).faults.length"
  expect(await shown(both)).toBe('2')
  expect(await shown('fma.coverage([])')).toMatch(/^fma\.rules/)
})

it('random text is refused in words, never by an error of our own', () => {
  for (const text of [
    '\0\u{1f600}',
    '{{{{',
    '/*',
    '"',
    '#if',
    'event fault.x@',
    '@'.repeat(5000),
  ]) {
    expect(() => new Rules(text)).toThrow(expect.objectContaining({ name: 'DiagnosticError' }))
  }
})
