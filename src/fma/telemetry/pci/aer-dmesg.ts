// AerDmesg: PCI Express errors out of the log of a Linux kernel, as ereports.
//
//   pcieport 0000:00:03.0: AER: Uncorrectable (Non-Fatal) error message received from 0000:01:00.0
//   virtio-pci 0000:01:00.0:    [14] CmpltTO                (First)
//     ->  ereport.io.pciex.rc.nfe-msg of 00:03.0, source-id 0x0100
//         ereport.io.pciex.tl.cto of 01:00.0
//
// Holds: an ereport has what the log says and no more; Linux leaves uncorrectable errors latched
// where nobody recovers, and what a function told of before is not told again as new.
import type { Ereport } from '../../event/ereport.js'
import type { TelemetryAccount } from '../account.js'
import { Unknowns } from '../unknowns.js'
import { aerIncidents } from './aer-lines.js'
import { LoggedFunctions } from './aer-logged.js'
import { momentOf } from './fabric-ereports.js'
import type { PciEreportContext } from './pci-ereports.js'
import { lookEreports, noteLook, type PciLook } from './pci-look.js'
import { noteKernel, noteMessage } from './pci-losses.js'

/** What a reader makes of a text. */
export interface ReadPciErrors {
  /** Oldest first. */
  readonly ereports: readonly Ereport[]
  readonly account: TelemetryAccount
}

/** Whether a text has lines of this driver, or of a kernel that could have it. */
export function isAerDmesg(text: string): boolean {
  return /\bAER: |PCIe Bus Error: |_OSC: (not requesting|OS supports)/.test(text)
}

/** A message with what was read because of it. */
export interface LoggedLook {
  /** Undefined where lines carry no time. */
  readonly sinceBootNs: bigint | undefined
  readonly look: PciLook
}

/** What a kernel's log tells of, oldest first. */
export function aerLooks(text: string, unknowns: Unknowns): readonly LoggedLook[] {
  noteKernel(text, unknowns)
  const incidents = aerIncidents(text, unknowns)
  const functions = new LoggedFunctions()
  return incidents.map((incident) => {
    const errors = functions.take(incident)
    functions.ended(incident)
    noteMessage(incident, errors, unknowns)
    return { sinceBootNs: incident.sinceBootNs, look: { errors, gone: [] } }
  })
}

/** The ereports of a kernel's log. */
export function readAerDmesg(text: string, context: PciEreportContext): ReadPciErrors {
  const { topology, bootNs = 0n } = context
  const unknowns = new Unknowns()
  const ereports = aerLooks(text, unknowns).flatMap(({ sinceBootNs, look }) => {
    noteLook(look, { unknowns, topology })
    if (sinceBootNs === undefined)
      unknowns.add('time', 'lines of this log carry no time since boot')
    const timeNs = sinceBootNs === undefined ? undefined : bootNs + sinceBootNs
    return lookEreports(look, momentOf(sinceBootNs ?? 0n, timeNs), topology)
  })
  return { ereports, account: unknowns.account(AER_LOG, ereports.length) }
}

/** What such a log is, for people. */
export const AER_LOG = 'AER driver of Linux, by its log'
