// Settings: the command line goes before the environment, before .env, before the project's file,
// before the user's, before the default; what makes no sense is named by who said it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Config, loadConfig, settle } from '../../src/config/config.js'
import { layersAt, strangeVariables } from '../../src/config/layer.js'
import { SETTING_NAMES, SETTINGS, settingNamed } from '../../src/config/setting.js'
import { changeSettingsFile, userFile } from '../../src/config/user-file.js'

let folder = ''
let home = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpv-config-'))
  home = join(folder, 'home')
})
afterEach(() => rmSync(folder, { recursive: true }))

const dotEnv = (text: string) => writeFileSync(join(folder, '.env'), text)
const project = (json: object) =>
  writeFileSync(join(folder, 'xpv.config.json'), JSON.stringify(json))
const user = (json: object) => {
  mkdirSync(join(home, 'xpv'), { recursive: true })
  writeFileSync(join(home, 'xpv', 'config.json'), JSON.stringify(json))
}
const environment = (variables: Readonly<Record<string, string>> = {}) => ({
  XDG_CONFIG_HOME: home,
  ...variables,
})
const load = (
  variables: Readonly<Record<string, string>> = {},
  flags: Readonly<Record<string, string>> = {},
  at = folder,
): Config => loadConfig({ flags, environment: environment(variables), folder: at })

it('without any setting the defaults hold, as the table states them', () => {
  const config: Readonly<Record<string, unknown>> = { ...load() }
  expect(config).toMatchObject({ machine: undefined, seed: undefined, hz: undefined, types: true })
  for (const name of SETTING_NAMES) {
    const { read, initially } = settingNamed(name)
    if (config[name] !== undefined) expect(config[name]).toBe(read(initially))
  }
})

it('every example is a value that makes sense', () => {
  for (const name of SETTING_NAMES) {
    const { read, example } = settingNamed(name)
    expect(read(example), name).toBeDefined()
  }
})

it('each place goes before those that follow it', () => {
  user({ color: 'never', editor: 'vi', seed: 1, history: 10, width: 90 })
  project({ color: 'always', editor: 'emacs', seed: 2, history: 20 })
  dotEnv('XPV_COLOR=never\nXPV_EDITOR=vi\nXPV_SEED=3\n')
  const config = load({ XPV_COLOR: 'auto', XPV_EDITOR: 'emacs' }, { color: 'always' })
  expect(config).toMatchObject({
    ...{ color: 'always', editor: 'emacs', seed: 3, history: 20, width: 90 },
  })
})

it('an empty word takes back what weaker places say', () => {
  dotEnv('XPV_MACHINE=idle.xt\nXPV_COLOR=never')
  const config = load({ XPV_MACHINE: '', XPV_COLOR: '' })
  expect(config).toMatchObject({ machine: undefined, color: 'auto', types: true })
})

it('.env is read, not written into the environment', () => {
  dotEnv('XPV_MACHINE=idle.xt')
  const variables = environment()
  expect(loadConfig({ flags: {}, environment: variables, folder }).machine).toBe('idle.xt')
  expect(variables).toEqual(environment())
  expect(process.env['XPV_MACHINE']).toBeUndefined()
})

it('a file of a project holds in the folders below it, and means its recordings from there', () => {
  project({ machine: 'traces/idle', types: false })
  const below = join(folder, 'a', 'b')
  mkdirSync(below, { recursive: true })
  const config = load({}, {}, below)
  expect(config).toMatchObject({ machine: join(folder, 'traces', 'idle'), types: false })
  project({ machine: 'sim:xen-4.17' })
  expect(load({}, {}, below).machine).toBe('sim:xen-4.17')
})

it.each([['1'], ['yes'], ['x']])(
  'XPV_NO_TYPES=%s means types=off, 0 and nothing do not',
  (value) => {
    expect(load({ XPV_NO_TYPES: value }).types).toBe(false)
    expect(load({ XPV_NO_TYPES: '0' }).types).toBe(true)
    expect(load({ XPV_NO_TYPES: '' }).types).toBe(true)
  },
)

