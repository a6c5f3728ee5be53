// CallGrouping: records of a capture in, observations of dom0 out, still in time order.
//
//   memory_op multicall hypercall .................. ioctl_ret      lines of one thread
//   └ entry, here, with all arguments                └ return, here
//
// Which line of a call comes first depends on the order in which the kprobes were defined, so an
// entry waits until its call is complete; whatever happens meanwhile waits behind it.
// Holds: rows leave in the order of their ticks. Not more than MAX_WAITING rows wait: past that
// the oldest entry leaves with what is known. A call without a return, and a return without a
// call, are counted.
import { bookLoss, type Loss } from '../../machine/observation.js'
import { Dom0Call } from './dom0-call.js'
import type { FtraceItem, FtraceRecord } from './ftrace-record.js'
import { DEVICE_PROBES, isMark, RETURN_PROBE } from './kprobes.js'

/** One observation to be. */
export type Dom0Row =
  | { readonly kind: 'entry' | 'return' | 'device'; readonly at: RowPlace; readonly call: Dom0Call }
  | { readonly kind: 'mark'; readonly at: RowPlace; readonly text: string }

/** When, where and in whose thread. */
export type RowPlace = Pick<FtraceRecord, 'ticks' | 'vcpu' | 'pid' | 'comm'>

/** Calls that are not whole. */
export interface CallCounts {
  /** Calls of which the capture shows no return: still running at its end, or its return
   *  was lost. */
  unreturned: number
  /** Returns of which it shows no call: begun before the capture, or its beginning was lost. */
  unmatchedReturns: number
}

const MAX_WAITING = 4096

/** Puts the lines of each thread's call together. */
export class CallGrouping {
  readonly counts: CallCounts = { unreturned: 0, unmatchedReturns: 0 }
  readonly #loss: Loss
  readonly #open = new Map<number, Dom0Call>()
  #waiting: Dom0Row[] = []
  #first = 0

  constructor(loss: Loss) {
    this.#loss = loss
  }

  /** Takes the next item of the capture in. */
  push(item: FtraceItem): void {
    if (item.kind === 'lost') this.#lost(item.vcpu, item.records)
    else if (item.name === RETURN_PROBE) this.#return(item)
    else if (isMark(item.name)) this.#waiting.push({ kind: 'mark', at: item, text: item.text })
    else if (DEVICE_PROBES.has(item.name)) this.#device(item)
    else this.#line(item)
  }

  /** The next observation, or undefined when it has to wait for more of the capture. */
  shift(): Dom0Row | undefined {
    const row = this.#waiting[this.#first]
    if (row === undefined) return undefined
    const isFull = this.#waiting.length - this.#first > MAX_WAITING
    if (row.kind === 'entry' && !row.call.closed && !isFull) return undefined
    this.#first += 1
    if (this.#first > 1024) {
      this.#waiting = this.#waiting.slice(this.#first)
      this.#first = 0
    }
    return row
  }

  /** The capture has ended: nothing waits any more. */
  finish(): void {
    for (const call of [...this.#open.values()]) this.#abandon(call)
  }

  #line(line: FtraceRecord): void {
    const open = this.#open.get(line.pid)
    if (open?.add(line)) return
    if (open !== undefined) this.#abandon(open)
    const call = new Dom0Call(line)
    call.add(line)
    this.#open.set(line.pid, call)
    this.#waiting.push({ kind: 'entry', at: line, call })
  }

  #return(line: FtraceRecord): void {
    const call = this.#open.get(line.pid)
    if (call === undefined) {
      this.counts.unmatchedReturns += 1
      return
    }
    call.result = line.fields.get('ret')
    call.closed = true
    this.#open.delete(line.pid)
    this.#waiting.push({ kind: 'return', at: line, call })
  }

  #device(line: FtraceRecord): void {
    const open = this.#open.get(line.pid)
    if (open !== undefined) this.#abandon(open)
    this.#waiting.push({ kind: 'device', at: line, call: new Dom0Call(line) })
  }

  #lost(vcpu: number, records: number | undefined): void {
    const many = records ?? 'an unknown number of'
    const cost = records === undefined ? {} : { records }
    bookLoss(this.#loss, `vcpu ${vcpu}: the kernel dropped ${many} records`, cost)
    for (const call of [...this.#open.values()]) if (call.vcpu === vcpu) this.#abandon(call)
  }

  #abandon(call: Dom0Call): void {
    call.closed = true
    this.counts.unreturned += 1
    this.#open.delete(call.pid)
  }
}
