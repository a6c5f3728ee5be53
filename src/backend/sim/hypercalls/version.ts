// xen_version: which hypervisor this is.
//
//   version  ->  (major << 16) | minor, as the result itself
import { FRAME_BYTES } from '../frames.js'
import { xenBuild } from '../xen-build.js'
import { CALL_NS } from './costs.js'
import { done, type Outcome } from './outcome.js'
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
  pagesize: () => done(CALL_NS, {}, FRAME_BYTES),
  guest_handle: () => done(CALL_NS),
  commandline: () => done(CALL_NS),
  build_id: () => done(CALL_NS, {}, 20),
  extraversion2: (xen) => length(xenBuild(xen.era, xen.host).extraversion),
  capabilities2: (xen) => length(xenBuild(xen.era, xen.host).capabilities),
  changeset2: (xen) => length(xenBuild(xen.era, xen.host).changeset),
  commandline2: (xen) => length(xenBuild(xen.era, xen.host).commandline),
}

/** Those with a 2 answer how long their text is (4.18 on). */
function length(text: string): Outcome {
  return done(CALL_NS, {}, text.length)
}
