// Libxc: one process's way to the hypervisor: its open files, and the pages in which it passes
// arguments.
//
//   domctl('pausedomain', 3)  ->  [buf_mmap when no page is left over], the hypercall
//
// Holds: a structure passed by address takes whole pages of /dev/xen/hypercall, 16 bytes more than
// it has; up to four single pages are kept for the next call, larger buffers never are. A foreign
// frame is mapped by mmap() of privcmd and MMAPBATCH_V2 on it.
// Source: tools/libs/call/buffer.c, tools/libs/ctrl/xc_hcall_buf.c; the recorded xl agrees.
import { FRAME_BYTES } from '../../frames.js'
import { type CallValues, call, ioctl, type Reply, type Step } from '../../step.js'

/** Steps with a value of their own. */
export type Steps<T = Reply> = Generator<Step, T, Reply>

/** What stands before the data of a buffer. */
const HEADER = 16
/** Single pages that a process keeps. */
const KEPT = 4
/** Files of a process: privcmd and hypercall for calls, privcmd for mapping and for dm_op. */
const FILES = 4
/** Ioctls by which the libraries look whether dom0's kernel is new enough. */
const BUFFER_PROBE = 0x50ff
const DM_OP_PROBE = { domid: 0x7ff4, num: 0 }
/** A security label has room for a page. */
const LABEL_BYTES = 4096

/** How a call passes what its argument words do not show. */
export interface Passing {
  /** Bytes of each list that the structure points to. */
  readonly lists?: readonly number[]
  readonly more?: unknown
}

/** One process. */
export class Libxc {
  #kept = 0;

  /** Opens the files. */
  *open(): Steps<void> {
    yield* this.#files('open', 2)
    yield* ioctl('probe', { cmd: BUFFER_PROBE })
    yield* this.#files('open', 2)
    yield* ioctl('dm_op', DM_OP_PROBE)
  }

  /** Closes them, as leaving does: also those that were open in the process it was forked from. */
  *close(processes = 1): Steps<void> {
    yield* this.#files('release', FILES * processes)
  }

  /** A domctl. */
  *domctl(operation: string, domid: number, args: CallValues = {}, passing: Passing = {}): Steps {
    const { lists = [], more } = passing
    const all = { domid, ...args }
    return yield* this.#with([...lists, 1], call('domctl', operation, all, more))
  }

  /** A sysctl. */
  *sysctl(operation: string, u0: number | bigint = 0, passing: Passing = {}): Steps {
    const { lists = [], more } = passing
    return yield* this.#with([...lists, 1], call('sysctl', operation, { u0 }, more))
  }

  /** A memory_op; the multicall that carries it takes a page as well. */
  *memoryOp(operation: string, args: CallValues = {}, passing: Passing = {}): Steps {
    const { lists = [], more } = passing
    const structures = Object.keys(args).length === 0 ? [1] : [1, 1]
    return yield* this.#with([...lists, ...structures], call('memory_op', operation, args, more))
  }

  /** What the hypervisor says of itself; version and page size come as results. */
  *version(operation: string): Steps {
    const isResult = operation === 'version' || operation === 'pagesize'
    return yield* this.#with(isResult ? [] : [1], call('xen_version', operation))
  }

  /** How long a text of the hypervisor's is: asked with no buffer. */
  *versionLength(operation: string): Steps {
    return yield* call('xen_version', operation)
  }

  /** An event_channel_op. */
  *evtchnOp(operation: string, args: CallValues): Steps {
    return yield* this.#with([1], call('event_channel_op', operation, args))
  }

  /** An mca hypercall: machine checks of the host. */
  *mca(operation: string, u0: number | bigint = 0, more?: unknown): Steps {
    return yield* this.#with([1], call('mca', operation, { u0 }, more))
  }

  /** mmuext_op with a list of operations. */
  *mmuextOp(operation: string, args: CallValues & { readonly count: number }): Steps {
    return yield* this.#with([24 * args.count], call('mmuext_op', operation, args))
  }

  /** Takes pages for good: a bitmap that calls will fill. */
  *hold(bytes: number): Steps<void> {
    yield* this.#take([Math.ceil(bytes / FRAME_BYTES)])
  }

  /** Asks the security module for a label. */
  *label(): Steps {
    return yield* this.#with([LABEL_BYTES, 1], call('xsm_op', ''))
  }

  /** Maps frames of a domain, the first of them `gfn0`. */
  *map(domid: number, num: number, gfn0: number): Steps {
    yield { kind: 'device', device: 'file', name: 'mmap', args: { pages: num } }
    return yield* ioctl('mmapbatch_v2', { domid, num, gfn0 })
  }

  /** Maps the first frame of a domain's grant table. */
  *mapGrantTable(domid: number): Steps {
    yield { kind: 'device', device: 'file', name: 'mmap', args: { pages: 1 } }
    return yield* ioctl('mmap_resource', { domid, type: 1, id: 0, idx: 0, num: 1 })
  }

  *#files(name: 'open' | 'release', count: number): Steps<void> {
    for (let n = 0; n < count; n++) yield { kind: 'device', device: 'file', name, args: {} }
  }

  /** Makes a call with buffers of so many bytes, and gives them back. */
  *#with(bytes: readonly number[], made: Steps): Steps {
    const pages = bytes.map((n) => Math.ceil((n + HEADER) / FRAME_BYTES))
    yield* this.#take(pages)
    const reply = yield* made
    this.#kept = Math.min(KEPT, this.#kept + pages.filter((n) => n === 1).length)
    return reply
  }

  *#take(buffers: readonly number[]): Steps<void> {
    for (const pages of buffers) {
      if (pages === 1 && this.#kept > 0) this.#kept--
      else yield { kind: 'device', device: 'file', name: 'buf_mmap', args: { pages } }
    }
  }
}

/** Two 32-bit halves of an argument of 64. */
export function halves(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low >>> 0)
}
