// printf(): a parsed format and its arguments become text.
//
//   "%-*d|" , [6, 42]  ->  "42    |"
//
// Source: D language guide, "Output Formatting"; illumos libdtrace dt_printf.c.
import { assert } from '../../base/assert.js'
import type { Conversion, PrintfFormat } from '../program/format.js'
import type { TypedValue } from '../program/record.js'
import { convert, type Dialect, field } from './conversion.js'

/** Where a format's conversions get what they print. */
export interface FormatSource {
  /** The next argument, or for printa() the next part of the key. */
  argument(): TypedValue
  /** What the next `%@` conversion prints: a number to convert, or a histogram as it stands. */
  aggregation(conversion: Conversion): TypedValue | string
}

/** Formats what printf() recorded. There must be an argument for every conversion and every `*`. */
export function formatPrintf(
  format: PrintfFormat,
  args: readonly TypedValue[],
  dialect: Dialect = 'illumos',
): string {
  return formatFrom(
    format,
    { argument: argumentsOf(args), aggregation: () => assertArgument(undefined) },
    dialect,
  )
}

/** Formats with values handed out one by one: what printf() and printa() share. */
export function formatFrom(format: PrintfFormat, source: FormatSource, dialect: Dialect): string {
  return format.pieces
    .map((piece) => (piece.kind === 'text' ? piece.text : conversionText(piece, source, dialect)))
    .join('')
}

/** Hands out `values` from left to right. */
export function argumentsOf(values: readonly TypedValue[]): () => TypedValue {
  let next = 0
  return () => assertArgument(values[next++])
}

function conversionText(c: Conversion, source: FormatSource, dialect: Dialect): string {
  if (c.letter === '%') return '%'
  const width = c.width === '*' ? star(source) : (c.width ?? 0)
  const precision = c.precision === '*' ? star(source) : (c.precision ?? 0)
  const value = c.aggregation ? source.aggregation(c) : source.argument()
  if (typeof value === 'string') return value
  return convert(field(c, width, precision), value, dialect)
}

/** A width or precision from an argument: C reads it as an int. */
function star(source: FormatSource): number {
  const { value } = source.argument()
  assert(typeof value === 'bigint', 'a string as width or precision')
  return Number(BigInt.asIntN(32, value))
}

function assertArgument(value: TypedValue | undefined): TypedValue {
  assert(value !== undefined, 'a format with more conversions than arguments')
  return value
}
