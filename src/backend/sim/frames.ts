// Frames: all machine frames of a host and who owns them: the hypervisor, domains, nobody; and
// those taken out of service.
//
//   total  =  xen  +  free  +  every domain's  +  retired
//
// Holds: the sum above, whatever happens; a frame has one owner. Claimed frames are free ones that
// only the claiming domain may take.
// Source: xen/common/page_alloc.c (domain_set_outstanding_pages, offline_page).
import { type FrameRun, FreeFrames } from './free-frames.js'
import { GuestFrames, type GuestRun } from './guest-frames.js'

/** Bytes of a frame, which is what the tools call a page; KiB of it; frames in a MiB. */
export const FRAME_BYTES = 4096
export const KIB_PER_FRAME = FRAME_BYTES / 1024
export const FRAMES_PER_MIB = 1024 / KIB_PER_FRAME
/** First frame of the hole below 4 GiB in which devices are, and the first behind it. */
export const HOLE_START = 0xc0000
export const HOLE_END = 0x100000
/** Bytes that the hypervisor keeps of each frame: its entry in the frame table, and in M2P. */
const KEPT_BYTES = 40
/** Frames of the hypervisor's image and of the first MiB. */
const IMAGE_FRAMES = 16 * FRAMES_PER_MIB + 256

/** All that is known of a host's frames. */
export interface FramesState {
  readonly free: readonly FrameRun[]
  readonly xenFrames: number
  readonly domains: readonly (readonly [domid: number, runs: readonly GuestRun[]])[]
  /** What the hypervisor itself keeps for a domain. */
  readonly overheads: readonly (readonly [domid: number, runs: readonly FrameRun[]])[]
  readonly claims: readonly (readonly [domid: number, frames: number])[]
  readonly retired: readonly number[]
  readonly pending: readonly number[]
  readonly broken: readonly number[]
}

/** Who a frame belongs to. */
export type FrameOwner =
  | { readonly kind: 'free' | 'xen' | 'retired' | 'hole' }
  | { readonly kind: 'domain'; readonly domid: number }

/** What became of taking a frame out of service: done, or once its owner gives it back. */
export type RetireOutcome =
  | { readonly kind: 'retired' | 'already' | 'xen' | 'hole' }
  | { readonly kind: 'pending'; readonly domid: number }

/** The frames of one host. */
export class Frames {
  readonly total: number
  #free: FreeFrames
  #xenFrames: number
  readonly #domains = new Map<number, GuestFrames>()
  readonly #overheads = new Map<number, readonly FrameRun[]>()
  readonly #claims = new Map<number, number>()
  readonly #retired = new Set<number>()
  readonly #pending = new Set<number>()
  readonly #broken = new Set<number>()

  constructor(memoryMiB: number) {
    this.total = memoryMiB * FRAMES_PER_MIB
    this.#xenFrames = Math.ceil((this.total * KEPT_BYTES) / FRAME_BYTES) + IMAGE_FRAMES
    this.#free = new FreeFrames(ramOf(this.total, this.#xenFrames))
  }

  get free(): number {
    return this.#free.count
  }

