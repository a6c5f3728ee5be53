// Commands of xm that tell of the host and its domains.
//
//   Name                                      ID   Mem VCPUs      State   Time(s)
//   Domain-0                                   0  1024     2     r-----      1.5
//
// Source: tools/python/xen/xm/main.py of 3.1: columns, letters of states, ranges of pcpus.

import { rangesText } from '../../../../machine/ranges.js'
import { FRAMES_PER_MIB } from '../../frames.js'
import { pcpuCount } from '../../host-config.js'
import { SHUTDOWN } from '../../shutdown.js'
import { call } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import { checkCount, parseOptions, type XmCommand } from './context.js'
import { domainSxp, printSxp } from './domain-sxp.js'
import { domainNamed, type Managed, managedDomains } from './managed.js'
import { nodeInfo } from './node-info.js'
import { fault, XmRefusal } from './refusal.js'
import { inXend, type Steps } from './xend.js'

const LIST_OPTIONS = {
  flags: { '-l': 'long', '--long': 'long', '-v': 'vcpus', '--vcpus': 'vcpus', '--label': 'label' },
  valued: { '--state': 'state' },
} as const

/** xm list. */
export const list: XmCommand = function* (context) {
  const { world, output } = context
  const { options, rest } = parseOptions(context.args, LIST_OPTIONS)
  if (options.has('vcpus')) {
    output.error('xm list -v is deprecated.  Please use xm vcpu-list.\n')
    return yield* vcpuList({ ...context, args: rest })
  }
  const state = options.get('state') ?? 'all'
  if (state !== 'all' && rest.length > 0) {
    throw fault('You may specify either a state or a particular VM, but not both')
  }
  const flags = yield* inXend(askAll())
  const domains = rest.length > 0 ? rest.map((w) => domainNamed(world, w)) : managedDomains(world)
  const shown = domains.filter((d) => isIn(state, stateOf(flags.get(d.domid) ?? 0)))
  if (options.has('long')) {
    for (const d of shown) {
      output.print(printSxp(domainSxp(world, d, stateOf(flags.get(d.domid) ?? 0))))
    }
    return
  }
  output.print(line(['Name', 'ID', 'Mem', 'VCPUs', 'State', '  Time(s)']))
  for (const d of shown) output.print(line(row(d, stateOf(flags.get(d.domid) ?? 0))))
}

/** xm vcpu-list. */
export const vcpuList: XmCommand = function* (context) {
  const { world, output, args } = context
  const domains = args.length > 0 ? args.map((w) => domainNamed(world, w)) : managedDomains(world)
  const lines: string[] = []
  for (const domain of domains) lines.push(...(yield* inXend(vcpuLines(world, domain))))
  const head = ['Name'.padEnd(32), ' ID', ' VCPU', '  CPU', 'State', '  Time(s)', 'CPU Affinity']
  output.print(`${head.join(' ')}\n`)
  for (const text of lines) output.print(text)
}

/** xm info. */
export const info: XmCommand = function* (context) {
  checkCount(context, 0)
  for (const [key, value] of yield* inXend(nodeInfo(context.world))) {
    context.output.print(`${key.padEnd(23)}: ${value}\n`)
  }
}

/** xm dmesg. */
export const dmesg: XmCommand = function* (context) {
  checkCount(context, 0, 1)
  const { options, rest } = parseOptions(context.args, {
    flags: { '-c': 'clear', '--clear': 'clear' },
  })
  if (rest.length > 0) throw fault('No parameter required')
  const text = context.world.consoleRing()
  yield* inXend(call('sysctl', 'readconsole', { u0: options.has('clear') ? 1 : 0 }))
  context.output.print(text)
}

/** xm uptime. */
export const uptime: XmCommand = function* (context) {
  const { world, output } = context
  const { options, rest } = parseOptions(context.args, {
    flags: { '-s': 'short', '--short': 'short' },
  })
  yield* inXend(askAll())
  const domains = rest.length > 0 ? rest.map((w) => domainNamed(world, w)) : managedDomains(world)
  if (!options.has('short')) output.print(`${'Name'.padEnd(33)} ID Uptime\n`)
  const now = Number(world.host.bootedAt) / 1e9 + world.nowNs / 1e9
  for (const d of domains) {
    const since = Number(world.store.read(`${d.vm}/start_time`) ?? Number.NaN)
    const up = Math.round(Number.isNaN(since) ? world.nowNs / 1e9 : now - since)
    const time = `${hours(up)}:${two(up % 60)}`
    const clock = new Date(now * 1000).toISOString().slice(11, 19)
    const brief = ` ${clock} up ${hours(up)}, ${d.name} (${d.domid})`
    const long = `${d.name.padEnd(32)} ${String(d.domid).padStart(3)} ${time}`
    output.print(`${options.has('short') ? brief : long}\n`)
  }
}

