// Fault management from the prompt and from the command line.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { xpv } from './xpv-process.js'

const SERIES = 'test/sim/captures/mcelog-series.bin'
const FOLDER = mkdtempSync(join(tmpdir(), 'xpv-fmd-'))

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

it('fma at the prompt: a fault is found, explained, compared, repaired', () => {
  const input = [
    "machine.inject('cache level=1 pcpu=1 every=10s times=4'); machine.run('1m')",
    'fma.faulty()',
    "fma.cases.filter(({ severity }) => severity === 'Major')",
    'psrinfo',
    'fma.cases.toTable()',
    "fma.log('error')",
    'fma.ereports[3]',
    'fma.ereports.map(({ payload }) => payload.IA32_MCi_STATUS)[3]',
    "fma.ereports.filter(({ by }) => by.startsWith('pcpu 1')).length * 1000",
    'fma.explain(fma.faulty()[0])',
    "fma.whatIf({ era: 'xvm-3.1' })",
    "fma.whatIf({ threshold: { 'serd.cpu.generic-x86.l1dcache': { n: 9, t: '1h' } } })",
    "fma.whatIf({ threshold: { 'serd.cpu.generic-x86.l1dcache': { n: 1, t: '1h' } } }).other.explain('GMCA-8000-LF')",
    "const other = machine.fork(); other.run('1s'); other.fma.faulty().length",
    'fma.repaired(fma.faulty()[0])',
    'fma.acts',
  ].join('\n')
  const { status, out, err } = xpv(['--machine', 'sim:metal'], { input: `${input}\n` })
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(out).toMatch(/^GMCA-8000-LF {2}Major {2}closed/m)
  expect(out).not.toContain('FmaCase')
  expect(out).toMatch(/^1\tfaulted/m)
  expect(out).toMatch(/^\S+ \S+ +GMCA-8000-LF +l1dcache +pcpu 1 +closed$/m)
  expect(out).toMatch(/ereport\.cpu\.generic-x86\.l1dcache +pcpu 1$/m)
  expect(out).toMatch(/^bank_number +0x2$/m)
  const [, hex = '0', plain] = /^IA32_MCi_STATUS +(0x\w+)$[\s\S]*?^(\d+)n$/m.exec(out) ?? []
  expect(String(BigInt(hex))).toBe(plain)
  expect(out).toMatch(/^4000$/m)
  expect(out).toMatch(/serd\.cpu\.generic-x86\.l1dcache: fired: 4 in 30 s/)
  expect(out).toMatch(/^ {4}xvm-3.1: not diagnosed$/m)
  expect(out).toMatch(/^ {4}metal, other limits: not diagnosed$/m)
  expect(out).toMatch(/fired: 2 in 10 s, fires on more than 1 in/)
  expect(out).toMatch(/^1$/m)
  expect(out).toMatch(/put pcpu 1 back +done/)
})

it('the parts of another host are named by what opens it', () => {
  const input = [
    "machine.inject('cache level=1 pcpu=3 every=10s times=4'); machine.run('1m')",
    "fma.whatIf({ topology: 'sim:metal' })",
    "fma.whatIf({ topology: 'sim:metal,pcpus=2' })",
    'fma.whatIf?',
    `const given = await fma.diagnose('${SERIES}', { every: '19s', topology: 'sim:metal' })`,
    'given.faulty().map(({ suspects }) => suspects[0].label).join()',
    'given.account',
  ].join('\n')
  const { status, out, err } = xpv(['--machine', 'sim:metal'], { input: `${input}\n` })
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(out).toMatch(/^'CPU \d,CPU \d DIMM A\d'$/m)
  expect(out.replace(/\s+/g, ' ')).toContain('which parts the host has, and which of them')
  const [same = '', other = ''] = out.split(/^(?=ereports)/m)
  expect(same).toMatch(/^both find and do the same$/m)
  expect(other).toMatch(/^ {4}metal, other parts: not diagnosed$/m)
  expect(out).toContain("{ topology: 'sim:metal' }")
})

