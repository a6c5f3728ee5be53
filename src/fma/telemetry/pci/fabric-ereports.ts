// FabricEreports: the ereports of functions that were looked at at one moment.
//
//   root port 00:02.0, bridges, 03:00.0 with CmpltTO latched
//     ->  ereport.io.pci.fabric, ereport.io.pciex.rc.nfe-msg     of 00:02.0
//         ereport.io.pci.fabric                                  of 01:00.0, 02:00.0
//         ereport.io.pci.fabric, ereport.io.pciex.tl.cto         of 03:00.0
//
// Holds: roots come first, each function's errors after the registers they are read from; all have
// one ENA. Source: illumos-gate pcie_fault.c, fabric-xlate.
import { ROOT_PORT } from '../../../machine/pci/express-registers.js'
import { type Ena, makeEna } from '../../event/ena.js'
import type { Ereport } from '../../event/ereport.js'
import type { Fmri } from '../../event/fmri.js'
import type { Topology } from '../../topo/topology.js'
import { type BitEreport, bitEreports } from './bit-ereports.js'
import { bridgesAbove, type FabricErrors } from './fabric-errors.js'
import { fabricPayload } from './fabric-payload.js'
import { severityOf } from './fabric-severity.js'
import { detectorOf, isRootMadeUp, isThere, rootOf, targetPlace } from './pci-place.js'

/** One moment: what its ereports have in common. */
export interface PciMoment {
  readonly ena: Ena
  readonly timeNs: bigint | undefined
}

/** The moment of a look: nanoseconds since the host booted, and since 1970 where that is known. */
export function momentOf(sinceBootNs: bigint, timeNs: bigint | undefined): PciMoment {
  return { ena: makeEna({ format: 1, generation: 0, id: 0, timeNs: sinceBootNs }), timeNs }
}

/** The ereports of functions that were looked at at one moment. */
export function fabricEreports(
  errors: readonly FabricErrors[],
  moment: PciMoment,
  topology: Topology | undefined,
): readonly Ereport[] {
  const ordered = [...errors.filter(isRoot), ...errors.filter((each) => !isRoot(each))]
  return ordered.flatMap((of, n) => {
    const remainder = ordered.length - 1 - n
    return functionEreports(of, { all: ordered, remainder, moment, topology })
  })
}

const isRoot = ({ type, root }: FabricErrors): boolean => type === ROOT_PORT || root !== undefined

/** One look at many functions. */
interface Look {
  readonly all: readonly FabricErrors[]
  readonly remainder: number
  readonly moment: PciMoment
  readonly topology: Topology | undefined
}

function functionEreports(of: FabricErrors, look: Look): readonly Ereport[] {
  const { all, remainder, moment, topology } = look
  const bridges = bridgesAbove(of, all)
  const root = isRoot(of) ? of : bridges.find(isRoot)
  const severity = severityOf(of, { above: bridges[0], port: root })
  const payload = fabricPayload(of, { remainder, severity, root })
  const detector = detectorOf(topology, of.id)
  const bits = bitEreports(of, {
    root,
    isRootMadeUp: topology !== undefined && isRootMadeUp(topology),
    isThere: (id) => isThere(topology, id),
  })
  return [
    { class: 'ereport.io.pci.fabric', ...moment, detector, payload },
    ...bits.flatMap((bit) => {
      const at = placeOf(bit, of, topology)
      return at === undefined ? [] : [{ ...moment, detector: at, ...bit.said }]
    }),
  ]
}

function placeOf({ at }: BitEreport, { id }: FabricErrors, topology?: Topology): Fmri | undefined {
  if (at === 'function') return detectorOf(topology, id)
  if (topology === undefined) return undefined
  return at === 'root' ? rootOf(topology, id) : targetPlace(topology, at)
}
