// Dom0Firer: names what dom0 saw: calls into privcmd, device calls, marks.
//
//   DOM0_CALL_ENTRY, DOM0_CALL_RETURN    ->  xpv and privcmd
//   DOM0_DEVICE_CALL, DOM0_MARK          ->  privcmd
//   DOM0_MMAP_ENTRY, DOM0_XENBUS_WATCH   ->  xpv (fire-dom0-kernel.ts)
//
// Holds: at most two firings a row. `cpu` is dom0's vcpu, `tid` and `pid` the kernel's thread id,
// `execname` the name of the process, at most 15 characters. What was not recorded is marked
// unknown, never 0.
import {
  CALL_ARGS,
  CALL_IOCTL,
  CALL_KNOWN,
  CALL_NONE,
  CALL_OP,
  CALL_RESULT,
  CALL_RESULT_KNOWN,
  CALL_SUBOP,
  DOM0_CALL_ENTRY,
  DOM0_CALL_RETURN,
  DOM0_DEVICE_CALL,
  DOM0_MARK,
  type ObservationBatch,
} from '../../machine/observation.js'
import { type ArgPlace, appendDom0, putArg } from './dom0-row.js'
import { createDom0KernelFirer } from './fire-dom0-kernel.js'
import {
  type CallMoment,
  type FiringSource,
  type PlannedFiring,
  planFirings,
} from './fire-dom0-plan.js'
import type { FiringBatch, FiringNeeds } from './firing.js'
import { MARK_ID, PRIVCMD_PROBES } from './privcmd-probes.js'
import type { RowFirer } from './row-firer.js'
import { joinRowFirers } from './row-firers.js'
import { XPV_PROBES } from './xpv-probes.js'

const MOMENTS: ReadonlyMap<number, CallMoment> = new Map([
  [DOM0_CALL_ENTRY, 'entry'],
  [DOM0_CALL_RETURN, 'return'],
  [DOM0_DEVICE_CALL, 'call'],
])

const D_ARGS = 10
const MARK_TEXT = 2
/** Kinds of calls remembered; a garbled capture may hold any number of them. */
const MAX_PLANS = 4096

/** A firer of the `xpv` and `privcmd` probes that are enabled. */
export function createDom0Firer(enabled: ReadonlySet<number>, needs: FiringNeeds): RowFirer {
  return joinRowFirers([new Dom0Firer(enabled, needs), createDom0KernelFirer(enabled, needs)])
}

class Dom0Firer implements RowFirer {
  readonly #enabled: ReadonlySet<number>
  readonly #needed: readonly number[]
  readonly #codes: ReadonlySet<number>
  readonly #plans = new Map<string, readonly PlannedFiring[]>()

