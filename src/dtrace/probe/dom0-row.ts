// Dom0Row: appends a firing in the name of a process of dom0, whose words come first in its
// observation.
//
// Holds: `cpu` is dom0's vcpu; `tid` and `pid` are the kernel's thread id.
import { CALL_EXECNAME, CALL_PID, type ObservationBatch } from '../../machine/observation.js'
import type { FiringBatch } from './firing.js'

/** Appends a firing of `probe` by the process of row `i`, its arguments still to be filled; yields
 *  its row. */
export function appendDom0(
  batch: ObservationBatch,
  i: number,
  probe: number,
  out: FiringBatch,
): number {
  const n = out.length
  const at = batch.at[i] as number
  const vcpu = batch.vcpu[i] as number
  const pid = batch.words[at + CALL_PID] as number
  out.length = n + 1
  out.probe[n] = probe
  out.ticks[n] = batch.ticks[i] as number
  out.pcpu[n] = batch.pcpu[i] as number
  out.domid[n] = batch.domid[i] as number
  out.vcpu[n] = vcpu
  out.cpu[n] = vcpu
  out.tid[n] = pid
  out.pid[n] = pid
  out.execname[n] = batch.words[at + CALL_EXECNAME] as number
  out.unknown[n] = 0
  return n
}

/** One argument of one firing. */
export interface ArgPlace {
  readonly row: number
  readonly arg: number
}

/** Sets an argument to an unsigned 64-bit value in two halves. */
export function putArg(out: FiringBatch, place: ArgPlace, low: number, high: number): void {
  const column = out.argWords[place.arg] as Uint32Array
  column[2 * place.row] = low
  column[2 * place.row + 1] = high
}
