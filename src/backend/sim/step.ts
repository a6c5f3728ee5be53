// Step: what a process of dom0 does next. A tool is a generator of steps; each yields its reply.
//
//   yield* call('domctl', 'createdomain', { domid: 0 })   ->  { result: 0, out: { domid: 3 } }
//
// Holds: a script knows nothing of the scheduler; its process runs on a vcpu of dom0, which the
// hypervisor may preempt or move between any two steps.

/** Values of a call by the names that `machine/hypercall-arguments.ts` gives them. */
export type CallValues = Readonly<Record<string, number | bigint>>

/** One thing a process does. */
export type Step =
  /** A hypercall through privcmd: names as in `machine/hypercall.ts` (`domctl`, `createdomain`; a
   *  hypercall without sub-operations has ''). `more` is what no argument word carries: a list of
   *  frames, an affinity. */
  | {
      readonly kind: 'call'
      readonly hypercall: string
      readonly operation: string
      readonly args: CallValues
      readonly more?: unknown
    }
  /** An ioctl of privcmd that is no hypercall: `mmap`, `mmapbatch_v2` ...; of an `mmap` each entry
   *  is an observation of its own. */
  | {
      readonly kind: 'ioctl'
      readonly name: string
      readonly args: CallValues
      readonly frames?: readonly number[]
    }
  /** A call to a device file of dom0 of which only the beginning is seen: `open`, `release`, `mmap`
   *  of `file` (privcmd; `pages` says how many), and the ioctls of `evtchn` and `gntdev` (`domid`
   *  and `reference` say which grant). `close` of `evtchn`, with a port, is not seen at all. */
  | {
      readonly kind: 'device'
      readonly device: 'file' | 'evtchn' | 'gntdev'
      readonly name: string
      readonly args: CallValues
    }
  /** Writes a node of xenstore; without a value removes it and all below. Watches fire. */
  | { readonly kind: 'store'; readonly path: string; readonly value?: string }
  /** Writes a file of dom0; without content removes it. */
  | { readonly kind: 'file'; readonly path: string; readonly content?: string }
  /** Waits until a domain has shut itself down, `ns` at most: the result is its reason, -110 when
   *  it has not, -3 when there is none. */
  | { readonly kind: 'await-shutdown'; readonly domid: number; readonly ns: number }
  /** Work in user space: nanoseconds of a vcpu's time. */
  | { readonly kind: 'compute'; readonly ns: number }
  /** Waits without using a vcpu. */
  | { readonly kind: 'sleep'; readonly ns: number }
  /** Starts another process and waits for its end: xc_save, libxl-save-help, xenstored ... */
  | { readonly kind: 'run'; readonly execname: string; readonly script: Script }
  /** The rest is done by another process that lives all the time (xend, xenstored, xenconsoled);
   *  `of` tells those of one name apart: xl leaves one behind for each domain. One that ends with
   *  this says that it is its `last`. */
  | {
      readonly kind: 'in'
      readonly execname: string
      readonly script: Script
      readonly of?: number
      readonly last?: boolean
    }
  /** A process on another host does this, while this one waits for it; `bytes` are sent there
   *  before. The process lives on, waiting, for the next such step with its name and `of` (a
   *  connection), until one is its `last`. The result is the script's; -113 where no host has the
   *  name. */
  | {
      readonly kind: 'there'
      readonly host: string
      readonly execname: string
      readonly of: number
      readonly bytes: number
      readonly script: Script
      readonly last?: boolean
    }

/** What a step yielded: the hypervisor's result in its own sign (-3 is ESRCH), and what it filled
 *  in (`domid` of createdomain, `port` of alloc_unbound). */
export interface Reply {
  readonly result: number
  readonly out: CallValues
}

/** A process, as the steps it takes. Ends with its exit status. */
export type Script = Generator<Step, number, Reply>

/** One hypercall, and its reply. */
export function* call(
  hypercall: string,
  operation: string,
  args: CallValues = {},
  more?: unknown,
): Generator<Step, Reply, Reply> {
  return yield more === undefined
    ? { kind: 'call', hypercall, operation, args }
    : { kind: 'call', hypercall, operation, args, more }
}

/** One ioctl, and its reply. */
export function* ioctl(
  name: string,
  args: CallValues,
  frames?: readonly number[],
): Generator<Step, Reply, Reply> {
  return yield frames === undefined
    ? { kind: 'ioctl', name, args }
    : { kind: 'ioctl', name, args, frames }
}
