// The command `psrinfo`: the physical CPUs, whether they are in service and since when.
//
//   psrinfo       a line for each pcpu            psrinfo -p    how many packages
//   psrinfo -v    more of each                    psrinfo -pv   what packages are made of
//
//   0<tab>on-line   since 12/10/2007 08:00:00
//   1<tab>faulted   since 12/10/2007 08:00:31
//
// Holds: times are UTC. `processor`, as psrinfo has it, is a pcpu. What is not known is `unknown`.
// Source: psrinfo(8), illumos-gate usr/src/cmd/psrinfo/psrinfo.c.
import type { HostAccess, PcpuFacts, ProcessorFacts } from '../../machine/host-access.js'
import type { Obs } from '../../machine/obs.js'
import type { Command, CommandIo } from '../command.js'
import { type GivenWords, getopt, isGiven, wordsOf } from './getopt.js'

/** Makes it; `access` throws where nothing is known of a host. */
export function psrinfoCommand(access: () => HostAccess): Command {
  return {
    name: 'psrinfo',
    summary: 'the physical CPUs, and whether they are in service',
    usage: '[-v] [-p] [PCPU ...] | -s [-p] PCPU | -t [-S STATE | -c | -p]',
    examples: ['psrinfo', 'psrinfo -v 0', 'psrinfo -pv', 'psrinfo -t -S faulted'],
    where: {
      'on-line': 'is in service',
      'off-line': 'was taken out of it by psradm; faulted: by fault management',
      '-p': 'how many packages are in service; -pv what each is made of',
      '-s': '1 when that one is in service, else 0',
      '-t': 'how many there are, -c cores, -p packages, -S those in a state',
      since: 'when it came into its state, UTC',
    },
    run: async (argv, io) => psrinfo(access(), argv, io),
  }
}

const DONE = 0
const USAGE = 2

function psrinfo(access: HostAccess, argv: readonly string[], io: CommandIo): number {
  const words = getopt(argv, 'cpS:stv')
  const given = (letter: string): boolean => isGiven(words, letter)
  const wrong = mistakeIn(words)
  if (wrong !== undefined) {
    io.warn(`psrinfo: ${wrong}\n${USAGE_TEXT}`)
    return USAGE
  }
  const all = access.pcpus().items
  if (given('t')) {
    io.write(`${total(all, words)}\n`)
    return DONE
  }
  const asked = words.operands.map((word) => all.find(({ pcpu }) => String(pcpu) === word))
  asked.forEach((each, i) => {
    if (each === undefined) {
      io.warn(`psrinfo: processor ${words.operands[i]}: Invalid argument\n`)
    }
  })
  const chosen = words.operands.length === 0 ? all : all.filter((each) => asked.includes(each))
  const [name = ''] = ['pv', 'sp', 'p', 'v', 's'].filter((form) => [...form].every(given))
  io.write(FORMS[name]?.(chosen, access) ?? '')
  return asked.includes(undefined) ? USAGE : DONE
}

const USAGE_TEXT = `\
usage:${' '}
\tpsrinfo [-v] [-p] [processor_id ...]
\tpsrinfo -s [-p] processor_id
\tpsrinfo -t [-S <state> | -c | -p]
`

function mistakeIn(words: GivenWords): string | undefined {
  const given = (letter: string): boolean => isGiven(words, letter)
  if (words.mistake !== undefined) return words.mistake
  if (given('t')) {
    if (words.operands.length > 0) return 'cannot specify CPUs with -t'
    if (given('s') || given('v')) return 'cannot specify -s or -v with -t'
    if (given('S') && (given('c') || given('p'))) return 'cannot specify CPU state with -c or -p'
    return given('c') && given('p') ? 'cannot specify -c and -p' : undefined
  }
  if (given('S') || given('c')) return 'cannot specify -S or -c without -t'
  if (given('s') && given('v')) return 'options -s and -v are mutually exclusive'
  if (given('s') && words.operands.length !== 1) {
    return 'must specify exactly one processor if -s used'
  }
  return undefined
}

type Form = (chosen: readonly PcpuFacts[], access: HostAccess) => string

const FORMS: Readonly<Record<string, Form>> = {
  '': (chosen, access) => chosen.map((each) => shortLine(each, access)).join(''),
  v: (chosen, access) => chosen.map((each) => longLines(each, access)).join(''),
  s: ([one]) => (one === undefined ? '' : `${stateOf(one) === 'on-line' ? 1 : 0}\n`),
  p: (chosen, access) => {
    const inService = packagesOf(chosen, access).filter(({ pcpus }) => pcpus.some(isOnline))
    return `${inService.length}\n`
  },
  sp: (chosen, access) =>
    packagesOf(chosen, access)
      .map(({ pcpus }) => `${pcpus.every(isOnline) ? 1 : 0}\n`)
      .join(''),
  pv: (chosen, access) =>
    packagesOf(chosen, access)
      .map((each) => packageText(each, access))
      .join(''),
}

/** What state a pcpu is in. */
function stateOf({ isOnline: online, isFaulted }: PcpuFacts): string {
  if (online.kind === 'unknown') return 'unknown'
  if (online.value) return 'on-line'
  return isFaulted === true ? 'faulted' : 'off-line'
}

const isOnline = (one: PcpuFacts): boolean => stateOf(one) === 'on-line'

