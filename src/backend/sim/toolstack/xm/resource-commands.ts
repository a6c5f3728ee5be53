// Commands of xm on what a domain has: vcpus, memory, a share of the pcpus.
//
// Source: tools/python/xen/xm/main.py, xend/{XendDomain,XendDomainInfo}.py of 3.1.

import { SCHEDULER_IDS } from '../../era.js'
import { SCHEDULE } from '../../hypercalls/more.js'
import type { ToolWorld } from '../../tool-world.js'
import { checkCount, parseOptions, type XmCommand } from './context.js'
import { setShare } from './domain-life.js'
import { availability, domainNamed, type Managed, managedDomains, write } from './managed.js'
import { nodeInfo } from './node-info.js'
import { badValue, fault, wholeNumber, XmRefusal } from './refusal.js'
import { xc } from './xc.js'
import { inXend, type Steps } from './xend.js'

const SHARE_OPTIONS = {
  valued: {
    '-d': 'domain',
    '--domain': 'domain',
    '-w': 'weight',
    '--weight': 'weight',
    '-c': 'cap',
    '--cap': 'cap',
  },
} as const
/** What `all` means to xm vcpu-pin. */
const ALL_PCPUS = 64
const UNITS: Readonly<Record<string, number>> = { k: 2 ** -10, m: 1, g: 2 ** 10 }

/** xm vcpu-pin. */
export const vcpuPin: XmCommand = function* (context) {
  checkCount(context, 3)
  const { args, world } = context
  const vcpu = wholeNumber(args[1] ?? '')
  const pcpus = pcpuMap(args[2] ?? '')
  const { domid } = domainNamed(world, args[0] ?? '')
  yield* inXend(pin({ domid, vcpu, pcpus }))
}

/** xm vcpu-set. */
export const vcpuSet: XmCommand = function* (context) {
  checkCount(context, 2)
  const vcpus = wholeNumber(context.args[1] ?? '')
  const domain = domainNamed(context.world, context.args[0] ?? '')
  if (vcpus <= 0) throw fault('Invalid VCPUs')
  yield* inXend(setVcpus(domain, vcpus))
}

/** xm mem-set. */
export const memSet: XmCommand = function* (context) {
  checkCount(context, 2)
  const mib = mebibytes(context.args[1] ?? '')
  const domain = domainNamed(context.world, context.args[0] ?? '')
  checkTarget(context.world, domain, mib)
  yield* inXend(setTarget(domain, mib))
}

/** xm mem-max. */
export const memMax: XmCommand = function* (context) {
  checkCount(context, 2)
  const mib = mebibytes(context.args[1] ?? '')
  const domain = domainNamed(context.world, context.args[0] ?? '')
  if (mib <= 0) throw fault('Invalid memory size')
  yield* inXend(setLimit(domain, mib))
}

/** xm sched-credit. */
export const schedCredit: XmCommand = function* (context) {
  const { world, output } = context
  yield* inXend(nodeInfo(world))
  const { options } = parseOptions(context.args, SHARE_OPTIONS)
  const word = options.get('domain')
  const number = (key: string) =>
    options.has(key) ? wholeNumber(options.get(key) ?? '') : undefined
  const weight = number('weight')
  const cap = number('cap')
  if (weight === undefined && cap === undefined) {
    const domains = word === undefined ? managedDomains(world) : [shareOf(world, word)]
    output.print(`${'Name'.padEnd(33)} ID Weight Cap \n`)
    for (const domain of domains) output.print(yield* shareLine(world, domain))
    return
  }
  if (word === undefined) throw fault('No domain given.')
  yield* inXend(changeShare(world, domainNamed(world, word), { weight, cap }))
}

function* pin(of: {
  readonly domid: number
  readonly vcpu: number
  readonly pcpus: readonly number[]
}): Steps<void> {
  try {
    yield* xc('domctl', 'setvcpuaffinity', { domid: of.domid, u0: of.vcpu }, of.pcpus)
  } catch (error) {
    if (!(error instanceof XmRefusal)) throw error
    const map = `[${of.pcpus.join(', ')}]`
    throw fault(`Cannot pin vcpu: ${of.vcpu} to cpu: ${map} - ${error.message}`)
  }
}

