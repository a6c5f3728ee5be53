// Dom0Calls: what a process does in dom0's kernel: hypercalls and ioctls through privcmd, device
// files. Each is a sequence of pauses in which a vcpu works; at its ends it is said on the bus.
//
//   call(xend, domctl createdomain)  ->  work, CALL_ENTRY, hypercall, work, CALL_RETURN, work
//
// Holds: every entry has its return with the same words; what the hypervisor does in between is
// done on the vcpu that the process runs on.
// Source: Sun's privcmd.c and privcmd_hcall.c; Linux drivers/xen/privcmd.c.

import type { Prng } from '../../base/prng.js'
import { ERRNO } from '../../machine/errno.js'
import type { CallNumbers } from '../../machine/hypercall.js'
import { DOMID_XEN } from '../../machine/ids.js'
import {
  DOM0_CALL_ENTRY,
  DOM0_CALL_RETURN,
  DOM0_DEVICE_CALL,
  DOM0_MMAP_ENTRY,
} from '../../machine/observation.js'
import type { Bus } from './bus.js'
import { deviceNumbers, hypercallNumbers, ioctlNumbers } from './call-numbers.js'
import { entryWords, returnWords, type SaidCall, setPair } from './call-words.js'
import { FRAME_BYTES } from './frames.js'
import type { GrantMapping } from './grants.js'
import { MAP_FRAME_NS } from './hypercalls/costs.js'
import type { CallStep, Hypervisor } from './hypervisor.js'
import type { ProcessIdentity } from './process-identity.js'
import type { CallValues, Reply, Step } from './step.js'

/** A pause of a process: it works on its vcpu, or waits. */
export interface Pause {
  readonly kind: 'work' | 'wait'
  readonly ns: number
}

/** What a step does between its beginning and its reply. */
export type Course = Generator<Pause, Reply, void>

/** Nanoseconds in user space before a call (its structure is filled in, pages are locked), and in
 *  dom0's kernel on the way in and out. */
const BEFORE_NS = 1_300
const BEFORE_SPREAD_NS = 900
const AFTER_NS = 350
/** Frames that Linux maps with one hypercall. */
const REMAP_BATCH = 16
const MMU_UPDATE = { kind: 'call', hypercall: 'mmu_update', operation: '' } as const

/** One machine's way into privcmd. */
export class Dom0Calls {
  readonly #bus: Bus
  readonly #hypervisor: Hypervisor
  readonly #random: Prng

  constructor(parts: { bus: Bus; hypervisor: Hypervisor; random: Prng }) {
    this.#bus = parts.bus
    this.#hypervisor = parts.hypervisor
    this.#random = parts.random
  }

