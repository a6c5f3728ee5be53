// Known names: what is known of each name of the session while cells are walked in order.
//
//   list   defined by cell 1, changed last by cell 3; tail shares what it holds
//   inc    reads and assigns n whenever it is called
//
// Holds: errs on the side of more. Names that hold one object change together.
import { allTouched, type Touched, UNTOUCHED } from './step.js'

/** What is known of one name. Cells are indexes. */
interface Known {
  /** The cell that defined or changed it last: that one needs who did so before. */
  readonly maker: number | undefined
  /** What it does whenever it is used. */
  readonly later: Touched
  readonly shares: ReadonlySet<string>
  /** A function or a class, not something made with one. */
  readonly isCallable: boolean
}

const UNKNOWN: Known = {
  maker: undefined,
  later: UNTOUCHED,
  shares: new Set(),
  isCallable: false,
}

/** How a name comes to its value. */
export interface Origin {
  /** What the value does whenever it is used. */
  readonly later: Touched
  /** Names with which it may share what it holds. */
  readonly shares: readonly string[]
  readonly isCallable: boolean
}

/** The names of a session between two of its cells. */
export class KnownNames {
  readonly #names = new Map<string, Known>()

  has(name: string): boolean {
    return this.#names.has(name)
  }

  isCallable(name: string): boolean {
    return this.#of(name).isCallable
  }

  /** A name gets its value from a cell; nothing of what it was is left, but in what it shared. */
  define(name: string, cell: number, origin: Origin): void {
    const others = [...this.#of(name).shares]
    const [hub] = others
    for (const other of others) {
      this.#unshare(other, name)
      if (hub !== undefined) this.#share(hub, other)
    }
    this.#names.set(name, { ...UNKNOWN, maker: cell })
    const shares = origin.shares.flatMap((other) => (other === name ? others : [other]))
    this.extend(name, { ...origin, shares })
  }

  /** A name also has what comes from elsewhere. */
  extend(name: string, { later, shares, isCallable }: Origin): void {
    const known = this.#of(name)
    this.#names.set(name, {
      ...known,
      later: allTouched([known.later, later]),
      isCallable,
    })
    for (const other of shares) this.#share(name, other)
  }

  /** A cell changes the value of names, and of all that share it. */
  change(names: Iterable<string>, cell: number): void {
    for (const name of names) {
      this.#names.set(name, { ...this.#of(name), maker: cell })
    }
  }

  /** The cell that made a name what it is. Who changes a name must need its maker first. */
  makerOf(name: string): number | undefined {
    return this.#of(name).maker
  }

  /** Names that are read when these are used: what their functions read, too. */
  reachedFrom(names: Iterable<string>): ReadonlySet<string> {
    const found = new Set(names)
    for (const name of found) for (const read of this.#of(name).later.reads) found.add(read)
    return found
  }

  /** What happens when these are used. */
  laterOf(names: Iterable<string>): Touched {
    return allTouched([...names].map((name) => this.#of(name).later))
  }

  /** Those that do something when they are used. */
  livelyIn(names: Iterable<string>): readonly string[] {
    return [...names].filter((name) => {
      const { reads, assigns, mutates, changesHanded, changesOwn } = this.#of(name).later
      return reads.size + assigns.size + mutates.size > 0 || changesHanded || changesOwn
    })
  }

  /** Those that keep something from call to call. */
  keepingIn(names: Iterable<string>): readonly string[] {
    return [...names].filter((name) => this.#of(name).later.changesOwn)
  }

  /** Names whose values these may hold: for a function, those that it reads. */
  heldBy(names: Iterable<string>): readonly string[] {
    const all = [...names]
    const isHeld = (name: string): boolean =>
      this.has(name) && !this.isCallable(name) && !isResource(name)
    const callable = all.filter((name) => this.isCallable(name))
    return [...all, ...this.reachedFrom(callable)].filter(isHeld)
  }

  /** Names with all that share what they hold. */
  sharedWith(names: Iterable<string>): ReadonlySet<string> {
    const all = [...names]
    const found = new Set([...all, ...this.heldBy(all)])
    for (const name of found) for (const other of this.#of(name).shares) found.add(other)
    return found
  }

  all(): readonly string[] {
    return [...this.#names.keys()]
  }

  #of(name: string): Known {
    return this.#names.get(name) ?? UNKNOWN
  }

  #share(a: string, b: string): void {
    if (a === b) return
    const [one, other] = [this.#of(a), this.#of(b)]
    this.#names.set(a, { ...one, shares: new Set([...one.shares, b]) })
    this.#names.set(b, { ...other, shares: new Set([...other.shares, a]) })
  }

  #unshare(a: string, b: string): void {
    const known = this.#of(a)
    const shares = new Set([...known.shares].filter((name) => name !== b))
    this.#names.set(a, { ...known, shares })
  }
}

/** Whether a name stands for what cells draw on, such as the machine, which holds
 *  nothing of theirs. */
export function isResource(name: string): boolean {
  return name.startsWith('#')
}
