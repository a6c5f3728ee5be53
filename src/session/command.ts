// Commands: what a line may start with that is not TypeScript. Each is a plain object, so that the
// prompt, a notebook and the operating system's command line all run the same one.
//
//   dtrace -l -i 'xpv:::'   ->  CommandRegistry.get('dtrace').run(['-l', '-i', 'xpv:::'], io)
//
// Holds: a command writes only through its `CommandIo`, and stops when told to.
import { XpvError } from '../base/error.js'

/** Where a command's output goes and how it learns that nobody wants it any more. */
export interface CommandIo {
  write(text: string): void
  /** What an operating system would put on standard error. */
  warn(text: string): void
  /** Aborted by Ctrl-C; a command that awaits looks here. */
  readonly signal: AbortSignal
  /** The same for a command that computes without awaiting: true once Ctrl-C was pressed. */
  interrupted(): boolean
  /** Columns of the place that shows the output. */
  readonly columns: number
}

/** One command. `run` yields an exit status: 0 done, 1 failed, 2 wrong usage. */
export interface Command {
  readonly name: string
  /** One line, for `help`. */
  readonly summary: string
  /** The synopsis, without the name: `-n PROGRAM | -s FILE`. */
  readonly usage: string
  /** Whole lines that can be typed as they stand. */
  readonly examples: readonly string[]
  run(argv: readonly string[], io: CommandIo): Promise<number>
}

/** The commands of one session, by name. `help` is always among them. */
export class CommandRegistry {
  readonly #commands = new Map<string, Command>()

  constructor(commands: readonly Command[]) {
    for (const command of [...commands, helpCommand(this)])
      this.#commands.set(command.name, command)
  }

  /** All commands, by name. */
  get all(): readonly Command[] {
    return [...this.#commands.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  has(name: string): boolean {
    return this.#commands.has(name)
  }

  /** The command called `name`. Throws `XpvError` `session.unknown-command` when there is none. */
  get(name: string): Command {
    const command = this.#commands.get(name)
    if (command !== undefined) return command
    throw new XpvError('session.unknown-command', `${name} is not a command here`, 'help')
  }
}

function helpCommand(registry: CommandRegistry): Command {
  return {
    name: 'help',
    summary: 'what can be typed here, or how one command is used',
    usage: '[COMMAND]',
    examples: ['help', 'help help'],
    run: async (argv, io) => {
      const [name] = argv
      io.write(name === undefined ? listing(registry.all) : manual(registry.get(name)))
      return 0
    },
  }
}

function listing(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length))
  const rows = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`)
  return [
    'A line is TypeScript, or one of these commands (a leading # or $ is dropped):',
    ...rows,
    'help COMMAND tells how one is used.',
    '',
  ].join('\n')
}

function manual(command: Command): string {
  const examples = command.examples.map((example) => `  ${example}`)
  const head = [
    `${command.name} - ${command.summary}`,
    `usage: ${command.name} ${command.usage}`.trimEnd(),
  ]
  return `${[...head, ...(examples.length > 0 ? ['examples:', ...examples] : [])].join('\n')}\n`
}