/** xm top: xentop draws on a terminal, and there is none. */
export const top: XmCommand = function* (context) {
  checkCount(context, 0)
  yield { kind: 'compute', ns: 2_000_000 }
  throw new XmRefusal('Error opening terminal: unknown.', { isOthers: true })
}

/** Asks for all domains one after the other, as libxc does: to the error behind the last one. */
function* askAll(): Steps<ReadonlyMap<number, number>> {
  const flags = new Map<number, number>()
  for (let next = 0; ; ) {
    const { result, out } = yield* call('domctl', 'getdomaininfo', { domid: next })
    if (result < 0) return flags
    flags.set(Number(out['domid']), Number(out['flags']))
    next = Number(out['domid']) + 1
  }
}

/** Six letters: running, blocked, paused, shutdown, crashed, dying. */
function stateOf(flags: number): string {
  const isDown = (flags & 4) !== 0
  const isCrashed = isDown && ((flags >> 16) & 0xff) === SHUTDOWN.crash
  const letters: readonly (readonly [string, boolean])[] = [
    ['r', (flags & 32) !== 0],
    ['b', (flags & 16) !== 0],
    ['p', (flags & 8) !== 0],
    ['s', isDown && !isCrashed],
    ['c', isCrashed],
    ['d', (flags & 1) !== 0],
  ]
  return letters.map(([letter, is]) => (is ? letter : '-')).join('')
}

function row({ name, domid, view }: Managed, state: string): readonly string[] {
  const mib = Math.ceil(view.pages / FRAMES_PER_MIB)
  const seconds = (view.runtimeNs / 1e9).toFixed(1)
  return [name, String(domid), String(mib), String(view.onlineVcpus), state, seconds]
}

function line(cells: readonly string[]): string {
  const [name = '', domid = '', mem = '', vcpus = '', state = '', time = ''] = cells
  const numbers = [domid.padStart(3), mem.padStart(5), vcpus.padStart(5), state.padStart(10)]
  return `${name.padEnd(40)} ${numbers.join(' ')} ${time.padStart(8)}\n`
}

function isIn(state: string, letters: string): boolean {
  if (state === 'all') return true
  if (state === 'running') return !/[scd]/.test(letters) && !letters.includes('p')
  return letters.includes(state[0] ?? '-')
}

function* vcpuLines(world: ToolWorld, { domid, name, view }: Managed): Steps<string[]> {
  const lines: string[] = []
  for (let vcpu = 0; vcpu < view.maxVcpus; vcpu++) {
    const { out } = yield* call('domctl', 'getvcpuinfo', { domid, u0: vcpu })
    yield* call('domctl', 'getvcpuaffinity', { domid, u0: vcpu })
    const affinity = world.vcpus(domid)[vcpu]?.affinity ?? []
    const isOnline = out['online'] === 1
    const state = `${out['running'] === 1 ? 'r' : '-'}${out['blocked'] === 1 ? 'b' : '-'}-`
    const cells = [
      name.padEnd(32),
      String(domid).padStart(3),
      String(vcpu).padStart(5),
      (isOnline ? String(out['pcpu']) : '-').padStart(5),
      (isOnline ? state : '--p').padStart(5),
      ` ${(Number(out['cpu_time']) / 1e9).toFixed(1).padStart(8)}`,
      affinityText(affinity, pcpuCount(world.host)),
    ]
    lines.push(`${cells.join(' ')}\n`)
    yield* nodeInfo(world)
  }
  return lines
}

/** Pcpus as ranges: `0-1,3`, `any cpu`. */
function affinityText(pcpus: readonly number[], all: number): string {
  if (pcpus.length >= all) return 'any cpu'
  return pcpus.length === 0 ? 'no cpus' : rangesText(pcpus)
}

function hours(seconds: number): string {
  const days = Math.floor(seconds / 86_400)
  const many = days === 0 ? '' : `${days} day${days > 1 ? 's' : ''}, `
  const hour = String(Math.floor((seconds % 86_400) / 3_600)).padStart(2)
  return `${many}${hour}:${two(Math.floor((seconds % 3_600) / 60))}`
}

const two = (n: number): string => String(n).padStart(2, '0')
