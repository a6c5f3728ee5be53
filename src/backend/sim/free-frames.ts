// FreeFrames: machine frames that nobody owns, as runs. Taken from the top, as Xen's heap does.
//
//   free [0x100-0x7fff] [0x100000-0x13ffff]   take(2 extents of order 9)  ->  [0x13fc00, 1024]
//
// Holds: runs are ascending, do not touch and are never empty; extents are aligned to their size.
// Source: xen/common/page_alloc.c (zones are searched from the highest down).

/** Frames `mfn .. mfn + count - 1`. */
export interface FrameRun {
  readonly mfn: number
  readonly count: number
}

/** The free ones. */
export class FreeFrames {
  #runs: FrameRun[]
  #count: number

  constructor(runs: readonly FrameRun[]) {
    this.#runs = [...runs]
    this.#count = runs.reduce((sum, run) => sum + run.count, 0)
  }

  get count(): number {
    return this.#count
  }

  /** Takes up to `extents` extents of 2^order frames; a run for each piece it found. */
  take(extents: number, order: number): FrameRun[] {
    const size = 2 ** order
    const taken: FrameRun[] = []
    let left = extents
    for (let i = this.#runs.length - 1; i >= 0 && left > 0; i--) {
      const { mfn, count } = this.#runs[i] as FrameRun
      const top = Math.floor((mfn + count) / size) * size
      const room = Math.floor((top - Math.ceil(mfn / size) * size) / size)
      if (room < 1) continue
      const n = Math.min(room, left)
      const piece = { mfn: top - n * size, count: n * size }
      this.#cut(i, piece)
      taken.push(piece)
      left -= n
    }
    return taken
  }

  /** Takes one frame that must be free. False when it is not. */
  takeOne(mfn: number): boolean {
    const i = this.#runs.findIndex((run) => mfn >= run.mfn && mfn < run.mfn + run.count)
    if (i < 0) return false
    this.#cut(i, { mfn, count: 1 })
    return true
  }

  has(mfn: number): boolean {
    return this.#runs.some((run) => mfn >= run.mfn && mfn < run.mfn + run.count)
  }

  /** Gives a run back. */
  give(run: FrameRun): void {
    this.#count += run.count
    let i = this.#runs.findIndex((other) => other.mfn > run.mfn)
    if (i < 0) i = this.#runs.length
    this.#runs.splice(i, 0, run)
    this.#join(i)
    if (i > 0) this.#join(i - 1)
  }

  /** The runs, ascending. */
  runs(): readonly FrameRun[] {
    return [...this.#runs]
  }

  #join(i: number): void {
    const a = this.#runs[i]
    const b = this.#runs[i + 1]
    if (a === undefined || b === undefined || a.mfn + a.count !== b.mfn) return
    this.#runs.splice(i, 2, { mfn: a.mfn, count: a.count + b.count })
  }

  #cut(i: number, piece: FrameRun): void {
    const run = this.#runs[i] as FrameRun
    const below = { mfn: run.mfn, count: piece.mfn - run.mfn }
    const above = { mfn: piece.mfn + piece.count, count: run.count - below.count - piece.count }
    this.#runs.splice(i, 1, ...[below, above].filter((r) => r.count > 0))
    this.#count -= piece.count
  }
}
