// Toolstack: what `xm` and `xl` do: a command line becomes the steps of processes of dom0.
//
//   ['xm', 'create', 'web1', 'memory=512'], world  ->  { script, output }
//
// Holds: a refusal is the tool's own words on stderr and its exit status, never an exception.
import type { Script } from '../step.js'
import type { ToolWorld } from '../tool-world.js'
import { ToolOutput } from './tool-output.js'

/** A tool about to run: its steps, and where its words go. */
export interface Tool {
  readonly script: Script
  readonly output: ToolOutput
}

/** The script of a command line whose first word is `xm` or `xl`. */
export function toolScript(argv: readonly string[], world: ToolWorld): Tool {
  const output = new ToolOutput()
  return { script: absent(argv[0] ?? '', output, world), output }
}

/** A tool that this machine's time does not have. */
function* absent(name: string, output: ToolOutput, world: ToolWorld): Script {
  yield { kind: 'compute', ns: 1_000_000 }
  output.error(`bash: ${name}: command not found\n`)
  return world.era.toolstack === 'none' ? 127 : 127
}
