// Firings that no observation causes: BEGIN, END and tick- once, profile- once for each pcpu.
import type { ObservationBatch } from '../../machine/observation.js'
import { allocateFirings, type FiringBatch, type PcpuContext, vcpuThread } from '../probe/firing.js'

/** Where a sampled pcpu was, in the kernel (arg0) or in a program (arg1): no recording tells. */
const UNKNOWN_PLACE = 0b11

/** One firing of the tracer itself, on cpu 0, in the control domain: BEGIN and END fire in its
 *  process. */
export function ownFiring(
  probe: number,
  ticks: number,
  owner: { readonly execname: string; readonly pid: number },
): FiringBatch {
  const firing = allocateFirings(1)
  firing.strings = ['', owner.execname]
  firing.execname[0] = 1
  firing.pid[0] = owner.pid
  firing.tid[0] = owner.pid
  firing.length = 1
  firing.probe[0] = probe
  firing.ticks[0] = ticks
  return firing
}

/** One firing of a tick, on cpu 0, in no process, which Linux calls swapper: it interrupts none, so
 *  arg0 and arg1 are 0. */
export function tickFiring(probe: number, ticks: number): FiringBatch {
  return ownFiring(probe, ticks, { execname: 'swapper/0', pid: 0 })
}

/** One firing on each pcpu, with what ran there. */
export function contextFirings(
  probe: number,
  ticks: number,
  contexts: readonly PcpuContext[],
): FiringBatch {
  const firings = allocateFirings(contexts.length)
  firings.length = contexts.length
  firings.probe.fill(probe)
  firings.ticks.fill(ticks)
  firings.unknown.fill(UNKNOWN_PLACE)
  contexts.forEach(({ pcpu, domid, vcpu }, i) => {
    firings.pcpu[i] = pcpu
    firings.cpu[i] = pcpu
    firings.domid[i] = domid
    firings.vcpu[i] = vcpu
    firings.tid[i] = vcpuThread(domid, vcpu)
  })
  return firings
}

/** Rows `from` to `to` - 1 of a batch, on the same memory. */
export function partOf(batch: ObservationBatch, from: number, to: number): ObservationBatch {
  if (from === 0 && to === batch.length) return batch
  return {
    length: to - from,
    ticks: batch.ticks.subarray(from, to),
    code: batch.code.subarray(from, to),
    pcpu: batch.pcpu.subarray(from, to),
    domid: batch.domid.subarray(from, to),
    vcpu: batch.vcpu.subarray(from, to),
    at: batch.at.subarray(from, to),
    extra: batch.extra.subarray(from, to),
    words: batch.words,
  }
}
