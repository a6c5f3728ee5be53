// What ereports say, in one line each: class after `ereport.io.`, the function it was noticed at,
// and a source where it is valid.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ereport } from '../../../../src/fma/event/ereport.js'
import { printFmri } from '../../../../src/fma/event/fmri.js'
import { booleanMember, integerMember } from '../../../../src/fma/event/nvlist.js'
import type { TelemetryAccount } from '../../../../src/fma/telemetry/account.js'
import { NO_TIME } from '../../../../src/fma/telemetry/line-clock.js'
import { aerLooks } from '../../../../src/fma/telemetry/pci/aer-dmesg.js'
import { momentOf } from '../../../../src/fma/telemetry/pci/fabric-ereports.js'
import { lspciLook } from '../../../../src/fma/telemetry/pci/lspci-errors.js'
import { lookEreports, noteLook, type PciLook } from '../../../../src/fma/telemetry/pci/pci-look.js'
import type { RecordedTime } from '../../../../src/fma/telemetry/source.js'
import { Unknowns } from '../../../../src/fma/telemetry/unknowns.js'
import { requesterOf } from '../../../../src/fma/topo/resolve.js'
import type { Topology } from '../../../../src/fma/topo/topology.js'
import { printRequesterId } from '../../../../src/machine/pci/requester-id.js'

/** `pciex.tl.cto 03:00.0 from 00:00.0`. */
export function said(ereport: Ereport, topology?: Topology): string {
  const { payload, detector } = ereport
  const node = topology?.node(detector)
  const id = node && requesterOf(node)
  const at = id === undefined ? printFmri(detector) : printRequesterId(id)
  const source = integerMember(payload, 'source-id')
  const isValid = booleanMember(payload, 'source-valid') === true
  const from = isValid ? ` from ${printRequesterId(Number(source) as never)}` : ''
  return `${ereport.class.replace('ereport.io.', '')} ${at}${from}`
}

/** All but the ereports of whole functions. */
export function errors(ereports: readonly Ereport[], topology?: Topology): string[] {
  const single = ereports.filter((each) => each.class !== 'ereport.io.pci.fabric')
  return single.map((each) => said(each, topology))
}

/** A capture of a tool on a real host. */
export function capture(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../../..', 'test', name), 'utf8')
}

export interface ReadText {
  readonly ereports: readonly Ereport[]
  readonly account: TelemetryAccount
}

/** What a kernel's log tells, its times counting from the host's start. */
export const readLog = (text: string, topology?: Topology): ReadText =>
  readLooks(topology, (unknowns) => aerLooks(text, unknowns))

/** What lspci shows, at no time. */
export const readSnapshot = (text: string, topology?: Topology): ReadText =>
  readLooks(topology, (unknowns) => [{ time: NO_TIME, look: lspciLook(text, unknowns) }])

function readLooks(
  topology: Topology | undefined,
  looks: (unknowns: Unknowns) => readonly { time: RecordedTime; look: PciLook }[],
): ReadText {
  const unknowns = new Unknowns()
  const ereports = looks(unknowns).flatMap(({ time: { sinceBootNs }, look }) => {
    noteLook(look, { unknowns, topology })
    return lookEreports(look, momentOf(sinceBootNs ?? 0n, sinceBootNs), topology)
  })
  return { ereports, account: unknowns.account('a text', ereports.length) }
}
