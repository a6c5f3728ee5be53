// CallStream: dom0's calls as columns, batch by batch, from any reader of a capture.
//
// Holds: rows are in time order; the arrays of a batch are reused by the next. Source of the
// layout: machine/observation.ts (CALL_*), machine/hypercall.ts (order of the arguments).
import type { Clock } from '../../machine/clock.js'
import {
  allocateBatch,
  CALL_ARGC,
  CALL_ARGS,
  CALL_EXECNAME,
  CALL_IN_MULTICALL,
  CALL_IOCTL,
  CALL_KNOWN,
  CALL_OP,
  CALL_PID,
  CALL_RESULT,
  CALL_RESULT_KNOWN,
  CALL_SUBOP,
  type CodeFilter,
  DOM0_CALL_ENTRY,
  DOM0_CALL_RETURN,
  DOM0_DEVICE_CALL,
  DOM0_MARK,
  type Loss,
  type ObservationBatch,
  type ObservationStream,
  PCPU_UNKNOWN,
} from '../../machine/observation.js'
import { StringCodes } from '../string-codes.js'
import { type CallCounts, CallGrouping, type Dom0Row } from './call-grouping.js'
import type { ResolvedCall } from './dom0-call.js'
import type { FtraceReader } from './ftrace-record.js'

const ROWS = 1024
const WORDS_A_ROW = 32
const MAX_VCPU = 0xfffe

const CODES = {
  entry: DOM0_CALL_ENTRY,
  return: DOM0_CALL_RETURN,
  device: DOM0_DEVICE_CALL,
  mark: DOM0_MARK,
} as const

/** A stream of dom0's calls that also counts what it could not pair. Complete at the end. */
export interface FtraceStream extends ObservationStream {
  readonly counts: Readonly<CallCounts> & { readonly skipped: number }
}

/** What a stream is made of. */
export interface CallStreamParts {
  readonly reader: FtraceReader
  readonly clock: Clock
  readonly loss: Loss
  readonly wants: CodeFilter
}

/** Streams the calls that a reader's records add up to. */
export class CallStream implements FtraceStream {
  readonly clock: Clock
  readonly loss: Loss
  readonly #strings = new StringCodes()
  readonly #reader: FtraceReader
  readonly #wants: CodeFilter
  readonly #grouping: CallGrouping
  readonly #batch: ObservationBatch = allocateBatch(ROWS)
  #used = 0
  #atEnd = false

  constructor(parts: CallStreamParts) {
    this.clock = parts.clock
    this.loss = parts.loss
    this.#reader = parts.reader
    this.#wants = parts.wants
    this.#grouping = new CallGrouping(parts.loss)
    this.#batch.words = new Uint32Array(ROWS * WORDS_A_ROW)
  }

  get strings(): readonly string[] {
    return this.#strings.list
  }

  get counts(): Readonly<CallCounts> & { readonly skipped: number } {
    return { ...this.#grouping.counts, skipped: this.#reader.skipped }
  }

  next(): ObservationBatch | undefined {
    const batch = this.#batch
    batch.length = 0
    this.#used = 0
    while (batch.length < ROWS) {
      const row = this.#row()
      if (row === undefined) break
      if (this.#wants(CODES[row.kind])) this.#append(row)
    }
    return batch.length === 0 ? undefined : batch
  }

  close(): void {
    this.#atEnd = true
    this.#batch.length = 0
  }

  #row(): Dom0Row | undefined {
    for (;;) {
      const row = this.#grouping.shift()
      if (row !== undefined || this.#atEnd) return row
      const item = this.#reader.next()
      if (item === undefined) {
        this.#grouping.finish()
        this.#atEnd = true
      } else this.#grouping.push(item)
    }
  }

  #append(row: Dom0Row): void {
    const batch = this.#batch
    const i = batch.length
    batch.ticks[i] = row.at.ticks
    batch.code[i] = CODES[row.kind]
    batch.pcpu[i] = PCPU_UNKNOWN
    batch.domid[i] = 0
    batch.vcpu[i] = Math.min(row.at.vcpu, MAX_VCPU)
    batch.at[i] = this.#used
    const size = row.kind === 'mark' ? this.#mark(row) : this.#call(row)
    batch.extra[i] = size
    this.#used += size
    batch.length = i + 1
  }

  #mark(row: Dom0Row & { readonly kind: 'mark' }): number {
    const { words } = this.#batch
    words[this.#used] = row.at.pid
    words[this.#used + 1] = this.#strings.of(row.at.comm)
    words[this.#used + 2] = this.#strings.of(row.text)
    return 3
  }

  #call(row: Exclude<Dom0Row, { readonly kind: 'mark' }>): number {
    const { words } = this.#batch
    const at = this.#used
    const call = row.call.resolve()
    const result = row.kind === 'return' ? resultOf(call, row.call.result) : undefined
    words[at + CALL_PID] = row.at.pid
    words[at + CALL_EXECNAME] = this.#strings.of(row.at.comm)
    words[at + CALL_IOCTL] = call.ioctl
    words[at + CALL_OP] = call.op
    words[at + CALL_SUBOP] = call.subop
    words[at + CALL_IN_MULTICALL] = call.inMulticall ? 1 : 0
    words[at + CALL_RESULT_KNOWN] = result === undefined ? 0 : 1
    writePair(words, at + CALL_RESULT, result ?? 0n)
    words[at + CALL_KNOWN] = knownMask(call)
    words[at + CALL_ARGC] = call.args.length
    call.args.forEach((arg, n) => {
      writePair(words, at + CALL_ARGS + 2 * n, arg ?? 0n)
    })
    return CALL_ARGS + 2 * call.args.length
  }
}

/** The hypervisor's result. Inside a multicall the ioctl returns 0 and the result stays in the
 *  entry, which no probe reads; a negative return is the call's, since nothing was carried out
 *  then. */
function resultOf(call: ResolvedCall, returned: bigint | undefined): bigint | undefined {
  if (returned === undefined) return undefined
  return call.inMulticall && returned >= 0n ? undefined : returned
}

function knownMask(call: ResolvedCall): number {
  return call.args.reduce((mask, arg, n) => (arg === undefined ? mask : mask | (1 << n)), 0)
}

function writePair(words: Uint32Array, at: number, value: bigint): void {
  words[at] = Number(BigInt.asUintN(32, value))
  words[at + 1] = Number(BigInt.asUintN(32, value >> 32n))
}
