// PcpuSet: which physical CPUs, as bits: 32 of them a word.
//
// Holds: plain data, so that it is copied by copying; bits past the last pcpu are never set.

/** A set of pcpus. */
export type PcpuSet = Uint32Array

/** The set of `members` among `count` pcpus; those that do not exist are passed over. */
export function pcpuSet(count: number, members: Iterable<number>): PcpuSet {
  const set = new Uint32Array(Math.ceil(count / 32))
  for (const pcpu of members) if (pcpu >= 0 && pcpu < count) include(set, pcpu)
  return set
}

/** Adds one pcpu. */
export function include(set: PcpuSet, pcpu: number): void {
  set[pcpu >> 5] = (set[pcpu >> 5] as number) | (1 << (pcpu & 31))
}

/** Takes one pcpu out. */
export function exclude(set: PcpuSet, pcpu: number): void {
  set[pcpu >> 5] = (set[pcpu >> 5] as number) & ~(1 << (pcpu & 31))
}

/** Whether a pcpu is in the set. */
export function isIn(set: PcpuSet, pcpu: number): boolean {
  return (((set[pcpu >> 5] as number) >>> (pcpu & 31)) & 1) === 1
}

/** Whether two sets have a pcpu in common. */
export function meet(a: PcpuSet, b: PcpuSet): boolean {
  return a.some((word, i) => (word & (b[i] as number)) !== 0)
}

/** The members in ascending order. */
export function membersOf(set: PcpuSet): number[] {
  const members: number[] = []
  for (let at = firstIn(set, set, 0); at >= 0; at = firstIn(set, set, at + 1)) members.push(at)
  return members
}

/** The first pcpu from `from` on that is in both sets; -1 when there is none. */
function firstIn(a: PcpuSet, b: PcpuSet, from: number): number {
  let mask = -1 << (from & 31)
  for (let word = from >> 5; word < a.length; word++, mask = -1) {
    const both = (a[word] as number) & (b[word] as number) & mask
    if (both !== 0) return (word << 5) + 31 - Math.clz32(both & -both)
  }
  return -1
}

/** The pcpu after `after`, in a circle, that is in both sets; -1 when there is none. `after` itself
 *  comes last. */
export function nextInBoth(a: PcpuSet, b: PcpuSet, after: number): number {
  const further = firstIn(a, b, after + 1)
  return further >= 0 ? further : firstIn(a, b, 0)
}
