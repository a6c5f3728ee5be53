// Keys as 32-bit words, and back: an integer of up to 4 bytes is one word, one of 8 bytes two (low,
// high), a string the code that this run gave to it. Bytes are such a string too: a character of
// it for each (`bytesText`).
import { cutInteger } from '../../base/int64.js'
import type { KeyPart, KeyType } from './aggregation.js'
import type { KeyTable } from './key-table.js'

/** Strings by number, for one run. Code 0 is "". Grows only. */
export class StringPool {
  readonly #texts: string[] = ['']
  readonly #codes = new Map<string, number>([['', 0]])
  readonly #translations = new WeakMap<readonly string[], Int32Array>()
  #cached: readonly string[] | undefined
  #cachedLength = 0
  #cachedCodes: Int32Array = new Int32Array(0)

  /** The code of a text; the same text always has the same. */
  code(text: string): number {
    const known = this.#codes.get(text)
    if (known !== undefined) return known
    this.#codes.set(text, this.#texts.length)
    return this.#texts.push(text) - 1
  }

  text(code: number): string {
    return this.#texts[code] ?? ''
  }

  /** Codes of a dictionary's strings, by their place in it. The dictionary may grow between
   *  calls. */
  translate(strings: readonly string[]): Int32Array {
    if (strings === this.#cached && strings.length === this.#cachedLength) return this.#cachedCodes
    const before = this.#translations.get(strings)
    let codes: Int32Array = before ?? new Int32Array(0)
    if (codes.length !== strings.length) {
      codes = Int32Array.from(strings, (text) => this.code(text))
      this.#translations.set(strings, codes)
    }
    this.#cached = strings
    this.#cachedLength = strings.length
    this.#cachedCodes = codes
    return codes
  }
}

/** Words that one part of a key takes. */
function wordsOf(type: KeyType): 1 | 2 {
  return type.kind === 'int' && type.bytes === 8 ? 2 : 1
}

/** Words that a whole key takes. */
export function keyArity(types: readonly KeyType[]): number {
  return types.reduce((sum, type) => sum + wordsOf(type), 0)
}

/** The key of a row, with every integer in the range of its type. */
export function readKey(
  types: readonly KeyType[],
  table: KeyTable,
  row: number,
  pool: StringPool,
): KeyPart[] {
  let at = row * table.arity
  return types.map((type) => {
    const low = table.words[at++] ?? 0
    if (type.kind === 'string') return pool.text(low)
    if (type.kind === 'bytes') return textBytes(pool.text(low))
    const high = type.bytes === 8 ? (table.words[at++] ?? 0) : low >> 31
    return cutInteger((BigInt(high) << 32n) | BigInt(low >>> 0), type)
  })
}

/** Bytes as a string of characters from U+0000 to U+00FF: how a key of bytes is looked up. */
export function bytesText(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

function textBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}
