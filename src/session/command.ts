// Commands: what a line may start with that is not TypeScript. Each is a plain object, so that the
// prompt, a notebook and the operating system's command line all run the same one.
//
//   dtrace -l -i 'xpv:::'   ->  CommandRegistry.get('dtrace').run(['-l', '-i', 'xpv:::'], io)
//
// Holds: a command writes only through its `CommandIo`, and stops when told to.
import { XpvError } from '../base/error.js'
import { nearest } from '../base/nearest.js'
import { firstPage, fitted, listing, manual, type Topic } from './manual.js'
import { meantCommand } from './suggestion.js'

/** Where a command's output goes and how it learns that nobody wants it any more. */
export interface CommandIo extends Voice {
  /** Aborted by Ctrl-C; a command that awaits looks here. */
  readonly signal: AbortSignal
  /** The same for a command that computes without awaiting: true once Ctrl-C was pressed. */
  interrupted(): boolean
  /** Columns of the place that shows the output. */
  readonly columns: number
  /** Where output goes that comes later, when another cell runs; where it goes now when absent. */
  readonly later?: Voice
}

/** The two ways a command speaks. */
export interface Voice {
  write(text: string): void
  /** What an operating system would put on standard error. */
  warn(text: string): void
}

/** One command. `run` yields an exit status: 0 done, 1 failed, 2 wrong usage. */
export interface Command extends Topic {
  run(argv: readonly string[], io: CommandIo): Promise<number>
  /** What may follow these words, for completion. */
  complete?(words: readonly string[]): readonly string[]
  /** Whether what may follow is found in the folder one is in, and so is another one elsewhere. */
  readonly namesFiles?: boolean
  /** Whether the machine has it; one that has not is not listed. It has when absent. */
  isThere?(): boolean
}

/** The commands of one session, by name. `help` is always among them. */
export class CommandRegistry {
  readonly #commands = new Map<string, Command>()
  readonly #topics: readonly Topic[]

  /** `topics` are the names of the session that `help` tells of besides the commands. */
  constructor(commands: readonly Command[], topics: readonly Topic[] = []) {
    this.#topics = topics
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
    const near = meantCommand(name, [...this.#commands.keys()])
    throw new XpvError('session.unknown-command', `${name} is not a command here`, near ?? 'help')
  }

  /** What the manual has a page on. */
  get pages(): readonly string[] {
    return [...this.all, ...this.#topics].map((each) => each.name).concat(ALL)
  }

  /** Those that the machine has. */
  get there(): readonly Command[] {
    return this.all.filter((command) => command.isThere?.() ?? true)
  }

  /** The page of the manual on a command or a name; the first page without one, `all` lists them.
   *  Throws `XpvError` `session.no-help`. */
  page(name: string | undefined): string {
    if (name === undefined) return firstPage(this.there, this.#topics)
    if (name === ALL) return listing(this.there, this.#topics)
    const command = this.#commands.get(name)
    if (command !== undefined) return manual(command, ' ')
    const topic = this.#topics.find((each) => each.name === name)
    if (topic !== undefined) return manual(topic, '')
    const near = nearest(name, this.pages)
    const hint = near === undefined ? 'help' : `help ${near}`
    throw new XpvError('session.no-help', `the manual has nothing on ${name}`, hint)
  }
}

/** What `help` lists everything for. */
const ALL = 'all'

function helpCommand(registry: CommandRegistry): Command {
  return {
    name: 'help',
    summary: 'what can be typed here, or how one of these is used',
    usage: '[NAME | all]',
    examples: ['help', 'help dtrace', 'help all'],
    complete: (words) => (words.length === 0 ? registry.pages : []),
    run: async (argv, io) => {
      io.write(fitted(registry.page(argv[0]), io.columns))
      return 0
    },
  }
}
