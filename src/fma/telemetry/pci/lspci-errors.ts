// LspciErrors: PCI errors that `lspci -vvv`, with or without `-xxxx`, shows as still latched.
//
//   01:00.0 ... UESta: ... CmpltTO+ ...  ->  one look: 01:00.0 has CmpltTO latched
//
// Holds: a snapshot is one look: nobody cleared anything before it was taken, and nobody knows when
// what it shows has happened.
import { XpvError } from '../../../base/error.js'
import { CAP_EXPRESS, capability } from '../../../machine/pci/capability.js'
import { CLASSIC_BYTES, EXTENDED_BYTES } from '../../../machine/pci/config-space.js'
import type { PciErrorFunction } from '../../../machine/telemetry.js'
import type { Unknowns } from '../unknowns.js'
import { bridgesAbove, type FabricErrors, fabricErrors } from './fabric-errors.js'
import { type LspciFunction, lspciFunctions } from './lspci-text.js'
import type { PciLook } from './pci-look.js'
import { noteUnasked } from './pci-losses.js'

/** Whether a text is one of lspci with registers. */
export function isLspci(text: string): boolean {
  return /^(?:[0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] [^\n]*\n(?:\t|00: )/m.test(text)
}

/** What is latched. Throws `XpvError` `fma.no-registers` when the text shows no function's
 *  registers. */
export function lspciLook(text: string, unknowns: Unknowns): PciLook {
  const shown = lspciFunctions(text)
  if (shown.length === 0) {
    const message = 'this text shows no registers of a PCI function'
    throw new XpvError('fma.no-registers', message, 'lspci -vvv -xxxx, as root')
  }
  const all = shown.filter(({ gone }) => !gone).map((of) => errorsOf(of, unknowns))
  const found = all.filter(({ new: fresh }) => Object.values(fresh).some((bits) => bits !== 0))
  const bridges = all.filter(({ buses }) => buses !== undefined)
  const wanted = new Set([...found, ...found.flatMap((each) => bridgesAbove(each, bridges))])
  if (found.length > 0) noteSnapshot(found, unknowns)
  return {
    errors: all.filter((of) => wanted.has(of)),
    gone: shown.filter(({ gone }) => gone).map(({ of }) => of),
  }
}

/** What such a text is, for people. */
export const LSPCI = 'errors still latched, by lspci'

function noteSnapshot(found: readonly FabricErrors[], unknowns: Unknowns): void {
  noteUnasked(unknowns)
  const when = 'a snapshot shows what was latched since somebody cleared it, whenever that was'
  unknowns.add('time', when, found.length)
  const isSourced = found.some(({ root, new: fresh }) => root !== undefined && fresh.root !== 0)
  if (isSourced) return
  const who = 'no root port kept a message: who told whom, or whether anybody did, is not known'
  unknowns.add('source-id', who, found.length)
}

function errorsOf({ of, isText }: LspciFunction, unknowns: Unknowns): FabricErrors {
  noteBytes(of, unknowns)
  const errors = fabricErrors(of)
  if (!isText) return errors
  // Registers that are numbers, not flags, are not taken from the text.
  const { express } = errors
  return {
    ...errors,
    ids: undefined,
    express: express && { ...express, capabilities: undefined },
    rootControl: undefined,
    slot: undefined,
  }
}

/** Bytes that end too early do not say that there is nothing. */
function noteBytes({ bytes }: PciErrorFunction, unknowns: Unknowns): void {
  const short = bytes.length < CLASSIC_BYTES
  const isExpress = capability(bytes, CAP_EXPRESS) !== undefined
  if (!short && (!isExpress || bytes.length >= EXTENDED_BYTES)) return
  const end = `the text ends after ${bytes.length} bytes of a function`
  const what = short ? 'PCI Express and its errors are' : 'Advanced Error Reporting is'
  unknowns.add('register', `${end}: ${what} not shown (lspci -xxxx, as root)`)
}
