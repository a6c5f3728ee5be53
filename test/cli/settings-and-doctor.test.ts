// `xpv config` and `xpv doctor`: who chose what, and what there is; both at the prompt too.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { failureText, statusOf } from '../../src/cli/exit-status.js'
import { liveFindings } from '../../src/cli/live-findings.js'
import { ownCommands } from '../../src/cli/own-commands.js'
import { folderFindings, programFindings, terminalFindings } from '../../src/cli/place-findings.js'
import type { CommandIo } from '../../src/session/command.js'
import { type Ran, xpv } from './xpv-process.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpv-settings-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs a command of ours with these variables, and none that settings of others are in. */
async function at(
  [name = '', ...argv]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  for (const key of Object.keys(process.env)) if (key.startsWith('XPV_')) vi.stubEnv(key, undefined)
  for (const [key, value] of Object.entries({ XDG_CONFIG_HOME: join(folder, 'conf'), ...env }))
    vi.stubEnv(key, value)
  const ran = { status: 0, out: '', err: '' }
  const io: CommandIo = {
    write: (text) => {
      ran.out += text
    },
    warn: (text) => {
      ran.err += text
    },
    ...{ signal: new AbortController().signal, interrupted: () => false, columns: 80 },
  }
  const json = argv.includes('--json')
  const command = ownCommands(() => folder, json).find((each) => each.name === name)
  try {
    ran.status =
      (await command?.run(
        argv.filter((word) => word !== '--json'),
        io,
      )) ?? 127
  } catch (error) {
    return { ...ran, status: statusOf(error), err: failureText(error, false) }
  } finally {
    vi.unstubAllEnvs()
  }
  return ran
}

const started = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  xpv(words, { cwd: folder, env: { XDG_CONFIG_HOME: join(folder, 'conf'), ...env } })

describe('config', () => {
  it('sets, gets, explains and takes back', async () => {
    expect((await at(['config', 'set', 'color', 'never'])).status).toBe(0)
    expect((await at(['config', 'get', 'color'])).out).toBe('never\n')
    const told = (await at(['config', '--explain'], { XPV_COLOR: 'always' })).out
    expect(told).toMatch(/^color +always +XPV_COLOR$/m)
    expect(told).toMatch(
      /^ {2}holds +always {2}\(XPV_COLOR\)\n {2}weaker +never {2}\(color in .*\)$/m,
    )
    expect((await at(['config', 'unset', 'color'])).out).toBe('color is auto (default)\n')
    expect(JSON.parse(readFileSync(join(folder, 'conf/xpv/config.json'), 'utf8'))).toEqual({})
  })

  it('works where a setting makes no sense, and says which; all else refuses', async () => {
    const env = { XPV_COLOR: 'purple' }
    const listed = await at(['config'], env)
    expect(listed.status).toBe(1)
    expect(listed.out).toMatch(/^color +purple +XPV_COLOR: not auto, always or never$/m)
    expect(await at(['config', 'get', 'seed'], env)).toMatchObject({ status: 0, err: '' })
    expect(started(['-e', '1'], env)).toMatchObject({
      status: 2,
      err: 'xpv: config.color: XPV_COLOR is purple\n  try: XPV_COLOR=auto, always or never\n',
    })
  })

  it.each([
    [['set', 'color', 'purple'], 'config.color: color cannot be purple\n  try: config set color'],
    [['set', 'colr', 'never'], 'config.unknown: there is no setting colr\n  try: config get color'],
    [['set', 'seed', ''], 'config.seed: seed cannot be empty'],
    [['set', 'color'], 'config.usage: config set: not these words: color'],
    [['gte', 'color'], 'config.usage: config does not know gte\n  try: config get color'],
  ])('%j is refused', async (words, said) => {
    const run = await at(['config', ...words])
    expect(run).toMatchObject({ status: 2, out: '' })
    expect(run.err).toContain(said)
  })

  it('shows no password, and no variable of .env that is not a setting', async () => {
    const secret = 'XPV_MACHINE=ssh://root:hunter2@host\nAWS_SECRET_ACCESS_KEY=hunter2\n'
    writeFileSync(join(folder, '.env'), `${secret}XPV_TOKEN=hunter2\n`)
    for (const words of [['config'], ['config', '--explain'], ['config', '--json'], ['doctor']]) {
      const run = await at(words)
      expect(run.out + run.err).not.toContain('hunter2')
    }
    expect((await at(['config', 'get', 'machine'])).out).toBe('ssh://…@host\n')
  })

  it('is obeyed: the width of output', async () => {
    writeFileSync(join(folder, 'xpv.config.json'), '{ "width": 40 }')
    const lines = started(['doctor'], { XPV_COLOR: 'auto' }).out.split('\n')
    const wide = started(['--width', '200', 'doctor']).out.split('\n')
    expect(wide.length).toBeLessThan(lines.length)
    expect(Math.max(...lines.slice(0, 5).map((line) => line.length))).toBeLessThanOrEqual(45)
  })
})

