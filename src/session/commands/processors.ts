// The commands `psrinfo` and `psradm`: the physical CPUs of the machine, and taking them on-line
// and off-line.
//
//   psrinfo              a line for each pcpu       psrinfo -p     how many packages
//   psradm -f 3          pcpu 3 is taken off-line   psradm -n 3    and brought back
//
// Source: psrinfo(8), psradm(8) of illumos.
import { XpvError } from '../../base/error.js'
import type { HostAccess, PcpuFacts } from '../../machine/host-access.js'
import { carryOut } from '../../machine/host-action.js'
import type { PcpuId } from '../../machine/ids.js'
import type { Machine } from '../../machine/machine.js'
import type { Command, CommandIo } from '../command.js'
import { hostAccessOf } from './host-access-of.js'

/** Makes both for the machine that is open. */
export function processorCommands(machine: () => Machine): readonly Command[] {
  return [
    {
      name: 'psrinfo',
      summary: 'the physical CPUs, and whether they are on-line',
      usage: '[-p] [-v] [PCPU ...]',
      examples: ['psrinfo', 'psrinfo -v', 'psrinfo -p'],
      run: async (argv, io) => psrinfo(hostAccessOf(machine(), 'psrinfo'), argv, io),
    },
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

function read(name: string, argv: readonly string[], letters: string): Asked {
  const flags = new Set<string>()
  const pcpus: number[] = []
  for (const word of argv) {
    const isFlags = new RegExp(`^-[${letters}]+$`).test(word)
    if (isFlags) for (const letter of word.slice(1)) flags.add(letter)
    else if (/^\d+(-\d+)?$/.test(word)) pcpus.push(...range(word))
    else throw new XpvError(`${name}.usage`, `${name} does not know ${word}`, `help ${name}`)
  }
  return { flags, pcpus }
}

function range(word: string): number[] {
  const [from = 0, to = from] = word.split('-').map(Number)
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
}

/** The pcpus that were named, all without; those that are not there are told. */
function chosen(
  name: string,
  access: HostAccess,
  asked: readonly number[],
  io: CommandIo,
): { readonly items: readonly PcpuFacts[]; readonly status: number } {
  const all = access.pcpus().items
  if (asked.length === 0) return { items: all, status: 0 }
  const found = asked.map((id) => all.find(({ pcpu }) => pcpu === id))
  asked.forEach((id, i) => {
    if (found[i] === undefined) io.warn(`${name}: processor ${id}: Invalid argument\n`)
  })
  return {
    items: found.filter((each) => each !== undefined),
    status: found.includes(undefined) ? 1 : 0,
  }
}

function psrinfo(access: HostAccess, argv: readonly string[], io: CommandIo): number {
  const { flags, pcpus } = read('psrinfo', argv, 'pv')
  const { items, status } = chosen('psrinfo', access, pcpus, io)
  if (flags.has('p')) io.write(flags.has('v') ? packagesText(access, items) : packageCount(items))
  else io.write(items.map((each) => line(each, flags.has('v'), access)).join(''))
  return status
}

function line({ pcpu, isOnline, place, running }: PcpuFacts, long: boolean, access: HostAccess) {
  const state = isOnline.kind === 'unknown' ? 'unknown' : isOnline.value ? 'on-line' : 'off-line'
  if (!long) return `${pcpu}\t${state}\n`
  const { clockHz, processor } = access.hypervisor()
  const mhz = clockHz.kind === 'known' ? `${Math.round(clockHz.value / 1e6)} MHz` : 'a rate unknown'
  const brand = processor.kind === 'known' ? processor.value.brand : 'a processor unknown'
  const where =
    place.kind === 'known'
      ? `socket ${place.value.socket}, core ${place.value.core}, thread ${place.value.thread}`
      : place.reason
  const what =
    running.kind === 'unknown'
      ? running.reason
      : running.value === null
        ? 'nothing'
        : `vcpu ${running.value.vcpu} of domain ${running.value.domid}`
  return (
    `Status of physical processor ${pcpu}: ${state}\n` +
    `  ${brand}, ${mhz}; ${where}\n  runs ${what}\n`
  )
}

function sockets(items: readonly PcpuFacts[]): ReadonlyMap<number, readonly PcpuFacts[]> {
  const found = new Map<number, PcpuFacts[]>()
  for (const each of items) {
    if (each.place.kind !== 'known') continue
    const { socket } = each.place.value
    found.set(socket, [...(found.get(socket) ?? []), each])
  }
  return found
}

const packageCount = (items: readonly PcpuFacts[]): string => `${sockets(items).size}\n`

function packagesText(access: HostAccess, items: readonly PcpuFacts[]): string {
  const { processor } = access.hypervisor()
  const brand = processor.kind === 'known' ? `  ${processor.value.brand}\n` : ''
  return [...sockets(items).values()]
    .map((of) => {
      const ids = of.map(({ pcpu }) => pcpu).join(' ')
      return `The physical processor has ${of.length} pcpus (${ids})\n${brand}`
    })
    .join('')
}

function psradm(access: HostAccess, argv: readonly string[], io: CommandIo): number {
  const { flags, pcpus } = read('psradm', argv, 'fna')
  if (flags.has('f') === flags.has('n') || (pcpus.length === 0) !== flags.has('a')) {
    throw new XpvError('psradm.usage', 'psradm takes -f or -n, and pcpus or -a', 'psradm -f 3')
  }
  const { items, status } = chosen('psradm', access, pcpus, io)
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
