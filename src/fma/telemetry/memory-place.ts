// MemoryPlace: where a driver of a memory controller (EDAC) says that an error was, by the name it
// has for the DIMM and by its layers.
//
//   CPU_SrcID#1_MC#0_Chan#2_DIMM#1           ->  chip 1, controller 0, channel 2, DIMM 1
//   mc 0, layers 1:0:-1, DIMM_B1             ->  chip 0, controller 0, channel 1, DIMM 0
//   mc 1, layers 3:1:-1, mc#1csrow#3channel#1  ->  chip 1, controller 0, channel 1, DIMM 3
//
// Holds: what is named `a or b`, or not at all, is no DIMM. A controller whose socket is not told
// is the only one of a chip of its own.
// Source: Linux drivers/edac/edac_mc.c, sb_edac.c, skx_common.c.
import type { MemoryError } from './source.js'

/** Numbers of parts; undefined where nobody says. */
export interface MemoryPlace {
  readonly chip: number
  readonly controller: number
  readonly channel: number | undefined
  readonly dimm: number | undefined
}

/** Names that are none. */
const NO_NAME = /^$|^(?:unknown|any) memory$|^memory controller$| or /i

/** Where an error was. */
export function memoryPlace({ label, layers, controller }: MemoryError): MemoryPlace {
  const socket = numberIn(label, /SrcID#(\d{1,4})/)
  const chip = socket ?? controller
  const own = socket === undefined ? 0 : (numberIn(label, /_(?:MC|Ha|HA)#(\d{1,4})/) ?? 0)
  const nowhere = { chip, controller: own, channel: undefined, dimm: undefined }
  if (NO_NAME.test(label)) return nowhere
  const channel = numberIn(label, /[Cc]han(?:nel)?#(\d{1,4})/)
  if (channel !== undefined) {
    const dimm = numberIn(label, /(?:DIMM|slot|csrow)#(\d{1,4})/)
    return { ...nowhere, channel, dimm }
  }
  const [top = -1, middle = -1] = layers
  return { ...nowhere, ...(top < 0 ? {} : { channel: top, dimm: middle < 0 ? undefined : middle }) }
}

function numberIn(text: string, pattern: RegExp): number | undefined {
  const digits = pattern.exec(text)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
