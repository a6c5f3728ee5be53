// Error pages: a number with which a hypercall refuses, and what that usually means in Xen.
//
//   -3?  ESRCH?  ->  no such domain        0xffffffffffffffea?  ->  EINVAL, as a register holds it
//
// Source: xen/include/public/errno.h; the meanings are those of the hypercalls' handlers.
import { table } from '../../base/table.js'
import { ERRNO, type Errno } from '../../machine/errno.js'
import { Explanation } from './explanation.js'

/** What it means anywhere, and when Xen says so. */
const MEANINGS: Readonly<Record<Errno, readonly [anywhere: string, inXen: string]>> = {
  EPERM: [
    'operation not permitted',
    'the caller is not privileged enough, or the domain is not its own: dom0 may, others may not',
  ],
  ENOENT: ['no such entry', 'a node of xenstore, a pcpu or a record that is not there'],
  ESRCH: ['no such process', 'there is no domain with that id'],
  EAGAIN: ['try again', 'it would have taken long, or a lock was held: the tools ask once more'],
  ENOMEM: ['out of memory', "no free page left, or more than the domain's max_mem allows"],
  EACCES: ['access denied', 'the policy of a security module, or of the resource, says no'],
  EBUSY: ['busy', 'it is in use: a port that is bound, a device that is assigned, a pcpu at work'],
  EEXIST: ['exists already', 'the id is taken'],
  EINVAL: [
    'invalid argument',
    'a number out of range, a wrong version of the interface, a state in which it makes no sense',
  ],
  ENOTTY: ['no such ioctl', "dom0's driver does not know the command"],
  ENOSPC: ['no space', 'the buffer passed is too small, or all ports are taken'],
  ENOSYS: [
    'no such call',
    'this hypervisor has no such hypercall or sub-operation: it is older, newer, or built without',
  ],
  ENODATA: ['no data', 'there is nothing to fetch'],
  EOVERFLOW: ['value too large', 'a count would pass its limit'],
  EOPNOTSUPP: ['not supported', 'it exists, but not on this hardware or in this mode'],
  ETIMEDOUT: ['timed out', 'the other side did not answer in time'],
  EHOSTUNREACH: ['no route', 'the part that should answer cannot be reached'],
}

/** The name of an error by its number of either sign, or as 64 bits of a register hold it. */
export function errnoOf(value: bigint): Errno | undefined {
  const signed = BigInt.asIntN(64, value)
  const number = Number(signed < 0n ? -signed : signed)
  return (Object.keys(ERRNO) as Errno[]).find((name) => ERRNO[name] === number)
}

/** The page of an error, by name. */
export function errorPage(name: Errno): Explanation {
  const [anywhere, inXen] = MEANINGS[name]
  const number = ERRNO[name]
  const held = `0x${BigInt.asUintN(64, -BigInt(number)).toString(16)}`
  const rows = [
    ['as errno', `${number}`],
    ['as a hypercall answers', `-${number}`],
    ['as a 64-bit register holds it', held],
  ]
  return new Explanation({
    subject: `${name} (${number})`,
    parts: [
      `${name} (${number}): ${anywhere}`,
      `In Xen: ${inXen}.`,
      table(['seen', 'number'], rows),
    ],
    source: 'xen/include/public/errno.h',
    next: [`on('privcmd:::return').where('arg0 == -${number}').by('probefunc').count()`],
    json: { name, number, anywhere, inXen },
  })
}

/** Every error there is a page on. */
export const ERROR_NAMES: readonly Errno[] = Object.keys(ERRNO) as Errno[]
