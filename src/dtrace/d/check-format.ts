// Formats against arguments: every conversion has one, of a type it can print.
//
// Source: the D language guide, "Output Formatting"; libdtrace dt_printf.c (dt_printf_validate,
// pfcheck_*).
import { assert } from '../../base/assert.js'
import type { Span } from '../../base/span.js'
import type { Conversion, PrintfFormat } from '../program/format.js'
import { parseFormat } from '../program/parse-format.js'
import { baseName, type IntegerType, typeNamed } from '../program/type-names.js'
import { type DType, INT64, SYMBOL_ADDRESS, UINT64, USER_SYMBOL_ADDRESS } from '../program/types.js'
import type { CheckContext } from './checked.js'

/** What a format is checked against. */
export interface FormatUse {
  readonly action: 'printf' | 'printa' | 'system' | 'freopen'
  readonly span: Span
  /** Types of the arguments, or of the aggregation's keys. */
  readonly types: readonly { readonly name: string; readonly kind: string }[]
  /** The place of the first of them in the call, for messages: from 1. */
  readonly firstArgument: number
  /** Whether the aggregation counts, which is unsigned; undefined for printf. */
  readonly counts?: boolean
}

type Shown = FormatUse['types'][number]

/** Parses the format of a call. */
export function parseFormatOf(
  cx: CheckContext,
  action: string,
  text: string,
  span: Span,
): PrintfFormat {
  const parsed = parseFormat(text)
  if (parsed.kind === 'error') return cx.diagnostics.fail(span, 'D_SYNTAX', parsed.message)
  if (text === '') {
    const message = `${action}( ) format string is empty`
    cx.diagnostics.fail(span, 'D_PRINTF_FMT_EMPTY', message)
  }
  return parsed.format
}

/** Checks each conversion. printf() wants no argument too many, printa() may leave keys
 *  unprinted. */
export function checkFormat(cx: CheckContext, format: PrintfFormat, use: FormatUse): void {
  const conversions = format.pieces.filter((p): p is Conversion => p.kind === 'conversion')
  let used = 0
  for (const [i, conversion] of conversions.entries()) {
    const at = { use, conversion, number: placeOf(format, conversion, i) }
    for (const star of starsOf(conversion)) checkStar(cx, at, star, used++)
    if (conversion.aggregation) checkAggregationValue(cx, at)
    else checkArgument(cx, at, used++)
  }
  if (use.action === 'printa' || used >= use.types.length) return
  const only = `only ${used} arguments required by this format string`
  const message = `${use.action}( ) prototype mismatch: ${only}`
  cx.diagnostics.fail(use.span, 'D_PRINTF_ARG_EXTRA', message)
}

interface At {
  readonly use: FormatUse
  readonly conversion: Conversion
  /** Counted from 1, `%%` included. */
  readonly number: number
}

function placeOf(format: PrintfFormat, conversion: Conversion, index: number): number {
  const before = format.pieces.slice(0, format.pieces.indexOf(conversion))
  const texts = before.map((p) => (p.kind === 'text' ? p.text : ''))
  return index + 1 + (texts.join('').match(/%/g)?.length ?? 0)
}

function starsOf(c: Conversion): readonly string[] {
  return [...(c.width === '*' ? ['*'] : []), ...(c.precision === '*' ? ['.*'] : [])]
}

function checkStar(cx: CheckContext, at: At, star: string, index: number): void {
  const { use, number } = at
  const type = use.types[index]
  const name = nameOf(at.conversion)
  if (type === undefined) {
    const missing = `conversion #${number} (%${name}) is missing a corresponding "${star}" argument`
    const message = `${use.action}( ) prototype mismatch: ${missing}`
    cx.diagnostics.fail(use.span, 'D_PRINTF_DYN_PROTO', message)
  }
  if (integer(type as DType)) return
  const which = `argument #${use.firstArgument + index}`
  const is = `${which} is incompatible with conversion #${number} prototype`
  const given = `\tconversion: % ${star} ${name}\n\t prototype: int`
  const text = `${given}\n\t  argument: ${shownName(type)}`
  cx.diagnostics.fail(use.span, 'D_PRINTF_DYN_TYPE', `${use.action}( ) ${is}:\n${text}`)
}

function checkAggregationValue(cx: CheckContext, at: At): void {
  const { use } = at
  if (use.action === 'printf') {
    const message = '%@ conversion requires an aggregation and is not for use with printf( )'
    cx.diagnostics.fail(use.span, 'D_PRINTF_AGG_CONV', message)
  }
  checkType(cx, at, use.counts ? UINT64 : INT64, 'aggregating action')
}

function checkArgument(cx: CheckContext, at: At, index: number): void {
  const { use, number } = at
  const type = use.types[index]
  if (type === undefined) {
    const which = `conversion #${number} (%${nameOf(at.conversion)})`
    const missing = `${which} is missing a corresponding value argument`
    const message = `${use.action}( ) prototype mismatch: ${missing}`
    cx.diagnostics.fail(use.span, 'D_PRINTF_ARG_PROTO', message)
  }
  checkType(cx, at, type, `argument #${use.firstArgument + index}`)
}

function checkType(cx: CheckContext, at: At, type: Shown, which: string): void {
  const name = nameOf(at.conversion)
  const { accepts, text } = ACCEPTS.get(name) ?? exactly(name)
  if (accepts(type as DType)) return
  const is = `${which} is incompatible with conversion #${at.number} prototype`
  const proto = `\tconversion: %${name}\n\t prototype: ${text}\n\t  argument: ${shownName(type)}`
  const message = `${at.use.action}( ) ${is}:\n${proto}`
  cx.diagnostics.fail(at.use.span, 'D_PRINTF_ARG_TYPE', message, hintFor(type))
}