  constructor(enabled: ReadonlySet<number>, needs: FiringNeeds) {
    this.#enabled = enabled
    this.#needed = Array.from({ length: D_ARGS }, (_, n) => n).filter(
      (n) => (needs.args & (1 << n)) !== 0,
    )
    this.#codes = codesOf(enabled)
  }

  wants(code: number): boolean {
    return this.#codes.has(code)
  }

  fireRow(batch: ObservationBatch, i: number, strings: readonly string[], out: FiringBatch): void {
    const code = batch.code[i] as number
    if (!this.#codes.has(code)) return
    if (code === DOM0_MARK) this.#mark(batch, i, out)
    else for (const firing of this.#plan(batch, i, code)) this.#fire(batch, i, firing, out)
    out.strings = strings
  }

  #mark(batch: ObservationBatch, i: number, out: FiringBatch): void {
    const n = appendDom0(batch, i, MARK_ID, out)
    const text = batch.words[(batch.at[i] as number) + MARK_TEXT] as number
    for (const arg of this.#needed) putArg(out, { row: n, arg }, arg === 0 ? text : 0, 0)
  }

  #plan(batch: ObservationBatch, i: number, code: number): readonly PlannedFiring[] {
    const at = batch.at[i] as number
    const { words } = batch
    const call = {
      ioctl: words[at + CALL_IOCTL] as number,
      op: words[at + CALL_OP] as number,
      subop: words[at + CALL_SUBOP] as number,
    }
    const key = `${code} ${call.ioctl} ${call.op} ${call.subop}`
    const planned = this.#plans.get(key)
    if (planned !== undefined) return planned
    const plan = planFirings(call, MOMENTS.get(code) ?? 'call', this.#enabled)
    if (this.#plans.size >= MAX_PLANS) this.#plans.clear()
    this.#plans.set(key, plan)
    return plan
  }

  #fire(batch: ObservationBatch, i: number, firing: PlannedFiring, out: FiringBatch): void {
    const n = appendDom0(batch, i, firing.probe, out)
    for (const arg of this.#needed) {
      const place = { row: n, arg }
      const source = firing.args[arg]
      const word = source === undefined ? undefined : wordOf(batch, i, source)
      if (source !== undefined && word !== undefined) fill(batch, { word, source }, place, out)
      else {
        putArg(out, place, 0, 0)
        if (source !== undefined) out.unknown[n] = (out.unknown[n] as number) | (1 << arg)
      }
    }
  }
}

function codesOf(enabled: ReadonlySet<number>): ReadonlySet<number> {
  const codes = new Set<number>()
  for (const { id, name } of PRIVCMD_PROBES) {
    if (!enabled.has(id)) continue
    if (name === 'mark') codes.add(DOM0_MARK)
    else if (name === 'call') codes.add(DOM0_DEVICE_CALL)
    else codes.add(name === 'entry' ? DOM0_CALL_ENTRY : DOM0_CALL_RETURN)
  }
  for (const { id, module, name } of XPV_PROBES) {
    if (!enabled.has(id) || module !== 'privcmd') continue
    codes.add(name.endsWith('-end') ? DOM0_CALL_RETURN : DOM0_CALL_ENTRY)
  }
  return codes
}

/** The word a source starts at, 0 for one that needs none; undefined when it was not recorded. */
function wordOf(batch: ObservationBatch, i: number, source: FiringSource): number | undefined {
  const at = batch.at[i] as number
  const { words } = batch
  switch (source.kind) {
    case 'arg': {
      const isKnown = ((words[at + CALL_KNOWN] as number) & (1 << source.index)) !== 0
      return isKnown ? at + CALL_ARGS + 2 * source.index : undefined
    }
    case 'result':
    case 'solaris-errno':
      return words[at + CALL_RESULT_KNOWN] === 1 ? at + CALL_RESULT : undefined
    case 'subop':
      return words[at + CALL_SUBOP] === CALL_NONE ? undefined : at + CALL_SUBOP
    case 'ioctl':
      return at + CALL_IOCTL
    case 'not-recorded':
      return undefined
  }
}

/** Sets an argument to the value at `from.word`, as its source says. */
function fill(
  batch: ObservationBatch,
  from: { readonly word: number; readonly source: FiringSource },
  place: ArgPlace,
  out: FiringBatch,
): void {
  const low = batch.words[from.word] as number
  const high = batch.words[from.word + 1] as number
  const { source } = from
  if (source.kind === 'subop' || source.kind === 'ioctl') putArg(out, place, low, 0)
  else if (source.kind === 'solaris-errno') putArg(out, place, solarisErrno(low | 0), 0)
  else {
    const sum = source.kind === 'arg' ? low + source.add : low
    putArg(out, place, sum, sum > 0xffff_ffff ? high + 1 : high)
  }
}

/** What the historic driver returned for a Linux result: 0, or a positive errno. The two systems
 *  agree up to 34; of the others the mmap calls return ENOSYS and EOPNOTSUPP, the latter ENOTSUP
 *  there. */
function solarisErrno(result: number): number {
  if (result >= 0) return 0
  if (result === -38) return 89
  return result === -95 ? 48 : -result
}
