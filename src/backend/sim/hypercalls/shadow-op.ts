// shadow_op: which pages a guest has written to, and how much memory shadow page tables have.
//
// Source: xen/arch/x86/mm/paging.c (paging_domctl); xen/include/public/domctl.h.
import { CALL_NS } from './costs.js'
import { done, type Outcome, refused } from './outcome.js'
import { type DomainOperation, lowOf } from './xen.js'

/** XEN_DOMCTL_SHADOW_OP_*: what is asked for. */
export const SHADOW = {
  off: 0,
  enable: 1,
  logDirty: 2,
  clean: 11,
  peek: 12,
  getAllocation: 30,
  setAllocation: 31,
} as const
/** The last of those that turn something on. */
const LAST_ENABLE = 32

/** Carries out one of them; u0 is which. */
export function shadow(...[xen, call, domain]: Parameters<DomainOperation>): Outcome {
  const operation = lowOf(call, 'u0')
  const pages = xen.frames.ownedBy(domain.domid)
  switch (operation) {
    case SHADOW.getAllocation:
    case SHADOW.setAllocation:
      return done(CALL_NS)
    case SHADOW.off:
      if (!domain.logDirty) return xen.era.abi.logDirty ? done(CALL_NS) : refused('EINVAL')
      domain.logDirty = false
      return done(CALL_NS + pages * 2)
    case SHADOW.clean:
    case SHADOW.peek:
      if (!domain.logDirty) return refused('EINVAL')
      return done(CALL_NS + Math.ceil(pages / 8) * 3, { u1: pages })
  }
  if (operation < SHADOW.enable || operation > LAST_ENABLE) return refused('EINVAL')
  if (!xen.era.abi.logDirty) return refused('EOPNOTSUPP')
  domain.logDirty = true
  return done(CALL_NS + pages * 25)
}
