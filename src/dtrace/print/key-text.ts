// One part of an aggregation's key as text, by its type and size.
//
//   int 5           ->  "        5"             8 columns for 4 bytes, 16 for 8
//   string "dom0"   ->  "  dom0        ..."     50 columns, or 16 on the right in packed lines
//   a record        ->  an integer where it has the size of one, else text or a hex dump
//
// Holds: 1 and 2 bytes are unsigned, 4 and 8 signed, whatever the type says.
// Source: libdtrace dt_consume.c (dt_print_datum, dt_print_bytes).
import { assert } from '../../base/assert.js'
import type { KeyPart, KeyType } from '../aggregate/aggregation.js'
import { STRING, SYMBOL_ADDRESS } from '../program/types.js'
import { hexDump, textEnd } from './hex-dump.js'
import { pad } from './pad.js'
import { STACK_INDENT, stackText } from './stack.js'
import { storedBytes, storedText, storedUnsigned } from './stored.js'
import { symbolText } from './symbol.js'

/** How parts of keys are shown. */
export interface KeyStyle {
  /** aggpack, agghist: text in 16 columns, on the right. */
  readonly packed: boolean
  /** Bytes that a string takes. */
  readonly strsize: number
  readonly stackIndent: number
}

export const PLAIN_KEYS: KeyStyle = { packed: false, strsize: 256, stackIndent: STACK_INDENT }

const WIDTHS: Readonly<Record<number, number>> = { 1: 3, 2: 5, 4: 8, 8: 16 }

/** A part with the blanks before it. */
export function keyText(part: KeyPart, type: KeyType | undefined, style: KeyStyle): string {
  assert(type !== undefined, 'a key with more parts than its aggregation declares')
  if (typeof part === 'bigint') return integerText(part, type)
  if (part instanceof Uint8Array) return bytesText(part, style)
  if (type.kind === 'string' && type.form === 'stack')
    return stackText(part === '' ? [] : part.split('\n'), style.stackIndent)
  // An empty string is text, though DTrace takes its bytes for numbers and dumps them.
  if (part === '') return textKey(part, style.packed)
  return bytesText(storedBytes({ type: STRING, value: part }, style.strsize), style)
}

function integerText(part: bigint, type: KeyType): string {
  const bytes = type.kind === 'int' ? type.bytes : 8
  if (type.kind === 'int' && type.form === 'address')
    return symbolText({ type: SYMBOL_ADDRESS, value: part }) ?? ''
  return sizedText(BigInt.asUintN(bytes * 8, part), bytes)
}

function sizedText(value: bigint, bytes: number): string {
  const shown = bytes <= 2 ? value : BigInt.asIntN(bytes * 8, value)
  return ` ${shown.toString().padStart(WIDTHS[bytes] ?? 0)}`
}

function bytesText(bytes: Uint8Array, { packed }: KeyStyle): string {
  if (WIDTHS[bytes.length] !== undefined)
    return sizedText(storedUnsigned(bytes, 0, bytes.length), bytes.length)
  return textEnd(bytes) === undefined ? hexDump(bytes) : textKey(storedText(bytes), packed)
}

function textKey(text: string, packed: boolean): string {
  return packed ? ` ${pad(text, 16, 'right')}` : `  ${pad(text, 50, 'left')}`
}
