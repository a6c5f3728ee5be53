// dmesg(1) of dom0: what its kernel said.
import { KERNEL_LOG } from '../kernel-log.js'
import type { Script } from '../step.js'
import type { ToolWorld } from '../tool-world.js'
import type { ToolOutput } from './tool-output.js'

const OWN_NS = 700_000

/** Its steps: `dmesg`; with -c it empties the log, too, with -C it only does that. */
export function* dmesgScript(
  argv: readonly string[],
  world: ToolWorld,
  output: ToolOutput,
): Script {
  yield { kind: 'compute', ns: OWN_NS }
  const [option, ...more] = argv.slice(1)
  const isKnown = option === undefined || option === '-c' || option === '-C'
  if (!isKnown || more.length > 0) {
    const what = /^-(.)/.exec(option ?? '')?.[1]
    const wrong = what === undefined ? 'bad usage' : `invalid option -- '${what}'`
    output.error(`dmesg: ${wrong}\nTry 'dmesg --help' for more information.\n`)
    return 1
  }
  if (option !== '-C') output.print(world.file(KERNEL_LOG) ?? '')
  if (option !== undefined) yield { kind: 'file', path: KERNEL_LOG, content: '' }
  return 0
}
