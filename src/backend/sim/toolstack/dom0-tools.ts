// The commands that dom0 has: its toolstack's, and what every system has.
import type { Era } from '../era.js'
import type { ToolWorld } from '../tool-world.js'
import { sleepScript } from './sleep.js'
import { ToolOutput } from './tool-output.js'
import { type Tool, toolScript } from './toolstack.js'

/** Names of the commands of an era's dom0. */
export function toolsOf(era: Era): readonly string[] {
  return era.toolstack === 'none' ? ['sleep'] : [era.toolstack, 'sleep']
}

/** The script of a command line. A command that dom0 does not have is one that says so. */
export function toolFor(argv: readonly string[], world: ToolWorld): Tool {
  if (argv[0] !== 'sleep') return toolScript(argv, world)
  const output = new ToolOutput()
  return { script: sleepScript(argv, output), output }
}