it('which program shows long output is not for a file in some folder to say', () => {
  dotEnv('XPV_PAGER=rm -rf .')
  project({ pager: 'sh -c true' })
  expect(load().pager).toBe('auto')
  user({ pager: 'less -R' })
  expect(load().pager).toBe('less -R')
  const settled = settle(layersAt({ flags: {}, environment: environment(), folder }))
  const words = settled.find(({ name }) => name === 'pager')?.words
  expect(words?.map(({ source, fate }) => `${source} ${fate}`)).toEqual([
    ...['.env refused', 'project refused', 'user used'],
  ])
})

describe('what makes no sense is refused by the name of who said it', () => {
  it.each([
    ['XPV_COLOR', 'yes', 'config.color', 'XPV_COLOR=auto, always or never'],
    ['XPV_COLOR', 'ALWAYS', 'config.color', 'XPV_COLOR=auto, always or never'],
    ['XPV_COLOR', ' never', 'config.color', 'XPV_COLOR=auto, always or never'],
    ['XPV_SEED', '-1', 'config.seed', 'XPV_SEED=N, such as 7'],
    ['XPV_HZ', 'fast', 'config.hz', 'XPV_HZ=RATE, such as 2.6G'],
    ['XPV_TYPES', 'perhaps', 'config.types', 'XPV_TYPES=on or off'],
    ['XPV_EDITOR', 'ed', 'config.editor', 'XPV_EDITOR=emacs or vi'],
    ['XPV_HISTORY', '1e9', 'config.history', 'XPV_HISTORY=N, such as 10000'],
    ['XPV_WIDTH', '3', 'config.width', 'XPV_WIDTH=auto|N, such as 120'],
  ])('%s=%s', (variable, value, code, hint) => {
    const message = `${variable} is ${value}`
    expect(() => load({ [variable]: value })).toThrow(
      expect.objectContaining({ code, message, hint }),
    )
  })

  it.each([
    [{ colour: 'never' }, 'config.unknown', '"color"'],
    [{ color: {} }, 'config.color', '"color": "always"'],
    [{ color: null }, 'config.color', '"color": "always"'],
    [{ color: 'red' }, 'config.color', 'color: auto, always or never'],
  ])('a file that says %j', (json, code, hint) => {
    user(json)
    expect(() => load()).toThrow(expect.objectContaining({ code, hint }))
  })

  it.each(['', '[]', '{"color": ', '\u0000\u0001'])('a file that is %j', (text) => {
    user({})
    writeFileSync(userFile(environment()), text)
    expect(() => load()).toThrow(expect.objectContaining({ code: 'config.file' }))
  })

  it('a variable of ours that is none is told apart from others', () => {
    const told = strangeVariables({ XPV_COLOUR: 'x', XPV_AS_BUILT: '1', HOME: '/' })
    expect(told).toEqual(['XPV_COLOUR is no setting; did you mean XPV_COLOR?'])
  })
})

it('a weaker word that makes no sense does no harm', () => {
  user({ color: 'red' })
  expect(load({ XPV_COLOR: 'never' }).color).toBe('never')
})

it('the file of a user is changed as a whole, and only its owner may read it', () => {
  const path = userFile(environment())
  changeSettingsFile(path, 'color', 'never')
  changeSettingsFile(path, 'editor', 'vi')
  changeSettingsFile(path, 'color', undefined)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ editor: 'vi' })
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(load().editor).toBe('vi')
})

it('.env.example has every setting that .env may choose, and its default', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', '.env.example'), 'utf8')
  for (const name of SETTING_NAMES) {
    const { variable, isOwn } = settingNamed(name)
    expect(text.includes(`#${variable}=`), variable).toBe(isOwn !== true)
  }
  dotEnv(text.replaceAll(/^#(?=XPV_)/gm, ''))
  expect(load()).toMatchObject({ seed: 7, hz: 2_600_000_000, editor: 'emacs', types: true })
})

it('names and variables of settings go together', () => {
  for (const name of SETTING_NAMES) {
    expect(SETTINGS[name].name).toBe(name)
    expect(SETTINGS[name].variable).toBe(`XPV_${name.toUpperCase()}`)
  }
})
