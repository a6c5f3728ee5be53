// Help pages, the man page and what shells complete are one table: every row has its page, every
// page fits, every example is understood, and bash completes what the parser takes.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runSubcommand } from '../../src/cli/command-line.js'
import { bashCompletion } from '../../src/cli/completion-bash.js'
import { fishCompletion } from '../../src/cli/completion-fish.js'
import { zshCompletion } from '../../src/cli/completion-zsh.js'
import { makeContext } from '../../src/cli/context.js'
import { DOM0_COMMANDS } from '../../src/cli/dom0-names.js'
import { commandPage, namedPage, PAGES, topPage } from '../../src/cli/help-page.js'
import { manPage } from '../../src/cli/man-page.js'
import { Output } from '../../src/cli/output.js'
import { allSubcommands } from '../../src/cli/subcommand-rows.js'
import { SUBCOMMANDS } from '../../src/cli/subcommands.js'
import { version } from '../../src/cli/version.js'
import { loadConfig } from '../../src/config/config.js'
import { ROOT, xpv } from './xpv-process.js'

const ROWS = allSubcommands()
const NAMES = ROWS.map(({ name }) => name)
/** Lines of a terminal that has room for a prompt below. */
const SCREEN = 23

const rowsOf = (page: string) => page.trimEnd().split('\n')
const widest = (page: string) => Math.max(...rowsOf(page).map((line) => line.length))

describe('pages', () => {
  it('the first one is a screen, and names every subcommand', () => {
    expect(rowsOf(topPage()).length).toBeLessThanOrEqual(SCREEN)
    expect(widest(topPage())).toBeLessThan(80)
    const words = topPage().split(/\s+/)
    expect(NAMES.filter((name) => name !== 'help' && !words.includes(name))).toEqual([])
  })

  it.each(ROWS)('$name: 80 columns, usage, examples that begin with xpv', (row) => {
    const page = commandPage(row)
    expect(widest(page)).toBeLessThan(80)
    expect(page).toContain(`usage: xpv ${row.name}`)
    expect(row.examples.length).toBeGreaterThan(0)
    for (const { line } of row.examples) expect(line).toMatch(/\bxpv( |$)/)
    if (row.name !== 'dtrace') expect(rowsOf(page).length).toBeLessThanOrEqual(SCREEN + 1)
  })

  it('every row has a summary of a line, every option of ours says what it does', () => {
    for (const { summary } of ROWS) expect(summary.length).toBeLessThanOrEqual(90)
    const bare = SUBCOMMANDS.flatMap(({ options }) => options.filter(({ summary }) => !summary))
    expect(bare).toEqual([])
    expect(NAMES).toEqual(expect.arrayContaining([...DOM0_COMMANDS]))
  })

  it.each(Object.keys(PAGES))('help %s fits 80 columns', (name) => {
    expect(widest(namedPage(name, ROWS))).toBeLessThan(80)
  })

  it.each([
    ['chek', 'xpv help check'],
    ['machine', 'xpv help machines'],
    ['frobnicate', 'xpv --help'],
  ])('help %s suggests', (word, hint) => {
    expect(() => namedPage(word, ROWS)).toThrow(expect.objectContaining({ hint }))
  })

  it.each([
    [['check', '--help'], 'xpv check - '],
    [['help', 'psrinfo'], 'xpv psrinfo - '],
    [['xm', '--help'], 'xpv xm - '],
    [['--version'], version()],
  ])('%j prints its page, even where settings make no sense', (words, head) => {
    const run = xpv(words, { env: { XPV_COLOR: 'purple' } })
    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out.slice(0, head.length)).toBe(head)
  })
})

describe('wrong words lead to right ones', () => {
  it.each([
    [['chek', 'x.xpv.md'], 'xpv check x.xpv.md'],
    [['docter'], 'xpv doctor'],
    [['check', '--updat', 'x'], 'xpv check --update x'],
    [['fmd', '--evry', '1s', 'x'], 'xpv fmd --every 1s x'],
    [['check', '--frobnicate', 'x'], 'xpv check --help'],
    [['--machin', 'sim', 'info'], 'xpv --machine sim info'],
    [['run'], 'xpv run --help'],
    [['info', 'a', 'b'], 'xpv info --help'],
    [['completion', 'zhs'], 'xpv completion zsh'],
    [['settings'], 'xpv config'],
  ])('%j', async (words, hint) => {
    const config = loadConfig({ flags: {}, environment: {}, folder: '/nowhere' })
    const { signal } = new AbortController()
    const ran = runSubcommand(words, makeContext({ config, out: new Output(), signal }))
    await expect(ran).rejects.toThrow(expect.objectContaining({ hint }))
  })
})

