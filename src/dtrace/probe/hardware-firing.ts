// HardwareFiring: one row of a firing batch for something that hardware did.
//
// Holds: `cpu` is the pcpu it happened on, in the context of what ran there; no process is known.
import type { ObservationBatch } from '../../machine/observation.js'
import { type FiringBatch, vcpuThread } from './firing.js'

/** Appends a firing of a probe for row `i`, without arguments; where in `out` it is. */
export function appendHardware({ batch, i }: HardwareRow, probe: number, out: FiringBatch): number {
  const n = out.length
  const domid = batch.domid[i] as number
  const vcpu = batch.vcpu[i] as number
  out.length = n + 1
  out.probe[n] = probe
  out.ticks[n] = batch.ticks[i] as number
  out.pcpu[n] = batch.pcpu[i] as number
  out.cpu[n] = batch.pcpu[i] as number
  out.domid[n] = domid
  out.vcpu[n] = vcpu
  out.tid[n] = vcpuThread(domid, vcpu)
  out.pid[n] = 0
  out.execname[n] = 0
  return n
}

/** One row of a batch. */
export interface HardwareRow {
  readonly batch: ObservationBatch
  readonly i: number
}

/** Words that arguments are made of: argument n is `width` words (1 or 2) from word `at` on. */
export type ArgumentWords = readonly (readonly [at: number, width: 1 | 2])[]

/** Fills the arguments that are needed; those of `unknown`, a bit each, are 0 and never read. */
export function fillHardwareArguments(
  { batch, i }: HardwareRow,
  of: { readonly words: ArgumentWords; readonly needed: number; readonly unknown: number },
  n: number,
  out: FiringBatch,
): void {
  const from = batch.at[i] as number
  const none = (0x3ff << of.words.length) & 0x3ff
  out.unknown[n] = of.unknown | none
  for (let arg = 0; arg < out.argWords.length; arg++) {
    if (((of.needed >> arg) & 1) === 0) continue
    const column = out.argWords[arg] as Uint32Array
    const [at, width] = of.words[arg] ?? [0, 0]
    column[2 * n] = width > 0 ? (batch.words[from + at] as number) : 0
    column[2 * n + 1] = width > 1 ? (batch.words[from + at + 1] as number) : 0
  }
}
