// PciEreports: what one look at the functions of PCI Express found, as fault management is told of
// it.
//
//   record: root port 00:02.0, bridges, 03:00.0 with CmpltTO latched
//     ->  ereport.io.pci.fabric, ereport.io.pciex.rc.nfe-msg     of 00:02.0
//         ereport.io.pci.fabric                                  of 01:00.0, 02:00.0
//         ereport.io.pci.fabric, ereport.io.pciex.tl.cto         of 03:00.0
//
// Holds: roots come first, each function's errors after the registers they are read from; all of
// one look have one ENA (format 1). Source: illumos-gate pcie_fault.c, fabric-xlate.
import { ROOT_PORT } from '../../../machine/pci/express-registers.js'
import type { PciErrorFunction, PciErrorRecord } from '../../../machine/telemetry.js'
import { type Ena, makeEna } from '../../event/ena.js'
import type { Ereport } from '../../event/ereport.js'
import type { Fmri } from '../../event/fmri.js'
import { nv, nvlist } from '../../event/nvlist.js'
import type { Topology } from '../../topo/topology.js'
import { type BitEreport, bitEreports } from './bit-ereports.js'
import { bridgesAbove, type FabricErrors, fabricErrors, isGone } from './fabric-errors.js'
import { fabricPayload } from './fabric-payload.js'
import { severityOf } from './fabric-severity.js'
import { detectorOf, isRootMadeUp, isThere, rootOf, targetPlace } from './pci-place.js'

/** What a record means rests on. */
export interface PciEreportContext {
  /** Without one, functions are named by their numbers. */
  readonly topology?: Topology | undefined
  /** When the host booted, in nanoseconds since 1970; undefined where times count from there. */
  readonly bootNs?: bigint | undefined
}

/** One moment: what its ereports have in common. */
export interface PciMoment {
  readonly ena: Ena
  readonly timeNs: bigint | undefined
}

/** The ereports of one look. */
export function pciEreports(
  record: PciErrorRecord,
  context: PciEreportContext,
): readonly Ereport[] {
  const sinceBoot = BigInt(Math.trunc(record.atNs))
  const timeNs = (context.bootNs ?? 0n) + sinceBoot
  const ena = makeEna({ format: 1, generation: 0, id: 0, timeNs: sinceBoot })
  const moment = { ena, timeNs }
  const errors = record.functions.filter((each) => !isGone(each)).map(fabricErrors)
  return [
    ...goneEreports(record.functions.filter(isGone), moment, context.topology),
    ...fabricEreports(errors, moment, context.topology),
  ]
}

/** The ereports of functions that do not answer any more. */
export function goneEreports(
  functions: readonly PciErrorFunction[],
  moment: PciMoment,
  topology: Topology | undefined,
): readonly Ereport[] {
  const payload = nvlist({ version: nv.uint8(0) })
  return functions.map(({ id }) => {
    const detector = detectorOf(topology, id)
    return { class: 'ereport.io.pci.nr', ...moment, detector, payload }
  })
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
