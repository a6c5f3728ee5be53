// platform_op, physdev_op: what dom0 asks of the hardware behind the hypervisor.
//
// Source: xen/arch/x86/platform_hypercall.c, physdev.c.
import { PHYSDEV_OPS } from '../../../machine/hypercall-subops.js'
import { CALL_NS } from './costs.js'
import { fieldsOf, type ResourceMore } from './more.js'
import { done, refused } from './outcome.js'
import { setPcpu } from './sysctl.js'
import { lowOf, type Operation, type Operations } from './xen.js'

/** All operations of platform_op that are used. */
export const PLATFORM_OP: Operations = {
  cpu_online: plug(true),
  cpu_offline: plug(false),
  resource_op: (xen, call) => {
    if (!xen.era.abi.resourceOp) return refused('ENOSYS')
    const { pcpu = 0, msr = 0 } = fieldsOf<ResourceMore>(call.more)
    if (xen.hardware === undefined || !xen.isOnline(pcpu)) return refused('EINVAL')
    const value = xen.hardware.hypercallRead(pcpu, msr)
    return value === undefined ? refused('EACCES') : done(CALL_NS + 3_500, { value })
  },
  get_cpuinfo: (xen, call) =>
    lowOf(call, 'u0') < xen.pcpus
      ? done(CALL_NS, {
          max_present: xen.pcpus - 1,
          flags: xen.isOnline(lowOf(call, 'u0')) ? 5 : 4,
        })
      : refused('EINVAL'),
  settime32: () => done(CALL_NS),
  settime64: () => done(CALL_NS),
  add_memtype: () => done(CALL_NS + 2_000),
  read_memtype: () => done(CALL_NS),
  getidletime: () => done(CALL_NS),
  get_cpu_version: () => done(CALL_NS),
  firmware_info: () => done(CALL_NS),
  change_freq: () => done(CALL_NS),
  set_processor_pminfo: () => done(CALL_NS + 1_000),
  panic_init: () => done(CALL_NS),
}

/** Takes a pcpu in or out. */
function plug(online: boolean): Operation {
  return (xen, call) => {
    if (!xen.era.cpuOffline) return refused('ENOSYS')
    const pcpu = lowOf(call, 'u0')
    return pcpu < xen.pcpus ? setPcpu(xen, pcpu, online) : refused('EINVAL')
  }
}

/** All operations of physdev_op: interrupts of devices are not modelled, only who has which. */
export const PHYSDEV_OP: Operations = Object.fromEntries(
  Object.values(PHYSDEV_OPS).map((name): [string, Operation] => [name, () => done(CALL_NS + 500)]),
)
