// trace(): one value in the columns of its row, or bare with -q.
//
//   illumos  by size alone: 1, 2, 4 and 8 bytes are integers, whatever else they may be; other
//            bytes are text in 33 columns when they look like it, else a hex dump
//   Linux    by type: signed and unsigned integers, strings, anything else as a hex dump
//
// Source: illumos libdtrace dt_consume.c (dt_consume_cpu, dt_print_bytes); DTrace for Linux
// dt_print_trace.
import type { TypedValue } from '../program/record.js'
import type { Dialect } from './conversion.js'
import { hexDump, textEnd } from './hex-dump.js'
import { pad } from './pad.js'
import { storedBytes, storedSize, storedText, storedUnsigned } from './stored.js'
import { symbolText } from './symbol.js'

/** How values are shown. */
export interface TraceStyle {
  readonly dialect: Dialect
  readonly quiet: boolean
  /** -x rawbytes: what could be text is dumped all the same; on Linux, everything. */
  readonly raw: boolean
  readonly strsize: number
}

/** What trace() prints of a value, with the blanks before it. */
export function traceValue(value: TypedValue, style: TraceStyle): string {
  const symbol = symbolText(value)
  if (symbol !== undefined) return symbol
  return style.dialect === 'linux' ? byType(value, style) : bySize(value, style)
}

/** 1 and 2 bytes are unsigned, 4 and 8 signed. */
function bySize(value: TypedValue, { quiet, raw, strsize }: TraceStyle): string {
  const size = storedSize(value.type, strsize)
  const width = { 1: 3, 2: 5, 4: 8, 8: 16 }[size]
  if (width !== undefined) {
    const unsigned = unsignedOf(value, size)
    return inColumns(size < 4 ? unsigned : BigInt.asIntN(size * 8, unsigned), width, quiet)
  }
  // An empty string is text, though DTrace takes its bytes for numbers and dumps them.
  if (value.value === '' && !raw) return text('', quiet)
  const bytes = storedBytes(value, strsize)
  const end = raw ? undefined : textEnd(bytes)
  if (end === undefined) return hexDump(bytes)
  // Text that fills its bytes has no 0 after it: DTrace takes another path, which forgets -q.
  return text(storedText(bytes), quiet && end < bytes.length)
}

function byType(value: TypedValue, { quiet, raw, strsize }: TraceStyle): string {
  const { type } = value
  if (raw || type.kind !== 'int') {
    // There, a string is recorded with the 0 after it.
    const bytes = storedBytes(value, strsize + 1)
    return !raw && type.kind === 'string' ? text(storedText(bytes), quiet) : hexDump(bytes)
  }
  const unsigned = unsignedOf(value, type.bytes)
  if (!type.signed) return inColumns(unsigned, { 1: 3, 2: 5, 4: 10, 8: 20 }[type.bytes], quiet)
  const signed = BigInt.asIntN(type.bytes * 8, unsigned)
  return inColumns(signed, { 1: 3, 2: 5, 4: 10, 8: 19 }[type.bytes], quiet)
}

function unsignedOf({ value, type }: TypedValue, size: number): bigint {
  return typeof value === 'bigint'
    ? BigInt.asUintN(size * 8, value)
    : storedUnsigned(storedBytes({ value, type }, size), 0, size)
}

function inColumns(value: bigint, width: number, quiet: boolean): string {
  return quiet ? `${value}` : ` ${value.toString().padStart(width)}`
}

function text(shown: string, quiet: boolean): string {
  return quiet ? shown : `  ${pad(shown, 33, 'left')}`
}
