// Memory of a running domain: its target, which it keeps to itself, and its limit, to which the
// hypervisor keeps it.
//
// Source: tools/libs/light/libxl_mem.c.

import { ERRNO } from '../../../../machine/errno.js'
import type { Steps } from './libxc.js'
import type { Libxl } from './libxl.js'
import { SLACK_KIB } from './structures.js'

/** The least dom0 may have. */
const MIN_DOM0_KIB = 128 * 1024

/** A size that was asked for; whether libxl has the domain's configuration. */
export interface Size {
  readonly kib: number
  readonly isKnown: boolean
}

/** Sets a domain's target, and its limit to it: whether that went well; if not, it is said. */
export function* setTarget(xl: Libxl, domid: number, size: Size): Steps<boolean> {
  yield* xl.lock(domid)
  yield* xl.info(domid)
  if (!size.isKnown) return noConfig(xl, domid)
  const { store } = xl.world
  const root = `/local/domain/${domid}/memory`
  const target = store.read(`${root}/target`)
  if (target === undefined) {
    xl.error('noTarget', `Cannot get target memory info from ${root}/target`, {
      domid,
      errno: ERRNO.ENOENT,
    })
    return false
  }
  const most = Number(store.read(`${root}/static-max`) ?? target)
  const kib = BigInt.asUintN(64, BigInt(size.kib))
  if (kib > BigInt(most)) {
    const text = 'memory_dynamic_max must be less than or equal to memory_static_max\n'
    xl.error('targetAboveMax', text, { domid })
    return false
  }
  if (domid === 0 && size.kib < MIN_DOM0_KIB) {
    xl.error('dom0TooLow', `New target ${kib} for dom0 is below the minimum threshold`, { domid })
    return false
  }
  const limit = kib + BigInt(SLACK_KIB)
  const { result } = yield* xl.xc.domctl('max_mem', domid, { u0: limit })
  if (result < 0) {
    const text = `xc_domain_setmaxmem memkb=${limit} failed rc=-1\n`
    xl.error('settingTarget', text, { domid, errno: result })
    return false
  }
  yield { kind: 'store', path: `${root}/target`, value: String(kib) }
  yield* xl.info(domid)
  return true
}

/** Sets how much a domain may ever have. */
export function* setMaxMemory(xl: Libxl, domid: number, size: Size): Steps<boolean> {
  yield* xl.lock(domid)
  const root = `/local/domain/${domid}/memory`
  const target = xl.world.store.read(`${root}/target`)
  if (target === undefined) {
    const text = `Cannot get memory info from /local/domain/${domid}/memory/target`
    xl.error('memoryInfo', text, { domid, errno: ERRNO.ENOENT })
    return false
  }
  const kib = BigInt.asUintN(64, BigInt(size.kib))
  if (kib < BigInt(target)) {
    const text = 'memory_static_max must be greater than or or equal to memory_dynamic_max'
    xl.error('maxBelowTarget', text, { domid })
    return false
  }
  yield* xl.info(domid)
  if (!size.isKnown) return noConfig(xl, domid)
  const limit = kib + BigInt(SLACK_KIB)
  const { result } = yield* xl.xc.domctl('max_mem', domid, { u0: BigInt.asUintN(64, limit) })
  if (result < 0) {
    const text = `xc_domain_setmaxmem domid=${domid} memkb=${limit} failed rc=-1\n`
    xl.error('settingMax', text, { domid, errno: result })
    return false
  }
  yield { kind: 'store', path: `${root}/static-max`, value: String(kib) }
  return true
}

function noConfig(xl: Libxl, domid: number): boolean {
  xl.error('noConfig', 'failed to retrieve domain configuration', { domid })
  return false
}
