// Toolstack: what `xm` and `xl` do: a command line becomes the steps of processes of dom0.
//
//   ['xm', 'create', 'web1', 'memory=512'], world  ->  { script, output }
//
// Holds: a refusal is the tool's own words on stderr and its exit status, never an exception.
import type { Era } from '../era.js'
import type { Script } from '../step.js'
import type { ToolWorld } from '../tool-world.js'
import { ToolOutput } from './tool-output.js'
import { XL_FILES } from './xl/files.js'
import { XL_COMMANDS, xlScript } from './xl/xl.js'
import { XM_FILES } from './xm/files.js'
import { XM_COMMANDS, xmScript } from './xm/xm.js'

/** A tool about to run: its steps, and where its words go. */
export interface Tool {
  readonly script: Script
  readonly output: ToolOutput
}

/** The script of a command line whose first word is `xm` or `xl`. */
export function toolScript(argv: readonly string[], world: ToolWorld): Tool {
  const output = new ToolOutput()
  return { script: scriptOf(argv, world, output), output }
}

/** Names of the commands of `xm` or `xl`; none of a tool that the era does not have. */
export function toolCommands(name: string, era: Era): readonly string[] {
  if (name !== era.toolstack) return []
  return name === 'xm' ? XM_COMMANDS : XL_COMMANDS
}

/** Files that dom0 has when it boots, as pairs of path and text: configurations of guests. */
export function toolFiles(era: Era): readonly (readonly [path: string, text: string])[] {
  switch (era.toolstack) {
    case 'xm':
      return XM_FILES
    case 'xl':
      return XL_FILES
    case 'none':
      return []
  }
}

function scriptOf(argv: readonly string[], world: ToolWorld, output: ToolOutput): Script {
  const [name = ''] = argv
  if (name !== world.era.toolstack) return absent(name, output)
  return name === 'xm' ? xmScript(argv, world, output) : xlScript(argv, world, output)
}

/** A tool that this machine's time does not have. */
function* absent(name: string, output: ToolOutput): Script {
  yield { kind: 'compute', ns: 1_000_000 }
  output.error(`bash: ${name}: command not found\n`)
  return 127
}
