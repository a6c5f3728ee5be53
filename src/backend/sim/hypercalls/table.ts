// The table of hypercalls: from names to what carries them out, as far as an era has them.
//
//   ('domctl', 'createdomain')  ->  Operation, or ENOSYS

import type { NamesByNumber } from '../../../machine/hypercall-numbers.js'
import {
  DOMCTLS,
  EVTCHN_OPS,
  MEMORY_OPS,
  PHYSDEV_OPS,
  SYSCTLS,
} from '../../../machine/hypercall-subops.js'
import type { Abi } from '../abi.js'
import { CALL_NS } from './costs.js'
import { DOMCTL } from './domctl.js'
import { EVENT_CHANNEL_OP } from './event-channel-op.js'
import { GRANT_TABLE_OP, HVM_OP, SCHED_OP, VCPU_OP } from './guest-ops.js'
import { MEMORY_OP } from './memory-op.js'
import { done, refused } from './outcome.js'
import { MMU_UPDATE, MMUEXT_OP } from './page-tables.js'
import { PHYSDEV_OP, PLATFORM_OP } from './platform-op.js'
import { SYSCTL } from './sysctl.js'
import { XEN_VERSION } from './version.js'
import { numberOf, type Operation, type Operations } from './xen.js'

/** Hypercalls with sub-operations. */
const GROUPS: Readonly<Record<string, Operations>> = {
  domctl: DOMCTL,
  sysctl: SYSCTL,
  memory_op: MEMORY_OP,
  event_channel_op: EVENT_CHANNEL_OP,
  mmuext_op: MMUEXT_OP,
  xen_version: XEN_VERSION,
  platform_op: PLATFORM_OP,
  physdev_op: PHYSDEV_OP,
  grant_table_op: GRANT_TABLE_OP,
  sched_op: SCHED_OP,
  vcpu_op: VCPU_OP,
  hvm_op: HVM_OP,
}

/** Hypercalls without. */
const PLAIN: Readonly<Record<string, Operation>> = {
  mmu_update: MMU_UPDATE,
  multicall: (_xen, call) => done(CALL_NS + numberOf(call, 'count') * 300),
  xsm_op: (xen) => refused(xen.era.abi.noXsm),
  console_io: () => done(CALL_NS),
  update_va_mapping: () => done(CALL_NS),
  set_timer_op: () => done(CALL_NS),
}

/** The last sub-operation of the groups that grew. */
const LAST: Readonly<Record<string, (abi: Abi) => readonly [names: NamesByNumber, last: number]>> =
  {
    domctl: (abi) => [DOMCTLS, abi.lastDomctl],
    sysctl: (abi) => [SYSCTLS, abi.lastSysctl],
    memory_op: (abi) => [MEMORY_OPS, abi.lastMemoryOp],
    event_channel_op: (abi) => [EVTCHN_OPS, abi.lastEvtchnOp],
    physdev_op: (abi) => [PHYSDEV_OPS, abi.lastPhysdevOp],
  }

/** What carries out a call. One that the era's interface does not have is answered ENOSYS. */
export function operationOf(hypercall: string, operation: string, abi: Abi): Operation {
  if (hypercall === 'mca') {
    return (xen, call) => xen.hardware?.mca?.(call) ?? refused('ENOSYS')
  }
  const found = GROUPS[hypercall]?.[operation] ?? PLAIN[hypercall]
  if (found === undefined || !offers(hypercall, operation, abi)) return () => refused('ENOSYS')
  return found
}

function offers(hypercall: string, operation: string, abi: Abi): boolean {
  const limits = LAST[hypercall]?.(abi)
  if (limits === undefined) return true
  const [names, last] = limits
  return Object.entries(names).some(([n, name]) => name === operation && Number(n) <= last)
}
