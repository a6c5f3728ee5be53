// Migrate: a guest goes to another host while it runs: an xl there makes a domain of the stream
// that an xl here writes.
//
//   here: configuration; there: xl migrate-receive; here: log-dirty mode?
//     -> refused: both give up, the guest runs on where it is
//     -> granted: memory, suspend, the rest; there it starts, here it is destroyed
//
// Holds: there is one domain that runs, here after a refusal, there otherwise.
// Source: tools/xl/xl_migrate.c, libxl_stream_{read,write}.c; the recorded migration to localhost,
// which the hypervisor refuses, agrees call by call.
import { FRAME_BYTES } from '../../frames.js'
import type { Script } from '../../step.js'
import type { ToolWorld } from '../../tool-world.js'
import { renameDomain } from './commands-tune.js'
import { createDomain, unpauseDomain } from './create.js'
import { destroyDomain } from './destroy.js'
import { errorText, LIBXL_GUEST_TIMED_OUT } from './errors.js'
import type { Steps } from './libxc.js'
import { Libxl } from './libxl.js'
import { sayProgress, suspend, toBeSaved } from './save.js'
import { SaveHelper } from './save-helper.js'
import { headBytes, SAVE_FLAGS, type SavedGuest } from './saved-guest.js'

/** How a migration is asked for. */
export interface Migration {
  readonly host: string
  readonly isPaused: boolean
}

/** The xl on the other side, and what it shall make. */
interface Receiver {
  readonly xl: Libxl
  readonly host: string
  /** Tells connections apart. */
  readonly of: number
  readonly guest: SavedGuest
}

/** Bytes of a message, and of a frame in the stream. */
const MESSAGE_BYTES = 64

/** Migrates a guest; the exit status. */
export function* migrate(xl: Libxl, domid: number, to: Migration): Steps<number> {
  const guest = yield* toBeSaved(xl, domid)
  if (guest === undefined) return 1
  const world = xl.world.hostNamed(to.host)
  if (world === undefined) return noHost(xl, to.host)
  const receiver = { xl: new Libxl(world, xl.output), host: to.host, of: domid, guest }
  yield there(receiver, starting(receiver))
  xl.output.error(`Saving to migration stream new xl format (info ${headOf(world, guest)})\n`)
  yield* xl.type(domid)
  yield* xl.xc.memoryOp('get_vnumainfo', { domid })
  const helper = new SaveHelper(xl, domid)
  xl.output.error(`xc: info: Saving domain ${domid}, type x86 PV\n`)
  yield* helper.begin()
  const [on, off] = yield* helper.logDirty()
  if (on < 0) return yield* refused(xl, domid, { helper, receiver, on, off })
  yield* helper.copy()
  if (!(yield* suspend(xl, domid))) return yield* refused(xl, domid, { helper, receiver, on, off })
  yield* helper.read()
  sayProgress(xl, guest.pages)
  return yield* handOver(xl, domid, { receiver, isPaused: to.isPaused })
}

/** The guest cannot be followed: it stays. */
function* refused(
  xl: Libxl,
  domid: number,
  of: {
    readonly helper: SaveHelper
    readonly receiver: Receiver
    readonly on: number
    readonly off: number
  },
): Steps<number> {
  const { helper, receiver, on, off } = of
  if (on < 0) {
    const reason = `(${-off} = ${errorText(off)})`
    const text = `Failed to enable logdirty: ${-on},${-off},0 ${reason}: Internal error`
    xl.output.error(`xc: error: ${text}\n`)
  }
  yield* helper.fail()
  xl.output.error(`xc: error: Save failed (${-on} = ${errorText(on)}): Internal error\n`)
  const what = 'saving domain: domain did not respond to suspend request'
  xl.error('saving', what, { domid, errno: on })
  xl.output.error(`migration sender: libxl_domain_suspend failed (rc=${LIBXL_GUEST_TIMED_OUT})\n`)
  yield there(receiver, failing(receiver), { isLast: true })
  xl.output.error('Migration failed, failed to suspend at sender.\n')
  return 1
}

/** The guest is down here and goes on there. */
function* handOver(
  xl: Libxl,
  domid: number,
  to: { readonly receiver: Receiver; readonly isPaused: boolean },
): Steps<number> {
  const { receiver, isPaused } = to
  const bytes = receiver.guest.pages * FRAME_BYTES
  const made = yield there(receiver, receiving(receiver), { bytes })
  if (made.result < 0) {
    yield there(receiver, leaving(receiver), { isLast: true })
    xl.output.error('Migration failed due to problems at target.\n')
    return 1
  }
  xl.output.error('migration sender: Target has acknowledged transfer.\n')
  yield* renameDomain(xl, domid, `${xl.commonName}--migratedaway`)
  xl.output.error('migration sender: Giving target permission to start.\n')
  yield there(receiver, going(receiver, made.result, isPaused), { isLast: true })
  xl.output.error('migration sender: Target reports successful startup.\n')
  yield* destroyDomain(xl, domid)
  xl.output.error('Migration successful.\n')
  return 0
}

function noHost(xl: Libxl, host: string): number {
  xl.output.error(`ssh: Could not resolve hostname ${host}: Name or service not known\n`)
  xl.output.error('libxl: error: libxl_utils.c:507:libxl_read_exactly: file/stream truncated ')
  xl.output.error('reading banner from migration receiver stream\n')
  return 1
}

function there(
  receiver: Receiver,
  script: Script,
  how: { readonly bytes?: number; readonly isLast?: boolean } = {},
) {
  const { host, of } = receiver
  const { bytes = MESSAGE_BYTES, isLast: last = false } = how
  return { kind: 'there', host, execname: 'xl', of, bytes, script, last } as const
}

function* starting({ xl }: Receiver): Script {
  yield* xl.start()
  xl.output.error('migration target: Ready to receive domain.\n')
  return 0
}

/** Makes a domain of a stream; one that is cut makes none. */
function* receiving({ xl, guest }: Receiver, isCut = false): Script {
  const source = '<incoming migration stream>'
  const head = headOf(xl.world, guest)
  xl.output.error(`Loading new save file ${source} (new xl fmt info ${head})\n`)
  xl.output.error(' Savefile contains xl domain config in JSON format\n')
  xl.output.error('Parsing config from <saved>\n')
  const spec = { ...guest.spec, name: `${guest.spec.name}--incoming` }
  const domid = yield* createDomain(xl, spec, {
    saved: { ...guest, isCut },
    isPaused: true,
    isMonitored: true,
  })
  const text = 'Transfer complete, requesting permission to start domain.'
  if (domid >= 0) xl.output.error(`migration target: ${text}\n`)
  else xl.output.error(`migration target: Domain creation failed (code ${domid}).\n`)
  return domid
}

function* failing(receiver: Receiver): Script {
  yield* receiving(receiver, true)
  return yield* leaving(receiver)
}

function* going({ xl, guest }: Receiver, domid: number, isPaused: boolean): Script {
  xl.output.error('migration target: Got permission, starting domain.\n')
  yield* renameDomain(xl, domid, guest.spec.name)
  if (!isPaused) yield* unpauseDomain(xl, domid)
  xl.output.error('migration target: Domain started successsfully.\n')
  return 0
}

function* leaving({ xl }: Receiver): Script {
  yield* xl.xc.close()
  return 0
}

function headOf(world: ToolWorld, guest: SavedGuest): string {
  return `${SAVE_FLAGS}/${headBytes(guest.spec, world.era.scheduler)}`
}
