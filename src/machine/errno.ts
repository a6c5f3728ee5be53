// Errno: the numbers of errors, as the hypervisor and Linux have them, by name.
//
//   ERRNO.ESRCH  ->  3        errnoName(-22)  ->  'EINVAL'
//
// Source: xen/include/public/errno.h; include/uapi/asm-generic/errno.h of Linux for the others.

/** Numbers of errors, above 0; calls answer them below 0. */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EBUSY: 16,
  EEXIST: 17,
  EINVAL: 22,
  ENOTTY: 25,
  ENOSPC: 28,
  ENOSYS: 38,
  ENODATA: 61,
  EOVERFLOW: 75,
  EOPNOTSUPP: 95,
  ETIMEDOUT: 110,
  EHOSTUNREACH: 113,
} as const

/** The name of an error. */
export type Errno = keyof typeof ERRNO

/** The name of an error given with either sign; `error 7` for one that is not listed. */
export function errnoName(errno: number): string {
  const number = Math.abs(errno)
  const found = Object.entries(ERRNO).find(([, each]) => each === number)
  return found?.[0] ?? `error ${number}`
}
