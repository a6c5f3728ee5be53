// Keys to row numbers: open addressing over rows of 32-bit words. A key is `arity` words
// (key-layout.ts says which); what belongs to a row lies in columns elsewhere, under the same
// number.
//
//   slots [ 0 | 3 | 0 | 1 | 2 | 0 | ... ]      a row number plus one; 0 is free
//   words [ row 0 | row 1 | row 2 | ... ]      arity words each
//
// Holds: load is at most one half; a row keeps its number until it is removed or `keep` is called.

const START_ROWS = 16

/** Rows that several tables have together, and may have. */
export interface Room {
  used: number
  readonly most: number
}

/** One hash table. Not bounded by memory but by `limit` rows: what does not fit is refused with
 *  -1. */
export class KeyTable {
  readonly arity: number
  readonly limit: number
  /** Words of a key to look for, for tables of more than two words. */
  readonly key: Int32Array
  /** Rows ever used; row numbers are below it. */
  rows = 0
  words: Int32Array
  #slots = new Int32Array(2 * START_ROWS)
  #mask = 2 * START_ROWS - 1
  #free: number[] = []
  readonly #room: Room

  constructor(arity: number, limit = 2 ** 26, room: Room = { used: 0, most: limit }) {
    this.arity = arity
    this.limit = limit
    this.#room = room
    this.key = new Int32Array(arity)
    this.words = new Int32Array(START_ROWS * arity)
  }

  /** Rows in use. */
  get size(): number {
    return this.rows - this.#free.length
  }

  /** The row of the empty key, made when missing. */
  add0(): number {
    if (this.rows === 0) this.rows = 1
    return 0
  }

  /** The row of a one-word key, or -1. */
  find1(a: number): number {
    const words = this.words
    const slots = this.#slots
    const mask = this.#mask
    for (let at = scramble(a) & mask; ; at = (at + 1) & mask) {
      const row = (slots[at] as number) - 1
      if (row < 0 || words[row] === a) return row
    }
  }

  /** The row of a one-word key, made when missing; -1 when the table is full. */
  add1(a: number): number {
    const row = this.find1(a)
    if (row >= 0) return row
    this.key[0] = a
    return this.#insert()
  }

  /** The row of a two-word key, or -1. */
  find2(a: number, b: number): number {
    const words = this.words
    const slots = this.#slots
    const mask = this.#mask
    for (let at = scramble(scramble(a) ^ b) & mask; ; at = (at + 1) & mask) {
      const row = (slots[at] as number) - 1
      if (row < 0 || (words[2 * row] === a && words[2 * row + 1] === b)) return row
    }
  }

  /** The row of a two-word key, made when missing; -1 when the table is full. */
  add2(a: number, b: number): number {
    const row = this.find2(a, b)
    if (row >= 0) return row
    this.key[0] = a
    this.key[1] = b
    return this.#insert()
  }

  /** The row of a three-word key, or -1. */
  find3(a: number, b: number, c: number): number {
    const words = this.words
    const slots = this.#slots
    const mask = this.#mask
    for (let at = scramble(scramble(scramble(a) ^ b) ^ c) & mask; ; at = (at + 1) & mask) {
      const row = (slots[at] as number) - 1
      if (row < 0) return row
      const w = 3 * row
      if (words[w] === a && words[w + 1] === b && words[w + 2] === c) return row
    }
  }

  /** The row of a three-word key, made when missing; -1 when the table is full. */
  add3(a: number, b: number, c: number): number {
    const row = this.find3(a, b, c)
    if (row >= 0) return row
    this.key[0] = a
    this.key[1] = b
    this.key[2] = c
    return this.#insert()
  }

  /** The row of the key in `key`, or -1. */
  find(): number {
    if (this.arity === 0) return this.rows - 1
    for (let at = this.#hash(this.key, 0) & this.#mask; ; at = (at + 1) & this.#mask) {
      const row = (this.#slots[at] as number) - 1
      if (row < 0 || this.#holds(row)) return row
    }
  }

  /** The row of the key in `key`, made when missing; -1 when the table is full. */
  add(): number {
    if (this.arity === 0) return this.add0()
    const row = this.find()
    return row >= 0 ? row : this.#insert()
  }

  /** Takes a row out; its number is given to a later key. */
  remove(row: number): void {
    let hole = this.#slotOf(row)
    const slots = this.#slots
    for (let at = (hole + 1) & this.#mask; slots[at] !== 0; at = (at + 1) & this.#mask) {
      const home = this.#hash(this.words, ((slots[at] as number) - 1) * this.arity) & this.#mask
      const fromHome = (at - home) & this.#mask
      if (fromHome < ((at - hole) & this.#mask)) continue
      slots[hole] = slots[at] as number
      hole = at
    }
    slots[hole] = 0
    this.#free.push(row)
    this.#room.used--
  }

  /** Drops all rows but these, which become rows 0, 1, 2, ... in the order given. */
  keep(rows: readonly number[]): void {
    const words = new Int32Array(Math.max(START_ROWS, rows.length) * this.arity)
    rows.forEach((row, i) => {
      words.set(this.words.subarray(row * this.arity, (row + 1) * this.arity), i * this.arity)
    })
    this.words = words
    this.#room.used += rows.length - this.size
    this.rows = rows.length
    this.#free = []
    this.#rehash(this.#slots.length)
  }

  #insert(): number {
    if (this.size >= this.limit || this.#room.used >= this.#room.most) return -1
    this.#room.used++
    const row = this.#free.pop() ?? this.rows++
    if ((row + 1) * this.arity > this.words.length) {
      const grown = new Int32Array(this.words.length * 2)
      grown.set(this.words)
      this.words = grown
    }
    this.words.set(this.key, row * this.arity)
    if (2 * this.size > this.#slots.length) this.#rehash(2 * this.#slots.length, row)
    this.#place(row)
    return row
  }

  // `except` is a row whose words are there but which has no slot yet.
  #rehash(length: number, except = -1): void {
    const old = this.#slots
    this.#slots = new Int32Array(length)
    this.#mask = length - 1
    if (except < 0) {
      for (let row = 0; row < this.rows; row++) this.#place(row)
      return
    }
    for (const entry of old) if (entry !== 0) this.#place(entry - 1)
  }

  #place(row: number): void {
    let at = this.#hash(this.words, row * this.arity) & this.#mask
    while (this.#slots[at] !== 0) at = (at + 1) & this.#mask
    this.#slots[at] = row + 1
  }

  #slotOf(row: number): number {
    let at = this.#hash(this.words, row * this.arity) & this.#mask
    while (this.#slots[at] !== row + 1) at = (at + 1) & this.#mask
    return at
  }

  #holds(row: number): boolean {
    const from = row * this.arity
    for (let i = 0; i < this.arity; i++) {
      if (this.words[from + i] !== this.key[i]) return false
    }
    return true
  }

  #hash(words: Int32Array, from: number): number {
    let hash = 0
    for (let i = 0; i < this.arity; i++) hash = scramble(hash ^ (words[from + i] as number))
    return hash
  }
}

function scramble(word: number): number {
  const spread = Math.imul(word, 0x9e3779b1)
  return spread ^ (spread >>> 15)
}
