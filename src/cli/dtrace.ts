// The subcommand `dtrace`: the session's command with the terminal as its output.
import { dtraceCommand } from '../session/commands/dtrace.js'
import type { Context } from './context.js'
import { terminalIo } from './terminal-io.js'

/** Runs dtrace(8)'s command line; yields its exit status. */
export async function dtrace(words: readonly string[], context: Context): Promise<number> {
  const machine = context.connect(context.spec)
  const command = dtraceCommand({
    machine: () => machine,
    json: context.json,
    explain: process.stderr.isTTY === true,
    ids: processIds(),
  })
  try {
    return await command.run(words, terminalIo(context))
  } finally {
    machine.close()
  }
}

/** What $pid and its like stand for: this process, as on any DTrace host it is dtrace's own. */
export function processIds(): ReadonlyMap<string, number> {
  return new Map([
    ['pid', process.pid],
    ['ppid', process.ppid],
    ['uid', process.getuid?.() ?? 0],
    ['gid', process.getgid?.() ?? 0],
    ['euid', process.geteuid?.() ?? 0],
    ['egid', process.getegid?.() ?? 0],
  ])
}
