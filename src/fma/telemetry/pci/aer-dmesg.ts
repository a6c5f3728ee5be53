// AerDmesg: PCI Express errors out of the log of a Linux kernel: one look for each message that a
// root port was sent.
//
//   pcieport 0000:00:03.0: AER: Uncorrectable (Non-Fatal) error message received from 0000:01:00.0
//   virtio-pci 0000:01:00.0:    [14] CmpltTO                (First)
//     ->  00:03.0 was sent a message by 01:00.0, which has CmpltTO latched
//
// Holds: a look has what the log says and no more; Linux leaves uncorrectable errors latched where
// nobody recovers, and what a function told of before is not told again as new.
import type { RecordedTime } from '../source.js'
import type { Unknowns } from '../unknowns.js'
import { aerIncidents } from './aer-lines.js'
import { LoggedFunctions } from './aer-logged.js'
import type { PciLook } from './pci-look.js'
import { noteKernel, noteMessage } from './pci-losses.js'

/** Whether a text has lines of this driver, or of a kernel that could have it. */
export function isAerDmesg(text: string): boolean {
  return /\bAER: |PCIe Bus Error: |_OSC: (not requesting|OS supports)/.test(text)
}

/** A message with what was read because of it. */
export interface LoggedLook {
  readonly time: RecordedTime
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
    return { time: incident.time, look: { errors, gone: [] } }
  })
}

/** What such a log is, for people. */
export const AER_LOG = 'AER driver of Linux, by its log'
