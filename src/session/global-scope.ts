// The global scope of a session: which names it put on the global object, and what was there
// before.
//
//   inject({ on, d })   declare(['x'])   ...   restore()      the realm is as it was found
//
// Holds: one realm has one global object, so only one scope is open at a time; after `restore` no
// name of the session is left, and names it had covered are back. What a session did to objects it
// did not make (a changed prototype, the state of an imported module) stays.
import { XpvError } from '../base/error.js'

let open: GlobalScope | undefined

/** The names of one session. Close it with `restore`. */
export class GlobalScope {
  readonly #covered = new Map<string, PropertyDescriptor | undefined>()
  readonly #declared = new Set<string>()
  readonly #injected = new Set<string>()

  /** Throws `XpvError` `session.busy` when another session of this process is still open. */
  constructor() {
    if (open !== undefined)
      throw new XpvError(
        'session.busy',
        'another session is open in this process',
        'close it first',
      )
    open = this
  }

  /** Names that cells declared, in order. */
  get declared(): readonly string[] {
    return [...this.#declared]
  }

  /** Names the session was given. */
  get injected(): readonly string[] {
    return [...this.#injected]
  }

  isDeclared(name: string): boolean {
    return this.#declared.has(name)
  }

  /** Gives names to cells; a later one of the same name replaces it. Hidden names are not
   *  listed. */
  inject(values: Readonly<Record<string, unknown>>, listed = true): void {
    for (const [name, value] of Object.entries(values)) {
      this.#cover(name, value)
      this.#declared.delete(name)
      if (listed) this.#injected.add(name)
    }
  }

  /** Makes room for names that a cell is about to define; a name that has a value keeps it. */
  declare(names: readonly string[]): void {
    for (const name of names) {
      if (!this.#declared.has(name))
        this.#cover(name, this.#covered.has(name) ? get(name) : undefined)
      this.#declared.add(name)
    }
  }

  /** Forgets declared names that have no value: those a failed cell announced but did not reach. */
  forgetUnset(names: readonly string[]): void {
    for (const name of names) {
      if (get(name) !== undefined || this.#injected.has(name)) continue
      this.#declared.delete(name)
      this.#uncover(name)
    }
  }

  restore(): void {
    for (const name of [...this.#covered.keys()]) this.#uncover(name)
    this.#declared.clear()
    this.#injected.clear()
    if (open === this) open = undefined
  }

  #cover(name: string, value: unknown): void {
    if (!this.#covered.has(name))
      this.#covered.set(name, Object.getOwnPropertyDescriptor(globalThis, name))
    const flags = { writable: true, configurable: true, enumerable: false }
    Object.defineProperty(globalThis, name, { value, ...flags })
  }

  #uncover(name: string): void {
    const before = this.#covered.get(name)
    this.#covered.delete(name)
    if (before === undefined) Reflect.deleteProperty(globalThis, name)
    else Object.defineProperty(globalThis, name, before)
  }
}

function get(name: string): unknown {
  return Reflect.get(globalThis, name)
}
