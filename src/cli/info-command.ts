// The subcommand `info`.
import { textTable } from '../chart/table.js'
import { isActive } from '../machine/active-machine.js'
import { historyOf } from '../machine/history.js'
import type { Context } from './context.js'
import { DONE } from './exit-status.js'
import { infoTable, recordingInfo } from './info.js'

/** Prints what a recording holds, and what of it was lost; yields the exit status. */
export async function info(spec: string | undefined, context: Context): Promise<number> {
  const connect = await context.connector()
  const machine = connect(spec)
  try {
    const found = recordingInfo(isActive(machine) ? historyOf(machine) : machine)
    if (context.json) context.out.write(`${JSON.stringify(found)}\n`)
    else {
      context.out.write(`${found.title}\n${textTable(infoTable(found))}\n`)
      for (const note of found.loss.notes) context.out.write(`lost: ${note}\n`)
    }
    return DONE
  } finally {
    machine.close()
  }
}