function shortLine(one: PcpuFacts, access: HostAccess): string {
  return `${one.pcpu}\t${stateOf(one).padEnd(8)}  since ${sinceOf(one, access)}\n`
}

function longLines(one: PcpuFacts, access: HostAccess): string {
  const hz = known(access.hypervisor().clockHz)
  const rate = hz === undefined ? 'an unknown frequency' : `${Math.round(hz / 1e6)} MHz`
  return (
    `Status of virtual processor ${one.pcpu} as of: ${momentOf(known(access.now()), access)}\n` +
    `  ${stateOf(one)} since ${sinceOf(one, access)}.\n` +
    `  The i386 processor operates at ${rate},\n` +
    '\tand has an i387 compatible floating point processor.\n'
  )
}

const known = <T>(value: Obs<T>): T | undefined =>
  value.kind === 'known' ? value.value : undefined

const sinceOf = ({ sinceNs }: PcpuFacts, access: HostAccess): string => momentOf(sinceNs, access)

/** `12/10/2007 08:00:31`, from nanoseconds since boot. */
function momentOf(sinceBootNs: number | undefined, access: HostAccess): string {
  const bootedNs = known(access.bootedNs())
  if (bootedNs === undefined || sinceBootNs === undefined) return 'unknown'
  const ms = Number((bootedNs + BigInt(Math.trunc(sinceBootNs))) / 1_000_000n)
  const [, year, month, day, clock] =
    /(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(new Date(ms).toISOString()) ?? []
  return `${month}/${day}/${year} ${clock}`
}

/** A package: its pcpus, and which of them share a core. */
interface Package {
  readonly pcpus: readonly PcpuFacts[]
  readonly cores: ReadonlyMap<number, readonly PcpuFacts[]>
}

/** The packages of those chosen, whole. */
function packagesOf(chosen: readonly PcpuFacts[], access: HostAccess): readonly Package[] {
  const sockets = grouped(access.pcpus().items, ({ place }) => known(place)?.socket)
  return [...sockets.values()]
    .filter((pcpus) => pcpus.some(({ pcpu }) => chosen.some((each) => each.pcpu === pcpu)))
    .map((pcpus) => ({ pcpus, cores: grouped(pcpus, ({ place }) => known(place)?.core) }))
}

function grouped<T>(
  items: readonly T[],
  keyOf: (item: T) => number | undefined,
): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return groups
}

function packageText({ pcpus, cores }: Package, access: HostAccess): string {
  const facts = known(access.hypervisor().processor)
  const implementation = implementationOf(facts, access)
  const noun = pcpus.length > 1 ? 'processors' : 'processor'
  const virtual = (of: readonly PcpuFacts[]): string => `${of.length} virtual ${noun}${idsOf(of)}\n`
  if (cores.size === 1 || cores.size === pcpus.length) {
    const brand = facts === undefined ? '' : `\t${facts.brand}`
    return `The physical processor has ${virtual(pcpus)}  ${implementation}\n${brand}\n`
  }
  const lines = [...cores.values()].map((of) => `  The core has ${virtual(of)}`)
  const brand = facts === undefined ? '' : `      ${facts.brand}\n`
  const head = `The physical processor has ${cores.size} cores and ${virtual(pcpus)}`
  return `${head}${lines.join('')}    ${implementation}\n${brand}`
}

/** ` (0-3 6)`: numbers that follow each other are told as a range. */
function idsOf(pcpus: readonly PcpuFacts[]): string {
  const ids = pcpus.map(({ pcpu }) => Number(pcpu))
  const starts = ids.filter((id) => !ids.includes(id - 1))
  const ranges = starts.map((start) => {
    let end = start
    while (ids.includes(end + 1)) end++
    return start === end ? String(start) : `${start}-${end}`
  })
  return ` (${ranges.join(' ')})`
}

/** `x86 (GenuineIntel 206C2 family 6 model 44 step 2 clock 2667 MHz)`. */
function implementationOf(facts: ProcessorFacts | undefined, access: HostAccess): string {
  if (facts === undefined) return '(unknown)'
  const { vendor, family, model, stepping } = facts
  const name = vendor === 'intel' ? 'GenuineIntel' : 'AuthenticAMD'
  const hz = known(access.hypervisor().clockHz) ?? 0
  const signature = signatureOf(facts).toString(16).toUpperCase()
  const numbers = `family ${family} model ${model} step ${stepping}`
  return `x86 (${name} ${signature} ${numbers} clock ${Math.round(hz / 1e6)} MHz)`
}

/** Leaf 1 of CPUID, EAX: families from 15 and models from 16 have a second field. */
function signatureOf({ family, model, stepping }: ProcessorFacts): number {
  const [base, extended] = family < 15 ? [family, 0] : [15, family - 15]
  return (extended << 20) | ((model >> 4) << 16) | (base << 8) | ((model & 15) << 4) | stepping
}

/** How many there are, of those asked for. */
function total(all: readonly PcpuFacts[], words: GivenWords): number {
  const places = all.flatMap(({ place }) => known(place) ?? [])
  if (isGiven(words, 'c'))
    return new Set(places.map(({ socket, core }) => `${socket}.${core}`)).size
  if (isGiven(words, 'p')) return new Set(places.map(({ socket }) => socket)).size
  const state = wordsOf(words, 'S').at(-1) ?? 'all'
  return all.filter((one) => state === 'all' || stateOf(one) === state).length
}
