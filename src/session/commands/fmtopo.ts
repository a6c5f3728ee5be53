// The command `fmtopo`: what the host that is open is made of, as illumos' fault management names
// it.
//
//   fmtopo                    all parts          fmtopo -p '*chip=0*'  those, with ASRU and FRU
//   fmtopo -V '*dimm*'        all properties     fmtopo -e             paths as rules have them
//   fmtopo -P pci.device-id   one property       fmtopo -S             what is out of service
//   fmtopo --from lspci.txt   the host that this was captured on, not the one that is open
//
// Holds: what of a host is not known at all is told on standard error. Source: illumos-gate
// usr/src/cmd/fm/fmtopo/common/fmtopo.c.
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { XpvError } from '../../base/error.js'
import {
  type CapturedTexts,
  capturedKind,
  capturedTopology,
  type SysfsCapture,
} from '../../fma/topo/captured-topology.js'
import { hostTopology } from '../../fma/topo/host-topology.js'
import { pcpuOf } from '../../fma/topo/resolve.js'
import { type Topology, type TopoNode, topoGroup } from '../../fma/topo/topology.js'
import {
  type AskedProperty,
  type FmtopoContext,
  type FmtopoOptions,
  fmtopoText,
  matchingNodes,
} from '../../fma/view/fmtopo.js'
import type { HostAccess } from '../../machine/host-access.js'
import type { Machine } from '../../machine/machine.js'
import type { Command, CommandIo } from '../command.js'
import { hostAccessOf } from './host-access-of.js'
import { readSysfs } from './sysfs-capture.js'

/** Makes it for the machine that is open; names of files are of `directory`. */
export function fmtopoCommand(machine: () => Machine, directory: () => string): Command {
  return {
    name: 'fmtopo',
    summary: 'the parts of the host, as fault management names them',
    usage: '[-bepSV] [-P GROUP[.PROPERTY]|all] [--from FILE] [PATTERN]',
    examples: ['fmtopo', "fmtopo -p '*chip=0*'", "fmtopo -V '*dimm=0'", 'fmtopo -e'],
    run: async (argv, io) => {
      const { files, options } = readOptions(argv)
      if (files.length > 0) {
        const texts = readCaptures(files.map((file) => resolve(directory(), file)))
        return fmtopo(capturedTopology(texts), options, { io, context: UNKNOWN })
      }
      const access = hostAccessOf(machine(), 'fmtopo')
      return fmtopo(hostTopology(access), options, { io, context: contextOf(access) })
    },
  }
}

/** Of a host that was captured nobody knows the time or what is in service. */
const UNKNOWN: FmtopoContext = {
  nowNs: undefined,
  isUnusable: ({ name }) => (['strand', 'core', 'chip'].includes(name) ? undefined : false),
}

function fmtopo(
  topology: Topology,
  options: FmtopoOptions,
  { io, context }: { readonly io: CommandIo; readonly context: FmtopoContext },
): number {
  for (const line of missing(topology)) io.warn(`fmtopo: topology snapshot incomplete: ${line}\n`)
  if (options.pattern !== undefined && matchingNodes(topology, options).length === 0) {
    io.warn(`fmtopo: no part matches ${options.pattern}; * stands for anything: '*/chip=0'\n`)
  }
  io.write(fmtopoText(topology, options, context))
  return 0
}

/** Finds out which capture each file is; a directory is /sys or a copy of it. */
function readCaptures(files: readonly string[]): CapturedTexts {
  const texts: { -readonly [K in keyof CapturedTexts]: CapturedTexts[K] } = {}
  for (const file of files) {
    const capture = readCapture(file)
    if (texts[capture.kind] !== undefined) throw usage(`${file} is the second of its kind`)
    if (capture.kind === 'sysfs') texts.sysfs = capture.found
    else texts[capture.kind] = capture.text
  }
  if (texts.fmtopo !== undefined && files.length > 1) throw usage('fmtopo -V tells of all parts')
  return texts
}

type Capture =
  | { readonly kind: 'sysfs'; readonly found: SysfsCapture }
  | { readonly kind: Exclude<keyof CapturedTexts, 'sysfs'>; readonly text: string }

