// Words of HW_PCIE: what the bus is told of an error of PCI Express, step by step.
//
//   latched    kind at bits at uncorrectable severity register header...
//   at a root  kind at status source uncorrectable severity register
//
// Source: HW_PCIE of machine/observation.ts.
import {
  PCIE_INTERRUPT,
  PCIE_LATCHED,
  PCIE_MESSAGE,
  PCIE_POLLED,
  PCIE_ROOT_LATCHED,
  PCIE_SOURCE_LOST,
} from '../../../machine/observation.js'
import type { PcieSeverity } from '../../../machine/pci/aer-error.js'
import { CE_STATUS, ROOT_ERROR_STATUS, UE_STATUS } from '../../../machine/pci/aer-registers.js'
import type { RequesterId } from '../../../machine/pci/requester-id.js'
import type { LatchedErrors } from './errors.js'
import type { Step } from './signalling.js'

const SEVERITIES: Readonly<Record<PcieSeverity, number>> = {
  correctable: 0,
  'non-fatal': 1,
  fatal: 2,
}

const ROOT_KINDS = {
  'root-latched': PCIE_ROOT_LATCHED,
  'source-lost': PCIE_SOURCE_LOST,
  interrupt: PCIE_INTERRUPT,
} as const

/** One step of an error's way. */
export function wordsOf(step: Step): readonly number[] {
  const severity = SEVERITIES[step.severity]
  const uncorrectable = severity > 0 ? 1 : 0
  if (step.kind === 'latched') {
    const { at, error, header = [] } = step
    const { offset } = error.correctable ? CE_STATUS : UE_STATUS
    const bits = (1 << error.bit) >>> 0
    return [PCIE_LATCHED, at, bits, at, uncorrectable, severity, offset, ...header]
  }
  if (step.kind === 'message') {
    const { source, error } = step
    const { offset } = error.correctable ? CE_STATUS : UE_STATUS
    const bits = (1 << error.bit) >>> 0
    return [PCIE_MESSAGE, source, bits, source, uncorrectable, severity, offset]
  }
  const { kind, at, status, source } = step
  const { offset } = ROOT_ERROR_STATUS
  return [ROOT_KINDS[kind], at, status, source, uncorrectable, severity, offset]
}

/** What a poll found: one row for each status register that is not clean. */
export function polledWords(at: RequesterId, found: LatchedErrors): readonly (readonly number[])[] {
  const rows: number[][] = []
  const { uncorrectable, correctable, root } = found
  if (uncorrectable !== 0) {
    const severity = found.isFatal ? 2 : 1
    const row = [PCIE_POLLED, at, uncorrectable, at, 1, severity, UE_STATUS.offset]
    rows.push([...row, ...found.header])
  }
  if (correctable !== 0) rows.push([PCIE_POLLED, at, correctable, at, 0, 0, CE_STATUS.offset])
  if (root !== undefined) {
    const isBad = root.uncorrectableSource !== undefined
    const source = root.uncorrectableSource ?? root.correctableSource ?? 0
    const severity = !isBad ? 0 : root.isFatal ? 2 : 1
    const { offset } = ROOT_ERROR_STATUS
    rows.push([PCIE_POLLED, at, root.status, source, isBad ? 1 : 0, severity, offset])
  }
  return rows
}
