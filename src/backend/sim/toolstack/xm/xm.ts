// xm: the tool of Xen 3, a client of xend: a command line becomes the steps of both.
//
//   ['xm', 'destroy', 'web1']  ->  script: python starts, asks xend, prints; words in `output`
import type { Script } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import type { ToolOutput } from '../tool-output.js'

/** The script of a command line that begins with `xm`. */
export function* xmScript(argv: readonly string[], _world: ToolWorld, output: ToolOutput): Script {
  yield { kind: 'compute', ns: 60_000_000 }
  output.error(`Error: Sub Command '${argv[1] ?? ''}' not found!\n`)
  return 1
}