function readCapture(file: string): Capture {
  const known = 'lspci -xxxx, xl info -n, xenpm get-cpu-topology, /proc/cpuinfo, fmtopo -V or /sys'
  try {
    if (statSync(file).isDirectory()) {
      const found = readSysfs(file)
      if (found !== undefined) return { kind: 'sysfs', found }
    } else {
      const text = readFileSync(file, 'utf8')
      const kind = capturedKind(text)
      if (kind !== undefined) return { kind, text }
    }
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/, .*/s, '') : String(error)
    throw new XpvError('fma.capture', `${file}: ${why}`, 'fmtopo --from lspci.txt')
  }
  throw new XpvError('fma.capture', `${file} is not a capture of hardware`, known)
}

/** What is not known of the host as a whole. */
function missing(topology: Topology): readonly string[] {
  const unknown = topology.roots.flatMap((root) => topoGroup(root, 'xpv-unknown')?.properties ?? [])
  return unknown.map(({ name, value }) => `${name}: ${String(value)}`)
}

function contextOf(access: HostAccess): FmtopoContext {
  const [booted, now] = [access.bootedNs(), access.now()]
  const isKnown = booted.kind === 'known' && now.kind === 'known'
  return {
    nowNs: isKnown ? booted.value + BigInt(Math.floor(now.value)) : undefined,
    isUnusable: (node) => isUnusable(access, node),
  }
}

/** A strand whose pcpu is offline; a core or a chip all of whose strands are. Other parts are
 *  usable, as libtopo has it. */
function isUnusable(access: HostAccess, node: TopoNode): boolean | undefined {
  const pcpu = pcpuOf(node)
  if (pcpu !== undefined) {
    const online = access.pcpu(pcpu)?.isOnline
    return online?.kind === 'known' ? !online.value : undefined
  }
  const within = node.children.filter(({ name }) => name === 'core' || name === 'strand')
  if (within.length === 0) return false
  const each = within.map((part) => isUnusable(access, part))
  if (each.includes(false)) return false
  return each.includes(undefined) ? undefined : true
}

/** Options of fmtopo(8) that are about its own workings or about other schemes. */
const NOT_HERE = 'CdmRstx'

/** A command line, read. */
interface Asked {
  readonly options: FmtopoOptions
  readonly files: readonly string[]
}

function readOptions(argv: readonly string[]): Asked {
  const flags = new Set<string>()
  const properties: string[] = []
  const [files, patterns]: [string[], string[]] = [[], []]
  const words = [...argv]
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [, from] = /^--from(?:=(.*))?$/s.exec(word) ?? [undefined, null]
    const [, letters = '', hasP, rest = ''] = /^-([^-P]+|(?=P))(P(.*))?$/s.exec(word) ?? []
    if (from !== null) files.push(from ?? words.shift() ?? '')
    else if (!word.startsWith('-')) patterns.push(word)
    else if (letters === '' && hasP === undefined) throw usage(`fmtopo has no option ${word}`)
    for (const letter of letters) flags.add(checkedLetter(letter))
    if (hasP !== undefined) properties.push(rest === '' ? (words.shift() ?? '') : rest)
  }
  if (patterns.length > 1) throw usage(`one pattern, not ${patterns.join(' and ')}`)
  const isAll = flags.has('V') || properties.includes('all')
  const options: FmtopoOptions = {
    pattern: patterns[0],
    siblingsFirst: flags.has('b'),
    asRules: flags.has('e'),
    protocol: flags.has('p'),
    status: flags.has('S'),
    properties: isAll ? 'all' : properties.map(askedProperty),
  }
  return { options, files }
}

function checkedLetter(letter: string): string {
  if ('bepSV'.includes(letter)) return letter
  if (NOT_HERE.includes(letter)) throw usage(`-${letter} is not here`)
  throw usage(`fmtopo has no option -${letter}`)
}

function askedProperty(text: string): AskedProperty {
  if (text === '') throw usage('-P takes a group or a property')
  if (text.includes('=')) throw usage(`${text}: properties cannot be set here`)
  const [group = '', property] = text.split(/\.(.*)/s)
  return { group, property }
}

const usage = (message: string): XpvError =>
  new XpvError('fmtopo.usage', message, "fmtopo -P pci '*pciexfn*'")