describe('doctor', () => {
  it('finds what every computer has, and ends with 0; at the prompt it says the same', async () => {
    const run = await at(['doctor'])
    expect(run).toMatchObject({ status: 0, err: '' })
    expect(run.out).toMatch(/^ {2}ok {2}simulated /m)
    expect(run.out).toMatch(/^ {2}ok {2}recorded /m)
    expect(run.out).toMatch(/^ {2}ok {2}type server +TypeScript 7\./m)
    expect(run.out).toContain('xpv can be used.\n')
    const typed = xpv([], { input: 'doctor\n' })
    expect(typed.out.split('\n')[1]).toBe(run.out.split('\n')[1])
    expect(JSON.parse((await at(['doctor', '--json'])).out).findings.length).toBeGreaterThan(20)
  })

  it('tells of settings that make no sense, and of variables that are none', async () => {
    expect((await at(['doctor'], { XPV_HZ: 'fast' })).out).toMatch(/-- {2}settings +XPV_HZ is fast/)
    expect((await at(['doctor'], { XPV_COLOUR: 'x' })).out).toContain('did you mean XPV_COLOR?')
  })

  it('tells sources that are there from those that may not be read', () => {
    mkdirSync(join(folder, 'dev'))
    writeFileSync(join(folder, 'dev/mcelog'), '')
    const found = (what: string) => liveFindings(folder).find((each) => each.what === what)
    expect(found('machine checks')).toMatchObject({ state: 'good', text: '/dev/mcelog' })
    expect(found('rasdaemon')).toMatchObject({ state: 'absent' })
    if (process.getuid?.() === 0) return
    chmodSync(join(folder, 'dev/mcelog'), 0)
    expect(found('machine checks')?.text).toBe('/dev/mcelog may not be read')
  })

  it('knows terminals', () => {
    const states = (env: Readonly<Record<string, string>>, columns: number) =>
      terminalFindings(env, { isTTY: true, columns, rows: 24 }).map(({ state }) => state)
    expect(states({ TERM: 'xterm', LANG: 'C.UTF-8' }, 120)).toEqual(Array(4).fill('good'))
    expect(states({ TERM: 'dumb', LANG: 'C' }, 40)).toEqual(['absent', 'absent', 'good', 'absent'])
  })

  it('sees what others may read, and programs in PATH', () => {
    const path = join(folder, 'xpv', 'config.json')
    mkdirSync(join(folder, 'xpv'))
    writeFileSync(path, '{}', { mode: 0o644 })
    const [settings] = folderFindings({ XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder })
    expect(settings).toMatchObject({ state: 'absent', todo: `chmod 600 ${path}` })
    writeFileSync(join(folder, 'less'), '', { mode: 0o755 })
    writeFileSync(join(folder, 'man'), '', { mode: 0o644 })
    const state = (what: string) =>
      programFindings({ PATH: folder }).find((each) => each.what === what)?.state
    expect([state('less'), state('man')]).toEqual(['good', 'absent'])
  })
})
