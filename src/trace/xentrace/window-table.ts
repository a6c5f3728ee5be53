// WindowTable: where in the file each pcpu's records lie, as chains of windows.
//
//   pcpu 0:  window 0 -> window 2 -> window 4        next[0] = 2, next[2] = 4, next[4] = NO_WINDOW
//   pcpu 1:  window 1 -> window 3
//
// Holds: windows of one pcpu ascend in the file; empty windows are counted, not kept. 20 bytes a
// window.

/** Ends a chain. */
export const NO_WINDOW = -1

/** Windows by number; pcpus by slot, in order of their first appearance. Grows by `add`. */
export class WindowTable {
  offsets = new Float64Array(256)
  sizes = new Float64Array(256)
  nexts = new Int32Array(256)
  length = 0
  /** Windows without a byte in them. */
  empty = 0
  /** The number of the pcpu in each slot. */
  readonly pcpus: number[] = []
  /** The first window of each slot. */
  readonly firsts: number[] = []
  readonly #lasts: number[] = []
  readonly #slots = new Map<number, number>()

  /** Appends `sizeBytes` of `pcpu`'s records at `offset`. */
  add(pcpu: number, offset: number, sizeBytes: number): void {
    const slot = this.#slots.get(pcpu) ?? this.#open(pcpu)
    if (sizeBytes === 0) {
      this.empty += 1
      return
    }
    const index = this.#grown()
    this.offsets[index] = offset
    this.sizes[index] = sizeBytes
    this.nexts[index] = NO_WINDOW
    const last = this.#lasts[slot] as number
    if (last === NO_WINDOW) this.firsts[slot] = index
    else this.nexts[last] = index
    this.#lasts[slot] = index
  }

  #open(pcpu: number): number {
    const slot = this.pcpus.length
    this.#slots.set(pcpu, slot)
    this.pcpus.push(pcpu)
    this.firsts.push(NO_WINDOW)
    this.#lasts.push(NO_WINDOW)
    return slot
  }

  #grown(): number {
    const index = this.length++
    if (index < this.offsets.length) return index
    this.offsets = doubled(this.offsets)
    this.sizes = doubled(this.sizes)
    const nexts = new Int32Array(this.nexts.length * 2)
    nexts.set(this.nexts)
    this.nexts = nexts
    return index
  }
}

function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(column.length * 2)
  grown.set(column)
  return grown
}