function shownName(type: Shown): string {
  return type.kind === 'string' && 'frames' in type ? 'stack' : type.name
}

function hintFor(shown: Shown): string | undefined {
  const type = shown as DType
  switch (type.kind) {
    case 'string':
      return type.frames ? '%k prints a stack' : '%s prints a string'
    case 'int':
      if (isSymbol(type)) return '%a and %A print what lies at an address'
      return integer(type) ? '%d and %x print an integer of any size' : '%p prints an address'
    case 'float':
      return '%f and %g print a floating-point number'
    case 'record':
    case 'array':
      return 'print() shows it with its type'
    default:
      return undefined
  }
}

interface Rule {
  readonly accepts: (type: DType) => boolean
  readonly text: string
}

/** Of a register that is a number: no pointer, and no address that stands for a symbol. */
const integer = (type: DType): type is IntegerType =>
  type.kind === 'int' && type.pointee === undefined && !isSymbol(type)
const isSymbol = (type: DType): boolean =>
  type.name === SYMBOL_ADDRESS.name || type.name === USER_SYMBOL_ADDRESS.name
const any: Rule = { accepts: integer, text: 'char, short, int, long, or long long' }
const small: Rule = {
  accepts: (t) => integer(t) && t.bytes <= 4,
  text: 'char, short, or int',
}
const time: Rule = { accepts: (t) => integer(t) && t.bytes === 8, text: 'int64_t' }
const address: Rule = {
  accepts: (t) => t.kind === 'int' && !isSymbol(t),
  text: 'pointer or integer',
}
const symbol: Rule = {
  accepts: (t) => t.kind === 'int' && t.name !== USER_SYMBOL_ADDRESS.name,
  text: 'pointer or integer',
}
const float: Rule = { accepts: (t) => t.kind === 'float', text: 'float, double, or long double' }
const longDouble: Rule = {
  accepts: (t) => t.kind === 'float' && t.bytes === 16,
  text: 'long double',
}
const text: Rule = { accepts: isText, text: 'char [] or string (or use stringof)' }
const wideText: Rule = {
  accepts: (t) => t.kind === 'array' && t.element.kind === 'int' && t.element.bytes === 4,
  text: 'wchar_t []',
}
const oneOf = (text: string, bases: readonly string[]): Rule => ({
  accepts: (t) => integer(t) && bases.includes(baseName(t)),
  text,
})

/** A string, or an array of signed char; stacks are text to nobody but %k. */
function isText(type: DType): boolean {
  if (type.kind === 'string') return type.frames === undefined
  if (type.kind !== 'array' || !integer(type.element)) return false
  return type.element.bytes === 1 && type.element.signed
}

const ACCEPTS: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...['d', 'i', 'o', 'u', 'x', 'X'].map((c): [string, Rule] => [c, any]),
  ...['c', 'C'].map((c): [string, Rule] => [c, small]),
  ...['Y', 'T'].map((c): [string, Rule] => [c, time]),
  ['a', symbol],
  ['p', address],
  ...['e', 'E', 'f', 'g', 'G'].map((c): [string, Rule] => [c, float]),
  ...['Le', 'LE', 'Lf', 'Lg', 'LG'].map((c): [string, Rule] => [c, longDouble]),
  [
    'A',
    {
      accepts: (t) => t.name === USER_SYMBOL_ADDRESS.name,
      text: 'pointer or integer (with -p/-c) or _usymaddr (without -p/-c)',
    },
  ],
  ['k', { accepts: (t) => t.kind === 'string' && t.frames !== undefined, text: 'stack' }],
  ...['ls', 'ws'].map((c): [string, Rule] => [c, wideText]),
  ...['s', 'S'].map((c): [string, Rule] => [c, text]),
  ...['hx', 'hX'].map((c): [string, Rule] => [
    c,
    oneOf('short', ['short', 'signed short', 'unsigned short']),
  ]),
  ...['lx', 'lX'].map((c): [string, Rule] => [
    c,
    oneOf('long', ['long', 'signed long', 'unsigned long']),
  ]),
  ...['llx', 'llX'].map((c): [string, Rule] => [
    c,
    {
      accepts: (t) =>
        integer(t) &&
        (baseName(t).endsWith('long long') || ['int64_t', 'uint64_t'].includes(t.name)),
      text: 'long long',
    },
  ]),
])

const EXACT: Readonly<Record<string, string>> = {
  hd: 'short',
  hi: 'short',
  ho: 'unsigned short',
  hu: 'unsigned short',
  lc: 'int',
  wc: 'int',
  ld: 'long',
  li: 'long',
  lo: 'unsigned long',
  lu: 'unsigned long',
  lld: 'long long',
  lli: 'long long',
  llo: 'unsigned long long',
  llu: 'unsigned long long',
}

/** Conversions with a size take just that size and sign. */
function exactly(name: string): Rule {
  const wanted = EXACT[name]
  const type = wanted === undefined ? undefined : typeNamed(wanted)
  assert(wanted !== undefined && type?.kind === 'int', `no conversion %${name}`)
  const { bytes, signed } = type
  return { accepts: (t) => integer(t) && t.bytes === bytes && t.signed === signed, text: wanted }
}

const nameOf = (c: Conversion): string => c.size + c.letter
