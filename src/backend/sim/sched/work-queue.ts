// WorkQueue: what a vcpu has to do: rows of [ns, kind, a, b] in one list of numbers.
//
//   push(v, 5000, kind, a, b)  ->  ... 5000 ns on a pcpu ...  ->  take(v): kind, a, b
//
// Holds: what was queued is what was used and what is left.
import type { Vcpu } from './vcpu.js'

const ROW = 4
/** Rows that were taken before the list is cut. */
const SLACK = 64 * ROW
const NOTHING: readonly number[] = []

/** One thing to do when its time was used. */
export interface Work {
  readonly ns: number
  readonly kind: number
  readonly a?: number
  readonly b?: number
}

/** Whether there is nothing to do. */
export function isWorkless(vcpu: Vcpu): boolean {
  return vcpu.head === vcpu.work.length
}

/** Nanoseconds that the first thing to do still takes. */
export function leftOfFirst(vcpu: Vcpu): number {
  return vcpu.work[vcpu.head] ?? 0
}

/** Nanoseconds of all that is to do. */
export function leftNs(vcpu: Vcpu): number {
  let sum = 0
  for (let at = vcpu.head; at < vcpu.work.length; at += ROW) sum += vcpu.work[at] as number
  return sum
}

/** Adds to the end. */
export function pushWork(vcpu: Vcpu, ns: number, kind: number, a = 0, b = 0): void {
  const whole = Math.max(0, Math.round(ns))
  vcpu.queuedNs += whole
  vcpu.work.push(whole, kind, a, b)
}

/** Adds before all that is to do: what is begun goes on later. */
export function interruptWork(vcpu: Vcpu, rows: readonly Work[]): void {
  const later = isWorkless(vcpu) ? NOTHING : vcpu.work.splice(vcpu.head)
  for (const { ns, kind, a, b } of rows) pushWork(vcpu, ns, kind, a, b)
  for (const number of later) vcpu.work.push(number)
}

/** Hands what is to do over to another vcpu, as far as `goes` says so by its kind. */
export function handOver(from: Vcpu, to: Vcpu, goes: (kind: number) => boolean): void {
  const rows = from.work.splice(from.head)
  for (let at = 0; at < rows.length; at += ROW) {
    const [ns = 0, kind = 0, a = 0, b = 0] = rows.slice(at, at + ROW)
    if (goes(kind)) {
      from.queuedNs -= ns
      pushWork(to, ns, kind, a, b)
    } else from.work.push(ns, kind, a, b)
  }
  if (from.head === from.work.length) {
    from.work.length = 0
    from.head = 0
  }
}

/** Books time that was used. */
export function useWork(vcpu: Vcpu, ns: number): void {
  if (ns === 0) return
  vcpu.usedNs += ns
  vcpu.work[vcpu.head] = leftOfFirst(vcpu) - ns
}

/** Drops the first row, whose time is used. */
export function dropFirst(vcpu: Vcpu): void {
  vcpu.head += ROW
  if (vcpu.head === vcpu.work.length) {
    vcpu.work.length = 0
    vcpu.head = 0
  } else if (vcpu.head >= SLACK) {
    vcpu.work.splice(0, vcpu.head)
    vcpu.head = 0
  }
}