  /** Free frames that a domain has claimed. */
  get claimed(): number {
    return [...this.#claims.values()].reduce((sum, n) => sum + n, 0)
  }

  /** Free frames that this domain has claimed. */
  claimOf(domid: number): number {
    return this.#claims.get(domid) ?? 0
  }

  /** The hypervisor's own, what it keeps for domains included. */
  get xen(): number {
    let sum = this.#xenFrames
    for (const runs of this.#overheads.values()) for (const run of runs) sum += run.count
    return sum
  }

  get retired(): number {
    return this.#retired.size
  }

  /** The last frame there is. */
  get last(): number {
    return this.total <= HOLE_START ? this.total - 1 : this.total + HOLE_END - HOLE_START - 1
  }

  ownedBy(domid: number): number {
    return this.#domains.get(domid)?.count ?? 0
  }

  /** One past the highest pfn a domain has. */
  endOf(domid: number): number {
    return this.#domains.get(domid)?.end ?? 0
  }

  /** Gives a domain up to `extents` extents of 2^order frames; how many it got. */
  populate(
    domid: number,
    wanted: { readonly extents: number; readonly order: number; readonly pfn?: number },
  ): number {
    const size = 2 ** wanted.order
    const room = Math.floor(this.availableTo(domid) / size)
    const runs = this.#free.take(Math.min(wanted.extents, room), wanted.order)
    const guest = this.#guest(domid)
    let frames = 0
    for (const run of runs) {
      guest.add(run, wanted.pfn === undefined ? guest.end : wanted.pfn + frames)
      frames += run.count
    }
    this.#useClaim(domid, frames)
    return frames / size
  }

  /** Frames a domain could still get: those free that no other one has claimed. */
  availableTo(domid: number): number {
    return this.free - this.claimed + (this.#claims.get(domid) ?? 0)
  }

  /** Takes frames from a domain, from `pfn` on; how many there were. */
  release(domid: number, pfn: number, count: number): number {
    const runs = this.#guest(domid).remove(pfn, count)
    for (const run of runs) this.#giveBack(run)
    return runs.reduce((sum, run) => sum + run.count, 0)
  }

  /** Takes everything from a domain, the hypervisor's own for it included; how many frames were
   *  its own. */
  releaseAll(domid: number): number {
    const guest = this.#domains.get(domid)
    const runs = guest?.runs() ?? []
    this.#domains.delete(domid)
    for (const run of runs) this.#giveBack({ mfn: run.mfn, count: run.count })
    for (const run of this.#overheads.get(domid) ?? []) this.#giveBack(run)
    this.#overheads.delete(domid)
    this.#claims.delete(domid)
    return guest?.count ?? 0
  }

  /** Frames the hypervisor needs for a domain (its structures, shared_info, grant table): the
   *  first of them, undefined when there are not as many. */
  keepFor(domid: number, frames: number): number | undefined {
    if (this.free - this.claimed < frames) return undefined
    const runs = this.#free.take(frames, 0)
    this.#overheads.set(domid, [...(this.#overheads.get(domid) ?? []), ...runs])
    return runs[0]?.mfn
  }

  /** Sets a domain's claim to what it will own in all; 0 gives it up. False when there is not as
   *  much. */
  claim(domid: number, pages: number): boolean {
    this.#claims.delete(domid)
    if (pages === 0) return true
    const more = pages - this.ownedBy(domid)
    if (more < 1 || more > this.availableTo(domid)) return false
    this.#claims.set(domid, more)
    return true
  }

  /** The machine frame behind a domain's pfn. */
  frameOf(domid: number, pfn: number): number | undefined {
    return this.#domains.get(domid)?.frame(pfn)
  }

  ownerOf(mfn: number): FrameOwner {
    if (mfn < 0 || mfn > this.last || (mfn >= HOLE_START && mfn < HOLE_END)) return { kind: 'hole' }
    if (this.#retired.has(mfn)) return { kind: 'retired' }
    if (this.#free.has(mfn)) return { kind: 'free' }
    for (const [domid, guest] of this.#domains) if (guest.has(mfn)) return { kind: 'domain', domid }
    return { kind: 'xen' }
  }

  /** Takes a frame out of service: at once when free, else once its owner gives it back. A broken
   *  one never comes back. */
  retire(mfn: number, isBroken = false): RetireOutcome {
    const owner = this.ownerOf(mfn)
    if (isBroken && owner.kind !== 'hole' && owner.kind !== 'xen') this.#broken.add(mfn)
    switch (owner.kind) {
      case 'hole':
      case 'xen':
        return { kind: owner.kind }
      case 'retired':
        return { kind: 'already' }
      case 'domain':
        this.#pending.add(mfn)
        return { kind: 'pending', domid: owner.domid }
      case 'free':
        this.#free.takeOne(mfn)
        this.#retired.add(mfn)
        this.#shrinkClaims()
        return { kind: 'retired' }
    }
  }

  /** What is in a domain's frame goes to a free one, and the frame back. False when it is nobody's,
   *  or there is no free one. */
  vacate(domid: number, mfn: number): boolean {
    const pfn = this.#domains.get(domid)?.pfnOf(mfn)
    if (pfn === undefined || this.availableTo(domid) < 1) return false
    const [run] = this.#free.take(1, 0)
    this.release(domid, pfn, 1)
    if (run !== undefined) this.#guest(domid).add(run, pfn)
    return run !== undefined
  }

  /** Whether a frame will go out of service once it is given back. */
  isPending(mfn: number): boolean {
    return this.#pending.has(mfn)
  }

  /** Whether a machine check said that a frame is bad. */
  isBroken(mfn: number): boolean {
    return this.#broken.has(mfn)
  }

  /** Puts a frame back into service. False when it was not out of it, or is broken. */
  reinstate(mfn: number): boolean {
    if (this.#broken.has(mfn)) return false
    if (this.#pending.delete(mfn)) return true
    if (!this.#retired.delete(mfn)) return false
    this.#free.give({ mfn, count: 1 })
    return true
  }

  save(): FramesState {
    return {
      free: this.#free.runs(),
      xenFrames: this.#xenFrames,
      domains: [...this.#domains].map(([domid, guest]) => [domid, guest.runs()] as const),
      overheads: [...this.#overheads],
      claims: [...this.#claims],
      retired: [...this.#retired],
      pending: [...this.#pending],
      broken: [...this.#broken],
    }
  }

  restore(state: FramesState): void {
    this.#free = new FreeFrames(state.free)
    this.#xenFrames = state.xenFrames
    fill(
      this.#domains,
      state.domains.map(([domid, runs]) => [domid, new GuestFrames(runs)] as const),
    )
    fill(this.#overheads, state.overheads)
    fill(this.#claims, state.claims)
    this.#retired.clear()
    for (const mfn of state.retired) this.#retired.add(mfn)
    this.#pending.clear()
    for (const mfn of state.pending) this.#pending.add(mfn)
    this.#broken.clear()
    for (const mfn of state.broken) this.#broken.add(mfn)
  }

  #guest(domid: number): GuestFrames {
    const known = this.#domains.get(domid)
    if (known !== undefined) return known
    const made = new GuestFrames()
    this.#domains.set(domid, made)
    return made
  }

  #useClaim(domid: number, frames: number): void {
    const claim = this.#claims.get(domid)
    if (claim === undefined) return
    if (claim > frames) this.#claims.set(domid, claim - frames)
    else this.#claims.delete(domid)
  }

  /** A claim cannot be on more than there is: the last one made gives way. */
  #shrinkClaims(): void {
    const over = this.claimed - this.free
    const last = [...this.#claims].at(-1)
    if (over > 0 && last !== undefined) this.#claims.set(last[0], last[1] - over)
  }

  #giveBack(run: FrameRun): void {
    const hit = [...this.#pending].filter((mfn) => mfn >= run.mfn && mfn < run.mfn + run.count)
    this.#free.give(run)
    for (const mfn of hit) {
      this.#pending.delete(mfn)
      this.#free.takeOne(mfn)
      this.#retired.add(mfn)
    }
  }
}

/** What the firmware says is memory, without what the hypervisor keeps at the bottom. */
function ramOf(total: number, reserved: number): FrameRun[] {
  const low = { mfn: reserved, count: Math.min(total, HOLE_START) - reserved }
  return total > HOLE_START ? [low, { mfn: HOLE_END, count: total - HOLE_START }] : [low]
}

function fill<T>(map: Map<number, T>, entries: readonly (readonly [number, T])[]): void {
  map.clear()
  for (const [key, value] of entries) map.set(key, value)
}
