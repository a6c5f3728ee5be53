// PciLook: what one look at functions of PCI Express told, whoever looked: a kernel that was
// interrupted, or that polled, or a person who asked lspci.
//
//   a record of a feed, a message in a log, a snapshot  ->  look  ->  ereports, what they lack
//
// Holds: it has no time of its own; who has it gives it.
import type { PciErrorFunction, PciErrorRecord } from '../../../machine/telemetry.js'
import type { Ereport } from '../../event/ereport.js'
import { nv, nvlist } from '../../event/nvlist.js'
import type { Topology } from '../../topo/topology.js'
import type { Unknowns } from '../unknowns.js'
import { fabricEreports, type PciMoment } from './fabric-ereports.js'
import { type FabricErrors, fabricErrors, isGone } from './fabric-errors.js'
import { noteFunction, noteGone, notePoll } from './pci-losses.js'
import { detectorOf } from './pci-place.js'

/** What one look told. */
export interface PciLook {
  /** Functions that answered. */
  readonly errors: readonly FabricErrors[]
  /** Those that did not. */
  readonly gone: readonly PciErrorFunction[]
}

/** A look at bytes. */
export function lookAt(functions: readonly PciErrorFunction[]): PciLook {
  return {
    errors: functions.filter((each) => !isGone(each)).map(fabricErrors),
    gone: functions.filter(isGone),
  }
}

/** The ereports of a look. */
export function lookEreports(
  { errors, gone }: PciLook,
  moment: PciMoment,
  topology: Topology | undefined,
): readonly Ereport[] {
  const payload = nvlist({ version: nv.uint8(0) })
  const silent = gone.map(({ id }) => {
    const detector = detectorOf(topology, id)
    return { class: 'ereport.io.pci.nr', ...moment, detector, payload }
  })
  return [...silent, ...fabricEreports(errors, moment, topology)]
}

/** Notes what the registers of a look could not tell. */
export function noteLook(
  { errors, gone }: PciLook,
  of: { readonly unknowns: Unknowns; readonly topology?: Topology | undefined },
): void {
  for (const each of errors) noteFunction(each, of)
  for (const _ of gone) noteGone(of.unknowns)
}

/** Notes what a record of a feed could not tell. */
export function notePciLosses(
  record: PciErrorRecord,
  of: { readonly unknowns: Unknowns; readonly topology?: Topology | undefined },
): void {
  if (record.cause === 'poll') notePoll(of.unknowns)
  noteLook(lookAt(record.functions), of)
}
