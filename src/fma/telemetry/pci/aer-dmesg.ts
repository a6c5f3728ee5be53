// AerDmesg: PCI Express errors out of the log of a Linux kernel, as ereports.
//
//   pcieport 0000:00:03.0: AER: Uncorrectable (Non-Fatal) error message received from 0000:01:00.0
//   virtio-pci 0000:01:00.0:    [14] CmpltTO                (First)
//     ->  ereport.io.pciex.rc.nfe-msg of 00:03.0, source-id 0x0100
//         ereport.io.pciex.tl.cto of 01:00.0
//
// Holds: an ereport has what the log says and no more; Linux leaves uncorrectable errors latched
// where nobody recovers, and what a function told of before is not told again as new.
import { makeEna } from '../../event/ena.js'
import type { Ereport } from '../../event/ereport.js'
import type { TelemetryAccount } from '../account.js'
import { Unknowns } from '../unknowns.js'
import { type AerIncident, aerIncidents } from './aer-lines.js'
import { LoggedFunctions } from './aer-logged.js'
import { fabricEreports, type PciEreportContext } from './pci-ereports.js'
import { noteFunction, noteKernel, noteMessage } from './pci-losses.js'

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

/** The ereports of a kernel's log. */
export function readAerDmesg(text: string, context: PciEreportContext): ReadPciErrors {
  const unknowns = new Unknowns()
  const incidents = aerIncidents(text, unknowns)
  noteKernel(text, unknowns)
  const functions = new LoggedFunctions()
  const ereports = incidents.flatMap((incident) => {
    const made = incidentEreports(incident, { functions, unknowns, context })
    functions.ended(incident)
    return made
  })
  const source = 'AER driver of Linux, by its log'
  return { ereports, account: unknowns.account(source, ereports.length) }
}

interface Reading {
  readonly functions: LoggedFunctions
  readonly unknowns: Unknowns
  readonly context: PciEreportContext
}

function incidentEreports(incident: AerIncident, reading: Reading): readonly Ereport[] {
  const { sinceBootNs } = incident
  const { functions, unknowns, context } = reading
  if (sinceBootNs === undefined) unknowns.add('time', 'lines of this log carry no time since boot')
  const errors = functions.take(incident)
  noteMessage(incident, errors, unknowns)
  for (const of of errors) noteFunction(of, { unknowns, topology: context.topology })
  const ena = makeEna({ format: 1, generation: 0, id: 0, timeNs: sinceBootNs ?? 0n })
  const timeNs = sinceBootNs === undefined ? undefined : (context.bootNs ?? 0n) + sinceBootNs
  return fabricEreports(errors, { ena, timeNs }, context.topology)
}
