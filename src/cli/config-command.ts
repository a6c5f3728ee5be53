// The command `config`: settings listed, asked, changed; who said what of each.
//
//   config                    every setting and its value
//   config --explain          of each the words that were said, strongest first
//   config set editor vi      in the user's own file
//
// Holds: it works where settings make no sense, for that is when it is needed; what looks like a
// secret is not shown.
import { XpvError } from '../base/error.js'
import { nearest } from '../base/nearest.js'
import { table } from '../base/table.js'
import { textTable } from '../chart/table.js'
import { judged, type SettledSetting, settle, type Word } from '../config/config.js'
import { type Layer, layersAt, strangeVariables } from '../config/layer.js'
import {
  isSettingName,
  SETTING_NAMES,
  type SettingName,
  settingNamed,
  valuesText,
} from '../config/setting.js'
import { changeSettingsFile, userFile } from '../config/user-file.js'
import type { Command, CommandIo } from '../session/command.js'
import { DONE, FAILED } from './exit-status.js'
import { SUBCOMMANDS } from './subcommands.js'

/** Where it looks, and how it prints. */
export interface CommandPlace {
  readonly directory: () => string
  readonly json: boolean
}

const VERBS: readonly string[] = ['list', 'get', 'set', 'unset']

/** Makes the command. */
export function configCommand(place: CommandPlace): Command {
  return {
    name: 'config',
    summary: 'settings: list, get, set, unset, and who chose each (--explain)',
    usage: '[list] [--explain] | get|unset NAME | set NAME VALUE',
    examples: (SUBCOMMANDS.find(({ name }) => name === 'config')?.examples ?? [])
      .map(({ line }) => line.replace(/^xpv /, ''))
      .filter((line) => line.startsWith('config')),
    complete: completed,
    run: async (argv, io) => run(argv, place, io),
  }
}

function completed(words: readonly string[]): readonly string[] {
  const [verb = '', name = ''] = words
  if (words.length === 0) return [...VERBS, '--explain']
  if (words.length === 1 && verb !== 'list' && VERBS.includes(verb)) return SETTING_NAMES
  if (words.length !== 2 || verb !== 'set' || !isSettingName(name)) return []
  const { values } = settingNamed(name)
  return typeof values === 'string' ? [] : values
}

function run(argv: readonly string[], place: CommandPlace, io: CommandIo): number {
  const explains = argv.includes('--explain')
  const [verb = 'list', ...words] = argv.filter((word) => word !== '--explain')
  if (verb === 'list' && words.length === 0) return list(explains, place, io)
  if (verb === 'get' && words.length === 1) return get(nameOf(words[0]), place, io)
  if (verb === 'unset' && words.length === 1) return unset(words[0] ?? '', place, io)
  if (verb === 'set' && words.length === 2) return set(nameOf(words[0]), words[1] ?? '', io)
  const near = VERBS.includes(verb) ? verb : nearest(verb, VERBS)
  const message = VERBS.includes(verb)
    ? `config ${verb}: not these words: ${words.join(' ') || 'none'}`
    : `config does not know ${verb}`
  throw new XpvError('config.usage', message, HINTS[near ?? ''] ?? 'config --help')
}

const HINTS: Readonly<Record<string, string>> = {
  list: 'config --explain',
  get: 'config get color',
  set: 'config set color never',
  unset: 'config unset color',
}

/** The setting a word names; its variable names it too. */
function nameOf(word = ''): SettingName {
  const name = word.replace(/^XPV_/, '').toLowerCase()
  if (isSettingName(name)) return name
  const near = nearest(name, SETTING_NAMES)
  const hint = near === undefined ? 'config' : `config get ${near}`
  throw new XpvError('config.unknown', `there is no setting ${word}`, hint)
}

function layers({ directory }: CommandPlace): readonly Layer[] {
  return layersAt({ flags: {}, environment: process.env, folder: directory() })
}

/** What holds of a setting, and who says so. */
interface Holding {
  readonly name: SettingName
  readonly value: string
  readonly source: string
  readonly mistake?: string
}

