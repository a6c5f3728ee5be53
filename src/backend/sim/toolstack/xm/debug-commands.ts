// Commands of xm for a closer look: a dump of a guest's memory, keys for the hypervisor, triggers.
//
// Source: tools/python/xen/xm/main.py, tools/libxc/xc_core.c of 3.1: a dump maps page by page.
import { call, ioctl } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import { checkCount, parseOptions, type XmCommand, type XmContext } from './context.js'
import { end, pause, unpause } from './domain-life.js'
import { domainNamed, type Managed, write } from './managed.js'
import { fault, wholeNumber } from './refusal.js'
import { xc } from './xc.js'
import { p2mFrames } from './xc-save.js'
import { inXend, type Steps } from './xend.js'

const DUMP_OPTIONS = {
  flags: { '-L': 'live', '--live': 'live', '-C': 'crash', '--crash': 'crash' },
} as const
const ENTRIES = 512
/** XEN_DOMCTL_SENDTRIGGER_*. */
const TRIGGERS: Readonly<Record<string, number>> = { nmi: 0, reset: 1, init: 2 }

/** xm dump-core. */
export const dumpCore: XmCommand = function* (context) {
  const { world, output } = context
  const { options, rest } = parseOptions(context.args, DUMP_OPTIONS)
  if (rest.length < 1 || rest.length > 2) throw fault('Expects 1 or 2 argument(s)')
  const [word = '', file] = rest
  const domain = unprivileged(context, word)
  const isLive = options.has('live')
  if (!isLive) yield* inXend(pause(domain))
  output.print(`Dumping core of domain: ${word} ...\n`)
  yield* inXend(dump(world, domain, file ?? dumpFile(world, domain)))
  if (!isLive) yield* inXend(unpause(domain))
  if (!options.has('crash')) return
  output.print(`Destroying domain: ${word} ...\n`)
  yield* inXend(end(world, domain))
}

/** xm sysrq. */
export const sysrq: XmCommand = function* (context) {
  checkCount(context, 2)
  const { path } = domainNamed(context.world, context.args[0] ?? '')
  yield* inXend(write(path, { 'control/sysrq': (context.args[1] ?? '').slice(0, 1) }))
}

/** xm debug-keys. */
export const debugKeys: XmCommand = function* (context) {
  checkCount(context, 1)
  yield* inXend(xc('sysctl', 'debug_keys', { u0: context.args[0]?.length ?? 0 }))
}

/** xm trigger. */
export const trigger: XmCommand = function* (context) {
  checkCount(context, 2, 3)
  const [word = '', name = '', vcpu = '0'] = context.args
  const number = wholeNumber(vcpu)
  const { domid } = domainNamed(context.world, word)
  const u0 = TRIGGERS[name]
  if (u0 === undefined) throw fault(`('Invalid trigger: %s', '${name}')`)
  yield* inXend(xc('domctl', 'sendtrigger', { domid, u0: u0 + number * 2 ** 32 }))
}

function unprivileged({ world }: XmContext, word: string): Managed {
  const domain = domainNamed(world, word)
  if (domain.domid === 0) throw fault(`Cannot dump core for privileged domain ${word}`)
  return domain
}

function* dump(world: ToolWorld, { domid, name, view }: Managed, path: string): Steps<void> {
  yield* xc('domctl', 'getdomaininfo', { domid })
  yield* ioctl('mmap', { domid, num: 1 }, [world.sharedInfoFrame(domid) ?? -1])
  for (let vcpu = 0; vcpu < view.maxVcpus; vcpu++) {
    yield* call('domctl', 'getvcpucontext', { domid, u0: vcpu })
  }
  const pages = (yield* xc('memory_op', 'maximum_gpfn', { domid })).result + 1
  if (view.type === 'pv') {
    yield* ioctl('mmap', { domid, num: 1 }, [world.frameOf(domid, 0) ?? -1])
    yield* ioctl('mmapbatch', { domid, num: Math.ceil(p2mFrames(pages) / ENTRIES) })
    yield* ioctl('mmapbatch', { domid, num: p2mFrames(pages) })
  }
  let dumped = 0
  for (let pfn = 0; pfn < pages; pfn++) {
    const frame = world.frameOf(domid, pfn)
    if (frame === undefined) continue
    yield* ioctl('mmap', { domid, num: 1 }, [frame])
    dumped++
  }
  const content = `Xen core of ${name} (domain ${domid}), ${dumped} pages\n`
  yield { kind: 'file', path, content }
}

/** Where xend puts a dump: a name of date and time. */
function dumpFile(world: ToolWorld, { domid, name }: Managed): string {
  const now = new Date(Number(world.host.bootedAt) / 1e6 + world.nowNs / 1e6).toISOString()
  const [, year, month, day, hour, minute, second] =
    /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)/.exec(now) ?? []
  return `/var/xen/dump/${year}-${month}${day}-${hour}${minute}.${second}-${name}.${domid}.core`
}
