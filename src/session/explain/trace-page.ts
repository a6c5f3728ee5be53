// Trace pages: a record of Xen's own trace buffers, by its code: what it says, word by word.
//
//   explain(0x21002f, 'trace')   0x10f002?   ->  class, name, layouts
//   0x2800e 3 0 12345?                       ->  the same, with what each field says
//
// Source: xen/include/public/trace.h, checked against traces of Xen 4.17 and 4.20.
import { type Column, table } from '../../base/table.js'
import { traceEvents } from '../../machine/trace-event.js'
import type { TraceField, TraceLayout } from '../../machine/trace-field.js'
import { FIELD_MEANINGS } from '../../machine/trace-field-meaning.js'
import { Explanation } from './explanation.js'

const MEANING: Column = { name: 'meaning', wraps: true }

/** The page of a record's code, or of a record: its code and the words behind its header. Undefined
 *  for one that no Xen is known to write. */
export function tracePage(code: number, given?: readonly number[]): Explanation | undefined {
  const record = traceEvents().find((each) => each.code === code)
  if (record === undefined) return undefined
  const { traceClass, name, layouts } = record
  const hex = `0x${code.toString(16)}`
  const layout = layouts.find(({ words }) => words === given?.length)
  const shown =
    layout !== undefined && given !== undefined
      ? [valuesTable(layout, code, given)]
      : [...(given === undefined ? [] : [noLayout(given)]), ...layouts.flatMap(layoutParts)]
  return new Explanation({
    subject: `${hex} ${traceClass} ${name}`,
    parts: [`${hex}: record ${name} of class ${traceClass}`, ...shown],
    source: 'xen/include/public/trace.h',
    next: [`xdt:${traceClass}::?`],
    json: given === undefined ? record : { ...record, given },
  })
}

const noLayout = ({ length }: readonly number[]): string =>
  `${length} word${length === 1 ? '' : 's'} behind the header: none of its layouts`

/** What each field of a record says. */
function valuesTable({ fields }: TraceLayout, code: number, words: readonly number[]) {
  const rows = fields.map((field) => {
    const value = fieldValue(field, code, words)
    return [field.name, value, `0x${BigInt.asUintN(64, value).toString(16)}`, meaningOf(field)]
  })
  return table([{ name: 'field', isKey: true }, 'value', { ...HEX, align: 'right' }, MEANING], rows)
}

const HEX: Column = { name: 'hex', priority: -1 }
const meaningOf = ({ name }: TraceField): string => FIELD_MEANINGS[name]

/** The bits of a field, as a number. */
function fieldValue(field: TraceField, code: number, words: readonly number[]): bigint {
  const { from, word, shift, bits, signed } = field
  const low = BigInt(from === 'code' ? code : (words[word] ?? 0))
  const high = bits === 64 ? BigInt(words[word + 1] ?? 0) << 32n : 0n
  const raw = BigInt.asUintN(bits, (low | high) >> BigInt(shift))
  return signed ? BigInt.asIntN(bits, raw) : raw
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
