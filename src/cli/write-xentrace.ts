// What a machine did, as a xentrace file: for xenalyze, or to be opened again.
//
//   writeXentrace(machine, 'run.xt')                 what is kept of its past (history.ts)
//   writeXentrace(machine, 'run.xt', { for: '5s' })  the next five seconds, which pass meanwhile
//
// Holds: only a file that is a xentrace file already is overwritten.
import { closeSync, existsSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import { XpvError } from '../base/error.js'
import { type ActiveMachine, isActive } from '../machine/active-machine.js'
import { historyOf } from '../machine/history.js'
import type { Machine } from '../machine/machine.js'
import { type CodeFilter, DOM0_CODES, type ObservationStream } from '../machine/observation.js'
import { writeObservations, XentraceWriter } from '../trace/xentrace/observation-writer.js'
import { looksLikeXentrace } from '../trace/xentrace/xentrace-file.js'
import { progress, type Task } from './progress.js'

/** Which part of a run is written. */
export interface XentraceSpan {
  /** Only what happens from now on, in so many nanoseconds. */
  readonly forNs?: number
  /** What is kept of the past, too: with `forNs`. */
  readonly past?: boolean
  /** Which records: a mask of classes (high half) and their subclasses (0xf000); all unless
   *  said. */
  readonly mask?: number
}

/** What was written. */
export interface XentraceWritten {
  readonly path: string
  readonly records: number
  readonly bytes: number
  /** Cycles a second of its time stamps: what `open` and xenalyze have to be told. */
  readonly hz: number
  /** The oldest records, of which there was no room to keep. */
  readonly lost: number
}

/** Writes a file. Throws `XpvError` `machine.read-only` for a recording, `xentrace.nothing` where
 *  there is nothing to write, `file.*` where the file cannot be written. */
export function writeXentrace(
  machine: Machine,
  path: string,
  span: XentraceSpan = {},
): XentraceWritten {
  if (!isActive(machine)) throw isRecording(machine)
  const { clockHz, pcpus, xenVersion } = machine.snapshot()
  if (xenVersion.kind !== 'known' || clockHz.kind !== 'known' || pcpus.kind !== 'known') {
    throw hasNoHypervisor(machine)
  }
  const file = new TraceFile(path)
  const wants = hypervisorOnly(span.mask)
  const begin = (total: number): Task =>
    progress.begin({ title: `writing ${basename(path)}`, unit: 'ns', total })
  const common = { pcpus: pcpus.value, hz: clockHz.value, wants, write: file.write, begin }
  try {
    const { records, lost } =
      span.forNs === undefined
        ? writePast(machine, common)
        : writeComing(machine, common, { ...span, forNs: span.forNs })
    if (records === 0) throw hasNoTrace(machine)
    return { path, records, bytes: file.bytes, hz: clockHz.value, lost }
  } finally {
    file.close()
  }
}

interface Common {
  readonly pcpus: number
  readonly hz: number
  readonly wants: CodeFilter
  readonly write: (piece: Uint8Array) => void
  /** Begins to tell how many of so many nanoseconds are written. */
  readonly begin: (totalNs: number) => Task
}

interface Counted {
  readonly records: number
  readonly lost: number
}

function writePast(machine: ActiveMachine, common: Common): Counted {
  const stream = historyOf(machine).observe(common.wants)
  const startNs = Number(stream.clock.zero - bootOf(machine))
  const task = common.begin(machine.nowNs - startNs)
  try {
    const records = writeObservations(followed(stream, task), { ...common, startNs })
    return { records, lost: stream.loss.records }
  } finally {
    task.end()
  }
}

/** The same stream; the task is told how far it was taken. */
function followed(stream: ObservationStream, task: Task): ObservationStream {
  const { clock, strings, loss } = stream
  const next = (): ReturnType<typeof stream.next> => {
    const batch = stream.next()
    if (batch !== undefined) task.at(batch.ticks[batch.length - 1] ?? 0)
    return batch
  }
  return { clock, strings, loss, next, close: () => stream.close() }
}

function writeComing(
  machine: ActiveMachine,
  common: Common,
  span: XentraceSpan & { readonly forNs: number },
): Counted {
  if (span.past === true) {
    historyOf(machine)
    machine.run(span.forNs)
    return writePast(machine, common)
  }
  const writer = new XentraceWriter({ ...common, startNs: machine.nowNs })
  const task = common.begin(span.forNs)
  const begunNs = machine.nowNs
  const watch = machine.watch(common.wants, (batch) => {
    writer.add(batch)
    task.at(machine.nowNs - begunNs)
  })
  try {
    machine.run(span.forNs)
  } finally {
    task.end()
    watch.close()
    writer.flush()
  }
  return { records: writer.records, lost: 0 }
}

/** As Xen's own filter: a class and a subclass of the record are in the mask. */
function hypervisorOnly(mask: number | undefined): CodeFilter {
  if (mask === undefined) return (code) => code < DOM0_CODES
  return (code) => code < DOM0_CODES && isIn(mask >>> 16, code >>> 16) && isIn(mask, code & 0xf000)
}

const isIn = (mask: number, bits: number): boolean => (mask & bits) !== 0

/** When it booted, nanoseconds since 1970. */
function bootOf(machine: ActiveMachine): bigint {
  const { clock, close } = machine.watch(
    () => false,
    () => {},
  )
  close()
  return clock.zero - BigInt(machine.nowNs)
}

/** The file being written. */
class TraceFile {
  readonly #path: string
  #fd: number | undefined
  #bytes = 0

  constructor(path: string) {
    refuseOthers(path)
    this.#path = path
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Opens the file with the first piece: where there is nothing to write, there is no file. */
  readonly write = (piece: Uint8Array): void => {
    try {
      this.#fd ??= openSync(this.#path, 'w')
      this.#bytes += writeSync(this.#fd, piece)
    } catch (error) {
      throw cannotWrite(this.#path, error)
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
  }
}

function refuseOthers(path: string): void {
  if (!existsSync(path)) return
  const isTrace = statSync(path).isFile() && looksLikeXentrace(headOf(path))
  if (isTrace || statSync(path).size === 0) return
  throw new XpvError('file.exists', `${path} is there and is no xentrace file`, 'another name')
}

function headOf(path: string): Uint8Array {
  const head = new Uint8Array(256)
  const fd = openSync(path, 'r')
  try {
    return head.subarray(0, readSync(fd, head))
  } finally {
    closeSync(fd)
  }
}

function cannotWrite(path: string, error: unknown): XpvError {
  const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  const text = { ENOENT: 'there is no such folder', EACCES: 'you may not write there' }[why] ?? why
  return new XpvError('file.unwritable', `cannot write ${path}: ${text}`, 'another folder')
}

function isRecording(machine: Machine): XpvError {
  const message = `${machine.spec} is a recording: what its hypervisor wrote is there already`
  return new XpvError('machine.read-only', message, 'machine.info() tells of its files')
}

function hasNoHypervisor(machine: Machine): XpvError {
  const message = `${machine.spec}: there is no hypervisor on this machine that could trace`
  return new XpvError('xentrace.nothing', message, "open('sim:xen-4.17')")
}

function hasNoTrace(machine: Machine): XpvError {
  const message = `${machine.spec}: its hypervisor has said nothing that was kept`
  return new XpvError('xentrace.nothing', message, "machine.writeXentrace('run.xt', { for: '5s' })")
}