function* setVcpus(domain: Managed, vcpus: number): Steps<void> {
  const { maxVcpus } = domain.view
  if (domain.vm !== '') yield* write(domain.vm, { vcpu_avail: availability(vcpus) })
  for (let v = 0; v < maxVcpus; v++) {
    yield* write(`${domain.path}/cpu/${v}`, { availability: v < vcpus ? 'online' : 'offline' })
  }
}

function* setTarget(domain: Managed, mib: number): Steps<void> {
  if (domain.vm !== '') yield* write(domain.vm, { memory: mib })
  yield* write(domain.path, { 'memory/target': mib * 1024 })
}

function* setLimit(domain: Managed, mib: number): Steps<void> {
  yield* xc('domctl', 'max_mem', { domid: domain.domid, u0: mib * 1024 })
  if (domain.vm !== '') yield* write(domain.vm, { maxmem: mib })
}

function* changeShare(
  world: ToolWorld,
  domain: Managed,
  to: { readonly weight: number | undefined; readonly cap: number | undefined },
): Steps<void> {
  const { weight, cap } = { ...world.weight(domain.domid), ...defined(to) }
  if (weight < 1 || weight > 65535) throw fault('weight is out of range')
  if (cap < 0 || cap > domain.view.maxVcpus * 100) throw fault('cap is out of range')
  yield* setShare(domain.domid, { weight, cap })
  if (domain.vm !== '') yield* write(domain.vm, { cpu_weight: weight, cpu_cap: cap })
}

function* shareLine(world: ToolWorld, { domid, name }: Managed): Steps<string> {
  const u0 = SCHEDULE.getInfo * 2 ** 32 + SCHEDULER_IDS.credit
  yield* inXend(xc('domctl', 'scheduler_op', { domid, u0 }))
  const { weight, cap } = world.weight(domid)
  const numbers = [pad(domid, 3), pad(weight, 6), pad(cap, 4)].join(' ')
  return `${name.padEnd(32)} ${numbers}\n`
}

function shareOf(world: ToolWorld, word: string): Managed {
  const found = managedDomains(world).find((d) => d.name === word || String(d.domid) === word)
  if (found === undefined) throw fault(`Domain '${word}' does not exist.`)
  return found
}

/** xend lets a target be anything up to the limit the domain was made with. */
function checkTarget(world: ToolWorld, domain: Managed, mib: number): void {
  const limit = Number(world.store.read(`${domain.vm}/maxmem`) ?? Number.POSITIVE_INFINITY)
  const low = 'memory_static_min must be less than or equal to memory_dynamic_min'
  const high = 'memory_dynamic_max must be less than or equal to memory_static_max'
  if (mib < 0) throw fault(`Invalid Configuration: ${low}`)
  if (mib > limit) throw fault(`Invalid Configuration: ${high}`)
  if (mib === 0) {
    throw fault('Invalid Configuration: memory_dynamic_max must be greater than zero')
  }
}

/** MiB of a text: a number, or one with k, m or g behind it. */
function mebibytes(text: string): number {
  const [, number, unit] = /^([-+]?\d+)([kKmMgG]?)$/.exec(text) ?? []
  if (number === undefined) throw badValue()
  return Math.floor(Number(number) * (UNITS[(unit ?? '').toLowerCase()] ?? 1))
}

/** Pcpus that a text of xm vcpu-pin means: `0-3,^1`, `all`. */
function pcpuMap(text: string): readonly number[] {
  if (text === 'all') return Array.from({ length: ALL_PCPUS }, (_, n) => n)
  let pcpus: number[] = []
  for (const part of text.split(',')) {
    const [, not = '', from = '', to = from] = /^(\^?)(\d+)(?:-(\d+))?$/.exec(part) ?? []
    if (from === '' || Number(to) > 4095) throw badValue()
    if (not !== '') pcpus = pcpus.filter((n) => n !== Number(from))
    else for (let n = Number(from); n <= Number(to); n++) pcpus.push(n)
  }
  return pcpus.sort((a, b) => a - b)
}

function defined(to: { readonly weight: number | undefined; readonly cap: number | undefined }): {
  readonly weight?: number
  readonly cap?: number
} {
  const { weight, cap } = to
  return { ...(weight === undefined ? {} : { weight }), ...(cap === undefined ? {} : { cap }) }
}

const pad = (n: number, width: number): string => String(n).padStart(width)
