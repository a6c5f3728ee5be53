// The commands that dom0 has: its toolstack's, and what every system has.
import type { Era } from '../era.js'
import type { ToolWorld } from '../tool-world.js'
import { dmesgScript } from './dmesg.js'
import { sleepScript } from './sleep.js'
import { ToolOutput } from './tool-output.js'
import { type Tool, toolScript } from './toolstack.js'
import { hptoolScript } from './xen-hptool.js'
import { mceinjScript } from './xen-mceinj.js'

/** Names of the commands of an era's dom0. */
export function toolsOf(era: Era): readonly string[] {
  return [...TOOLSTACKS[era.toolstack], ...(era.dom0 === 'linux' ? ['dmesg'] : []), 'sleep']
}

const TOOLSTACKS: Readonly<Record<Era['toolstack'], readonly string[]>> = {
  none: [],
  xm: ['xm'],
  xl: ['xl', 'xen-hptool', 'xen-mceinj'],
}

/** The script of a command line. A command that dom0 does not have is one that says so. */
export function toolFor(argv: readonly string[], world: ToolWorld): Tool {
  const [name = ''] = argv
  const output = new ToolOutput()
  if (!toolsOf(world.era).includes(name)) return toolScript(argv, world)
  switch (name) {
    case 'sleep':
      return { script: sleepScript(argv, output), output }
    case 'dmesg':
      return { script: dmesgScript(argv, world, output), output }
    case 'xen-hptool':
      return { script: hptoolScript(argv, output), output }
    case 'xen-mceinj':
      return { script: mceinjScript(argv, world, output), output }
    default:
      return toolScript(argv, world)
  }
}
