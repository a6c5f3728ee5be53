// Save: a guest is asked to suspend, its memory written into a file, and the guest ended or let go
// on.
//
//   configuration -> libxl-save-helper finds its way in -> 'suspend' -> everybody hears of it
//     -> helper reads -> [destroy | resume]
//
// Source: tools/libs/light/libxl_domain.c, libxl_dom_suspend.c; tools/xl/xl_saverestore.c; the
// recorded xl agrees, call by call.

import { ERRNO } from '../../../../machine/errno.js'
import { SHUTDOWN } from '../../shutdown.js'
import { shutDown } from './daemons.js'
import { currentSpec, specOf } from './domain-spec.js'
import { LIBXL_FAIL } from './errors.js'
import type { Steps } from './libxc.js'
import type { Libxl } from './libxl.js'
import { endMonitor, monitorOf } from './monitor.js'
import { SaveHelper } from './save-helper.js'
import type { SavedGuest } from './saved-guest.js'
import { CONTEXT_BYTES } from './structures.js'
import { getWeight } from './weight.js'

/** How long a guest may take to take note, and then to suspend. */
const PATIENCE_NS = 60_000_000_000

/** Asks for everything that a domain's configuration is made of: under two locks, from its file,
 *  from the scheduler. */
export function* retrieveConfig(xl: Libxl, domid: number): Steps<boolean> {
  if (!(yield* xl.lock(domid))) return false
  yield* xl.lock(domid)
  yield* xl.info(domid)
  yield* xl.lock(domid)
  yield* xl.info(domid)
  return (yield* getWeight(xl, domid)) === 0
}

/** What a save file would hold of a domain; undefined, and said, where xl does not know it. */
export function* toBeSaved(xl: Libxl, domid: number): Steps<SavedGuest | undefined> {
  const isThere = yield* retrieveConfig(xl, domid)
  const spec = specOf(xl.world, domid)
  const domain = xl.world.domains().find((d) => d.domid === domid)
  if (!isThere || spec === undefined || domain === undefined) {
    xl.output.error('unable to retrieve domain configuration\n')
    return undefined
  }
  const vcpus = xl.world.vcpus(domid).filter((v) => v.isOnline)
  return {
    spec: currentSpec(xl.world, domid, spec),
    pages: domain.pages,
    vcpus: vcpus.map((v) => v.vcpu),
  }
}

/** Writes a guest into a stream: 0, or libxl's error. */
export function* writeGuest(xl: Libxl, domid: number): Steps<number> {
  const pages = (yield* xl.type(domid))?.pages ?? 0
  yield* xl.xc.memoryOp('get_vnumainfo', { domid })
  const helper = new SaveHelper(xl, domid)
  xl.output.error(`xc: info: Saving domain ${domid}, type x86 PV\n`)
  yield* helper.begin()
  const isSuspended = yield* suspend(xl, domid)
  if (!isSuspended) {
    yield* helper.fail()
    xl.output.error('xc: error: save callback suspend() failed: 0: Internal error\n')
    xl.output.error('xc: error: Save failed (0 = Success): Internal error\n')
    return LIBXL_FAIL
  }
  yield* helper.read()
  sayProgress(xl, pages)
  return 0
}

/** Frames as they are written, each time five hundredths more are. */
export function sayProgress(xl: Libxl, pages: number): void {
  for (let percent = 5; percent <= 100; percent += 5) {
    const done = Math.ceil((pages * percent) / 100)
    const share = `${String(percent).padStart(3)}%`
    xl.output.error(`xc: progress: Frames: ${done}/${pages}  ${share}\n`)
  }
  xl.output.error('xc: progress: End of stream: 0/0    0%\n')
}

/** Has a guest suspend: whether it did; if not, it is said. */
export function* suspend(xl: Libxl, domid: number): Steps<boolean> {
  const domain = yield* xl.type(domid)
  const path = `/local/domain/${domid}/control/shutdown`
  yield { kind: 'store', path, value: 'suspend' }
  const listens = domid !== 0 && domain?.isPaused === false && domain.shutdownReason === undefined
  if (!listens) {
    yield { kind: 'sleep', ns: PATIENCE_NS }
    yield { kind: 'store', path, value: '' }
    const text = "guest didn't acknowledge suspend, cancelling request"
    xl.error('suspendUnacknowledged', text, { domid })
    return false
  }
  yield* checkGuest(xl, domid)
  const { result } = yield { kind: 'await-shutdown', domid, ns: PATIENCE_NS }
  yield { kind: 'store', path, value: '' }
  if (result !== SHUTDOWN.suspend) {
    xl.error('suspendTimedOut', 'guest did not suspend, timed out', { domid })
    return false
  }
  const monitor = monitorOf(xl.world, domid)
  yield* shutDown(xl.world, domid)
  const line = 'Domain has suspended.'
  if (monitor !== undefined) yield* endMonitor(xl.world, domid, { name: monitor, line })
  yield* checkGuest(xl, domid)
  return true
}

/** Whether the guest is down yet. */
function* checkGuest(xl: Libxl, domid: number): Steps<void> {
  if (xl.minor >= 18) yield* xl.xc.domctl('getdomaininfo', domid)
  else yield* xl.look(domid)
}

/** Lets a suspended guest go on where it is: 0, or libxl's error. */
export function* resumeGuest(xl: Libxl, domid: number): Steps<number> {
  const domain = yield* xl.type(domid)
  if (domain === undefined) return LIBXL_FAIL
  yield* xl.xc.domctl('getdomaininfo', domid)
  const reason = domain.shutdownReason
  if (reason !== SHUTDOWN.suspend) {
    const state = `(shutdown ${reason === undefined ? 0 : 1}, reason ${reason ?? 255})`
    xl.output.error(`xc: error: Dom ${domid} not suspended: ${state}: Internal error\n`)
    xl.error('resuming', 'xc_domain_resume failed', { domid, errno: ERRNO.EINVAL })
    return LIBXL_FAIL
  }
  const lists = [CONTEXT_BYTES]
  yield* xl.xc.domctl('getvcpucontext', domid, { u0: 0 }, { lists })
  yield* xl.xc.domctl('setvcpucontext', domid, { u0: 0 }, { lists })
  yield* xl.xc.domctl('resumedomain', domid)
  return 0
}
