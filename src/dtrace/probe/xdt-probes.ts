// Provider xdt: the records of Xen's own trace buffers as probes, xdt:<module>::<name>.
//
//   7072  xdt  pv  hypercall  arg0 rip, arg1 op, ...   fired by records 0x201001 and 0x20100d
//
// Holds: ids are fixed for ever and ascend; a new probe takes the next free one. Historic names and
// arguments come first, newer records stand beside them. Source: illumos, the xdt driver of i86xpv
// (2009).

import { XDT_DOM0OP, XDT_IRQ, XDT_PM, XDT_TRACE } from './xdt-hardware.js'
import { XDT_HVM } from './xdt-hvm.js'
import { XDT_MEM, XDT_SHADOW } from './xdt-memory.js'
import { XDT_PV } from './xdt-pv.js'
import { XDT_SCHED } from './xdt-sched.js'
import { XDT_CREDIT, XDT_CREDIT2, XDT_NULL, XDT_RTDS } from './xdt-scheduler.js'

/** Every probe of provider xdt, with literal module, name and argument names in its type. */
export const XDT_PROBES = [
  ...XDT_SCHED,
  ...XDT_CREDIT,
  ...XDT_CREDIT2,
  ...XDT_RTDS,
  ...XDT_NULL,
  ...XDT_PV,
  ...XDT_HVM,
  ...XDT_MEM,
  ...XDT_SHADOW,
  ...XDT_PM,
  ...XDT_IRQ,
  ...XDT_DOM0OP,
  ...XDT_TRACE,
] as const
