// The subcommand `info`.
import { textTable } from '../chart/table.js'
import type { Context } from './context.js'
import { DONE } from './exit-status.js'
import { recordingInfo } from './info.js'

/** Prints what a recording holds, and what of it was lost; yields the exit status. */
export function info(spec: string | undefined, context: Context): number {
  const machine = context.connect(spec)
  try {
    const { title, facts, loss } = recordingInfo(machine)
    if (context.json) {
      const json = { title, facts: Object.fromEntries(facts.rows), loss }
      context.out.write(`${JSON.stringify(json)}\n`)
    } else {
      context.out.write(`${title}\n${textTable(facts)}\n`)
      for (const note of loss.notes) context.out.write(`lost: ${note}\n`)
    }
    return DONE
  } finally {
    machine.close()
  }
}