  /** A hypercall. */
  *call(who: ProcessIdentity, step: CallStep): Course {
    const numbers = hypercallNumbers(step.hypercall, step.operation)
    const { era } = this.#hypervisor
    const inMulticall = step.hypercall === 'memory_op' && era.memoryOpInMulticall
    const words = yield* this.#enter(who, {
      numbers,
      args: step.args,
      inMulticall,
      version: this.#version(step),
    })
    const { reply, ns } = this.#hypervisor.call({ domid: 0, vcpu: who.vcpu }, step)
    yield { kind: 'work', ns }
    return yield* this.#leave(who, words, reply)
  }

  /** An ioctl that is no hypercall. */
  *ioctl(who: ProcessIdentity, step: Step & { readonly kind: 'ioctl' }): Course {
    switch (step.name) {
      case 'mmap':
        return yield* this.#mmap(who, step)
      case 'mmapbatch':
      case 'mmapbatch_v2':
        return yield* this.#mmapbatch(who, step)
      default:
        return yield* this.#other(who, step)
    }
  }

  /** A call to a device file, of which only the beginning is said. */
  *device(who: ProcessIdentity, step: Step & { readonly kind: 'device' }): Course {
    yield { kind: 'work', ns: this.#before() }
    if (step.name === 'close') return this.#deviceReply(step)
    const numbers = deviceNumbers(step.device, step.name)
    if (this.#bus.wants(DOM0_DEVICE_CALL)) {
      const said = this.#said(numbers, rangeOf(who, step.args))
      this.#say(DOM0_DEVICE_CALL, who, entryWords(who, said))
    }
    const reply = step.device === 'gntdev' ? this.#grant(who, step) : this.#deviceReply(step)
    yield { kind: 'work', ns: AFTER_NS }
    return reply
  }

  /** As many ioctls as the era's tools need for the frames, an entry said for each. */
  *#mmap(who: ProcessIdentity, step: Step & { readonly kind: 'ioctl' }): Course {
    const frames = this.#framesOf(step)
    const most = Math.max(1, this.#hypervisor.era.mmapEntries)
    let reply: Reply = { result: 0, out: { va: who.mapping(0) } }
    for (let from = 0; from < frames.length && reply.result === 0; from += most) {
      reply = yield* this.#mmapCall(who, step, frames.slice(from, from + most))
    }
    return reply
  }

  *#mmapCall(
    who: ProcessIdentity,
    step: Step & { readonly kind: 'ioctl' },
    frames: readonly number[],
  ): Course {
    const domid = Number(step.args['domid'] ?? 0)
    const args = { ...step.args, num: frames.length }
    const words = yield* this.#enter(who, this.#said(ioctlNumbers('mmap'), args))
    let result = 0
    const va = who.mapping(0)
    for (const mfn of frames) {
      this.#entry(who, mfn)
      if (!this.#isMappable(domid, mfn)) result = -ERRNO.EINVAL
      if (result !== 0) break
      who.mapped += FRAME_BYTES
      yield { kind: 'work', ns: this.#remap(who, domid, 1) }
    }
    return yield* this.#leave(who, words, { result, out: { va } })
  }

  *#mmapbatch(who: ProcessIdentity, step: Step & { readonly kind: 'ioctl' }): Course {
    const domid = Number(step.args['domid'] ?? 0)
    const num = step.frames?.length ?? Number(step.args['num'] ?? 1)
    const addr = step.args['addr'] ?? who.mapping(0)
    const gfn0 = step.args['gfn0'] ?? step.frames?.[0] ?? 0
    const args = { ...step.args, num, addr, gfn0 }
    const words = yield* this.#enter(who, this.#said(ioctlNumbers(step.name), args))
    const exists = domid === DOMID_XEN || this.#hypervisor.domains.has(domid)
    for (let left = exists ? num : 0; left > 0; left -= REMAP_BATCH) {
      yield { kind: 'work', ns: this.#remap(who, domid, Math.min(left, REMAP_BATCH)) }
    }
    who.mapped += num * FRAME_BYTES
    return yield* this.#leave(who, words, { result: exists ? 0 : -ERRNO.EINVAL, out: { addr } })
  }

  *#other(who: ProcessIdentity, step: Step & { readonly kind: 'ioctl' }): Course {
    const cmd = step.args['cmd']
    const numbers = ioctlNumbers(step.name, cmd === undefined ? undefined : Number(cmd))
    const words = yield* this.#enter(who, this.#said(numbers, step.args))
    let reply: Reply = { result: cmd === undefined ? 0 : -ERRNO.ENOTTY, out: {} }
    if (step.name === 'mmap_resource') {
      const { domid = 0, idx = 0, num = 1 } = step.args
      const by = { domid: 0, vcpu: who.vcpu }
      const asked = this.#hypervisor.call(by, {
        kind: 'call',
        hypercall: 'memory_op',
        operation: 'acquire_resource',
        args: { domid, frame: idx, nr_frames: num },
      })
      yield { kind: 'work', ns: asked.ns }
      reply = { result: asked.reply.result, out: { addr: who.mapping(0) } }
    }
    return yield* this.#leave(who, words, reply)
  }

  #said(numbers: CallNumbers, args: CallValues): SaidCall {
    return { numbers, args, inMulticall: false, version: 0 }
  }

  *#enter(who: ProcessIdentity, call: SaidCall): Generator<Pause, Uint32Array | undefined, void> {
    yield { kind: 'work', ns: this.#before() }
    if (!this.#bus.wants(DOM0_CALL_ENTRY) && !this.#bus.wants(DOM0_CALL_RETURN)) return undefined
    const words = entryWords(who, call)
    this.#say(DOM0_CALL_ENTRY, who, words)
    return words
  }

  *#leave(who: ProcessIdentity, words: Uint32Array | undefined, reply: Reply): Course {
    if (words !== undefined) this.#say(DOM0_CALL_RETURN, who, returnWords(words, reply.result))
    yield { kind: 'work', ns: AFTER_NS }
    return reply
  }

  #say(code: number, who: ProcessIdentity, words: Uint32Array): void {
    this.#bus.say(code, this.#hypervisor.scheduler.place(0, who.vcpu), words)
  }

  #entry(who: ProcessIdentity, mfn: number): void {
    if (!this.#bus.wants(DOM0_MMAP_ENTRY)) return
    const words = new Uint32Array(8)
    words[0] = who.pid
    words[1] = who.execname
    setPair(words, 2, who.mapping(0))
    setPair(words, 4, mfn)
    setPair(words, 6, 1)
    this.#say(DOM0_MMAP_ENTRY, who, words)
  }

  /** dom0's kernel changes so many entries of its page tables; how long that takes. */
  #remap(who: ProcessIdentity, domid: number, count: number): number {
    const args = { domid, count }
    const by = { domid: 0, vcpu: who.vcpu }
    return this.#hypervisor.call(by, { ...MMU_UPDATE, args }).ns + count * MAP_FRAME_NS
  }

  #isMappable(domid: number, mfn: number): boolean {
    const owner = this.#hypervisor.frames.ownerOf(mfn)
    if (owner.kind === 'xen') return true
    return domid !== DOMID_XEN && owner.kind === 'domain' && owner.domid === domid
  }

  /** Frames to map: those given, or the domain's own from the first on. */
  #framesOf(step: Step & { readonly kind: 'ioctl' }): readonly number[] {
    if (step.frames !== undefined) return step.frames
    const domid = Number(step.args['domid'] ?? 0)
    const num = Number(step.args['num'] ?? 1)
    const { frames } = this.#hypervisor
    return Array.from({ length: num }, (_, pfn) => frames.frameOf(domid, pfn) ?? -1)
  }

  /** Maps or unmaps a grant, as gntdev has dom0's kernel do. */
  #grant(who: ProcessIdentity, step: Step & { readonly kind: 'device' }): Reply {
    const domid = Number(step.args['domid'] ?? 0)
    const reference = Number(step.args['reference'] ?? 0)
    const isOurs = (m: GrantMapping) => m.mapper === 0 && m.reference === reference
    const handle = this.#hypervisor.grants.mappedOf(domid).find(isOurs)?.handle
    const more = { domid, reference, handle }
    const isMap = step.name === 'map_grant_ref'
    if (!isMap && (step.name !== 'unmap_grant_ref' || handle === undefined)) return NOTHING
    return this.#hypervisor.call(
      { domid: 0, vcpu: who.vcpu },
      { kind: 'call', hypercall: 'grant_table_op', operation: step.name, args: { count: 1 }, more },
    ).reply
  }

  #deviceReply(step: Step & { readonly kind: 'device' }): Reply {
    const { channels } = this.#hypervisor
    const value = (name: string) => Number(step.args[name] ?? 0)
    if (step.device !== 'evtchn') return NOTHING
    switch (step.name) {
      case 'bind_virq': {
        const bound = { kind: 'virq', virq: value('virq'), vcpu: 0 } as const
        return portReply(channels.virqPort(0, bound.virq) ?? channels.bind(0, bound))
      }
      case 'bind_interdomain':
        return portReply(channels.connect(0, value('remote_domid'), value('remote_port')))
      case 'bind_unbound_port':
        return portReply(channels.bind(0, { kind: 'unbound', remote: value('remote_domid') }))
      case 'unbind':
      case 'close':
        return { result: channels.close(0, value('port')) ? 0 : -ERRNO.EINVAL, out: {} }
      default:
        return { result: 0, out: {} }
    }
  }

  #before(): number {
    return BEFORE_NS + this.#random.below(BEFORE_SPREAD_NS)
  }

  #version(step: CallStep): number {
    const { domctlVersion, sysctlVersion } = this.#hypervisor.era
    return VERSIONS[step.hypercall] ?? (step.hypercall === 'domctl' ? domctlVersion : sysctlVersion)
  }
}

const NOTHING: Reply = { result: 0, out: {} }

/** A mapping of so many `pages` has a range of addresses. */
function rangeOf(who: ProcessIdentity, args: CallValues): CallValues {
  if (args['pages'] === undefined) return args
  const start = who.mapping(0)
  return { vm_start: start, vm_end: start + BigInt(args['pages']) * BigInt(FRAME_BYTES) }
}

/** Interface versions that no era changed. */
const VERSIONS: Readonly<Record<string, number>> = { platform_op: 0x0300_0001, mca: 0x01ec_c003 }

function portReply(port: number | undefined): Reply {
  return port === undefined ? { result: -ERRNO.EINVAL, out: {} } : { result: port, out: { port } }
}
