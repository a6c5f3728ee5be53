// The subcommand `dtrace`: the session's command with the terminal as its output.
import { dtraceCommand } from '../session/commands/dtrace.js'
import type { Context } from './context.js'
import { processIds } from './process-ids.js'
import { terminalIo } from './terminal-io.js'

/** Runs dtrace(8)'s command line; yields its exit status. */
export async function dtrace(words: readonly string[], context: Context): Promise<number> {
  const connect = await context.connector()
  const machine = connect(context.spec)
  const command = dtraceCommand({
    machine: () => machine,
    json: context.json,
    explain: process.stderr.isTTY === true,
    ids: processIds(),
    startsCommands: true,
    testing: process.env._DTRACE_TESTING !== undefined,
  })
  try {
    return await command.run(words, terminalIo(context))
  } finally {
    machine.close()
  }
}