it('what cannot be is refused in words', () => {
  const refused = [
    ["fma.explain('GMCA-8000-XX')", 'fma.no-case'],
    ["fma.log('errors')", 'fma.log'],
    ["fma.repaired('hc:///motherboard=0')", 'fma.not-faulty'],
    ["await fma.diagnose('nothing.bin')", 'file.not-found'],
    ["await fma.diagnose('package.json', { every: 'often' })", 'fma.duration'],
    ["await fma.diagnose('package.json', { topology: 5 })", 'fma.topology'],
    ["fma.whatIf({ rules: 'nothing.esc' })", 'file.not-found'],
    ['fma.explain()', 'fma.no-case'],
    ['fma.whatIf()', 'fma.what-if'],
    ["fma.whatIf({ ear: 'metal' })", 'fma.what-if'],
    ["fma.whatIf({ topology: 'simm:metal' })", 'file.not-found'],
    ['fma.whatIf({ topology: 5 })', 'fma.what-if'],
    ['fma.whatIf({ rules: 5 })', 'fma.what-if'],
    ["fma.whatIf({ rules: ['a.esc', 5] })", 'fma.what-if'],
    ["fma.whatIf({ msi: 'off' })", 'fma.what-if'],
    ["fma.whatIf({ era: 'metal', seconds: 'yes' })", 'fma.what-if'],
    ['fma.whatIf({ era: 5 })', 'fma.what-if'],
    ['fma.whatIf({ threshold: 5 })', 'fma.what-if'],
    ['fma.whatIf({ era: undefined })', 'fma.what-if'],
    ['fma.coverage(5)', 'fma.rules'],
    ["fma.whatIf({ threshold: { 'serd.cpu.l1': { n: 1, t: '1h' } } })", 'fma.threshold'],
    ["fma.whatIf({ threshold: { 'serd.cpu.generic-x86.l1dcache': { n: 1 } } })", 'fma.threshold'],
    ["fma.whatIf({ era: 'xen-9' })", 'sim.no-era'],
  ]
  const input = refused.map(
    ([cell]) => `!try { ${cell} } catch (error) { console.log(error.code) }`,
  )
  const { out } = xpv(['--machine', 'sim:metal'], { input: `${input.join('\n')}\n` })
  expect(out.trim().split('\n')).toEqual(refused.map(([, code]) => code))
})

it('xpv fmd diagnoses a file; in a folder it goes on, and others can read there', () => {
  const folder = join(FOLDER, 'kept')
  const words = ['fmd', '-d', folder, '--every', '19s', SERIES]
  const alone = xpv(['fmd', '--every', '19s', SERIES])
  const [first, again, third] = [xpv(words), xpv(words), xpv(words)]
  expect(alone.status).toBe(0)
  expect(alone.out).toMatch(/^GMCA-8000-LF.*^GMCA-8000-WT.*^14 ereports; 2 diagnoses$/ms)
  expect(alone.out).toContain(
    '    motherboard=0/chip=0/core=1/strand=0\n    which is pcpu 1\n' +
      '    to replace: motherboard=0/chip=0\n  next: Plan to replace the processor module.',
  )
  expect(first.out).toBe(alone.out)
  expect(again.out).toBe(alone.out.replace('14 ereports', '14 ereports, 14 of them known before'))
  expect(third.out).toBe(again.out)
  expect(xpv(['fmd', folder]).err).toMatch(/is a folder, .*\n {2}try: xpv fmd \S+kept\/errlog$/m)
  expect(xpv(['fmd', FOLDER]).err).toMatch(/^xpv: file\.unreadable: .*: it is a folder$/m)
  expect(xpv(['fmd', 'package.json']).err).toMatch(/errlog$/m)
  const dump = xpv(['fmdump', '-R', folder])
  expect(dump.out.match(/GMCA-8000-LF Diagnosed/g)?.length).toBe(1)
})

