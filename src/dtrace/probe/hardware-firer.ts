// HardwareFirer: names what hardware did, and what software did about it: the row firer of the
// providers msr, mca and pcie.
//
//   HW_MCA, what happened, its words  ->  a firing of mca:::latched: bank, status, addr, misc
//
// Holds: one firing a row at most. `cpu` is the pcpu it happened on, in the context of what ran
// there; no process is known. An argument that was not recorded is unknown, never a 0.
import type { ObservationBatch } from '../../machine/observation.js'
import { type FiringBatch, type FiringNeeds, vcpuThread } from './firing.js'
import type { HardwareProbe } from './hardware-probe.js'
import type { RowFirer } from './row-firer.js'

/** Words that arguments are made of: argument n is `width` words (1 or 2) from word `at` on. */
export type ArgumentWords = readonly (readonly [at: number, width: 1 | 2])[]

/** What fires a provider of hardware, and where its arguments stand. */
export interface HardwareSource {
  /** The code of its observations, whose first word says which probe. */
  readonly code: number
  readonly probes: readonly HardwareProbe[]
  readonly words: ArgumentWords
  /** Those arguments that row `i` does not tell, a bit each. */
  unknown(batch: ObservationBatch, i: number): number
}

/** All arguments that a firing has room for, a bit each. */
const ALL = 0x3ff

/** A firer of those of a source's probes that are enabled. */
export function createHardwareFirer(
  source: HardwareSource,
  enabled: ReadonlySet<number>,
  needs: FiringNeeds,
): RowFirer {
  const { code, words } = source
  const none = (ALL << words.length) & ALL
  const probes = new Map<number, number>()
  for (const { id, what } of source.probes) if (enabled.has(id)) probes.set(what, id)
  return {
    wants: (wanted) => wanted === code && probes.size > 0,
    fireRow(batch, i, strings, out) {
      const probe = probes.get(batch.words[batch.at[i] as number] as number)
      if (batch.code[i] !== code || probe === undefined) return
      const n = append(batch, i, probe, out)
      out.unknown[n] = (source.unknown(batch, i) | none) & ALL
      fillArguments(batch, batch.at[i] as number, { words, needed: needs.args, n }, out)
      out.strings = strings
    },
  }
}

/** Appends a firing for row `i`, without arguments; where in `out` it is. */
function append(batch: ObservationBatch, i: number, probe: number, out: FiringBatch): number {
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

/** Fills the arguments that are needed; those that are unknown are 0. */
function fillArguments(
  { words }: ObservationBatch,
  from: number,
  of: { readonly words: ArgumentWords; readonly needed: number; readonly n: number },
  out: FiringBatch,
): void {
  const known = of.needed & ~(out.unknown[of.n] as number)
  for (let arg = 0; arg < out.argWords.length; arg++) {
    if (((of.needed >> arg) & 1) === 0) continue
    const column = out.argWords[arg] as Uint32Array
    const [at, width] = ((known >> arg) & 1) === 1 ? (of.words[arg] ?? NOTHING) : NOTHING
    column[2 * of.n] = width > 0 ? (words[from + at] as number) : 0
    column[2 * of.n + 1] = width > 1 ? (words[from + at + 1] as number) : 0
  }
}

const NOTHING: readonly [at: number, width: number] = [0, 0]
