// Patches: properties that are other ones for a while.
//
// Holds: undone in the opposite order, so that each object is as it was found.

/** A list of what was changed, and how it was. */
export class Patches {
  readonly #undo: (() => void)[] = []

  /** Gives a property another value; it is as visible as before. */
  set(object: object, name: PropertyKey, value: unknown): void {
    const before = Object.getOwnPropertyDescriptor(object, name)
    const { enumerable = false } = before ?? {}
    Object.defineProperty(object, name, { value, enumerable, writable: true, configurable: true })
    this.#undo.push(() => {
      if (before === undefined) Reflect.deleteProperty(object, name)
      else Object.defineProperty(object, name, before)
    })
  }

  /** Sets a variable of the environment; undefined removes it. */
  environment(name: string, value: string | undefined): void {
    const before = process.env[name]
    put(name, value)
    this.#undo.push(() => put(name, before))
  }

  undo(): void {
    for (const undo of this.#undo.splice(0).reverse()) undo()
  }
}

function put(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name]
  else process.env[name] = value
}
