// The firer of provider xdt: records of the hypervisor's trace buffers become firings.
//
//   hypercall d0v1 op 36                                      ->  xdt:pv::hypercall       arg1 = 36
//   infprev d0v1 ran 638 us, infnext idle, switch d0v1, idle  ->  xdt:sched::off-cpu      arg2 = 638 us
//                                                                 xdt:sched::idle-on-cpu
//
// Holds: no object is made a record; an argument that the record does not have is in `unknown`. Known
// faults of the original driver are left out: rip of a trap, the value of an MSR read, cr-write firing as
// cr-read, both halves of a switch told in one context.
import { DOM0_CODES, type ObservationBatch } from '../../machine/observation.js'
import { SwitchFirer } from './fire-switch.js'
import type { Firer, FiringBatch, FiringNeeds, PcpuContext } from './firing.js'
import { FiringWriter } from './firing-writer.js'
import { PcpuContexts, packContext } from './pcpu-contexts.js'
import type { RowFirer } from './row-firer.js'
import {
  beyond,
  COPY_64,
  COPY_BITS,
  COPY_CONSTANT,
  COPY_I32,
  COPY_U32,
  NOTHING,
  PACKED,
  planTrace,
  RECORD,
  SHUTDOWN,
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
  readonly #switches: SwitchFirer
  readonly #shutdowns: readonly number[]
  readonly #options: TraceFirerOptions
  readonly #contexts = new PcpuContexts()
  readonly #out = new FiringWriter()

  constructor(enabled: ReadonlySet<number>, needs: FiringNeeds, options: TraceFirerOptions) {
    this.#plans = planTrace(enabled, needs, options.contexts === true)
    this.#needs = needs.args
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
    this.#contexts.settle()
    this.#out.restart(batch.length, strings)
    let i = this.#fireFrom(0, batch, strings)
    while (i < batch.length) {
      this.#out.grow()
      i = this.#fireFrom(i, batch, strings)
    }
    return this.#out.batch
  }

  contexts(ticks = Number.POSITIVE_INFINITY): readonly PcpuContext[] {
    return this.#contexts.asOf(ticks)
  }

  /** Fires rows from `i` on until the output is full; returns the first row not fired. */
  #fireFrom(i: number, batch: ObservationBatch, strings: readonly string[]): number {
    const { slotOf, planOf, does } = this.#plans
    const { code, extra, pcpu, domid, vcpu, length } = batch
    const { latest } = this.#contexts
    const out = this.#out.batch
    const { limit } = this.#out
    let row = i
    for (; row < length && out.length <= limit; row++) {
      const what = code[row] as number
      if (what >= DOM0_CODES) {
        this.#options.dom0?.fireRow(batch, row, strings, out)
        continue
      }
      const context = packContext(domid[row] as number, vcpu[row] as number)
      if (latest[pcpu[row] as number] !== context) this.#note(batch, row, context)
      const slot = slotOf[traceIndex(what)] ?? 0
      const plan = planOf[8 * slot + (extra[row] as number)] as number
      if (plan === 0) continue
      if (does[plan] === RECORD) this.#fireRecord(batch, row, plan)
      else this.#fireSpecial(batch, row, plan)
    }
    return row
  }

  #note(batch: ObservationBatch, i: number, context: number): void {
    this.#contexts.note(batch.pcpu[i] as number, context, batch.ticks[i] as number)
  }

  #fireRecord(batch: ObservationBatch, i: number, plan: number): number {
    const { probe, unknown, firstCopy } = this.#plans
    const n = this.#out.append(batch, i, probe[plan] as number)
    this.#out.batch.unknown[n] = unknown[plan] as number
    const end = firstCopy[plan + 1] as number
    for (let k = firstCopy[plan] as number; k < end; k++) this.#copy(batch, i, k)
    return n
  }

  /** Carries out one copy of a plan for the firing appended last. */
  #copy(batch: ObservationBatch, i: number, k: number): void {
    const { copyArg, copyKind, copyWord, copyShift, copyMask } = this.#plans
    const out = this.#out.batch
    const column = out.argWords[copyArg[k] as number] as Uint32Array
    const low = 2 * out.length - 2
    const at = (batch.at[i] as number) + (copyWord[k] as number)
    const kind = copyKind[k]
    let high = 0
    let value = 0
    if (kind === COPY_U32) value = batch.words[at] as number
    else if (kind === COPY_64) {
      value = batch.words[at] as number
      high = batch.words[at + 1] as number
    } else if (kind === COPY_BITS) {
      value = ((batch.words[at] as number) >>> (copyShift[k] as number)) & (copyMask[k] as number)
    } else if (kind === COPY_I32) {
      value = batch.words[at] as number
      high = value >> 31
    } else if (kind === COPY_CONSTANT) value = copyMask[k] as number
    else value = batch.pcpu[i] as number
    column[low] = value
    column[low + 1] = high
  }

  #fireSpecial(batch: ObservationBatch, i: number, plan: number): void {
    const does = this.#plans.does[plan]
    if (does === PACKED) this.#firePacked(batch, i, plan)
    else if (does === SWITCH) this.#fireSwitch(batch, i)
    else if (does === SWITCH_PREV) this.#switches.notePrev(batch, i)
    else if (does === SWITCH_NEXT) this.#switches.noteNext(batch, i)
    else if (does === SHUTDOWN) this.#fireShutdown(batch, i, plan)
    else this.#fireUnnamed(batch, i, plan)
  }

  #fireSwitch(batch: ObservationBatch, i: number): void {
    this.#switches.fire(batch, i, this.#out)
    const at = batch.at[i] as number
    this.#note(batch, i, packContext(batch.words[at + 2] as number, batch.words[at + 3] as number))
  }

  #fireShutdown(batch: ObservationBatch, i: number, plan: number): void {
    const told = (batch.extra[i] as number) > 2
    const reason = told ? (batch.words[(batch.at[i] as number) + 2] as number) : OTHER_REASON
    const probe = this.#shutdowns[Math.min(reason, OTHER_REASON)] as number
    if (probe === 0) return
    const n = this.#fireRecord(batch, i, plan)
    this.#out.batch.probe[n] = probe
  }

  /** Arguments A0 to A5 become arg2 to arg7, arg8 says which of them are there. */
  #firePacked(batch: ObservationBatch, i: number, plan: number): void {
    const n = this.#fireRecord(batch, i, plan)
    const extra = batch.extra[i] as number
    const at = batch.at[i] as number
    if (extra === 0) return
    let present = 0
    let word = 1
    let kinds = (batch.words[at] as number) >>> 20
    for (let arg = 0; kinds !== 0; arg++, kinds >>>= 2) {
      const size = kinds & 3
      if (size === 3 || word + size > extra) break
      if (size > 0) {
        const high = size === 2 ? (batch.words[at + word + 1] as number) : 0
        if ((this.#needs >> (FIRST_PACKED + arg)) & 1) {
          this.#out.put(n, FIRST_PACKED + arg, batch.words[at + word] as number, high)
        }
        present |= 1 << arg
      }
      word += size
    }
    if ((this.#needs >> PRESENT) & 1) this.#out.put(n, PRESENT, present)
    const known = (present << FIRST_PACKED) | (1 << PRESENT)
    this.#out.batch.unknown[n] = (this.#plans.unknown[plan] as number) & ~known
  }

  /** arg0 is the code, arg1 how many words follow, arg2 on the words themselves. */
  #fireUnnamed(batch: ObservationBatch, i: number, plan: number): void {
    const extra = batch.extra[i] as number
    const at = batch.at[i] as number
    const n = this.#out.append(batch, i, this.#plans.probe[plan] as number)
    this.#out.batch.unknown[n] = beyond(2 + extra)
    if (this.#needs & 1) this.#out.put(n, 0, batch.code[i] as number)
    if (this.#needs & 2) this.#out.put(n, 1, extra)
    for (let w = 0; w < extra; w++) {
      if ((this.#needs >> (2 + w)) & 1) this.#out.put(n, 2 + w, batch.words[at + w] as number)
    }
  }
}

/** Where a0 begins among the arguments of `pv::hypercall`, and where the mask of those present is. */
const FIRST_PACKED = 2
const PRESENT = 8

const REASONS = ['poweroff', 'reboot', 'suspend', 'crash', 'watchdog', 'soft-reset', 'other']
const OTHER_REASON = REASONS.length - 1

/** The enabled probe for each shutdown reason, 0 for none. */
function shutdownProbes(enabled: ReadonlySet<number>): readonly number[] {
  return REASONS.map((reason) => {
    const id = XDT_SCHED.find((probe) => probe.name === `shutdown-${reason}`)?.id ?? 0
    return enabled.has(id) ? id : 0
  })
}

/** Records that name the vcpu a pcpu runs: switches, continue_running, runstates that end in running. */
function saysWhatRuns(code: number): boolean {
  const toRunning = (code & ~0xf00) === 0x21001
  return toRunning || code === 0x21002 || code === 0x2800a || code === 0x2f00a
}
