// Hypercall pages: a hypercall by number or name, one of its sub-operations, what they carry.
//
//   domctl?   explain(36, 'hypercall')   ->  36: sub-operations, and since which Xen
//   createdomain?                        ->  domctl 1: its arguments, its probes
//
// Source: xen/include/public/xen.h and the headers beside it; when numbers changed hands as their
// comments say.
import { type Column, table } from '../../base/table.js'
import { callShape, hypercallGroup } from '../../machine/hypercall.js'
import { HYPERCALLS, type NamesByNumber } from '../../machine/hypercall-numbers.js'
import { CALL_NONE } from '../../machine/observation.js'
import { Explanation } from './explanation.js'

const NAMES: NamesByNumber = HYPERCALLS

/** What a number was or is, where that is not the same in Xen 3.1 and today. */
const ERAS: Readonly<Record<number, string>> = {
  6: 'Xen 3.1: kept for guests of before Xen 3.0.2; 29 took its place',
  7: 'Xen 3.1: platform_op; before that dom0_op, of which domctl and sysctl were a part',
  16: 'Xen 3.1: kept for guests of before Xen 3.0.2; 32 took its place',
  19: 'Xen 3.1: kept for guests of before Xen 3.0.2; 33 took its place',
  27: 'Xen 3.1 (xVM): acm_op; Xen 4: xsm_op, of the security module that took its place',
  38: 'tmem_op, from Xen 4.0 on, since taken out again; Xen 3.1: ENOSYS',
  39: 'argo_op since Xen 4.12; before that reserved, Xen 3.1: ENOSYS',
  40: 'xenpmu_op since Xen 4.6; Xen 3.1: ENOSYS',
  41: 'dm_op since Xen 4.9; Xen 3.1: ENOSYS',
  42: 'hypfs_op since Xen 4.14; Xen 3.1: ENOSYS',
  48: 'mca on x86 (arch_0), since Xen 3.3 and in xVM as delivered in 2008; Xen 3.1: ENOSYS',
}

const MEANING: Column = { name: 'meaning', wraps: true }

/** The hypercall of a name: `domctl`, `HYPERVISOR_domctl`, `__HYPERVISOR_domctl`. */
export function hypercallNamed(name: string): number | undefined {
  const plain = name.replace(/^_*HYPERVISOR_/, '')
  const found = Object.entries(NAMES).find(([, each]) => each === plain)
  return found === undefined ? undefined : Number(found[0])
}

/** One sub-operation: its hypercall and its number. */
export interface SubOperation {
  readonly op: number
  readonly subop: number
}

/** The sub-operations of a name, of any hypercall: `createdomain`, `XEN_DOMCTL_createdomain`. */
export function subOperationsNamed(name: string): readonly SubOperation[] {
  const plain = name.replace(/^(XEN_)?[A-Z]+(OP)?_/, '')
  return Object.keys(NAMES).flatMap((op) =>
    Object.entries(hypercallGroup(Number(op))?.names ?? {})
      .filter(([, each]) => each === plain)
      .map(([subop]) => ({ op: Number(op), subop: Number(subop) })),
  )
}

/** The page of a hypercall; undefined for a number that none has. */
export function hypercallPage(op: number): Explanation | undefined {
  const name = NAMES[op]
  if (name === undefined) return undefined
  const group = hypercallGroup(op)
  const rows = Object.entries(group?.names ?? {}).map(([number, each]) => [Number(number), each])
  return new Explanation({
    subject: `hypercall ${op} ${name}`,
    parts: [
      `hypercall ${op} (0x${op.toString(16)}): ${name}`,
      ERAS[op],
      group === undefined
        ? argumentTable(op, CALL_NONE)
        : `${rows.length} sub-operations; the number stands in ${
            group.subopIn === 'register' ? 'the first register' : 'the first word of the structure'
          }:`,
      group === undefined ? undefined : namesInColumns(rows),
    ],
    source: `xen/include/public/${HEADERS[name] ?? 'xen.h'}`,
    next: [`on('privcmd:${name}::entry').by('probefunc').count()`],
    json: { op, name, subops: group?.names },
  })
}

/** The page of a sub-operation by its number; undefined for one that its hypercall has not. */
export function subOperationOf(of: SubOperation): Explanation | undefined {
  return hypercallGroup(of.op)?.names[of.subop] === undefined ? undefined : subOperationPage(of)
}

/** The page of a sub-operation. */
export function subOperationPage({ op, subop }: SubOperation): Explanation {
  const { module, function: name } = callShape({ ioctl: CALL_NONE, op, subop })
  return new Explanation({
    subject: `${module} ${subop} ${name}`,
    parts: [
      `${name}: sub-operation ${subop} of ${module} (hypercall ${op})`,
      argumentTable(op, subop),
    ],
    source: `xen/include/public/${HEADERS[module] ?? 'xen.h'}`,
    next: [`on('privcmd:${module}:${name}:entry').count()`, `privcmd:${module}:${name}:return?`],
    json: { op, subop, name },
  })
}

function argumentTable(op: number, subop: number) {
  const { args } = callShape({ ioctl: CALL_NONE, op, subop })
  const rows = args.map(({ name, type, doc }, i) => [i, name, type, doc])
  return table([{ name: 'arg', align: 'right' }, 'name', 'type', MEANING], rows)
}

/** Names with their numbers, as a paragraph that any width breaks. */
function namesInColumns(rows: readonly (readonly (string | number)[])[]): string {
  return `  ${rows.map(([number, name]) => `${number}:${name}`).join(' ')}`
}

const HEADERS: Readonly<Record<string, string>> = {
  domctl: 'domctl.h',
  sysctl: 'sysctl.h',
  platform_op: 'platform.h',
  memory_op: 'memory.h',
  event_channel_op: 'event_channel.h',
  grant_table_op: 'grant_table.h',
  xen_version: 'version.h',
  physdev_op: 'physdev.h',
  sched_op: 'sched.h',
  vcpu_op: 'vcpu.h',
  hvm_op: 'hvm/hvm_op.h',
  mca: 'arch-x86/xen-mca.h',
}
