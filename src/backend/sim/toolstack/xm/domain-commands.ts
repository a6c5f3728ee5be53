// Commands of xm that let domains go, stop them, end them, name them.
//
// Source: tools/python/xen/xm/{main,shutdown}.py, xend/XendDomain.py of 3.1.

import { ERRNO } from '../../../../machine/errno.js'
import { SHUTDOWN } from '../../shutdown.js'
import type { ToolWorld } from '../../tool-world.js'
import { checkCount, parseOptions, plain, type XmCommand, type XmContext } from './context.js'
import { end, pause as pauseDomain, unpause as unpauseDomain } from './domain-life.js'
import { checkName, claimName, freeName } from './domain-names.js'
import { domainNamed, type Managed, managedDomains, remove, write } from './managed.js'
import { fault, XmRefusal } from './refusal.js'
import { xc } from './xc.js'
import { inXend, type Steps } from './xend.js'

const SHUTDOWN_OPTIONS = {
  flags: {
    '-a': 'all',
    '--all': 'all',
    '-w': 'wait',
    '--wait': 'wait',
    '-H': 'halt',
    '--halt': 'halt',
    '-R': 'reboot',
    '--reboot': 'reboot',
  },
} as const
/** HVM_PARAM_CALLBACK_IRQ: set by a guest that has drivers of its own for Xen. */
const CALLBACK = 0
const REASONS: Readonly<Record<string, number>> = {
  ...SHUTDOWN,
  halt: SHUTDOWN.poweroff,
}
/** After so long xend ends a guest that was asked to go and did not. */
const SHUTDOWN_NS = 300_000_000_000
const LOOK_NS = 1_000_000_000

/** xm destroy. */
export const destroy: XmCommand = function* (context) {
  const domain = yield* unprivileged(context, 'destroy')
  yield* inXend(end(context.world, domain))
}

/** xm pause. */
export const pause: XmCommand = function* (context) {
  const domain = yield* unprivileged(context, 'pause')
  yield* inXend(pauseDomain(domain))
}

/** xm unpause. */
export const unpause: XmCommand = function* (context) {
  const domain = yield* unprivileged(context, 'unpause')
  yield* inXend(unpauseDomain(domain))
}

/** xm shutdown. */
export const shutdown: XmCommand = function* (context) {
  checkCount(context, 1, 4)
  const { options, rest } = parseOptions(context.args, SHUTDOWN_OPTIONS)
  if (options.has('halt') && options.has('reboot')) {
    throw plain("Can't specify halt and reboot")
  }
  const domains = options.has('all') ? guests(context.world) : [oneDomain(context, rest)]
  const mode = options.has('reboot') ? 'reboot' : options.has('halt') ? 'halt' : 'poweroff'
  for (const domain of domains) yield* inXend(askToGo(domain, mode))
  if (options.has('wait')) yield* waitFor(context, domains, mode)
}

/** xm reboot. */
export const reboot: XmCommand = function* (context) {
  checkCount(context, 1, 3)
  yield* shutdown({ ...context, args: ['-R', ...context.args] })
}

/** xm rename. */
export const rename: XmCommand = function* (context) {
  checkCount(context, 2)
  const { args, world } = context
  const domain = domainNamed(world, args[0] ?? '')
  const name = args[1] ?? ''
  yield* checkName(world, name, world.store.read(`${domain.vm}/uuid`) ?? '')
  claimName(world, name)
  try {
    yield* inXend(setName(domain, name))
  } finally {
    freeName(world, name)
  }
}

/** xm domid. */
export const domid: XmCommand = function* (context) {
  checkCount(context, 1)
  const domain = yield* lookedUp(context)
  context.output.print(`${domain.domid}\n`)
}

/** xm domname. */
export const domname: XmCommand = function* (context) {
  checkCount(context, 1)
  const domain = yield* lookedUp(context)
  context.output.print(`${domain.name}\n`)
}

