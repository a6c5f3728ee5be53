// Reads a printf() or printa() format into pieces.
//
//   'n=%-5d\n'  ->  text 'n=', conversion { flags '-', width 5, letter 'd' }, text '\n'
//
// Only the form is checked here; whether arguments fit is the compiler's business. The size letters
// `h l ll L w` are part of a conversion's name: `%ld` and `%d` differ in what they accept, not in
// what they print.
// Source: the D language guide, "Output Formatting"; libdtrace dt_printf.c (dt_printf_create).
import type { Conversion, FormatPiece, PrintfFormat } from './format.js'

/** A format, or what is wrong with it in DTrace's words. `conversion` counts from 1. */
export type ParsedFormat =
  | { readonly kind: 'ok'; readonly format: PrintfFormat }
  | { readonly kind: 'error'; readonly message: string; readonly at: number; readonly end: number }

/** Every conversion name D has. */
const CONVERSIONS: ReadonlySet<string> = new Set(
  (
    'a A c C d e E f g G hd hi ho hu hx hX i k lc ld li lo lu ls lx lX lld lli llo llu llx llX ' +
    'Le LE Lf Lg LG o p s S T u wc ws x X Y'
  ).split(' '),
)

/** Parses a format; `%%` becomes plain text. */
export function parseFormat(text: string): ParsedFormat {
  const pieces: FormatPiece[] = []
  const addText = (part: string): void => {
    const last = pieces.at(-1)
    if (last?.kind === 'text') pieces[pieces.length - 1] = { kind: 'text', text: last.text + part }
    else if (part !== '') pieces.push({ kind: 'text', text: part })
  }
  let at = 0
  let count = 0
  while (at < text.length) {
    const percent = text.indexOf('%', at)
    addText(text.slice(at, percent < 0 ? text.length : percent))
    if (percent < 0) break
    count += 1
    const found = conversionAt(text, percent)
    if (found.kind === 'error') {
      const message = found.message.replace('#', `#${count}`)
      return { kind: 'error', message, at: percent, end: found.end }
    }
    if (found.conversion === undefined) addText('%')
    else pieces.push(found.conversion)
    at = found.end
  }
  return { kind: 'ok', format: { text, pieces } }
}

type Found =
  | { readonly kind: 'ok'; readonly conversion: Conversion | undefined; readonly end: number }
  | { readonly kind: 'error'; readonly message: string; readonly end: number }

/** The conversion that starts at a `%`; none for `%%`. */
function conversionAt(text: string, start: number): Found {
  let at = start + 1
  let flags = ''
  let size = ''
  let dot = false
  let aggregation = false
  let width: Conversion['width']
  let precision: Conversion['precision']
  const fail = (message: string): Found => ({
    kind: 'error',
    message: `format conversion # ${message}`,
    end: Math.min(at + 1, text.length),
  })
  for (; at < text.length; at++) {
    const c = text[at] ?? ''
    if ("#-+ '?".includes(c)) flags += c
    else if (c === '0' && !dot && width === undefined) flags += c
    else if (/[0-9]/.test(c)) {
      const digits = /^[0-9]+/.exec(text.slice(at))?.[0] ?? c
      if (dot) precision = Number(digits)
      else width = Number(digits)
      at += digits.length - 1
    } else if (c === '*') {
      if ((dot ? precision : width) === '*')
        return fail(`has more than one '*' specified for the output ${dot ? 'precision' : 'width'}`)
      if (dot) precision = '*'
      else width = '*'
    } else if (c === '.') {
      if (dot) return fail("has more than one '.' specified")
      dot = true
    } else if (c === '@') aggregation = true
    else if (c === '$') return fail('uses unsupported positional format (%n$)')
    else if ('hlLw'.includes(c)) size += c
    else break
  }
  const letter = text[at] ?? ''
  if (letter === '') return fail('name expected before end of format string')
  if (letter === '%') {
    if (at === start + 1) return { kind: 'ok', conversion: undefined, end: at + 1 }
    return fail('cannot be combined with other format flags: %%')
  }
  if (!CONVERSIONS.has(size + letter)) return fail(`is undefined: %${size}${letter}`)
  if (dot && precision === undefined) precision = 0
  const whole = text.slice(start, at + 1)
  const fields = { aggregation, flags, width, precision, size, letter, text: whole }
  return { kind: 'ok', conversion: { kind: 'conversion', ...fields }, end: at + 1 }
}
