// xl: the tool of Xen 4, on libxl: a command line becomes the steps of its processes.
//
//   ['xl', 'pause', 'web1']  ->  its calls, in order; its words in `output`; its exit status
//
// Holds: what xl lets through is refused by the hypervisor, not here.
// Source: tools/xl/xl.c, xl_utils.c, xl_cmdtable.c of 4.17 and 4.20.
import type { Script } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import type { ToolOutput } from '../tool-output.js'
import type { Command, Commands } from './command.js'
import { BLOCK_COMMANDS } from './commands-block.js'
import { HOST_COMMANDS } from './commands-host.js'
import { LIFE_COMMANDS } from './commands-life.js'
import { SAVE_COMMANDS } from './commands-save.js'
import { SHOW_COMMANDS } from './commands-show.js'
import { TUNE_COMMANDS } from './commands-tune.js'
import { commandNamed, helpText } from './help.js'
import type { Steps } from './libxc.js'
import { Libxl } from './libxl.js'
import { readOptions } from './options.js'

const COMMANDS: Commands = {
  ...LIFE_COMMANDS,
  ...SHOW_COMMANDS,
  ...HOST_COMMANDS,
  ...TUNE_COMMANDS,
  ...SAVE_COMMANDS,
  ...BLOCK_COMMANDS,
}
/** Names of xl's commands, in order. */
export const XL_COMMANDS: readonly string[] = ['help', ...Object.keys(COMMANDS)].sort()

/** Options before the command. All but N only change what is printed of progress. */
const GLOBAL_OPTION = /^-[vftTN]+$/

/** The script of a command line that begins with `xl`. */
export function* xlScript(argv: readonly string[], world: ToolWorld, output: ToolOutput): Script {
  const words = argv.slice(1)
  let isDry = false
  while (GLOBAL_OPTION.test(words[0] ?? '')) isDry = words.shift()?.includes('N') === true || isDry
  const [name, ...args] = words
  yield { kind: 'compute', ns: 400_000 }
  if (name === undefined) {
    output.print(helpText(undefined))
    return 1
  }
  if (name.startsWith('-')) {
    output.error('unknown global option\n')
    return 1
  }
  const xl = new Libxl(world, output)
  yield* xl.start()
  const status = isDry ? yield* trying(xl, name, args) : yield* running(xl, name, args)
  if (!xl.isLeftOpen) yield* xl.xc.close()
  return status
}

/** What `create` would make; other commands cannot be tried. */
function* trying(xl: Libxl, word: string, args: readonly string[]): Steps<number> {
  if (commandNamed(word) === 'create') return yield* running(xl, word, ['-n', ...args])
  xl.output.error('command does not implement -N (dryrun) option\n')
  return 1
}

function* running(xl: Libxl, word: string, args: readonly string[]): Steps<number> {
  const name = commandNamed(word)
  const command = name === undefined ? undefined : COMMANDS[name]
  if (name === undefined || command === undefined) {
    if (word === 'help') xl.output.print(helpText(args[0]))
    else xl.output.error('command not implemented\n')
    return word === 'help' ? 0 : 1
  }
  return yield* obeying(xl, { name, command, args })
}

function* obeying(
  xl: Libxl,
  what: { readonly name: string; readonly command: Command; readonly args: readonly string[] },
): Steps<number> {
  const { name, command, args } = what
  const options = readOptions(args, command.options)
  if (options.kind === 'help') {
    xl.output.print(helpText(name))
    return 0
  }
  if (options.kind === 'unknown') {
    xl.output.error(`option \`${options.letter}' not supported.\n`)
    return 2
  }
  const { least } = command
  if (options.words.length < least) {
    const plural = least > 1 ? 's' : ''
    xl.output.error(`'xl ${name}' requires at least ${least} argument${plural}.\n\n`)
    xl.output.print(helpText(name))
    return 2
  }
  return yield* command.run(xl, options)
}
