// Rows of the table for commands that read their words themselves: made of what their own pages at
// the prompt say, so that nothing is said twice.
//
//   psrinfo: usage '[-v] [-p] [PCPU ...]'  ->  options -v, -p; what `where` says of them
//   dtrace --help                          ->  options -n SPEC, -x NAME ...
import { ERAS } from '../backend/sim/era.js'
import { OPTIONS } from '../dtrace/program/options.js'
import type { Command } from '../session/command.js'
import { DTRACE_FLAGS } from '../session/commands/dtrace-help.js'
import { connect } from './connect.js'
import { dom0Commands } from './dom0.js'
import { DOM0_COMMANDS } from './dom0-names.js'
import type { OptionRow, Subcommand, Value } from './subcommand.js'
import { SUBCOMMANDS } from './subcommands.js'

/** The whole table: ours first, then the commands of dom0. */
export function allSubcommands(): readonly Subcommand[] {
  return [...SUBCOMMANDS.map(whole), ...dom0Rows()]
}

/** What a word for a machine may be, besides a file. */
export const MACHINE_WORDS: readonly string[] = ERAS.map(({ name }) => `sim:${name}`)

function whole(row: Subcommand): Subcommand {
  return row.name === 'dtrace' ? { ...row, options: DTRACE_FLAGS.map(dtraceOption) } : row
}

/** What values of dtrace's options are. */
const OF_DTRACE: Readonly<Record<string, Value['of']>> = {
  FILE: 'file',
  FOLDER: 'folder',
  F: ['text', 'json', 'ndjson', 'csv', 'table'],
  'NAME[=VALUE]': ['help', ...OPTIONS.keys()],
}

function dtraceOption([shown, summary]: readonly [flags: string, summary: string]): OptionRow {
  const words = shown.split(' ')
  const flags = words.filter((word) => word.startsWith('-'))
  const name = words.find((word) => !word.startsWith('-'))
  if (name === undefined) return { flags, summary }
  return { flags, summary, value: { name, of: OF_DTRACE[name] ?? 'code' } }
}

/** Commands of dom0 tell what may follow them of a machine: a toolstack's words are those of the
 *  first host that has it. */
function dom0Rows(): readonly Subcommand[] {
  const machines = [connect('sim:xvm-3.1'), connect('sim:xen-4.20')]
  try {
    const offers = machines.map((machine) => dom0Commands(() => machine))
    return DOM0_COMMANDS.flatMap((name) => {
      const commands = offers.flatMap((each) => each.filter((command) => command.name === name))
      const there = commands.find((command) => command.isThere?.() ?? true) ?? commands[0]
      return there === undefined ? [] : [rowOf(there)]
    })
  } finally {
    for (const machine of machines) machine.close()
  }
}

function rowOf(command: Command): Subcommand {
  const { name, summary, usage, examples, where = {} } = command
  const words = command.complete?.([]) ?? []
  const notes = Object.entries(where).filter(([word]) => !word.startsWith('-'))
  return {
    ...{ name, summary, usage: [usage], isOfDom0: true },
    operands: [
      { name: 'WORD', of: words.length > 0 ? words : 'file', isOptional: true, isMany: true },
    ],
    options: optionsIn(usage).map((flag) => ({ flags: [flag], summary: where[flag] ?? '' })),
    notes: joined(notes),
    examples: examples
      .filter((line) => line.startsWith(`${name} `) || line === name)
      .map((line) => ({ line: `xpv ${line}`, says: '' })),
  }
}

/** What words mean, a line each; a word that is blank goes on with the one before it. */
function joined(meanings: readonly (readonly [word: string, text: string])[]): readonly string[] {
  const lines: string[] = []
  for (const [word, text] of meanings) {
    if (word.trim() === '') lines.push(`${lines.pop() ?? ''} ${text}`)
    else lines.push(`${word}: ${text}`)
  }
  return lines
}

/** The options that a synopsis names: `[-afm] [-t TIME] [--pcpu N]` has -a, -f, -m, -t, --pcpu. */
function optionsIn(usage: string): readonly string[] {
  const named = usage.match(/(?<![\w-])--?[A-Za-z0-9-]+/g) ?? []
  const flags = named.flatMap((word) =>
    word.startsWith('--') ? [word] : [...word.slice(1)].map((letter) => `-${letter}`),
  )
  return [...new Set(flags)].filter((flag) => flag !== '--')
}
