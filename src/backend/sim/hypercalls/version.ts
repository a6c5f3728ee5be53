// xen_version: which hypervisor this is.
//
//   version  ->  (major << 16) | minor, as the result itself
import { CALL_NS } from './costs.js'
import { done } from './outcome.js'
import type { Operations } from './xen.js'

/** XENFEAT_* of the first page of a PV dom0. */
const FEATURES = 0x705

/** All of them. Texts are not filled in: tools know them by the era. */
export const XEN_VERSION: Operations = {
  version: (xen) => {
    const [major, minor] = xen.era.xenVersion
    return done(CALL_NS, {}, major * 65536 + minor)
  },
  extraversion: () => done(CALL_NS),
  compile_info: () => done(CALL_NS),
  capabilities: () => done(CALL_NS),
  changeset: () => done(CALL_NS),
  platform_parameters: () => done(CALL_NS, { virt_start: 0xffff_8000_0000_0000n }),
  get_features: () => done(CALL_NS, { submap: FEATURES }),
  pagesize: () => done(CALL_NS, {}, 4096),
  guest_handle: () => done(CALL_NS),
  commandline: () => done(CALL_NS),
  build_id: () => done(CALL_NS, {}, 20),
}
