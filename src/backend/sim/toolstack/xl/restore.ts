// Restore: a guest's memory is read back from a stream by libxl-save-helper, as libxenguest
// does it.
//
//   M2P -> policy -> for 1024 frames at a time: populate, map -> vcpus -> pins -> P2M -> grants
//
// Source: tools/libs/guest/xg_sr_restore.c, xg_sr_restore_x86_pv.c; the recorded helper agrees in
// its calls; which frames come before their batch depends on a guest's own page tables, which are
// not modelled: ours come with their batch.

import { ERRNO } from '../../../../machine/errno.js'
import type { Script } from '../../step.js'
import { extents } from './build.js'
import { errorText } from './errors.js'
import { p2mPagesOf } from './layout.js'
import { halves, Libxc, type Steps } from './libxc.js'
import type { Libxl } from './libxl.js'
import { mapM2p } from './save-helper.js'
import type { SavedGuest } from './saved-guest.js'
import { CONTEXT_BYTES, GUEST_LEAVES, LEAF_BYTES, MSR_BYTES, POLICY_MSRS } from './structures.js'

const BATCH = 1024
const READ_NS = 2_600
/** Bytes of one vcpu's extended context. */
const EXT_CONTEXT_BYTES = 64

/** Restores a domain whose memory limit is set: whether that went well; if not, it is said. */
export function* restorePv(xl: Libxl, domid: number, saved: SavedGuest): Steps<boolean> {
  yield* beginRestore(xl, domid)
  const script = restoring(xl, domid, saved)
  const helper = { kind: 'in', execname: 'libxl-save-helper', of: -domid, last: true } as const
  const { result } = yield { ...helper, script }
  if (result === 0) {
    xl.output.error('xc: info: Restore successful\n')
    return true
  }
  if (saved.isCut === true) {
    const text = 'Failed to read Record Header from stream (0 = Success): Internal error'
    xl.output.error(`xc: error: ${text}\n`)
  }
  const errno = saved.isCut === true ? 0 : ERRNO.ENOMEM
  const reason = `(${errno} = ${errorText(errno)})`
  xl.output.error(`xc: error: Restore failed ${reason}: Internal error\n`)
  xl.error('restoring', 'restoring domain', { errno })
  return false
}

function* beginRestore(xl: Libxl, domid: number): Steps<void> {
  const [major, minor] = xl.world.era.xenVersion
  xl.output.error(`xc: info: Found x86 PV domain from Xen ${major}.${minor}\n`)
  xl.output.error('xc: info: Restoring domain\n')
  yield { kind: 'compute', ns: 400_000 + domid }
}

function* restoring(xl: Libxl, domid: number, saved: SavedGuest): Script {
  const xc = new Libxc()
  yield* openRestore(xc, domid)
  const isRead = saved.isCut !== true && (yield* populateAll(xl, { xc, domid, pages: saved.pages }))
  if (!isRead) {
    yield* xc.close()
    return -ERRNO.ENOMEM
  }
  yield* xc.domctl('settscinfo', domid)
  yield* xc.map(domid, 1, xl.world.sharedInfoFrame(domid) ?? 0)
  for (const vcpu of saved.vcpus) {
    if (vcpu === 0) yield* xc.map(domid, 1, xl.world.frameOf(domid, 0) ?? 0)
    yield* xc.domctl('setvcpucontext', domid, { u0: vcpu }, { lists: [CONTEXT_BYTES] })
    yield* xc.domctl('set_ext_vcpucontext', domid, { u0: halves(vcpu, EXT_CONTEXT_BYTES) })
  }
  yield* xc.mmuextOp('pin_l4_table', { domid, count: 1 })
  yield* xc.map(domid, p2mPagesOf(saved.pages), xl.world.frameOf(domid, 0) ?? 0)
  yield* xc.mapGrantTable(domid)
  yield* xc.close()
  return 0
}

/** The helper starts: what it needs of the host, and the policy that comes first in a stream. */
function* openRestore(xc: Libxc, domid: number): Steps<void> {
  yield* xc.open()
  yield* xc.domctl('getdomaininfo', domid)
  yield* xc.memoryOp('maximum_gpfn', { domid })
  yield* xc.domctl('get_address_size', domid)
  yield* mapM2p(xc)
  const lists = [GUEST_LEAVES * LEAF_BYTES, POLICY_MSRS * MSR_BYTES]
  yield* xc.domctl('set_cpu_policy', domid, { u0: halves(GUEST_LEAVES, POLICY_MSRS) }, { lists })
}

function* populateAll(
  xl: Libxl,
  to: { readonly xc: Libxc; readonly domid: number; readonly pages: number },
): Steps<boolean> {
  const { xc, domid, pages } = to
  for (let pfn = 0; pfn < pages; pfn += BATCH) {
    const nr = Math.min(BATCH, pages - pfn)
    if ((yield* extents({ xc }, domid, { nr, order: 0, pfn })) < nr) return false
    yield* xc.map(domid, nr, xl.world.frameOf(domid, pfn) ?? 0)
    yield { kind: 'compute', ns: nr * READ_NS }
  }
  return true
}
