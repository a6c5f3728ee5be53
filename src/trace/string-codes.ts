// StringCodes: the dictionary of a stream, in which each string has one number.
//
//   'xl' -> 1, 'xenstored' -> 2, 'xl' -> 1
//
// Holds: numbers go up by one from 0, which is ""; a number never changes its string.

/** Strings by number, growing as new ones are asked for. */
export class StringCodes {
  readonly #list: string[] = ['']
  readonly #codes = new Map<string, number>([['', 0]])

  /** All strings so far, each at its own number. */
  get list(): readonly string[] {
    return this.#list
  }

  /** The number of a string, a new one when it has none. */
  of(text: string): number {
    const known = this.#codes.get(text)
    if (known !== undefined) return known
    this.#codes.set(text, this.#list.length)
    return this.#list.push(text) - 1
  }
}
