// Macro variables: $1 and $$1 (arguments of the command line), $pid, $target ... ($$pid as a
// string).
//
// Source: the D language guide, "Scripting".

/** What macros stand for. `args[0]` is the script's own name. */
export interface MacroValues {
  readonly args: readonly string[]
  readonly ids: ReadonlyMap<string, number>
  /** -x defaultargs: a missing $n is 0, a missing $$n is "". */
  readonly defaults: boolean
}

/** The value of one macro: the text of an argument, or a number. */
export type Macro =
  | { readonly kind: 'argument'; readonly text: string }
  | { readonly kind: 'id'; readonly value: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'undefined' }

/** Looks macros up, and remembers which arguments were used. */
export class Macros {
  readonly #values: MacroValues
  readonly #used = new Set<number>()
  defaults: boolean

  constructor(values: MacroValues) {
    this.#values = values
    this.defaults = values.defaults
  }

  /** `name` is what follows the dollars: '1', 'pid'. */
  value(name: string): Macro {
    if (!/^[0-9]+$/.test(name)) {
      const value = this.#values.ids.get(name)
      return value === undefined ? { kind: 'undefined' } : { kind: 'id', value }
    }
    const index = Number(name)
    const text = this.#values.args[index]
    this.#used.add(index)
    if (text !== undefined) return { kind: 'argument', text }
    return this.defaults ? { kind: 'missing' } : { kind: 'undefined' }
  }

  /** Starts another source. */
  forgetUsed(): void {
    this.#used.clear()
  }

  get used(): ReadonlySet<number> {
    return this.#used
  }
}
