// json(text, selector): one element of a JSON text, found without reading all of it.
//
//   json('{"a":[1,{"b":"x"}]}', 'a[1].b')  ->  x
//
// Holds: a string is yielded without its quotes, its escapes as they stand; an object or array as
// it is written. What comes after the element need not be JSON. NULL when there is no such element.
// Source: illumos dtrace.c (dtrace_json).
import { NULL_STRING } from './strings.js'
import { parsed } from './subroutines-text.js'

/** Finds an element. */
export function json(text: string, selector: string): string {
  return new JsonSearch(text).find(splitSelector(selector)) ?? NULL_STRING
}

function splitSelector(selector: string): string[] {
  return selector.replace(/^\[/, '').replaceAll(']', '').split(/[.[]/)
}

/** Reads a JSON text from its beginning. Everything that finds nothing, or no JSON, yields
 *  undefined. */
class JsonSearch {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  find(path: readonly string[]): string | undefined {
    const opening = this.#next()
    if (opening === '{') return this.#inObject(path)
    return opening === '[' ? this.#inArray(path) : undefined
  }

  // The next character that is not white space.
  #next(): string {
    while (/[ \t\n\r\v\f]/.test(this.#text.charAt(this.#at))) this.#at++
    return this.#text.charAt(this.#at++)
  }

  #inObject(path: readonly string[]): string | undefined {
    for (;;) {
      if (this.#next() !== '"') return undefined
      const key = this.#string()
      if (key === undefined || this.#next() !== ':') return undefined
      if (key === path[0]) return this.#wanted(path)
      if (this.#value() === undefined || this.#next() !== ',') return undefined
    }
  }

  #inArray(path: readonly string[]): string | undefined {
    const wanted = parsed(path[0] ?? '', 10n)
    for (let i = 0n; i !== wanted; i++) {
      if (this.#value() === undefined || this.#next() !== ',') return undefined
    }
    return this.#wanted(path)
  }

  // The value that the first step of the path leads to.
  #wanted(path: readonly string[]): string | undefined {
    if (path.length === 1) return this.#value()
    const opening = this.#next()
    if (opening === '{') return this.#inObject(path.slice(1))
    return opening === '[' ? this.#inArray(path.slice(1)) : undefined
  }

  #value(): string | undefined {
    const first = this.#next()
    this.#at--
    if (first === '{' || first === '[') return this.#nested()
    if (first === '"') {
      this.#at++
      return this.#string()
    }
    if (/[a-z]/.test(first)) return this.#word()
    return /[-\d]/.test(first) ? this.#number() : undefined
  }

  // What is within quotes; the first one has been read.
  #string(): string | undefined {
    return this.#match(/((?:[^\\"]|\\[^u]|\\u[0-9a-fA-F]{4})*)"/y)
  }

  #word(): string | undefined {
    const word = this.#ended(/([a-z]+)/y)
    return word === 'true' || word === 'false' || word === 'null' ? word : undefined
  }

  #number(): string | undefined {
    const number = this.#ended(/(-?\d*(?:\.\d*)?(?:[eE][-+\d]*)?)/y)
    return number === undefined || /[-+xX]/.test(this.#unexponented(number)) ? undefined : number
  }

  // What decides whether a number without an exponent is one: the character after it.
  #unexponented(number: string): string {
    return /[eE]/.test(number) ? '' : this.#text.charAt(this.#at)
  }

  #nested(): string | undefined {
    const start = this.#at
    let braces = 0
    let brackets = 0
    while (this.#at < this.#text.length) {
      const c = this.#text.charAt(this.#at++)
      if (c === '"' && this.#string() === undefined) return undefined
      if (c === '{') braces++
      if (c === '[') brackets++
      if (c === '}' && braces-- === 0) return undefined
      if (c === ']' && brackets-- === 0) return undefined
      if (braces === 0 && brackets === 0) return this.#text.slice(start, this.#at)
    }
    return undefined
  }

  // A word or number counts only where something follows: else it might go on.
  #ended(pattern: RegExp): string | undefined {
    const found = this.#match(pattern)
    return this.#at < this.#text.length ? found : undefined
  }

  // The first group of what matches here, which is then read.
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found === null) return undefined
    this.#at = pattern.lastIndex
    return found[1]
  }
}
