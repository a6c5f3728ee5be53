// The subcommand `info`.
import { textTable } from '../chart/table.js'
import { isActive } from '../machine/active-machine.js'
import { historyOf } from '../machine/history.js'
import type { Machine } from '../machine/machine.js'
import type { Context } from './context.js'
import { DONE } from './exit-status.js'
import { infoTable, recordingInfo } from './info.js'

/** Prints what a recording holds, and what of it was lost; yields the exit status. */
export async function info(spec: string | undefined, context: Context): Promise<number> {
  const connect = await context.connector()
  const machine = connect(spec)
  try {
    return tellInfo(machine, context)
  } finally {
    machine.close()
  }
}

/** The same of a machine that is open: of a simulated one, what is kept of its past. */
export function tellInfo(machine: Machine, { json, out }: Context): number {
  const found = recordingInfo(isActive(machine) ? historyOf(machine) : machine)
  if (json) out.write(`${JSON.stringify(found)}\n`)
  else {
    out.write(`${found.title}\n${textTable(infoTable(found))}\n`)
    for (const note of found.loss.notes) out.write(`lost: ${note}\n`)
  }
  return DONE
}
