// GuestFrames: which machine frame stands behind each pseudo-physical frame of one domain.
//
//   populate at pfn 0, 1024 frames  ->  frame(5) = 0x13fc05
//
// Holds: pieces are ascending by pfn and do not overlap. What is populated where something is
// already comes behind the end instead.
import type { FrameRun } from './free-frames.js'

/** Frames `pfn .. pfn + count - 1` of a guest are machine frames `mfn ..`. */
export interface GuestRun extends FrameRun {
  readonly pfn: number
}

/** One domain's frames. */
export class GuestFrames {
  #runs: GuestRun[]
  #count: number

  constructor(runs: readonly GuestRun[] = []) {
    this.#runs = [...runs]
    this.#count = runs.reduce((sum, run) => sum + run.count, 0)
  }

  get count(): number {
    return this.#count
  }

  /** The first pfn above all that are there. */
  get end(): number {
    const last = this.#runs.at(-1)
    return last === undefined ? 0 : last.pfn + last.count
  }

  /** Puts a run of machine frames at a pfn; behind the end when that is taken. */
  add(run: FrameRun, pfn = this.end): void {
    const at = this.#isFree(pfn, run.count) ? pfn : this.end
    let i = this.#runs.findIndex((other) => other.pfn > at)
    if (i < 0) i = this.#runs.length
    this.#runs.splice(i, 0, { ...run, pfn: at })
    this.#count += run.count
  }

  /** The machine frame behind a pfn. */
  frame(pfn: number): number | undefined {
    const run = this.#runs.find((r) => pfn >= r.pfn && pfn < r.pfn + r.count)
    return run === undefined ? undefined : run.mfn + pfn - run.pfn
  }

  /** Whether a machine frame is among them. */
  has(mfn: number): boolean {
    return this.#runs.some((r) => mfn >= r.mfn && mfn < r.mfn + r.count)
  }

  /** The pfn that a machine frame is behind. */
  pfnOf(mfn: number): number | undefined {
    const run = this.#runs.find((r) => mfn >= r.mfn && mfn < r.mfn + r.count)
    return run === undefined ? undefined : run.pfn + mfn - run.mfn
  }

  /** Takes away up to `count` frames from `pfn` on; what was there. */
  remove(pfn: number, count: number): FrameRun[] {
    const end = pfn + count
    const removed: FrameRun[] = []
    this.#runs = this.#runs.flatMap((run) => {
      const from = Math.max(pfn, run.pfn)
      const to = Math.min(end, run.pfn + run.count)
      if (from >= to) return [run]
      removed.push({ mfn: run.mfn + from - run.pfn, count: to - from })
      const above = { pfn: to, mfn: run.mfn + to - run.pfn, count: run.pfn + run.count - to }
      return [{ ...run, count: from - run.pfn }, above].filter((r) => r.count > 0)
    })
    for (const run of removed) this.#count -= run.count
    return removed
  }

  /** All pieces, ascending by pfn. */
  runs(): readonly GuestRun[] {
    return [...this.#runs]
  }

  #isFree(pfn: number, count: number): boolean {
    return this.#runs.every((r) => pfn + count <= r.pfn || pfn >= r.pfn + r.count)
  }
}