/** xm console: there is no terminal to give it. */
export const console: XmCommand = function* (context) {
  checkCount(context, 1, 2)
  const { rest } = parseOptions(context.args, { flags: { '-q': 'quiet', '--quiet': 'quiet' } })
  const { domid } = domainNamed(context.world, rest[0] ?? '')
  yield { kind: 'compute', ns: 4_000_000 }
  const words = `xenconsole: Could not open tty of domain ${domid}: no terminal is attached`
  throw new XmRefusal(words, { isOthers: true })
}

/** Writes the name of a domain where xend and the guest read it. */
export function* setName(domain: Managed, name: string): Steps<void> {
  if (domain.vm !== '') yield* write(domain.vm, { name })
  yield* write(domain.path, { name })
}

/** Asks a guest to go, through xenstore; one that does not listen there is stopped. */
export function* askToGo(domain: Managed, mode: string): Steps<void> {
  if (domain.view.shutdownReason !== undefined) throw fault('Domain cannot be shutdown')
  if (domain.domid === 0) throw fault('Domain 0 cannot be shutdown')
  yield* remove(`${domain.vm}/xend/previous_restart_time`)
  yield* write(domain.path, { 'control/shutdown': mode })
  if (domain.view.type !== 'hvm') return
  const { domid } = domain
  const { out } = yield* xc('hvm_op', 'get_param', {}, { domid, index: CALLBACK })
  if (Number(out['value']) !== 0) return
  yield* xc(
    'sched_op',
    'remote_shutdown',
    {},
    { domid, reason: REASONS[mode] ?? SHUTDOWN.poweroff },
  )
}

function* unprivileged(context: XmContext, verb: string): Steps<Managed> {
  checkCount(context, 1)
  const word = context.args[0] ?? ''
  const domain = yield* lookedUp(context)
  if (domain.domid === 0) throw fault(`Cannot ${verb} privileged domain ${word}`)
  return domain
}

/** The domain of the first word; xm and xend talk first. */
function* lookedUp({ args, world }: XmContext): Steps<Managed> {
  yield { kind: 'compute', ns: 1_500_000 }
  return domainNamed(world, args[0] ?? '')
}

function oneDomain({ world }: XmContext, words: readonly string[]): Managed {
  if (words.length === 0) throw plain('No domain parameter given')
  if (words.length > 1) throw plain('No multiple domain parameters allowed')
  return domainNamed(world, words[0] ?? '')
}

function guests(world: ToolWorld): readonly Managed[] {
  return managedDomains(world).filter((d) => d.domid !== 0)
}

function* waitFor(context: XmContext, domains: readonly Managed[], mode: string): Steps<void> {
  const verb = mode === 'reboot' ? 'rebooted' : 'terminated'
  for (const domain of domains) {
    yield* waitForEnd(context.world, domain)
    if (mode === 'reboot') yield* waitForStart(context.world, domain)
    context.output.print(`Domain ${domain.name} ${verb}\n`)
  }
  context.output.print(`All domains ${verb}\n`)
}

/** Waits until a domain is gone; one that does not go is ended. */
function* waitForEnd(world: ToolWorld, domain: Managed): Steps<void> {
  const { domid } = domain
  const { result } = yield { kind: 'await-shutdown', domid, ns: SHUTDOWN_NS }
  if (result === -ERRNO.ETIMEDOUT) yield* inXend(end(world, domain))
  while (world.domains().some((d) => d.domid === domid)) yield { kind: 'sleep', ns: LOOK_NS }
}

function* waitForStart(world: ToolWorld, { name }: Managed): Steps<void> {
  const until = world.nowNs + SHUTDOWN_NS
  const isThere = () => managedDomains(world).some((d) => d.name === name && !d.view.isPaused)
  while (!isThere() && world.nowNs < until) yield { kind: 'sleep', ns: LOOK_NS }
}
