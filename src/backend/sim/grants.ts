// Grants: how many grant-table frames each domain has, and which grants others have mapped.
//
//   map_grant_ref(dom 3, ref 8)  ->  handle 0;  unmap_grant_ref(0)
//
// Holds: a handle belongs to one mapping until that is undone. What a grant's own entry holds is
// the guest's; here only who maps what.
// Source: xen/common/grant_table.c.

/** One mapping of a domain's grant by another. */
export interface GrantMapping {
  readonly handle: number
  readonly mapper: number
  readonly granter: number
  readonly reference: number
}

/** Grant tables of a host. */
export interface GrantsState {
  readonly frames: readonly (readonly [domid: number, frames: number])[]
  readonly mappings: readonly GrantMapping[]
}

/** The first entries of a table, which the builder fills: console, xenstore ... */
export const RESERVED_GRANTS = 8
/** Frames of a grant table before it grows. */
export const INITIAL_GRANT_FRAMES = 1
/** Grants of the first version in one frame. */
const GRANTS_PER_FRAME = 512

/** The grant tables of all domains. */
export class Grants {
  readonly #frames = new Map<number, number>()
  #mappings: GrantMapping[] = []

  /** Frames of a domain's table. */
  frames(domid: number): number {
    return this.#frames.get(domid) ?? 0
  }

  /** Lets a table have at least so many frames. False when that is more than `max`. */
  grow(domid: number, frames: number, max: number): boolean {
    if (frames > max) return false
    this.#frames.set(domid, Math.max(frames, this.frames(domid)))
    return true
  }

  /** Maps a grant; the handle, undefined when the granter has no such entry. */
  map(mapper: number, granter: number, reference: number): number | undefined {
    if (reference >= this.frames(granter) * GRANTS_PER_FRAME) return undefined
    const used = new Set(this.#mappings.filter((m) => m.mapper === mapper).map((m) => m.handle))
    let handle = 0
    while (used.has(handle)) handle++
    this.#mappings.push({ handle, mapper, granter, reference })
    return handle
  }

  /** Undoes a mapping. False when there is none of that handle. */
  unmap(mapper: number, handle: number): boolean {
    const before = this.#mappings.length
    this.#mappings = this.#mappings.filter((m) => m.mapper !== mapper || m.handle !== handle)
    return this.#mappings.length < before
  }

  /** Mappings of a domain's grants by others. */
  mappedOf(granter: number): readonly GrantMapping[] {
    return this.#mappings.filter((m) => m.granter === granter)
  }

  /** Forgets a domain: its table and what it mapped; what others mapped of it as well. */
  remove(domid: number): void {
    this.#frames.delete(domid)
    this.#mappings = this.#mappings.filter((m) => m.mapper !== domid && m.granter !== domid)
  }

  save(): GrantsState {
    return { frames: [...this.#frames], mappings: [...this.#mappings] }
  }

  restore(state: GrantsState): void {
    this.#frames.clear()
    for (const [domid, frames] of state.frames) this.#frames.set(domid, frames)
    this.#mappings = [...state.mappings]
  }
}
