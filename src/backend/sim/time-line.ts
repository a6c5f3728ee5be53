// TimeLine: the hosts of one simulation, whose times pass together.
//
//   host 1, up for 60 s  +  host 2, up for 5 s  ->  whatever is due first, on either, happens first
//
// Holds: what one host sends, another gets later; alone, a host's time is its kernel's.
import { assert } from '../../base/assert.js'
import type { Kernel } from './kernel.js'

interface Member {
  readonly kernel: Kernel
  /** When its clock read 0, on the clock of the first. */
  readonly zero: number
}

/** Clocks that pass together. */
export class TimeLine {
  readonly #members: Member[] = []

  /** A host joins; `zero` is when its clock read 0, on the clock of the first one. */
  add(kernel: Kernel, zero: number): void {
    this.#members.push({ kernel, zero })
  }

  /** Lets the next thing happen, wherever that is. False when nothing will ever happen again. */
  step(): boolean {
    const [only] = this.#members
    if (this.#members.length === 1 && only !== undefined) return only.kernel.step()
    return this.#first()?.kernel.step() ?? false
  }

  /** Lets everything happen until the clock of `kernel` reads `ns`. */
  runUntil(kernel: Kernel, ns: number): void {
    const end = this.#memberOf(kernel).zero + ns
    if (this.#members.length > 1) {
      for (let next = this.#first(); next !== undefined; next = this.#first()) {
        if (dueOf(next) > end) break
        next.kernel.step()
      }
    }
    for (const { kernel: each, zero } of this.#members) each.runUntil(end - zero)
  }

  /** What is left, on the clock of `to`, until `ns` after now on the clock of `from`. */
  delayTo(to: Kernel, from: Kernel, ns: number): number {
    const at = this.#memberOf(from).zero + from.now + ns
    return at - this.#memberOf(to).zero - to.now
  }

  #memberOf(kernel: Kernel): Member {
    const member = this.#members.find((each) => each.kernel === kernel)
    assert(member !== undefined, 'a kernel is on its time line')
    return member
  }

  /** On which the next thing is due; the first of them where several are. */
  #first(): Member | undefined {
    let first: Member | undefined
    for (const member of this.#members) {
      if (dueOf(member) < (first === undefined ? Number.POSITIVE_INFINITY : dueOf(first))) {
        first = member
      }
    }
    return first
  }
}

const dueOf = ({ kernel, zero }: Member): number =>
  kernel.next === undefined ? Number.POSITIVE_INFINITY : zero + kernel.next
