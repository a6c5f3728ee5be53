// Prompt subcommands: subcommands of xpv as commands of the prompt, made of the same table.
//
//   xpv info trace.xt   at a shell   ->   info trace.xt   at the prompt, in a notebook
//
// Holds: one that runs cells has a process of its own, for a session is open here already, and it
// ends with its cell. The others write through the cell like any command.
import { spawn } from 'node:child_process'
import { type Dirent, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { XpvError } from '../base/error.js'
import { loadConfig } from '../config/config.js'
import type { Machine } from '../machine/machine.js'
import type { Command, CommandIo } from '../session/command.js'
import { makeContext } from './context.js'
import { INTERRUPTED } from './exit-status.js'
import { takeGlobalOptions } from './global-options.js'
import { packageRoot } from './package-root.js'
import type { Subcommand, Value } from './subcommand.js'
import { SUBCOMMANDS } from './subcommands.js'

/** Those that are commands too; the others are there by themselves, or start what is here. */
const NAMES = ['run', 'check', 'export', 'convert', 'info', 'fmd', 'completion'] as const

/** Those that run cells. */
const OF_CELLS: readonly string[] = ['run', 'check']

const COMMAND = join(packageRoot(), 'bin', 'xpv.mjs')

/** Where they are typed. */
export interface PromptPlace {
  readonly machine: () => Machine
  readonly directory: () => string
}

/** Makes them. */
export function promptSubcommands(place: PromptPlace): readonly Command[] {
  const rows = NAMES.flatMap((name) => SUBCOMMANDS.filter((row) => row.name === name))
  return rows.map((row) => commandOf(row, place))
}

function commandOf(row: Subcommand, place: PromptPlace): Command {
  const { name, summary, usage, examples, operands, options, notes } = row
  const flags = options.map(({ flags, summary: says }) => [flags.join(', '), says] as const)
  return {
    ...{ name, summary, usage: usage.join(' | ') },
    examples: examples.map(({ line }) => line.replace(/^xpv /, '')).filter(isTyped(name)),
    where: Object.fromEntries([...flags, ...notes.map((note) => ['', note] as const)]),
    namesFiles: operands.some(({ of }) => of === 'file' || of === 'notebook'),
    complete: (words) => wordsFor(operands[words.length] ?? operands.at(-1), row, place),
    run: async (argv, io) => {
      if (OF_CELLS.includes(name)) return ofItsOwn([name, ...argv], place.directory(), io)
      return here([name, ...argv], place, io)
    },
  }
}

/** What can be typed at the prompt: no redirection of a shell. */
const isTyped =
  (name: string) =>
  (line: string): boolean =>
    line.startsWith(`${name} `) && !/[<>|&]/.test(line)

/** What may stand for an operand, besides the options. */
function wordsFor(
  value: Value | undefined,
  { options }: Subcommand,
  { directory }: PromptPlace,
): readonly string[] {
  const flags = options.flatMap((option) => option.flags)
  if (value === undefined) return flags
  if (typeof value.of !== 'string') return [...value.of, ...flags]
  if (value.of === 'file' || value.of === 'notebook') return [...filesIn(directory()), ...flags]
  return flags
}

/** Files and folders, and what is in the folders. */
function filesIn(directory: string): readonly string[] {
  return entriesOf(directory).flatMap((entry) => {
    if (!entry.isDirectory()) return [entry.name]
    const inside = entriesOf(join(directory, entry.name))
    return [entry.name, ...inside.map(({ name }) => `${entry.name}/${name}`)]
  })
}

/** What a folder shows; nothing of one that may not be read, or is gone meanwhile. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
  } catch {
    return []
  }
}

/** Runs one in this process. */
async function here(
  words: readonly string[],
  { machine }: PromptPlace,
  io: CommandIo,
): Promise<number> {
  const { options, rest } = takeGlobalOptions(words)
  const { flags, json } = options
  const config = loadConfig({ flags, environment: process.env, folder: process.cwd() })
  const { write, warn, signal } = io
  const out = { write, warn, flush: () => {} }
  const context = {
    ...makeContext({ config, flags, json, out, signal }),
    columns: () => io.columns,
  }
  if (rest.length === 1 && rest[0] === 'info') {
    return (await import('./info-command.js')).tellInfo(machine(), context)
  }
  const { runSubcommand } = await import('./command-line.js')
  return runSubcommand(rest, context).catch((error) => {
    throw error instanceof XpvError ? asTyped(error) : error
  })
}

/** The same refusal; what it says to type next is typed here. */
function asTyped({ code, message, hint }: XpvError): XpvError {
  const [, name = ''] = /^xpv (\w+)/.exec(hint ?? '') ?? []
  const isHere = NAMES.some((each) => each === name)
  return new XpvError(code, message, isHere ? hint?.replace(/^xpv /, '') : hint)
}

/** Runs one in a process of its own, which Ctrl-C ends. */
function ofItsOwn(words: readonly string[], cwd: string, io: CommandIo): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [COMMAND, ...words], {
      cwd,
      env: { ...process.env, COLUMNS: String(io.columns) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const end = (): void => void child.kill('SIGKILL')
    io.signal.addEventListener('abort', end, { once: true })
    child.stdout.setEncoding('utf8').on('data', (text: string) => io.write(text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => io.warn(text))
    child.on('error', reject)
    child.on('close', (status) => {
      io.signal.removeEventListener('abort', end)
      resolve(status ?? INTERRUPTED)
    })
  })
}
