// PciSource: texts of PCI errors as sources: the log of Linux' driver for them, and lspci.
import { AER_LOG, aerLooks, isAerDmesg } from './pci/aer-dmesg.js'
import { isLspci, LSPCI, lspciLook } from './pci/lspci-errors.js'
import { aerFunctions, shownFunctions } from './pci/spoken-functions.js'
import type { TelemetrySource } from './source.js'

/** Recognises the log of a kernel that serves PCI Express errors, or says that it does not. */
export function aerLogSource(text: string): TelemetrySource | undefined {
  const others = text.split('\n').filter((line) => !line.includes('aer_event: '))
  if (!isAerDmesg(others.join('\n'))) return undefined
  return {
    format: AER_LOG,
    functions: () => aerFunctions(text),
    *records(unknowns) {
      for (const { time, look } of aerLooks(text, unknowns)) {
        yield { kind: 'pci', ...time, look }
      }
    },
  }
}

/** Recognises what lspci shows of registers. */
export function lspciSource(text: string): TelemetrySource | undefined {
  if (!isLspci(text)) return undefined
  return {
    format: LSPCI,
    functions: () => shownFunctions(text),
    *records(unknowns) {
      const look = lspciLook(text, unknowns)
      const isEmpty = look.errors.length === 0 && look.gone.length === 0
      if (!isEmpty) yield { kind: 'pci', timeNs: undefined, isTogether: true, look }
    },
  }
}
