// The firer of provider xdt: records of the hypervisor's trace buffers become firings.
//
//   hypercall 36                                  ->  xdt:pv::hypercall    arg1 = 36
//   infprev d0v1 638 us, infnext, switch to idle  ->  xdt:sched::off-cpu   arg2 = 638 us
//                                                     xdt:sched::idle-on-cpu
//
// Holds: no object is made a record; an argument that the record does not have is in `unknown`.
// Known faults of the original driver are left out: rip of a trap, the value of an MSR read,
// cr-write firing as cr-read, both halves of a switch told in one context.
import { DOM0_CODES, type ObservationBatch } from '../../machine/observation.js'
import { SwitchFirer } from './fire-switch.js'
import {
  type Firer,
  type FiringBatch,
  type FiringColumn,
  type FiringNeeds,
  type PcpuContext,
  vcpuThread,
} from './firing.js'
import { FiringWriter } from './firing-writer.js'
import { PcpuContexts, saysWhatRuns } from './pcpu-contexts.js'
import type { RowFirer } from './row-firer.js'
import {
  BEGINS,
  beyond,
  COPY_64,
  COPY_CODE,
  COPY_I32,
  COPY_U32,
  FIRST_PACKED,
  LOST,
  NOTHING,
  PACKED,
  PRESENT,
  planTrace,
  RECORD,
  SWITCH,
  SWITCH_NEXT,
  SWITCH_PREV,
  type TracePlans,
  traceIndex,
} from './trace-plan.js'
import { XDT_SCHED } from './xdt-sched.js'

/** What goes beyond the enabled probes of xdt. */
export interface TraceFirerOptions {
  /** Somebody asks `contexts()`: records that say what runs are wanted although nothing fires. */
  readonly contexts?: boolean
  /** Names the rows that are not trace records. */
  readonly dom0?: RowFirer
}

/** The firer of the enabled `xdt` probes; other ids in `enabled` are passed over. */
export function createTraceFirer(
  enabled: ReadonlySet<number>,
  needs: FiringNeeds,
  options: TraceFirerOptions = {},
): Firer {
  return new TraceFirer(enabled, needs, options)
}

class TraceFirer implements Firer {
  readonly #plans: TracePlans
  readonly #needs: number
  readonly #columns: TraceColumns
  readonly #switches: SwitchFirer
  readonly #shutdowns: readonly number[]
  readonly #options: TraceFirerOptions
  readonly #contexts = new PcpuContexts()
  readonly #out = new FiringWriter()

  constructor(enabled: ReadonlySet<number>, needs: FiringNeeds, options: TraceFirerOptions) {
    this.#plans = planTrace(enabled, needs)
    this.#needs = needs.args
    this.#columns = traceColumns(needs)
    this.#switches = new SwitchFirer(enabled, needs)
    this.#shutdowns = shutdownProbes(enabled)
    this.#options = options
  }

  wants(code: number): boolean {
    if (code >= DOM0_CODES) return this.#options.dom0?.wants(code) ?? false
    if (this.#options.contexts === true && saysWhatRuns(code)) return true
    const does = this.#doesOf(code)
    if (does === SWITCH_PREV) return this.#switches.wantsPrev
    if (does === SWITCH_NEXT) return this.#switches.wantsNext
    return does !== NOTHING
  }

  /** What a record of `code` does when it is as long as records get. */
  #doesOf(code: number): number {
    const { slotOf, planOf, does } = this.#plans
    const slot = slotOf[traceIndex(code)] ?? 0
    return does[planOf[8 * slot + 7] ?? 0] ?? NOTHING
  }

  fire(batch: ObservationBatch, strings: readonly string[]): FiringBatch {
    this.#out.restart(batch.length, strings)
    let i = this.#fireFrom(0, batch, strings)
    while (i < batch.length) {
      this.#out.grow()
      i = this.#fireFrom(i, batch, strings)
    }
    return this.#out.batch
  }

  contexts(): readonly PcpuContext[] {
    return this.#contexts.list()
  }

