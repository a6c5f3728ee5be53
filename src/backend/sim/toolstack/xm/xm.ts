// xm: the tool of Xen 3, a client of xend: a command line becomes the steps of both.
//
//   ['xm', 'destroy', 'web1']  ->  script: python starts, asks xend, prints; words in `output`
//
// Holds: a refusal is printed as xm prints it, with its exit status.
// Source: tools/python/xen/xm/main.py of 3.1.
import type { Script } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import type { ToolOutput } from '../tool-output.js'
import { migrate, restore, save } from './checkpoint-commands.js'
import type { XmCommand, XmContext } from './context.js'
import { create } from './create.js'
import { debugKeys, dumpCore, sysrq, trigger } from './debug-commands.js'
import {
  blockAttach,
  blockDetach,
  blockList,
  networkAttach,
  networkDetach,
  networkList,
} from './device-commands.js'
import {
  console,
  destroy,
  domid,
  domname,
  pause,
  reboot,
  rename,
  shutdown,
  unpause,
} from './domain-commands.js'
import { commandHelp, longHelp, shortHelp } from './help.js'
import { dmesg, info, list, top, uptime, vcpuList } from './list-commands.js'
import { XmRefusal } from './refusal.js'
import { memMax, memSet, schedCredit, vcpuPin, vcpuSet } from './resource-commands.js'

const COMMANDS: Readonly<Record<string, XmCommand>> = {
  create,
  destroy,
  pause,
  unpause,
  shutdown,
  reboot,
  save,
  restore,
  migrate,
  rename,
  domid,
  domname,
  console,
  list,
  info,
  dmesg,
  uptime,
  top,
  'vcpu-list': vcpuList,
  'vcpu-pin': vcpuPin,
  'vcpu-set': vcpuSet,
  'mem-set': memSet,
  'mem-max': memMax,
  'sched-credit': schedCredit,
  'block-attach': blockAttach,
  'block-detach': blockDetach,
  'block-list': blockList,
  'network-attach': networkAttach,
  'network-detach': networkDetach,
  'network-list': networkList,
  'dump-core': dumpCore,
  sysrq,
  trigger,
  'debug-keys': debugKeys,
}
/** Names of xm's commands, in order. */
export const XM_COMMANDS: readonly string[] = ['help', ...Object.keys(COMMANDS)].sort()

/** Names of the past. */
const ALIASES: Readonly<Record<string, string>> = {
  balloon: 'mem-set',
  'set-vcpus': 'vcpu-set',
  'vif-list': 'network-list',
  'vbd-create': 'block-attach',
  'vbd-destroy': 'block-detach',
  'vbd-list': 'block-list',
}
/** Nanoseconds until Python has read xm. */
const START_NS = 140_000_000

/** The script of a command line that begins with `xm`. */
export function* xmScript(argv: readonly string[], world: ToolWorld, output: ToolOutput): Script {
  yield { kind: 'compute', ns: START_NS }
  const [, word, ...args] = argv
  if (word === undefined) {
    output.print(shortHelp())
    return 1
  }
  if (word === 'help' || word === '--help' || word === '-h') {
    output.print(longHelp())
    return 0
  }
  const command = named(word, output)
  if (command === undefined) {
    output.error(`Error: Subcommand ${word} not found!\n`)
    output.print(shortHelp())
    return 1
  }
  if (args.includes('--help') || args.includes('-h')) {
    output.print(commandHelp(command))
    return 1
  }
  return yield* run({ command, args, world, output })
}

function* run(context: XmContext): Script {
  const { output, command } = context
  try {
    yield* COMMANDS[command]?.(context) ?? []
    return 0
  } catch (error) {
    if (!(error instanceof XmRefusal)) throw error
    const before = error.isOthers ? '' : 'Error: '
    if (error.message !== '') output.error(`${before}${error.message}\n`)
    if (error.withUsage) output.print(commandHelp(command))
    return 1
  }
}

/** The command a word means: its name, one of the past, or the beginning of one name alone. */
function named(word: string, output: ToolOutput): string | undefined {
  if (Object.hasOwn(COMMANDS, word)) return word
  const alias = Object.hasOwn(ALIASES, word) ? ALIASES[word] : undefined
  if (alias !== undefined) {
    output.error(`Command ${word} is deprecated.  Please use xm ${alias} instead.\n`)
    return alias
  }
  const same = Object.keys(COMMANDS).filter((name) => name.startsWith(word))
  return word.length > 1 && same.length === 1 ? same[0] : undefined
}
