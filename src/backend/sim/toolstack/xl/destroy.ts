// Destroying a domain: it is paused, its devices and its nodes go, a child of xl makes the one call
// that may take long; daemons let go of it.
//
//   exists -> pausedomain -> type -> devices -> lock -> nodes -> [xl: destroydomain]
//     -> 0 or ERROR_*
//
// Source: tools/libs/light/libxl_domain.c; the recorded xl agrees, call by call.
import type { Script } from '../../step.js'
import { gone, released, ringsOf } from './daemons.js'
import { devicesOf, removeDevice } from './devices.js'
import { configPath, dashed } from './domain-spec.js'
import { LIBXL_FAIL, LIBXL_NOT_FOUND } from './errors.js'
import type { Steps } from './libxc.js'
import type { Libxl } from './libxl.js'
import { endMonitor, monitorOf } from './monitor.js'

/** Destroys a domain: 0, or a number of libxl's errors, whose words are said. An xl that waits for
 *  its end, unless it is the one that does this, sees it. */
export function* destroyDomain(xl: Libxl, domid: number, isMonitor = false): Steps<number> {
  const found = yield* xl.existing(domid)
  if (found === undefined) {
    xl.error('nonexistent', 'Non-existant domain', { domid })
    return failed(xl, domid, LIBXL_NOT_FOUND)
  }
  const monitor = isMonitor ? undefined : monitorOf(xl.world, domid)
  const paused = yield* xl.xc.domctl('pausedomain', domid)
  if (paused.result < 0) xl.error('destroyPausing', 'xc_domain_pause failed', { domid })
  yield* xl.type(domid)
  for (const node of devicesOf(xl.world, domid)) yield* removeDevice(xl.world, node)
  yield* forget(xl, domid, found.handle)
  const status = yield { kind: 'run', execname: 'xl', script: killing(xl, domid) }
  if (status.result !== 0) {
    xl.error('destroying', 'xc_domain_destroy failed', { domid, errno: status.result })
    return failed(xl, domid, LIBXL_FAIL)
  }
  const line = `Domain ${domid} has been destroyed.`
  if (monitor !== undefined) yield* endMonitor(xl.world, domid, { name: monitor, line })
  return 0
}

function failed(xl: Libxl, domid: number, rc: number): number {
  xl.error('undestroyed', 'Unable to destroy guest', { domid })
  xl.error('destroyFailed', 'Destruction of domain failed', { domid })
  return rc
}

/** Its nodes and files go. */
function* forget(xl: Libxl, domid: number, handle: string): Steps<void> {
  yield* xl.lock(domid)
  yield* xl.info(domid)
  yield { kind: 'store', path: `/vm/${dashed(handle)}` }
  yield { kind: 'store', path: `/libxl/${domid}` }
  yield { kind: 'file', path: configPath(domid, handle) }
}

/** The child of xl: the call, and who hears of it; a positive error number, or 0. */
function* killing(xl: Libxl, domid: number): Script {
  const rings = ringsOf(xl.world, domid)
  const child = yield* xl.fork()
  yield { kind: 'store', path: `/local/domain/${domid}` }
  const reply = yield* child.xc.domctl('destroydomain', domid)
  if (reply.result === 0) {
    yield* released(xl.world, domid, rings)
    yield* gone(xl.world)
  }
  yield* child.xc.close()
  return -reply.result
}
