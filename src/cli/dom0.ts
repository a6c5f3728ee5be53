// Commands of dom0 from the operating system's command line: `xpv xm list`. Each runs on a machine
// of its own, which is gone when it has ended.

import type { Machine } from '../machine/machine.js'
import type { Command } from '../session/command.js'
import { faultCommands } from '../session/commands/fault-commands.js'
import { hostCommands } from '../session/commands/host.js'
import { toolstackCommands } from '../session/commands/toolstack.js'
import { manual } from '../session/manual.js'
import { Traces } from '../session/traces.js'
import type { Context } from './context.js'
import { DONE } from './exit-status.js'
import { faultManagementOn } from './fault-managements.js'
import { terminalIo } from './terminal-io.js'
import { xentraceCommand } from './xentrace-command.js'

/** Runs one; yields its exit status. Throws as the command does. */
export async function dom0Command(words: readonly string[], context: Context): Promise<number> {
  const [name = '', ...argv] = words
  const connect = await context.connector()
  const machine = connect(context.spec)
  try {
    const command = dom0Commands(() => machine).find((each) => each.name === name)
    if (command === undefined) return 127
    if (argv[0] !== '--help') return await command.run(argv, terminalIo(context))
    context.out.write(manual(command, ' '))
    return DONE
  } finally {
    machine.close()
  }
}

/** All of them, in no order; `DOM0_COMMANDS` has their names. */
export function dom0Commands(machine: () => Machine): readonly Command[] {
  const directory = (): string => process.cwd()
  const traces = new Traces()
  const fma = () => faultManagementOn(machine())
  return [
    ...toolstackCommands({ machine, traces }),
    ...hostCommands(machine, directory),
    ...faultCommands({ machine, fma, traces, directory }),
    xentraceCommand(machine, directory),
  ]
}
