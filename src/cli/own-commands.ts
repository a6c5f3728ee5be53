// Commands that are of no machine: the same at the prompt and as subcommands.
import type { Command } from '../session/command.js'
import { configCommand } from './config-command.js'
import type { Context } from './context.js'
import { doctorCommand } from './doctor-command.js'
import { escCommand } from './esc-command.js'
import { terminalIo } from './terminal-io.js'

/** Makes them. Paths are meant from `directory`; `json` has them print for programs. */
export function ownCommands(directory: () => string, json: boolean): readonly Command[] {
  const place = { directory, json }
  return [configCommand(place), doctorCommand(place), escCommand(directory, json)]
}

/** Runs one from the command line of an operating system; yields its exit status. */
export async function ownCommand(words: readonly string[], context: Context): Promise<number> {
  const [name = '', ...argv] = words
  const command = ownCommands(() => process.cwd(), context.json).find((each) => each.name === name)
  return command === undefined ? 127 : command.run(argv, terminalIo(context))
}
