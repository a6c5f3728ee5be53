// ProcessIdentity: who runs in dom0: a pid, a name, a vcpu, addresses of its own.
//
//   { pid: 437, name: 'xend', ... }.address('addr')  ->  0xfffffd7fffdf2a10
//
// Holds: the same process says the same address for the same argument; different processes differ.

import type { Caller } from './call-words.js'
import { FRAME_BYTES } from './frames.js'

/** Where a system puts a process's stack, heap and mappings. */
interface AddressSpace {
  /** Structures of calls: a stack, or pages that the driver gave. */
  readonly call: bigint
  /** Lists. */
  readonly list: bigint
  /** Foreign frames. */
  readonly map: bigint
  /** Bytes by which processes differ. */
  readonly stride: bigint
}

const SPACES: Readonly<Record<'solaris' | 'linux', AddressSpace>> = {
  solaris: {
    call: 0xffff_fd7f_ffdf_0000n,
    list: 0x0000_0000_0046_0000n,
    map: 0xffff_fd7f_e000_0000n,
    stride: 0x10n,
  },
  linux: {
    call: 0x7fb3_0000_0000n,
    list: 0x55d1_0000_0000n,
    map: 0x7fa0_0000_0000n,
    stride: 0x1000n,
  },
}

/** Arguments that are addresses of lists, not of the structure itself. */
const LISTS: ReadonlySet<string> = new Set(['extent_start', 'buffer', 'entry', 'context'])
const MAPPED: ReadonlySet<string> = new Set(['va', 'vaddr', 'vm_start', 'vm_end'])
const PAGE = BigInt(FRAME_BYTES)

/** One process. */
export class ProcessIdentity implements Caller {
  readonly pid: number
  readonly name: string
  readonly execname: number
  /** The vcpu of dom0 it runs on: another one once that is taken down. */
  vcpu: number
  readonly #space: AddressSpace
  /** Bytes mapped so far. */
  mapped: number

  constructor(of: {
    readonly pid: number
    readonly name: string
    readonly execname: number
    readonly vcpu: number
    readonly dom0: 'solaris' | 'linux'
    readonly mapped?: number
  }) {
    this.pid = of.pid
    this.name = of.name
    this.execname = of.execname
    this.vcpu = of.vcpu
    this.#space = SPACES[of.dom0]
    this.mapped = of.mapped ?? 0
  }

  address(name: string): bigint {
    const { call, list, stride } = this.#space
    const own = stride * BigInt((Math.imul(this.pid, 0x9e37_79b1) >>> 20) & 0xfff)
    if (MAPPED.has(name)) return this.mapping(0)
    return LISTS.has(name) ? list + own * 16n + (name === 'context' ? PAGE : 0n) : call + own
  }

  /** Where the page `index` of its next mapping goes. */
  mapping(index: number): bigint {
    return this.#space.map + BigInt(this.mapped) + BigInt(index) * PAGE
  }
}
