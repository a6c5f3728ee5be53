// xc: libxc as xend's Python sees it: calls that raise their error as text.
//
//   yield* xc('domctl', 'max_vcpus', { domid, u0: 10000 })  ->  (22, 'Invalid argument')
//
// Source: tools/python/xen/lowlevel/xc of 3.1; texts of errors are Solaris'.
import { ERRNO } from '../../../../machine/errno.js'
import type { CallValues, Reply } from '../../step.js'
import { call } from '../../step.js'
import { XmRefusal } from './refusal.js'
import type { Steps } from './xend.js'

const TEXTS: Readonly<Record<number, string>> = {
  1: 'Not owner',
  3: 'No such process',
  11: 'Resource temporarily unavailable',
  12: 'Not enough space',
  13: 'Permission denied',
  14: 'Bad address',
  16: 'Device busy',
  17: 'File exists',
  22: 'Invalid argument',
  28: 'No space left on device',
}
/** ENOSYS has a number of its own in Solaris. */
const NO_SYSCALL = "(89, 'Operation not applicable')"
/** What libxc says of itself: XC_INTERNAL_ERROR and its like. */
const LIBXC_ERRORS = { 1: 'Internal error', 2: 'Invalid kernel', 4: 'Out of memory' } as const

/** A hypercall that raises what the hypervisor refuses. */
export function* xc(
  ...what: [hypercall: string, operation: string, args: CallValues, more?: unknown]
): Steps<Reply> {
  const reply = yield* call(...what)
  if (reply.result < 0) throw new XmRefusal(errnoText(-reply.result), { withUsage: true })
  return reply
}

/** An error of libxc itself, as Python prints the tuple it raises. */
export function libxcError(code: keyof typeof LIBXC_ERRORS, message: string): XmRefusal {
  const quote = message.includes("'") ? '"' : "'"
  const text = `(${code}, '${LIBXC_ERRORS[code]}', ${quote}${message}\\n${quote})`
  return new XmRefusal(text, { withUsage: true })
}

function errnoText(errno: number): string {
  return errno === ERRNO.ENOSYS ? NO_SYSCALL : `(${errno}, '${TEXTS[errno] ?? `Error ${errno}`}')`
}
