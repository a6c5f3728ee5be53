// xm save, restore, migrate.
//
// Source: tools/python/xen/xm/{main,migrate}.py, xend/XendDomain.py of 3.1.
import type { ToolWorld } from '../../tool-world.js'
import { arrive, type Destination, leave, programFailed } from './checkpoint.js'
import { checkCount, parseOptions, plain, type XmCommand } from './context.js'
import { type GuestRecord, parseRecord, printRecord } from './guest-record.js'
import { domainNamed, type Managed } from './managed.js'
import { Migration } from './migration.js'
import { fault, XmRefusal } from './refusal.js'
import { inXend, type Steps } from './xend.js'

const PAUSED = { flags: { '-p': 'paused', '--paused': 'paused' } } as const
const CHECKPOINT = { flags: { '-c': 'checkpoint', '--checkpoint': 'checkpoint' } } as const
const MIGRATE = {
  flags: { '-l': 'live', '--live': 'live' },
  valued: { '-p': 'port', '--port': 'port', '-r': 'resource', '--resource': 'resource' },
} as const
/** Nanoseconds for a page to a disk of the time. */
const DISK_PAGE_NS = 60_000

/** xm save. */
export const save: XmCommand = function* (context) {
  checkCount(context, 2, 3)
  const { options, rest } = parseOptions(context.args, CHECKPOINT)
  if (rest.length !== 2) throw fault('Wrong number of parameters')
  const [word = '', path = ''] = rest
  const domain = domainNamed(context.world, word)
  if (domain.domid === 0) throw fault('Cannot save privileged domain 0')
  const stays = options.has('checkpoint')
  yield* inXend(
    failing(['xc_save', 4, domain.domid, 0, 0, flags(domain, false)], () =>
      leave(context.world, { domain, to: toFile(absolute(path)), stays }),
    ),
  )
}

/** xm restore. */
export const restore: XmCommand = function* (context) {
  checkCount(context, 1, 2)
  const { world } = context
  const { options, rest } = parseOptions(context.args, PAUSED)
  if (rest.length !== 1) throw fault('Wrong number of parameters')
  const path = absolute(rest[0] ?? '')
  const text = world.file(path)
  if (text === undefined) throw plain(`xm restore: Unable to read file ${path}`)
  yield* inXend(restoring(world, parseRecord(text), options.has('paused')))
}

/** xm migrate. */
export const migrate: XmCommand = function* (context) {
  const { world } = context
  const { options, rest } = parseOptions(context.args, MIGRATE)
  if (rest.length !== 2) throw fault('Invalid number of arguments')
  const [word = '', host = ''] = rest
  const domain = domainNamed(world, word)
  if (domain.domid === 0) throw fault(`Cannot migrate privileged domain ${word}`)
  const there = world.hostNamed(host)
  if (there === undefined) {
    throw fault("can't connect: node name or service name not known")
  }
  const live = options.has('live')
  const to = new Migration({ world: there, host, domid: domain.domid, live })
  const words = ['xc_save', 22, domain.domid, 0, 0, flags(domain, live)]
  yield* inXend(failing(words, () => leave(world, { domain, to })))
}

function* restoring(
  world: ToolWorld,
  record: GuestRecord | undefined,
  paused: boolean,
): Steps<void> {
  if (record === undefined) throw fault('Restore failed')
  try {
    yield* arrive(world, record, paused)
  } catch (error) {
    throw error instanceof XmRefusal ? fault('Restore failed') : error
  }
}

/** xend only says which program did not end well. */
function* failing(words: readonly (string | number)[], body: () => Steps<void>): Steps<void> {
  try {
    yield* body()
  } catch (error) {
    throw error instanceof XmRefusal ? programFailed(words) : error
  }
}

function toFile(path: string): Destination {
  return {
    live: false,
    *open() {
      yield { kind: 'file', path, content: '' }
    },
    *send(pages) {
      yield { kind: 'sleep', ns: pages * DISK_PAGE_NS }
    },
    *close(record) {
      yield { kind: 'file', path, content: printRecord(record) }
    },
    *abort() {},
  }
}

/** What xc_save is told of a domain: 1 for live, 4 for one with hardware of its own. */
function flags({ view }: Managed, live: boolean): number {
  return (live ? 1 : 0) | (view.type === 'hvm' ? 4 : 0)
}

/** xm is run in root's home. */
function absolute(path: string): string {
  return path.startsWith('/') ? path : `/${path}`
}
