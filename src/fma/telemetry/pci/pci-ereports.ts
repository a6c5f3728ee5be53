// PciEreports: what one look at the functions of PCI Express found, as fault management is told of
// it.
//
//   record of a feed  ->  ereport.io.pci.fabric, ereport.io.pciex.tl.cto ...
//
// Holds: all ereports of one record have one ENA (format 1) and the time at which somebody looked.
import type { PciErrorRecord } from '../../../machine/telemetry.js'
import type { Ereport } from '../../event/ereport.js'
import type { Topology } from '../../topo/topology.js'
import { momentOf } from './fabric-ereports.js'
import { lookAt, lookEreports } from './pci-look.js'

/** What a record means rests on. */
export interface PciEreportContext {
  /** Without one, functions are named by their numbers. */
  readonly topology?: Topology | undefined
  /** When the host booted, in nanoseconds since 1970; undefined where times count from there. */
  readonly bootNs?: bigint | undefined
}

/** The ereports of one record. */
export function pciEreports(
  record: PciErrorRecord,
  { topology, bootNs = 0n }: PciEreportContext,
): readonly Ereport[] {
  const sinceBoot = BigInt(Math.trunc(record.atNs))
  return lookEreports(lookAt(record.functions), momentOf(sinceBoot, bootNs + sinceBoot), topology)
}
