// Xenstore: paths to values, a tree in which dom0 and guests tell each other what they want.
//
//   write('/local/domain/3/name', 'web1')  ->  watches on that path or above it are told
//
// Holds: a path's parents exist; removing one removes all below it. Entries keep no order: lists
// are sorted.
// Source: docs/misc/xenstore.txt; xen-unstable tools/xenstore/xenstored_core.c.

/** Who is told of a change at `path`, in order of registration. */
export interface XenstoreWatcher {
  /** The path watched: a change there or below is told. */
  readonly node: string
  readonly token: number
}

/** All that a store knows. */
export interface XenstoreState {
  readonly entries: readonly (readonly [path: string, value: string])[]
  readonly watchers: readonly XenstoreWatcher[]
}

/** Who is told by a store. */
export interface XenstoreAudience {
  /** A watch fired at a path. */
  fired(watcher: XenstoreWatcher, path: string): void
  /** A value was written. */
  written(path: string, value: string): void
}

/** One host's store. */
export class Xenstore {
  readonly #entries = new Map<string, string>([['/', '']])
  #watchers: XenstoreWatcher[] = []
  readonly #audience: XenstoreAudience

  constructor(audience: XenstoreAudience) {
    this.#audience = audience
  }

  /** The value at a path, undefined when there is none. */
  read(path: string): string | undefined {
    return this.#entries.get(path)
  }

  /** Writes a value, making what is missing above. */
  write(path: string, value: string): void {
    for (let up = parentOf(path); !this.#entries.has(up); up = parentOf(up))
      this.#entries.set(up, '')
    this.#entries.set(path, value)
    this.#tell(path)
    this.#audience.written(path, value)
  }

  /** Removes a path and all below. False when there was nothing. */
  remove(path: string): boolean {
    if (!this.#entries.has(path) || path === '/') return false
    for (const below of [...this.#entries.keys()]) {
      if (isWithin(below, path)) this.#entries.delete(below)
    }
    this.#tell(path)
    return true
  }

  /** Names right below a path, sorted; empty when there is nothing. */
  list(path: string): readonly string[] {
    const prefix = path === '/' ? '/' : `${path}/`
    const names = [...this.#entries.keys()]
      .filter((p) => p.startsWith(prefix) && p !== '/' && !p.slice(prefix.length).includes('/'))
      .map((p) => p.slice(prefix.length))
    return names.sort()
  }

  /** Registers a watch. As xenstored does, it fires once at once. */
  watch(node: string, token: number): void {
    const watcher = { node, token }
    this.#watchers.push(watcher)
    this.#audience.fired(watcher, node)
  }

  /** Takes a watch back. False when there was none. */
  unwatch(node: string, token: number): boolean {
    const before = this.#watchers.length
    this.#watchers = this.#watchers.filter((w) => w.node !== node || w.token !== token)
    return this.#watchers.length < before
  }

  /** Fires watches on a special node (`@releaseDomain`), which holds no value. */
  announce(node: string): void {
    this.#tell(node)
  }

  save(): XenstoreState {
    return { entries: [...this.#entries], watchers: [...this.#watchers] }
  }

  restore(state: XenstoreState): void {
    this.#entries.clear()
    for (const [path, value] of state.entries) this.#entries.set(path, value)
    this.#watchers = [...state.watchers]
  }

  #tell(path: string): void {
    for (const watcher of [...this.#watchers]) {
      if (isWithin(path, watcher.node) || isWithin(watcher.node, path))
        this.#audience.fired(watcher, path)
    }
  }
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash <= 0 ? '/' : path.slice(0, slash)
}

function isWithin(path: string, node: string): boolean {
  return path === node || path.startsWith(node === '/' ? '/' : `${node}/`)
}
