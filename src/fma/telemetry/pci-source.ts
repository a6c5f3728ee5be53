// PciSource: texts of PCI errors as sources: the log of Linux' driver for them, and lspci.
//
// Holds: what one look or one message made stays together, at one time. Messages of a log without
// times are records without times, in their order.
import { XpvError } from '../../base/error.js'
import type { Ereport } from '../event/ereport.js'
import { capturedTopology } from '../topo/captured-topology.js'
import type { Topology } from '../topo/topology.js'
import type { TelemetryAccount } from './account.js'
import { isAerDmesg, readAerDmesg } from './pci/aer-dmesg.js'
import { isLspci, readLspciErrors } from './pci/lspci-errors.js'
import type { SourceRecord, TelemetrySource } from './source.js'
import type { Unknowns } from './unknowns.js'

const STAMPED = /^(?:<\d+>)?\[ *\d{1,9}\.\d{6}\]/
const RECEIVED = /\berror (?:message )?received\b|PCIe Bus Error: severity=/

/** Recognises the log of a kernel that serves PCI Express errors, or says that it does not. */
export function aerLogSource(text: string): TelemetrySource | undefined {
  const others = text.split('\n').filter((line) => !line.includes('aer_event: '))
  if (!isAerDmesg(others.join('\n'))) return undefined
  const isDated = text.split('\n').some((line) => STAMPED.test(line))
  const lines = isDated ? text : numbered(text)
  return {
    format: 'PCI Express errors of a kernel log',
    *records(unknowns, topology) {
      const { ereports, account } = readAerDmesg(lines, { topology })
      merge(account, unknowns)
      for (const together of byIncident(ereports)) {
        const sinceBootNs = isDated ? together[0]?.timeNs : undefined
        yield { kind: 'ereports', timeNs: undefined, sinceBootNs, ereports: together }
      }
    },
  }
}

/** Recognises what lspci shows of registers. */
export function lspciSource(text: string): TelemetrySource | undefined {
  if (!isLspci(text)) return undefined
  return {
    format: 'errors latched in what lspci shows',
    topology: () => topologyOf(text),
    *records(unknowns, topology) {
      const { ereports, account } = readLspciErrors(text, { topology })
      merge(account, unknowns)
      const record: SourceRecord = { kind: 'ereports', timeNs: undefined, ereports }
      if (ereports.length > 0) yield record
    },
  }
}

/** The functions as parts; undefined where the text does not have their bytes (-xxxx). */
function topologyOf(lspci: string): Topology | undefined {
  try {
    return capturedTopology({ lspci })
  } catch (error) {
    if (error instanceof XpvError && error.code === 'fma.capture') return undefined
    throw error
  }
}

/** Lines with the number of their message where a log has its times. */
function numbered(text: string): string {
  let messages = 0
  const lines = text.split('\n').map((line) => {
    if (RECEIVED.test(line)) messages += 1
    return `[${messages}.000000] ${line}`
  })
  return lines.join('\n')
}

function merge({ unknown }: TelemetryAccount, unknowns: Unknowns): void {
  for (const { what, reason, count } of unknown) unknowns.add(what, reason, count)
}

/** Ereports that follow one another with one ENA. */
function byIncident(ereports: readonly Ereport[]): readonly (readonly Ereport[])[] {
  const groups: Ereport[][] = []
  for (const ereport of ereports) {
    const last = groups.at(-1)
    if (last?.[0]?.ena === ereport.ena) last.push(ereport)
    else groups.push([ereport])
  }
  return groups
}
