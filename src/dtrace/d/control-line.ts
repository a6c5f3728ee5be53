// Control lines: `#pragma D option quiet`, `# 12 "file.h"`, read into words.
import type { Span } from '../../base/span.js'
import { readEscapes } from '../program/string-literal.js'
import type { Diagnostics } from './diagnostics.js'

/** A word of a control line. */
export type ControlWord = { readonly span: Span } & (
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'word'; readonly value: string }
)

/** Reads the words between two offsets of the source. A string without its end is reported. */
export function readControlLine(
  source: string,
  start: number,
  end: number,
  diagnostics: Diagnostics,
): readonly ControlWord[] {
  const words: ControlWord[] = []
  const pattern = /"((?:[^"\\]|\\.)*)("?)|[^\s"]+/g
  const line = source.slice(start, end)
  for (const found of line.matchAll(pattern)) {
    const at = start + found.index
    const span = { start: at, end: at + found[0].length }
    if (found[1] !== undefined) {
      if (found[2] === '')
        diagnostics.report(span, 'D_STR_NL', 'newline encountered in string literal')
      words.push({ kind: 'string', value: readEscapes(found[1]), span })
    } else if (/^[0-9]+$/.test(found[0])) words.push({ kind: 'int', value: Number(found[0]), span })
    else words.push({ kind: 'word', value: found[0], span })
  }
  return words
}
