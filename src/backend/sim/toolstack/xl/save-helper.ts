// SaveHelper: libxl-save-helper, which reads a guest's memory into a stream, as libxenguest does.
//
//   M2P, the guest's P2M  ->  [xl has the guest suspend]  ->  1024 frames at a time  ->  vcpus
//
// Holds: counts follow from the host's and the guest's memory; the process waits while xl works.
// Source: tools/libs/guest/xg_sr_save.c, xg_sr_save_x86_pv.c, xg_sr_common_x86_pv.c; the recorded
// helper agrees, call by call.

import { DOMID_XEN } from '../../../../machine/ids.js'
import { FRAME_BYTES } from '../../frames.js'
import { SHADOW } from '../../hypercalls/shadow-op.js'
import type { Script } from '../../step.js'
import { layoutOf, p2mPagesOf, tableLevels } from './layout.js'
import { halves, Libxc, type Steps } from './libxc.js'
import type { Libxl } from './libxl.js'
import {
  CONTEXT_BYTES,
  HANDLE_BYTES,
  HOST_LEAVES,
  LEAF_BYTES,
  MSR_BYTES,
  POLICY_MSRS,
} from './structures.js'

/** Frames of M2P that are mapped at once: 2 MiB. */
const CHUNK = 512
const M2P_ENTRIES_A_CHUNK = (CHUNK * FRAME_BYTES) / 8
const BATCH = 1024
/** MSRs that a vcpu's state may have. */
const VCPU_MSRS = 7
/** Writing a frame into the stream. */
const WRITE_NS = 2_200

/** One run of it. */
export class SaveHelper {
  readonly #xl: Libxl
  readonly #domid: number
  readonly #xc = new Libxc()

  constructor(xl: Libxl, domid: number) {
    this.#xl = xl
    this.#domid = domid
  }

  /** It starts, and finds its way into the guest's memory. */
  *begin(): Steps<void> {
    yield this.#in(this.#opening())
  }

  /** A live migration wants to know which frames the guest writes: the hypervisor's answers to
   *  turning that on, and, after a refusal, off. */
  *logDirty(): Steps<readonly [on: number, off: number]> {
    const answers: [number, number] = [0, 0]
    yield this.#in(this.#enabling(answers))
    return answers
  }

  /** Reads everything once while the guest runs, and asks what it has written meanwhile. */
  *copy(): Steps<void> {
    yield this.#in(this.#copying())
  }

  /** The guest does not run any more: everything is read. */
  *read(): Steps<void> {
    yield this.#in(this.#reading(), true)
  }

  /** It gives up. */
  *fail(): Steps<void> {
    yield this.#in(this.#failing(), true)
  }

  get #pages(): number {
    return this.#xl.world.domains().find((d) => d.domid === this.#domid)?.pages ?? 0
  }

  #in(script: Script, last = false) {
    return { kind: 'in', execname: 'libxl-save-helper', of: this.#domid, script, last } as const
  }

  *#opening(): Script {
    const xc = this.#xc
    const domid = this.#domid
    yield* xc.open()
    yield* xc.domctl('getdomaininfo', domid)
    yield* xc.domctl('get_address_size', domid)
    yield* mapM2p(xc)
    yield* this.#mapP2m()
    yield* xc.hold(Math.ceil(this.#pages / 8))
    yield* xc.version('version')
    yield* xc.sysctl('get_cpu_policy')
    const lists = [HOST_LEAVES * LEAF_BYTES, POLICY_MSRS * MSR_BYTES]
    yield* xc.domctl('get_cpu_policy', domid, { u0: halves(HOST_LEAVES, POLICY_MSRS) }, { lists })
    return 0
  }

  /** shared_info, then the page tables that map the list of the guest's frames, then the list. */
  *#mapP2m(): Steps<void> {
    const xc = this.#xc
    const { world } = this.#xl
    const pages = this.#pages
    const list = p2mPagesOf(pages)
    const [l1, l2, l3] = tableLevels(list)
    const layout = layoutOf({ pages, kernelPages: 0, ramdiskPages: 0 })
    const frame = (pfn: number) => world.frameOf(this.#domid, pfn) ?? 0
    yield* xc.map(this.#domid, 1, world.sharedInfoFrame(this.#domid) ?? 0)
    yield* xc.map(this.#domid, 1, frame(layout.tables))
    for (const n of [l3, l2, l1]) yield* xc.map(this.#domid, n, frame(layout.p2m + list))
    yield* xc.map(this.#domid, list, frame(layout.p2m))
  }

  *#enabling(answers: [number, number]): Script {
    const shadow = (command: number) => this.#xc.domctl('shadow_op', this.#domid, { u0: command })
    answers[0] = (yield* shadow(SHADOW.logDirty)).result
    if (answers[0] < 0) answers[1] = (yield* shadow(SHADOW.off)).result
    return 0
  }

  *#copying(): Script {
    yield* this.#frames()
    yield* this.#xc.domctl('shadow_op', this.#domid, { u0: SHADOW.clean })
    return 0
  }

  *#frames(): Steps<void> {
    const xc = this.#xc
    const domid = this.#domid
    const pages = this.#pages
    for (let pfn = 0; pfn < pages; pfn += BATCH) {
      const n = Math.min(BATCH, pages - pfn)
      yield* xc.domctl('getpageframeinfo3', domid, { u0: n }, { lists: [n * HANDLE_BYTES] })
      yield* xc.map(domid, n, this.#xl.world.frameOf(domid, pfn) ?? 0)
      yield { kind: 'compute', ns: n * WRITE_NS }
    }
  }

  *#reading(): Script {
    const xc = this.#xc
    const domid = this.#domid
    yield* xc.domctl('getdomaininfo', domid)
    yield* this.#frames()
    yield* xc.domctl('gettscinfo', domid)
    for (const { vcpu, isOnline } of this.#xl.world.vcpus(domid)) {
      yield* xc.domctl('getvcpuinfo', domid, { u0: vcpu })
      if (isOnline) yield* this.#registers(vcpu)
    }
    return yield* this.#failing()
  }

  *#registers(vcpu: number): Steps<void> {
    const of = (operation: string, high: number, lists: readonly number[] = []) =>
      this.#xc.domctl(operation, this.#domid, { u0: halves(vcpu, high) }, { lists })
    yield* of('getvcpucontext', 0, [CONTEXT_BYTES])
    yield* of('get_ext_vcpucontext', 0)
    yield* of('getvcpuextstate', 0)
    yield* of('get_vcpu_msrs', 0)
    yield* of('get_vcpu_msrs', VCPU_MSRS, [VCPU_MSRS * MSR_BYTES])
  }

  /** What it does last, however it went: nobody shall log writes any more. */
  *#failing(): Script {
    yield* this.#xc.domctl('shadow_op', this.#domid, { u0: SHADOW.off })
    yield* this.#xc.close()
    return 0
  }
}

/** Maps the hypervisor's table of machine frames: as much as the host has. */
export function* mapM2p(xc: Libxc): Steps<void> {
  const last = yield* xc.memoryOp('maximum_ram_page')
  const chunks = Math.ceil((last.result + 1) / M2P_ENTRIES_A_CHUNK)
  const lists = [chunks * HANDLE_BYTES]
  yield* xc.memoryOp('machphys_mfn_list', { max_extents: chunks }, { lists })
  yield* xc.map(DOMID_XEN, chunks * CHUNK, last.result + 1 - chunks * CHUNK)
}
