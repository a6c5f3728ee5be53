// The commands `psrinfo` (psrinfo.ts) and `psradm`: the physical CPUs of the machine, and taking
// them on-line and off-line.
//
//   psradm -f 3          pcpu 3 is taken off-line   psradm -n 3    and brought back
//
// Source: psradm(8) of illumos.
import { XpvError } from '../../base/error.js'
import type { HostAccess, PcpuFacts } from '../../machine/host-access.js'
import { carryOut } from '../../machine/host-action.js'
import type { PcpuId } from '../../machine/ids.js'
import type { Machine } from '../../machine/machine.js'
import type { Command, CommandIo } from '../command.js'
import { hostAccessOf } from './host-access-of.js'
import { psrinfoCommand } from './psrinfo.js'

/** Makes both for the machine that is open. */
export function processorCommands(machine: () => Machine): readonly Command[] {
  return [
    psrinfoCommand(() => hostAccessOf(machine(), 'psrinfo')),
    {
      name: 'psradm',
      summary: 'take physical CPUs off-line (-f), bring them back (-n)',
      usage: '-f|-n PCPU ... | -f|-n -a',
      examples: ['psradm -f 3', 'psradm -n 3'],
      run: async (argv, io) => psradm(hostAccessOf(machine(), 'psradm'), argv, io),
    },
  ]
}

/** What a command line asks for. */
interface Asked {
  readonly flags: ReadonlySet<string>
  readonly pcpus: readonly number[]
}

function read(argv: readonly string[]): Asked {
  const flags = new Set<string>()
  const pcpus: number[] = []
  for (const word of argv) {
    if (/^-[fna]+$/.test(word)) for (const letter of word.slice(1)) flags.add(letter)
    else if (/^\d+(-\d+)?$/.test(word)) pcpus.push(...range(word))
    else throw new XpvError('psradm.usage', `psradm does not know ${word}`, 'help psradm')
  }
  return { flags, pcpus }
}

function range(word: string): number[] {
  const [from = 0, to = from] = word.split('-').map(Number)
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
}

/** The pcpus that were named, all without; those that are not there are told. */
function chosen(
  access: HostAccess,
  asked: readonly number[],
  io: CommandIo,
): { readonly items: readonly PcpuFacts[]; readonly status: number } {
  const all = access.pcpus().items
  if (asked.length === 0) return { items: all, status: 0 }
  const found = asked.map((id) => all.find(({ pcpu }) => pcpu === id))
  asked.forEach((id, i) => {
    if (found[i] === undefined) io.warn(`psradm: processor ${id}: Invalid argument\n`)
  })
  return {
    items: found.filter((each) => each !== undefined),
    status: found.includes(undefined) ? 1 : 0,
  }
}

function psradm(access: HostAccess, argv: readonly string[], io: CommandIo): number {
  const { flags, pcpus } = read(argv)
  if (flags.has('f') === flags.has('n') || (pcpus.length === 0) !== flags.has('a')) {
    throw new XpvError('psradm.usage', 'psradm takes -f or -n, and pcpus or -a', 'psradm -f 3')
  }
  const { items, status } = chosen(access, pcpus, io)
  let worst = status
  for (const { pcpu } of items) {
    if (!setOnline(access, pcpu, flags.has('n'), io)) worst = 1
  }
  return worst
}

function setOnline(access: HostAccess, pcpu: PcpuId, online: boolean, io: CommandIo): boolean {
  const what = online ? `bring processor ${pcpu} on-line` : `take processor ${pcpu} off-line`
  try {
    const note = carryOut(access, what, (actions) => actions.setPcpuOnline(pcpu, online))
    if (note !== undefined) io.write(`${note}\n`)
    return true
  } catch (error) {
    if (!(error instanceof XpvError) || error.code !== 'machine.refused') throw error
    io.warn(`psradm: ${error.message}\n`)
    return false
  }
}
