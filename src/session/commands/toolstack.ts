// The commands `xm` and `xl`: what dom0's control tools do to a machine. A recording already
// happened, so it refuses them, and says how to see what they did there.
import { XpvError } from '../../base/error.js'
import type { Machine } from '../../machine/machine.js'
import type { Command } from '../command.js'

/** Makes both commands. Each throws `XpvError` `machine.read-only` on a machine that cannot be
 *  acted upon. */
export function toolstackCommands(machine: () => Machine): readonly Command[] {
  return ['xm', 'xl'].map((name) => ({
    name,
    summary: 'create, destroy, list ... domains; a recording refuses',
    usage: 'COMMAND [WORD ...]',
    examples: [`${name} create web1`],
    run: async (argv) => refuse(name, argv, machine()),
  }))
}

function refuse(name: string, argv: readonly string[], machine: Machine): never {
  const line = [name, ...argv].join(' ')
  throw new XpvError(
    'machine.read-only',
    `${line}: ${machine.spec} is a recording, nothing can be done to it any more`,
    "dtrace -n 'xpv::: {}' shows what the tools asked of the hypervisor in it",
  )
}
