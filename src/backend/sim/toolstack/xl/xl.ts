// xl: the tool of Xen 4, on libxl: a command line becomes the steps of its processes.
//
//   ['xl', 'pause', 'web1']  ->  script of the calls; its words in `output`
import type { Script } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import type { ToolOutput } from '../tool-output.js'

/** The script of a command line that begins with `xl`. */
export function* xlScript(argv: readonly string[], _world: ToolWorld, output: ToolOutput): Script {
  yield { kind: 'compute', ns: 900_000 }
  output.error(`command not implemented\n`)
  return argv.length > 1 ? 1 : 0
}
