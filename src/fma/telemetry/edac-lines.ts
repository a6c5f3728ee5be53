// EdacLines: memory errors as drivers of memory controllers tell of them in a kernel's log.
//
//   EDAC MC0: 1 CE memory read error on CPU_SrcID#0_Ha#0_Chan#1_DIMM#0 (channel:1 slot:0
//     page:0x12345 offset:0x680 grain:32 syndrome:0x0 - area:DRAM err_code:0001:0091 ...)
//
// Holds: one line is one or more errors; what a line does not say is not made up.
// Source: Linux drivers/edac/edac_mc.c (edac_ce_error, edac_ue_error), 3.x to 6.x.
import { LineClock } from './line-clock.js'
import type { MemoryError, SourceRecord, TelemetrySource } from './source.js'
import { textLines } from './text-lines.js'

const EDAC = /\bEDAC MC(\d{1,4}): (?:(\d{1,9}) )?(CE|UE)(?:: )? ?(.*?) on (.*?) \((.*)\)?\s*$/
const PAGE_BITS = 12n
const MOST = 0xffff

/** Recognises such a log; undefined when no driver told of an error. */
export function edacSource(text: string): TelemetrySource | undefined {
  const lines = textLines(text).filter((line) => line.includes('EDAC MC') && EDAC.test(line))
  if (lines.length === 0) return undefined
  return { format: 'memory controllers of a kernel log', records: () => records(lines) }
}

function* records(lines: readonly string[]): Iterable<SourceRecord> {
  const clock = new LineClock()
  for (const line of lines) {
    const error = errorOf(line)
    if (error !== undefined) yield { kind: 'memory', ...clock.timeOf(line), error }
  }
}

function errorOf(line: string): MemoryError | undefined {
  const [, controller, count, kind, message = '', label = '', rest = ''] = EDAC.exec(line) ?? []
  if (controller === undefined) return undefined
  const value = (name: string): bigint | undefined => {
    const digits = new RegExp(`\\b${name}:0x([0-9a-f]{1,16})\\b`).exec(rest)?.[1]
    return digits === undefined ? undefined : BigInt(`0x${digits}`)
  }
  const page = value('page')
  return {
    isCorrected: kind === 'CE',
    count: Math.min(Math.max(1, Number(count ?? 1)), MOST),
    physaddr: page === undefined || page === 0n ? undefined : addressOf(page, value('offset')),
    controller: Number(controller),
    layers: layersOf(rest),
    syndrome: value('syndrome') ?? 0n,
    label,
    message: message.trim(),
  }
}

const addressOf = (page: bigint, offset = 0n): bigint => (page << PAGE_BITS) + offset

/** Channel, then the slot in it: drivers that have rows of chips (csrow) name the row first. */
function layersOf(rest: string): readonly number[] {
  const layer = (name: string): number | undefined => {
    const digits = new RegExp(`\\b${name}:(\\d{1,4})\\b`).exec(rest)?.[1]
    return digits === undefined ? undefined : Number(digits)
  }
  const [channel, slot] = [layer('channel'), layer('slot') ?? layer('csrow')]
  return channel === undefined ? [] : [channel, slot ?? -1]
}