function holding({ name, words }: SettledSetting): Holding {
  const used = words.find(({ fate }) => fate === 'used')
  const { initially } = settingNamed(name)
  if (used === undefined) return { name, value: initially, source: 'default' }
  if (used.text === '') return { name, value: initially, source: `default, by ${used.shown}` }
  try {
    judged(name, used)
    return { name, value: shownValue(used.text), source: used.shown }
  } catch (error) {
    if (!(error instanceof XpvError)) throw error
    const mistake = `not ${valuesText(settingNamed(name))}`
    return { name, value: shownValue(used.text), source: used.shown, mistake }
  }
}

/** A value without the password that an address may have in it. */
function shownValue(text: string): string {
  return text.replace(/:\/\/[^/@\s]*@/, '://…@')
}

function list(explains: boolean, place: CommandPlace, io: CommandIo): number {
  const found = layers(place)
  const settled = settle(found)
  const held = settled.map(holding)
  const isRight = held.every(({ mistake }) => mistake === undefined)
  if (place.json) io.write(`${JSON.stringify({ settings: explains ? told(settled) : held })}\n`)
  else {
    const rows = held.map(({ name, value, source, mistake }) => {
      const said = mistake === undefined ? source : `${source}: ${mistake}`
      return [name, value, said]
    })
    const columns = ['setting', 'value', { name: 'from', wraps: true }]
    io.write(`${textTable(table(columns, rows), { width: io.columns })}\n`)
    if (explains) io.write(explanation(settled, found))
  }
  for (const line of strangeVariables(process.env)) io.warn(`config: ${line}\n`)
  return isRight ? DONE : FAILED
}

function told(settled: readonly SettledSetting[]): readonly object[] {
  return settled.map((each) => ({
    ...holding(each),
    words: each.words.map(({ source, shown, text, fate }) => ({
      ...{ source, shown, text: shownValue(text), fate },
    })),
  }))
}

/** Of each setting more than one place speaks of, who said what; then which places there are. */
function explanation(settled: readonly SettledSetting[], found: readonly Layer[]): string {
  const spoken = settled.filter(({ words }) => words.length > 0)
  const said = spoken.flatMap(({ name, words }) => [
    `${name}:`,
    ...words.map((word) => `  ${FATES[word.fate]} ${shownValue(word.text)}  (${word.shown})`),
  ])
  const files = found.flatMap(({ source, file }) =>
    file === undefined ? [] : `${source}: ${file}`,
  )
  const own = userFile(process.env)
  return `${[
    ...said,
    'places, the strongest first:',
    '  an option, the environment (XPV_*), .env, xpv.config.json, your own file',
    ...files.map((line) => `  there is ${line}`),
    ...(files.some((line) => line.endsWith(own)) ? [] : [`  config set makes ${own}`]),
  ].join('\n')}\n`
}

const FATES: Readonly<Record<Word['fate'], string>> = {
  used: 'holds  ',
  weaker: 'weaker ',
  refused: 'not taken, a file in a folder may not name a program:',
}

function get(name: SettingName, place: CommandPlace, io: CommandIo): number {
  const found = settle(layers(place)).find((each) => each.name === name)
  const held = holding(found ?? { name, words: [] })
  io.write(place.json ? `${JSON.stringify(held)}\n` : `${held.value}\n`)
  if (held.mistake !== undefined) io.warn(`config: ${held.source}: ${held.mistake}\n`)
  return held.mistake === undefined ? DONE : FAILED
}

function set(name: SettingName, text: string, io: CommandIo): number {
  const setting = settingNamed(name)
  if (text === '' || setting.read(text) === undefined) {
    const message = `${name} cannot be ${text === '' ? 'empty' : text}`
    throw new XpvError(`config.${name}`, message, `config set ${name} ${setting.example}`)
  }
  const path = userFile(process.env)
  changeSettingsFile(path, name, text)
  io.write(`${name} is ${shownValue(text)} from the next start on (${path})\n`)
  const variable = process.env[setting.variable]
  if (variable !== undefined)
    io.warn(`config: ${setting.variable} in the environment is stronger\n`)
  return DONE
}

/** Takes out what is no setting too: a file that makes no sense is mended so. */
function unset(word: string, place: CommandPlace, io: CommandIo): number {
  const path = userFile(process.env)
  changeSettingsFile(path, word, undefined)
  if (!isSettingName(word)) {
    io.write(`${word} is no longer in ${path}\n`)
    return DONE
  }
  const found = settle(layers(place)).find((each) => each.name === word)
  const { value, source } = holding(found ?? { name: word, words: [] })
  io.write(`${word} is ${value} (${source})\n`)
  return DONE
}