describe('the man page', () => {
  const path = join(ROOT, 'man', 'xpv.1')
  const page = manPage(ROWS, version())

  it('is that of the table (npm run test:update writes it)', () => {
    if (process.env['XPV_UPDATE'] === '1') writeFileSync(path, page)
    expect(readFileSync(path, 'utf8')).toBe(page)
    expect(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).man).toBe('man/xpv.1')
  })

  it('has a part for every subcommand, and no line that troff would take for a request', () => {
    for (const name of NAMES) expect(page).toContain(`.SS "${name.replaceAll('-', '\\-')}"`)
    const requests = page.split('\n').flatMap((line) => /^[.'](\S*)/.exec(line)?.[1] ?? [])
    const known = ['\\"', 'TH', 'SH', 'SS', 'PP', 'TP', 'br', 'nf', 'fi']
    expect(requests.filter((request) => !known.includes(request))).toEqual([])
  })
})

/** What bash answers at the end of a line, loading the script as a user's shell does. */
function bash(lines: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'xpv-completion-'))
  try {
    writeFileSync(join(folder, 'xpv.bash'), bashCompletion(ROWS))
    const asked = lines.map(
      (line) => `COMP_LINE=${JSON.stringify(line)}; COMP_POINT=\${#COMP_LINE}; _xpv; ${SHOW}`,
    )
    const script = [`source ${folder}/xpv.bash`, 'complete -p xpv', ...asked].join('\n')
    const run = spawnSync('bash', ['--norc', '-c', script], { cwd: ROOT, encoding: 'utf8' })
    expect(run.stderr).toBe('')
    return run.stdout.trimEnd().split('\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const SHOW = `echo ":\${COMPREPLY[*]}"`

describe.skipIf(!existsSync('/bin/bash') && !existsSync('/usr/bin/bash'))('bash', () => {
  const CASES: readonly (readonly [line: string, answer: RegExp])[] = [
    ['xpv doct', /^:doctor$/],
    ['xpv config set editor ', /^:emacs vi$/],
    ['xpv config set color a', /^:auto always$/],
    ['xpv config set seed ', /^:$/],
    ['xpv check --', /^:--update --param --allow --machine .*--help$/],
    ['xpv check notebooks/', /^:(notebooks\/\S+\.(xpv\.md|out) ?)+$/],
    ['xpv --machine sim:xen-4', /^:xen-4\.17 xen-4\.20$/],
    ['xpv --machine=sim:met', /^:metal$/],
    ['xpv --machine sim dtr', /^:dtrace$/],
    ['xpv --color ', /^:auto always never$/],
    ['xpv dtrace --format nd', /^:ndjson$/],
    ['xpv dtrace -x aggsor', /^:aggsortkey aggsortkeypos aggsortpos aggsortrev$/],
    ['xpv config s', /^:set$/],
    ['xpv config set ed', /^:editor$/],
    ['xpv help ma', /^:machines$/],
    ['xpv xm cre', /^:create$/],
    ['xpv rdmsr IA32_MCG_S', /^:IA32_MCG_STATUS$/],
    ['xpv esc ', /^:check print$/],
    ['xpv completion ', /^:bash zsh fish$/],
    ['xpv doctor ', /^:$/],
    ['xpv nonsense ', /^:$/],
  ]

  it('loads the script and completes words of every kind', () => {
    const [told, ...answers] = bash(CASES.map(([line]) => line))
    expect(told).toBe('complete -F _xpv xpv')
    expect(answers.length).toBe(CASES.length)
    for (const [i, [line, answer]] of CASES.entries()) expect(answers[i], line).toMatch(answer)
  })
})

const SCRIPTS = [
  ['zsh', zshCompletion(ROWS)],
  ['fish', fishCompletion(ROWS)],
] as const
it.each(SCRIPTS)('%s: a line for every option of ours, quotes closed', (_, script) => {
  for (const { options } of SUBCOMMANDS)
    for (const { flags } of options)
      for (const flag of flags) expect(script).toContain(flag.replace(/^--?/, ''))
  for (const name of NAMES) expect(script).toContain(name)
  const code = script.replaceAll("'\\''", '').replaceAll("\\'", '')
  for (const line of code.split('\n').filter((each) => !each.startsWith('#')))
    expect(line.split("'").length % 2, line).toBe(1)
})

for (const [shell, script] of SCRIPTS) {
  const isThere = spawnSync(shell, ['-c', 'true']).error === undefined
  const title = isThere ? 'reads its script without a mistake' : 'is not installed here'
  it.skipIf(!isThere)(`${shell} ${title}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'xpv-completion-'))
    const path = join(folder, 'script')
    writeFileSync(path, script)
    const run = spawnSync(shell, ['-n', path], { encoding: 'utf8' })
    rmSync(folder, { recursive: true })
    expect(run).toMatchObject({ status: 0, stderr: '' })
  })
}

it.each(['sim', 'sim:metal', 'examples/recordings/load'])(
  'help at the prompt on %s is a screen, and its first lines all work',
  (machine) => {
    const both = xpv(['--machine', machine], { input: "help\nconsole.log('-')\nhelp all\n" }).out
    const [page = '', all = ''] = both.split(/^-$/m)
    expect(widest(all)).toBeLessThan(80)
    expect(rowsOf(page).length).toBeLessThanOrEqual(SCREEN)
    expect(widest(page)).toBeLessThan(80)
    const first = /To begin with:\n((?: {2}\S.*\n)+)/.exec(page)?.[1] ?? ''
    const lines = first
      .split('\n')
      .filter(Boolean)
      .map((row) => row.trim().split(/ {2,}/)[0] ?? '')
    expect(lines.length).toBeGreaterThan(3)
    if (machine.startsWith('sim')) {
      const run = xpv(['--machine', machine], { input: `${lines.join('\n')}\n` })
      expect(run.status).toBe(0)
      expect(run.err).not.toContain('try:')
    }
  },
)
