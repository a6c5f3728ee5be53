// Appends rows to a FiringBatch, and makes it larger when it is full.
//
// Holds: after makeRoom() there is room for FIRINGS_PER_ROW rows; append() itself checks nothing.
import type { ObservationBatch } from '../../machine/observation.js'
import { allocateFirings, type FiringBatch, vcpuThread } from './firing.js'
import { FIRINGS_PER_ROW } from './row-firer.js'

/** The one batch a firer fills again and again. */
export class FiringWriter {
  batch: FiringBatch = allocateFirings(0)

  /** Starts over with room for one firing a row of `rows`, and some. */
  restart(rows: number, strings: readonly string[]): void {
    const capacity = rows + FIRINGS_PER_ROW
    if (this.batch.probe.length < capacity) this.batch = allocateFirings(capacity)
    this.#clean()
    this.batch.length = 0
    this.batch.strings = strings.length === 0 ? [''] : strings
  }

  /** Rows of a vcpu have no process: their zeros stand since the batch was made. Rows that dom0
   *  filled are wiped before they are used again. */
  #clean(): void {
    this.batch.pid.fill(0, 0, this.batch.length)
    this.batch.execname.fill(0, 0, this.batch.length)
  }

  /** The last length at which another row of observations may still be fired. */
  get limit(): number {
    return this.batch.probe.length - FIRINGS_PER_ROW
  }

  /** Doubles the batch, rows kept. */
  grow(): void {
    const full = this.batch
    const larger = allocateFirings(2 * full.probe.length)
    for (const name of COLUMNS) larger[name].set(full[name])
    full.args.forEach((column, n) => {
      larger.args[n]?.set(column)
    })
    larger.length = full.length
    larger.strings = full.strings
    this.batch = larger
  }

  /** Appends a firing of `probe` in the context of row `i`, its arguments still to be filled.
   *  Returns the row of the firing. */
  append(from: ObservationBatch, i: number, probe: number): number {
    const out = this.batch
    const n = out.length
    const pcpu = from.pcpu[i] as number
    out.length = n + 1
    out.probe[n] = probe
    out.ticks[n] = from.ticks[i] as number
    out.pcpu[n] = pcpu
    out.cpu[n] = pcpu
    this.inContextOf(n, from.domid[i] as number, from.vcpu[i] as number)
    return n
  }

  /** Moves a firing into the context of another vcpu than the one its row says. */
  inContextOf(n: number, domid: number, vcpu: number): void {
    const out = this.batch
    out.domid[n] = domid
    out.vcpu[n] = vcpu
    out.tid[n] = vcpuThread(domid, vcpu)
  }

  /** Sets argument `arg` of a firing to an unsigned 64-bit value in two halves. */
  put(n: number, arg: number, low: number, high = 0): void {
    const column = this.batch.argWords[arg] as Uint32Array
    column[2 * n] = low
    column[2 * n + 1] = high
  }
}

const COLUMNS = [
  'probe',
  'ticks',
  'pcpu',
  'domid',
  'vcpu',
  'cpu',
  'tid',
  'pid',
  'execname',
  'unknown',
] as const
