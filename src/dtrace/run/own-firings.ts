// Firings that no observation causes: BEGIN, END and tick- once, profile- once for each pcpu.
import type { ObservationBatch } from '../../machine/observation.js'
import { allocateFirings, type FiringBatch, type PcpuContext, vcpuThread } from '../probe/firing.js'

/** One firing of the tracer itself, on cpu 0, in the control domain: BEGIN and END fire in the
 *  process `dtrace`, a tick in none. */
export function ownFiring(probe: number, ticks: number, execname = ''): FiringBatch {
  const firing = allocateFirings(1)
  firing.strings = ['', execname]
  firing.execname[0] = 1
  firing.length = 1
  firing.probe[0] = probe
  firing.ticks[0] = ticks
  return firing
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