  /** Fires rows from `i` on until the output is full; returns the first row not fired. Every
   *  observation passes here, so what the loop reads is held in locals and plain records are
   *  written in place. */
  #fireFrom(i: number, batch: ObservationBatch, strings: readonly string[]): number {
    const { slotOf, planOf, does, probe, unknown } = this.#plans
    const { firstCopy, copies, masks } = this.#plans
    const { code, extra, length, ticks, pcpu, domid, vcpu, at, words } = batch
    const { ofTicks, ofPcpu, ofContext, ofTid, ofUnknown } = this.#columns
    const tracks = this.#options.contexts === true
    const out = this.#out.batch
    const { probe: outProbe, ticks: outTicks, unknown: outUnknown, argWords } = out
    const { pcpu: outPcpu, cpu: outCpu, domid: outDomid, vcpu: outVcpu, tid: outTid } = out
    const { limit } = this.#out
    let n = out.length
    let row = i
    for (; row < length && n <= limit; row++) {
      const what = code[row] as number
      if (what >= DOM0_CODES) {
        out.length = n
        this.#options.dom0?.fireRow(batch, row, strings, out)
        n = out.length
        continue
      }
      if (tracks) this.#contexts.follow(batch, row)
      const slot = slotOf[traceIndex(what)] ?? 0
      const plan = planOf[8 * slot + (extra[row] as number)] as number
      if (plan === 0) continue
      const kind = does[plan] as number
      if (kind >= SWITCH) {
        out.length = n
        n = this.#fireSpecial(batch, row, plan)
        continue
      }
      outProbe[n] = probe[plan] as number
      if (ofTicks) outTicks[n] = ticks[row] as number
      if (ofPcpu) {
        outPcpu[n] = pcpu[row] as number
        outCpu[n] = pcpu[row] as number
      }
      if (ofContext) {
        outDomid[n] = domid[row] as number
        outVcpu[n] = vcpu[row] as number
      }
      if (ofTid) outTid[n] = vcpuThread(domid[row] as number, vcpu[row] as number)
      if (ofUnknown) outUnknown[n] = unknown[plan] as number
      const end = firstCopy[plan + 1] as number
      const base = at[row] as number
      for (let k = firstCopy[plan] as number; k < end; k++) {
        const copy = copies[k] as number
        const column = argWords[copy & 15] as Uint32Array
        const word = base + ((copy >>> 4) & 7)
        const how = (copy >>> 7) & 7
        if (how === COPY_U32) {
          column[2 * n] = words[word] as number
          column[2 * n + 1] = 0
        } else if (how === COPY_64) {
          column[2 * n] = words[word] as number
          column[2 * n + 1] = words[word + 1] as number
        } else if (how === COPY_I32) {
          column[2 * n] = words[word] as number
          column[2 * n + 1] = (words[word] as number) >> 31
        } else {
          const source = how === COPY_CODE ? what : (words[word] as number)
          column[2 * n] = (source >>> (copy >>> 10)) & (masks[k] as number)
          column[2 * n + 1] = 0
        }
      }
      n += 1
      if (kind === RECORD) continue
      out.length = n
      n = this.#amend(batch, row, kind)
    }
    out.length = n
    return row
  }

  /** Fires what is more than a record's own fields; returns how many firings there are then. */
  #fireSpecial(batch: ObservationBatch, i: number, plan: number): number {
    const does = this.#plans.does[plan]
    if (does === SWITCH) this.#switches.fire(batch, i, this.#out)
    else if (does === SWITCH_PREV) this.#switches.notePrev(batch, i)
    else if (does === SWITCH_NEXT) this.#switches.noteNext(batch, i)
    else this.#fireUnnamed(batch, i, this.#plans.probe[plan] as number)
    return this.#out.batch.length
  }

  /** Finishes the last firing, of row `i`, where the record says more than its fields; returns how
   *  many firings there are then. */
  #amend(batch: ObservationBatch, i: number, does: number): number {
    const n = this.#out.batch.length - 1
    if (does === PACKED) this.#unpackCall(batch, i, n)
    else if (does === LOST) this.#out.put(n, 0, batch.pcpu[i] as number)
    else if (does === BEGINS) this.#inOwnContext(batch, i, n)
    else this.#nameShutdown(batch, i, n)
    return this.#out.batch.length
  }

  #inOwnContext(batch: ObservationBatch, i: number, n: number): void {
    if (batch.extra[i] === 0) return
    const subject = batch.words[batch.at[i] as number] as number
    this.#out.inContextOf(n, subject >>> 16, subject & 0xffff)
  }

  /** The reason decides the probe; the firing is taken back when that one is not enabled. */
  #nameShutdown(batch: ObservationBatch, i: number, n: number): void {
    const told = (batch.extra[i] as number) > 2
    const reason = told ? (batch.words[(batch.at[i] as number) + 2] as number) : OTHER_REASON
    const probe = this.#shutdowns[Math.min(reason, OTHER_REASON)] as number
    if (probe === 0) this.#out.batch.length = n
    else this.#out.batch.probe[n] = probe
  }

  /** Arguments A0 to A5 become arg2 to arg7, arg8 says which of them are there. */
  #unpackCall(batch: ObservationBatch, i: number, n: number): void {
    const { words } = batch
    const at = batch.at[i] as number
    const extra = batch.extra[i] as number
    if (extra === 0) return
    let present = 0
    let word = 1
    let sizes = (words[at] as number) >>> 20
    for (let arg = 0; sizes !== 0; arg++, sizes >>>= 2) {
      const size = sizes & 3
      if (size === 3 || word + size > extra) break
      if (size === 0) continue
      present |= 1 << arg
      const high = size === 2 ? (words[at + word + 1] as number) : 0
      if ((this.#needs >> (FIRST_PACKED + arg)) & 1) {
        this.#out.put(n, FIRST_PACKED + arg, words[at + word] as number, high)
      }
      word += size
    }
    if ((this.#needs >> PRESENT) & 1) this.#out.put(n, PRESENT, present)
    const { unknown } = this.#out.batch
    unknown[n] = (unknown[n] as number) & ~((present << FIRST_PACKED) | (1 << PRESENT))
  }

  /** arg0 is the code, arg1 how many words follow, arg2 on the words themselves. */
  #fireUnnamed(batch: ObservationBatch, i: number, probe: number): void {
    const extra = batch.extra[i] as number
    const at = batch.at[i] as number
    const n = this.#out.append(batch, i, probe)
    this.#out.batch.unknown[n] = beyond(2 + extra)
    if (this.#needs & 1) this.#out.put(n, 0, batch.code[i] as number)
    if (this.#needs & 2) this.#out.put(n, 1, extra)
    for (let w = 0; w < extra; w++) {
      if ((this.#needs >> (2 + w)) & 1) this.#out.put(n, 2 + w, batch.words[at + w] as number)
    }
  }
}

/** Which columns of a trace record's firing are filled, those filled together under one name. */
interface TraceColumns {
  readonly ofTicks: boolean
  readonly ofPcpu: boolean
  readonly ofContext: boolean
  readonly ofTid: boolean
  readonly ofUnknown: boolean
}

function traceColumns({ args, columns }: FiringNeeds): TraceColumns {
  const has = (...names: readonly FiringColumn[]): boolean =>
    columns === undefined || names.some((name) => columns.has(name))
  return {
    ofTicks: has('ticks'),
    ofPcpu: has('pcpu', 'cpu'),
    ofContext: has('domid', 'vcpu'),
    ofTid: has('tid'),
    ofUnknown: columns === undefined || args !== 0,
  }
}

const REASONS = ['poweroff', 'reboot', 'suspend', 'crash', 'watchdog', 'soft-reset', 'other']
const OTHER_REASON = REASONS.length - 1

/** The enabled probe for each shutdown reason, 0 for none. */
function shutdownProbes(enabled: ReadonlySet<number>): readonly number[] {
  return REASONS.map((reason) => {
    const id = XDT_SCHED.find((probe) => probe.name === `shutdown-${reason}`)?.id ?? 0
    return enabled.has(id) ? id : 0
  })
}
