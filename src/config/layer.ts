// Layer: one place that may choose settings, and what it chooses.
//
//   command line  >  environment (XPV_*)  >  .env in the working folder
//                 >  xpv.config.json, there or above  >  the user's file
//
// Holds: a layer has texts, as whoever wrote them meant them; nobody has judged them yet. Nothing
// of .env is written into the environment, and of .env only settings are looked at.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { XpvError } from '../base/error.js'
import { nearest } from '../base/nearest.js'
import { isSettingName, SETTING_NAMES, type SettingName, settingNamed } from './setting.js'
import { type Environment, readSettingsFile, userFile } from './user-file.js'

/** Which of the places. */
export type Source = 'command line' | 'environment' | '.env' | 'project' | 'user'

/** What one place says of one setting. */
export interface Given {
  readonly text: string
  /** How a message names it: `XPV_COLOR`, `color in xpv.config.json`. */
  readonly shown: string
}

/** One place. */
export interface Layer {
  readonly source: Source
  readonly given: ReadonlyMap<SettingName, Given>
  /** Its file, if it has one that is there. */
  readonly file?: string
}

/** Where settings are looked for. */
export interface ConfigPlace {
  readonly flags: Readonly<Partial<Record<SettingName, string>>>
  readonly environment: Environment
  /** The working folder. */
  readonly folder: string
}

/** The name of a project's file. */
const PROJECT_FILE = 'xpv.config.json'

const DOT_ENV = '.env'

/** All layers, strongest first. Throws `XpvError` `config.*` for files that make no sense. */
export function layersAt({ flags, environment, folder }: ConfigPlace): readonly Layer[] {
  const dotEnv = join(folder, DOT_ENV)
  const project = projectFile(folder)
  const user = userFile(environment)
  return [
    { source: 'command line', given: flagged(flags) },
    { source: 'environment', given: variables(environment, (name) => name) },
    {
      source: '.env',
      given: variables(readDotEnv(folder), (name) => `${name} in .env`),
      ...there(dotEnv),
    },
    { source: 'project', given: fromProject(project), ...there(project) },
    { source: 'user', given: listed(user), ...there(user) },
  ]
}

/** Variables that look like settings of ours and are none, with what they may be meant for. */
export function strangeVariables(environment: Environment): readonly string[] {
  const known = [...SETTING_NAMES.map((name) => settingNamed(name).variable), NO_TYPES]
  const strange = Object.keys(environment).filter(
    (name) => name.startsWith('XPV_') && !known.includes(name),
  )
  return strange.flatMap((name) => {
    const near = nearest(name, known)
    return near === undefined ? [] : [`${name} is no setting; did you mean ${near}?`]
  })
}

/** What says `types=off` too, unless it is empty or 0. */
const NO_TYPES = 'XPV_NO_TYPES'

function flagged(flags: ConfigPlace['flags']): Layer['given'] {
  const names = SETTING_NAMES.filter((name) => flags[name] !== undefined)
  return new Map(names.map((name) => [name, { text: flags[name] ?? '', shown: `--${name}` }]))
}

function variables(values: Environment, shownAs: (variable: string) => string): Layer['given'] {
  const given = new Map<SettingName, Given>()
  if (!['', '0'].includes(values[NO_TYPES] ?? ''))
    given.set('types', { text: 'off', shown: shownAs(NO_TYPES) })
  for (const name of SETTING_NAMES) {
    const { variable } = settingNamed(name)
    const text = values[variable]
    if (text !== undefined) given.set(name, { text, shown: shownAs(variable) })
  }
  return given
}

function listed(path: string | undefined): Layer['given'] {
  if (path === undefined) return new Map()
  const entries = Object.entries(readSettingsFile(path))
  return new Map(entries.map(([name, value]) => entry(path, name, value)))
}

/** A recording is meant from where the file lies. */
function fromProject(path: string | undefined): Layer['given'] {
  const given = new Map(listed(path))
  const machine = given.get('machine')
  if (path === undefined || machine === undefined || IS_NO_FILE.test(machine.text)) return given
  return given.set('machine', { ...machine, text: resolve(dirname(path), machine.text) })
}

/** A machine that is no recording. */
const IS_NO_FILE = /^$|^(sim|live)([:,]|$)|^[a-z]+:\/\//

function entry(path: string, name: string, value: unknown): [SettingName, Given] {
  if (!isSettingName(name)) {
    const near = nearest(name, SETTING_NAMES)
    const hint = near === undefined ? 'xpv config' : `"${near}"`
    throw new XpvError('config.unknown', `${path}: there is no setting "${name}"`, hint)
  }
  const shown = `${name} in ${path}`
  if (typeof value === 'string') return [name, { text: value, shown }]
  if (typeof value === 'number' || typeof value === 'boolean')
    return [name, { text: String(value), shown }]
  const message = `${path}: "${name}" is neither a text nor a number`
  throw new XpvError(`config.${name}`, message, `"${name}": "${settingNamed(name).example}"`)
}

/** The project's file: that of the working folder, or of the nearest folder above it. */
function projectFile(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, PROJECT_FILE)
    if (existsSync(path)) return path
    if (dirname(at) === at) return undefined
  }
}

function there(path: string | undefined): { readonly file?: string } {
  return path !== undefined && existsSync(path) ? { file: path } : {}
}

/** Whether a permission model is on that keeps us from it: behind a notebook's fence. */
function mayNotRead(file: string): boolean {
  const permission: { has(scope: string, path: string): boolean } | undefined = process.permission
  return permission?.has('fs.read', file) === false
}

/** The variables of .env in a folder; none when there is no such file. Throws `XpvError`
 *  `config.env`. */
export function readDotEnv(folder: string): Environment {
  const file = join(folder, DOT_ENV)
  if (mayNotRead(file) || !existsSync(file)) return {}
  try {
    return parseEnv(readFileSync(file, 'utf8'))
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new XpvError('config.env', `cannot read ${file}: ${why}`, `ls -ld ${file}`)
  }
}
