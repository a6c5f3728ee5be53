// Where the fields of a trace record lie: one line of text a layout, packed from the first extra
// word on.
//
//   'u16 vcpu, u16 domid, i32 credit'  ->  vcpu word 0 bits 0-15, domid bits 16-31, credit word 1
//
//   u1 .. u32, i32    that many bits, low bits first        u64, i64   two words, low first
//   addr              u64 when the code carries 0x100 (TRC_64_FLAG), else u32
//   pte, va           u64 from the 3-level (pte) or 4-level (va) shadow form on, else u32
//   code8.4           4 bits of the code itself, from bit 8 on: not in the words at all
//   a name of '-'     padding
//
// Holds: no field straddles a word unless it is two whole words.
import { assert } from '../base/assert.js'
import { FIELD_MEANINGS, type FieldName } from './trace-field-meaning.js'

/** One field of a record. `from` says whether its bits are in the extra words or in the event
 *  code; `word` counts extra words from 0 and is 0 for a code field. 64-bit fields take `word` and
 *  the one after it. */
export interface TraceField {
  readonly name: FieldName
  readonly from: 'words' | 'code'
  readonly word: number
  readonly shift: number
  readonly bits: number
  readonly signed: boolean
}

/** One way a record may be laid out: the words it fills, and its fields in order. */
export interface TraceLayout {
  readonly words: number
  readonly fields: readonly TraceField[]
}

/** How wide the fields are whose width the event code decides. */
export interface TraceWidths {
  readonly addr: 32 | 64
  readonly pte: 32 | 64
  readonly va: 32 | 64
}

/** Parses the alternatives of one table row, separated by `|`; each is told apart by its word
 *  count. */
export function parseLayouts(text: string, widths: TraceWidths): readonly TraceLayout[] {
  return text.split('|').map((layout) => parseLayout(layout.trim(), widths))
}

function parseLayout(text: string, widths: TraceWidths): TraceLayout {
  const fields: TraceField[] = []
  let bit = 0
  for (const part of text === '' ? [] : text.split(',')) {
    const [type = '', name = ''] = part.trim().split(' ')
    const inCode = codeBits(type)
    if (inCode !== undefined) {
      fields.push({ name: fieldName(name), from: 'code', word: 0, signed: false, ...inCode })
      continue
    }
    const { bits, signed } = sizeOf(type, widths)
    assert(fitsWords(bit, bits), `trace field ${part} straddles a word`)
    const place = { word: bit >> 5, shift: bit % 32, bits, signed }
    if (name !== '-') fields.push({ name: fieldName(name), from: 'words', ...place })
    bit += bits
  }
  return { words: Math.ceil(bit / 32), fields }
}

function fieldName(name: string): FieldName {
  assert(Object.hasOwn(FIELD_MEANINGS, name), `trace field ${name} has no meaning`)
  return name as FieldName
}

function codeBits(type: string): Pick<TraceField, 'shift' | 'bits'> | undefined {
  const parts = /^code(\d+)\.(\d+)$/.exec(type)
  return parts === null ? undefined : { shift: Number(parts[1]), bits: Number(parts[2]) }
}

function sizeOf(type: string, widths: TraceWidths): Pick<TraceField, 'bits' | 'signed'> {
  if (type === 'addr' || type === 'pte' || type === 'va') {
    return { bits: widths[type], signed: false }
  }
  const parts = /^([ui])(\d+)$/.exec(type)
  assert(parts !== null, `trace field type ${type}`)
  return { bits: Number(parts[2]), signed: parts[1] === 'i' }
}

function fitsWords(bit: number, bits: number): boolean {
  return bits === 64 ? bit % 32 === 0 : (bit % 32) + bits <= 32
}
