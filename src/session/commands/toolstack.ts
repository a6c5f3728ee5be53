// The commands of dom0 on the machine that is open: `xm`, `xl`, `dmesg` ... Time passes while one
// runs, and whoever watches prints what it sees. A recording already happened, so it refuses them,
// and says how to see what they did there.
import { XpvError } from '../../base/error.js'
import { type ActiveMachine, isActive } from '../../machine/active-machine.js'
import type { Machine } from '../../machine/machine.js'
import type { Command, CommandIo } from '../command.js'
import type { Traces } from '../traces.js'
import { runTool } from './tool-run.js'

/** What these commands need of the session around them. */
export interface ToolstackHost {
  machine(): Machine
  readonly traces: Traces
}

/** Makes the commands. Each throws `XpvError` `machine.read-only` on a machine that cannot be acted
 *  upon. */
export function toolstackCommands(host: ToolstackHost): readonly Command[] {
  const toolstacks = ['xm', 'xl'].map((name) => ({
    name,
    summary: 'create, destroy, list ... domains',
    usage: 'COMMAND [WORD ...]',
    first: [`${name} create web1`, 'a guest comes to life'] as const,
    examples: [
      ...['help', 'create web1', 'list'].map((words) => `${name} ${words}`),
      `${name}.create('web1', { memoryMiB: 512, vcpus: 2 })`,
    ],
  }))
  return [...toolstacks, ...OTHERS].map((topic) => ({
    ...topic,
    complete: (words: readonly string[]) => wordsAfter(topic.name, words, host.machine()),
    isThere: () => hasTool(host.machine(), topic.name),
    run: async (argv: readonly string[], io: CommandIo) => {
      const line = [topic.name, ...argv]
      const machine = activeMachine(host.machine(), line)
      const status = await runTool(machine, line, io, host.traces)
      const other = OTHER_TOOLSTACK[topic.name]
      const isOther = other !== undefined && machine.tools.includes(other)
      if (status === NO_SUCH_TOOL && isOther) io.warn(`  try: ${[other, ...argv].join(' ')}\n`)
      return status
    },
  }))
}

/** What an older or newer dom0 has instead. */
const OTHER_TOOLSTACK: Readonly<Record<string, string>> = { xm: 'xl', xl: 'xm' }
const NO_SUCH_TOOL = 127

/** What dom0 has besides its toolstack. */
const OTHERS = [
  {
    name: 'xen-hptool',
    summary: 'take pcpus and pages of the host out of service, and back',
    usage: 'COMMAND PCPU|FRAME',
    examples: ['xen-hptool cpu-offline 3', 'xen-hptool mem-status 50000'],
  },
  {
    name: 'xen-mceinj',
    summary: 'let the hypervisor believe in a machine check',
    usage: '[-c PCPU] [-t TYPE] [-p ADDRESS] [-d DOMID] [-D]',
    examples: ['xen-mceinj -c 1 -t 0 -p 0x50000000', 'xen-mceinj -h'],
  },
  {
    name: 'dmesg',
    summary: "what dom0's kernel said; the hypervisor's words are in xl dmesg",
    usage: '[-c | -C]',
    examples: ['dmesg', 'dmesg -C'],
  },
  {
    name: 'sleep',
    summary: 'let time pass on the machine',
    usage: 'SECONDS',
    examples: ['sleep 5'],
  },
]

/** On a recording nobody knows what dom0 had. */
function hasTool(machine: Machine, name: string): boolean {
  return !isActive(machine) || machine.tools.includes(name)
}

/** The machine, when something can be done to it. Throws `XpvError` `machine.read-only`. */
export function activeMachine(machine: Machine, line: readonly string[]): ActiveMachine {
  if (isActive(machine)) return machine
  throw new XpvError(
    'machine.read-only',
    `${line.join(' ')}: ${machine.spec} is a recording, nothing can be done to it any more`,
    "dtrace -n 'xpv::: {}' shows what the tools asked of the hypervisor in it",
  )
}

/** The tool's commands, where the machine has it; then names of domains. */
function wordsAfter(name: string, words: readonly string[], machine: Machine): readonly string[] {
  const commands = isActive(machine) ? machine.toolCommands(name) : []
  if (commands.length === 0 || words.length === 0) return commands
  if (words[0] === 'create') return isActive(machine) ? machine.toolCommands(name, words) : []
  const domains = machine.access?.domains().items ?? []
  return domains.flatMap((domain) => (domain.name.kind === 'known' ? [domain.name.value] : []))
}