it('rules that know nothing of what came say so; those that know some of it do not', () => {
  const [none, some] = [join(FOLDER, 'none.esc'), join(FOLDER, 'some.esc')]
  const rules = (leaf: string): string => `event ereport.${leaf}@chip/core/strand { within(1s) };
    event upset.cpu.x@chip/core/strand;
    prop upset.cpu.x@chip/core/strand (1)-> ereport.${leaf}@chip/core/strand;`
  writeFileSync(none, rules('cpu.intel.quickpath.interconnect'))
  writeFileSync(some, rules('cpu.generic-x86.l1dcache'))
  const folder = join(FOLDER, 'other-rules')
  const said = /^these rules know none of the 2 classes seen: ereport\.cpu\.generic-x86\.l1dcache/m
  for (const more of [[], ['-d', folder], ['-d', folder]]) {
    const words = ['fmd', ...more, '--every', '19s', '--rules', none, SERIES]
    expect(xpv(words).out).toMatch(said)
  }
  expect(xpv(['fmd', '--every', '19s', '--rules', some, SERIES]).out).not.toMatch(/these rules/)
  const input = [
    `fma.whatIf({ rules: '${none}' })`,
    "machine.inject('cache level=1 pcpu=1'); machine.run('1m')",
    `fma.whatIf({ rules: '${none}' })`,
    `fma.whatIf({ rules: '${some}' })`,
  ].join('\n')
  const { out } = xpv(['--machine', 'sim:metal'], { input: `${input}\n` })
  const told = 'metal, other rules: these rules do not know the class seen: ereport.cpu.generic-x86'
  expect(out.replace(/\s+/g, ' ').split(told)).toHaveLength(2)
})

it('a reader that goes away is no error', () => {
  const xpvFmd = `node bin/xpv.mjs fmd --every 19s ${SERIES}`
  const { stdout, stderr } = spawnSync('bash', ['-c', `${xpvFmd} | true; echo $PIPESTATUS`], {
    encoding: 'utf8',
  })
  expect([stdout, stderr]).toEqual(['0\n', ''])
})

it('telemetry where a trace was meant is told where to go', () => {
  const info = xpv(['info', SERIES])
  const folder = xpv(['--machine', 'examples/recordings/fma-series', '-e', '1'])
  expect([info.status === 0, info.err]).toEqual([false, expect.stringMatching(/try: xpv fmd test/)])
  expect(folder.err).toMatch(/^ {2}try: xpv fmd examples\/recordings\/fma-series\/\S+$/m)
  expect(xpv(['info', 'README.md']).err).not.toMatch(/xpv fmd/)
})

it('what there is none of is said, and what is typed at the prompt is hinted at there', () => {
  const input = [
    'fma.acts',
    'help fmd',
    `await fma.diagnose('${SERIES}').catch(({ hint }) => hint)`,
    'fma.topology',
  ].join('\n')
  const { out } = xpv([], { input: `${input}\n` })
  expect(out).toMatch(/^none\nfmd - diagnose telemetry: /)
  expect(out).toMatch(/^['"]\{ every: '10s' \}/m)
  expect(out).toMatch(/^│ {2}│ {2}└─ strand +\d/m)
})

it('rules of one file instead of our own; mistakes in them are told with their places', () => {
  const rules = join(FOLDER, 'site.esc')
  writeFileSync(rules, 'event ereport.cpu.generic-x86.l1dcache@chip/core/strand;\nfault x;\n')
  const { status, err } = xpv(['fmd', '--every', '19s', '--rules', rules, SERIES])
  expect(status).not.toBe(0)
  expect(err).toMatch(/^xpv: fma\.rules: .*site\.esc line 2:1/m)
  expect(existsSync(join(FOLDER, 'errlog'))).toBe(false)
})

it.each([
  { name: 'no file', words: ['fmd'], code: 'cli.usage' },
  { name: 'no time', words: ['fmd', '--every', 'often', SERIES], code: 'cli.usage' },
  { name: 'no telemetry', words: ['fmd', 'LICENSE'], code: 'fma.telemetry' },
  { name: 'other JSON', words: ['fmd', 'package.json'], code: 'fma.telemetry' },
  { name: 'nothing there', words: ['fmd', 'nothing.bin'], code: 'file.not-found' },
])('xpv fmd refuses: $name', ({ words, code }) => {
  const { status, err } = xpv(words)
  expect([status === 0, err.split(': ')[1]]).toEqual([false, code])
})
