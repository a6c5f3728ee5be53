// mmu_update and mmuext_op: page tables of PV guests, as the tools build and pin them.
//
// Holds: the result is 0 when all entries were done.
// Source: xen/arch/x86/mm.c (do_mmu_update, do_mmuext_op).
import { DOMID_SELF, DOMID_XEN } from '../../../machine/ids.js'
import { CALL_NS, FRAME_NS, PIN_NS } from './costs.js'
import { done, refused } from './outcome.js'
import { type DomainOperation, numberOf, type Operation, type Operations, onDomain } from './xen.js'

/** Nanoseconds of one entry of mmu_update, with its checks. */
const UPDATE_NS = 240

/** mmu_update: entries of page tables, or of M2P. */
export const MMU_UPDATE: Operation = (xen, call) => {
  const domid = numberOf(call, 'domid')
  if (domid !== DOMID_XEN && domid !== DOMID_SELF && !xen.domains.has(domid))
    return refused('ESRCH')
  return done(CALL_NS + numberOf(call, 'count') * UPDATE_NS)
}

/** mmuext_op by its first function. */
export const MMUEXT_OP: Operations = {
  ...all(pin, ['pin_l1_table', 'pin_l2_table', 'pin_l3_table', 'pin_l4_table']),
  unpin_table: onDomain((_xen, call, domain) => {
    if (domain.pinned === 0) return refused('EINVAL')
    domain.pinned = Math.max(0, domain.pinned - numberOf(call, 'count'))
    return done(CALL_NS + PIN_NS)
  }),
  ...all(
    () => done(CALL_NS + 250),
    [
      'new_baseptr',
      'tlb_flush_local',
      'invlpg_local',
      'tlb_flush_multi',
      'invlpg_multi',
      'tlb_flush_all',
      'invlpg_all',
      'flush_cache',
      'set_ldt',
      'new_user_baseptr',
      'clear_page',
      'copy_page',
    ],
  ),
}

function all(operation: DomainOperation, names: readonly string[]): Operations {
  return Object.fromEntries(names.map((name) => [name, onDomain(operation)]))
}

/** Validates all tables below a root: the guest's frames are mapped in them. */
function pin(...[xen, call, domain]: Parameters<DomainOperation>): ReturnType<DomainOperation> {
  const frames = xen.frames.ownedBy(domain.domid)
  if (frames === 0) return refused('EINVAL')
  const count = Math.max(1, numberOf(call, 'count'))
  domain.pinned += count
  return done(CALL_NS + PIN_NS + Math.ceil((frames * FRAME_NS) / 16) * count)
}
