// Trace pages: a record of Xen's own trace buffers, by its code: what it says, word by word.
//
//   explain(0x21002f, 'trace')   0x10f002?   ->  class, name, layouts
//
// Source: xen/include/public/trace.h, checked against traces of Xen 4.17 and 4.20.
import { type Column, table } from '../../base/table.js'
import { traceEvents } from '../../machine/trace-event.js'
import type { TraceField, TraceLayout } from '../../machine/trace-field.js'
import { FIELD_MEANINGS } from '../../machine/trace-field-meaning.js'
import { Explanation } from './explanation.js'

const MEANING: Column = { name: 'meaning', wraps: true }

/** The page of a record's code; undefined for one that no Xen is known to write. */
export function tracePage(code: number): Explanation | undefined {
  const record = traceEvents().find((each) => each.code === code)
  if (record === undefined) return undefined
  const { traceClass, name, layouts } = record
  const hex = `0x${code.toString(16)}`
  return new Explanation({
    subject: `${hex} ${traceClass} ${name}`,
    parts: [`${hex}: record ${name} of class ${traceClass}`, ...layouts.flatMap(layoutParts)],
    source: 'xen/include/public/trace.h',
    next: [`xdt:${traceClass}::?`],
    json: record,
  })
}

function layoutParts({ words, fields }: TraceLayout) {
  const title = `with ${words} word${words === 1 ? '' : 's'} behind the header:`
  if (fields.length === 0) return [title.replace(':', ', which say nothing more')]
  const rows = fields.map((field) => [placeOf(field), field.name, FIELD_MEANINGS[field.name]])
  return [title, table([{ name: 'bits', isKey: true }, 'field', MEANING], rows)]
}

function placeOf({ from, word, shift, bits, signed }: TraceField): string {
  const place = from === 'code' ? 'code' : `word ${word}`
  const sign = signed ? ' signed' : ''
  if (bits === 64) return `words ${word}-${word + 1}${sign}`
  return bits === 32 ? `${place}${sign}` : `${place} [${shift + bits - 1}:${shift}]${sign}`
}
