// The parser: the table's rows, understood.
//
//   ['check', '--update', 'notebooks']  ->  (await import('./notebook.js')).check(...)
//
// Holds: every row of the table that is ours and reads no words by itself has one action here.
import { Argument, Command, Option } from 'commander'
import { XpvError } from '../base/error.js'
import { nearest } from '../base/nearest.js'
import type { Context } from './context.js'
import { DOM0_COMMANDS } from './dom0-names.js'
import type { OptionRow, Subcommand } from './subcommand.js'
import { GLOBAL_OPTIONS, OWN_OPTIONS, SUBCOMMANDS } from './subcommands.js'

/** What a subcommand was given. */
interface Given {
  readonly words: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>
}

type Action = (given: Given, context: Context) => Promise<number>

const ACTIONS: Readonly<Record<string, Action>> = {
  run: async ({ words: [path = ''], options: { output, allow, param } }, context) => {
    const { run } = await import('./notebook.js')
    const granted = { ...context, allow: listOf(allow) }
    return run(path, textOf(output) ?? path, { params: listOf(param) }, granted)
  },
  check: async ({ words, options: { update, allow, param } }, context) => {
    const { check } = await import('./notebook.js')
    const granted = { ...context, allow: listOf(allow) }
    return check(words, { update: update === true, params: listOf(param) }, granted)
  },
  export: async ({ words, options: { output } }, context) =>
    (await import('./export-command.js')).exportNotebooks(words, textOf(output), context),
  convert: async ({ words: [from = '', to = ''] }, context) =>
    (await import('./convert-command.js')).convert(from, to, context),
  info: async ({ words: [file] }, context) =>
    (await import('./info-command.js')).info(file ?? context.spec, context),
  fmd: async ({ words, options }, context) => {
    const { folder, every, rules } = options
    const told = { folder: textOf(folder), every: textOf(every), rules: listOf(rules) }
    return (await import('./fmd-command.js')).fmd({ ...told, files: words }, context)
  },
  jupyter: async ({ words, options }, context) => {
    const { name, displayName, prefix, sysPrefix } = options
    const told = { name: textOf(name), displayName: textOf(displayName), prefix: textOf(prefix) }
    const given = { words, ...told, isSysPrefix: sysPrefix === true }
    return (await import('./jupyter-command.js')).jupyter(given, context)
  },
  completion: async ({ words: [shell = ''] }, context) =>
    (await import('./completion-command.js')).completion(shell, context),
}

/** Reads the words and does what they say; yields the exit status. Throws `XpvError` `cli.usage`,
 *  and what the subcommand throws. */
export async function runSubcommand(words: readonly string[], context: Context): Promise<number> {
  let running: Promise<number> | undefined
  const program = parser((name, given) => {
    running = ACTIONS[name]?.(given, context)
  })
  try {
    await program.parseAsync([...words], { from: 'user' })
  } catch (error) {
    if (!isCommanderError(error)) throw error
    throw usage(error.message.replace(/^error: /, '').replace(/\n[\s\S]*/, ''), words)
  }
  if (running === undefined) throw noCommand(words)
  return running
}

function parser(done: (name: string, given: Given) => void): Command {
  const program = quiet(new Command('xpv'))
  for (const row of SUBCOMMANDS.filter(({ name }) => Object.hasOwn(ACTIONS, name))) {
    const command = quiet(program.command(row.name))
    for (const { name, isMany, isOptional } of row.operands) {
      const shown = `${name}${isMany ? '...' : ''}`
      command.addArgument(new Argument(isOptional ? `[${shown}]` : `<${shown}>`))
    }
    for (const option of row.options) command.addOption(optionOf(option))
    command.action(() => done(row.name, { words: command.args, options: command.opts() }))
  }
  return program
}

/** One that says nothing by itself, and takes only what its row has. */
function quiet(command: Command): Command {
  return command
    .exitOverride()
    .helpOption(false)
    .helpCommand(false)
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .configureOutput({ writeOut: () => {}, writeErr: () => {} })
}

function optionOf({ flags, value, summary, isRepeated }: OptionRow): Option {
  const name = value === undefined ? '' : ` <${value.name}>`
  const option = new Option(`${flags.join(', ')}${name}`, summary)
  if (isRepeated !== true) return option
  return option
    .default([])
    .argParser((text: string, before: readonly string[]) => [...before, text])
}

/** Says what was wrong, and what was meant: an option of the row, or its page. */
function usage(message: string, words: readonly string[]): XpvError {
  const row = SUBCOMMANDS.find(({ name }) => name === words[0])
  const unknown = /^unknown option '(-[^']+)'/.exec(message)?.[1]
  if (row === undefined) return unknown === undefined ? noCommand(words) : noOption(unknown, words)
  if (unknown !== undefined) return noOption(unknown, words, row)
  return new XpvError('cli.usage', message, `xpv ${row.name} --help`)
}

function noOption(unknown: string, words: readonly string[], row?: Subcommand): XpvError {
  const rows = [...(row?.options ?? OWN_OPTIONS), ...GLOBAL_OPTIONS]
  const flags = rows.flatMap((option) => option.flags)
  const near = unknown.startsWith('--') ? nearest(unknown.split('=')[0] ?? '', flags) : undefined
  const page = row === undefined ? 'xpv --help' : `xpv ${row.name} --help`
  const hint =
    near === undefined ? page : `xpv ${words.map((w) => (w === unknown ? near : w)).join(' ')}`
  return new XpvError('cli.usage', `unknown option '${unknown}'`, hint)
}

/** What people type who come from other programs. */
const HABITS: Readonly<Record<string, string>> = {
  ...{ '?': 'help', eval: '-e', version: '--version', usage: '--help', resume: '--resume' },
  ...{ shell: '', repl: '', start: '', test: 'check', verify: 'check', diagnose: 'fmd' },
  ...{ settings: 'config', set: 'config set', env: 'config', status: 'doctor' },
}

/** A word that is neither a subcommand nor a file xpv can run. */
function noCommand(words: readonly string[]): XpvError {
  const [word = '', ...rest] = words
  if (word === '') return new XpvError('cli.usage', 'there is nothing to do', 'xpv --help')
  const names = SUBCOMMANDS.map(({ name }) => name)
  const near = HABITS[word] ?? nearest(word, [...names, ...DOM0_COMMANDS])
  const hint = near === undefined ? 'xpv --help' : ['xpv', near, ...rest].filter(Boolean).join(' ')
  return new XpvError('cli.usage', `there is no command ${word}`, hint)
}

const textOf = (value: Given['options'][string]): string | undefined =>
  typeof value === 'string' ? value : undefined

const listOf = (value: Given['options'][string]): readonly string[] =>
  Array.isArray(value) ? value : []

function isCommanderError(error: unknown): error is { exitCode: number; message: string } {
  return error instanceof Error && 'exitCode' in error && 'code' in error
}
