// Witness: reads all that a machine lets see, and holds it against the laws of any machine.
//
//   watch(machine)  ->  runstates, hypercalls, births and deaths, probes  ->  broken laws
//
// Holds: a broken law is an exception's text, with the time at which it was.
import type { SimMachine } from '../../../src/backend/sim/sim-machine.js'
import {
  CALL_EXECNAME,
  CALL_IOCTL,
  CALL_PID,
  CALL_RESULT_KNOWN,
  DOM0_CALL_ENTRY,
  DOM0_CALL_RETURN,
  DOM0_MMAP_ENTRY,
  type ObservationBatch,
} from '../../../src/machine/observation.js'
import { XpvPairs } from './xpv-pairs.js'

const RUNSTATE_BITS = 0xfff_f00f
const RUNSTATE_CHANGE = 0x2_1001
const DOM_CREATE = 0x4_1001
const DOM_DESTROY = 0x4_1002
const PV_CLASS = 0x20
const RUNNING = 0
const NS_PER_MS = 1e6

interface Seen {
  readonly key: number
  state: number
  pcpu: number
  since: number
  readonly ns: number[]
}

/** Watches one machine. */
export class Witness {
  readonly #machine: SimMachine
  readonly #vcpus = new Map<number, Seen>()
  /** Who runs on a pcpu. */
  readonly #runs = new Map<number, Seen>()
  readonly #alive = new Set<number>()
  /** The words of a call that a process is in, by pid. */
  readonly #calls = new Map<number, Uint32Array>()
  readonly #pairs = new XpvPairs()
  readonly #broken: string[] = []
  readonly #stop: () => void
  #last = 0
  #hash = 0x811c9dc5
  rows = 0

  constructor(machine: SimMachine) {
    this.#machine = machine
    for (const domid of machine.hypervisor.domains.keys()) this.#alive.add(domid)
    this.#stop = machine.bus.listen(
      () => true,
      (batch) => this.#see(batch),
    )
  }

  /** What was broken so far; everything that was said is looked at first. */
  broken(): readonly string[] {
    this.#machine.bus.flush()
    return this.#broken
  }

  /** A number for all rows so far: the same rows, the same number. */
  digest(): string {
    this.#machine.bus.flush()
    return `${this.rows} rows ${(this.#hash >>> 0).toString(16)}`
  }

  /** Processes between a start and an end of the xpv probes. */
  openPairs(): readonly string[] {
    this.#machine.bus.flush()
    return this.#pairs.open
  }

  /** Calls that have begun and not ended. */
  openCalls(): number {
    this.#machine.bus.flush()
    return this.#calls.size
  }

  close(): void {
    this.#stop()
  }

  #law(ns: number, text: string): void {
    if (this.#broken.length < 5) this.#broken.push(`at ${(ns / NS_PER_MS).toFixed(6)} ms: ${text}`)
  }

  #see(batch: ObservationBatch): void {
    for (let i = 0; i < batch.length; i++) {
      const ns = batch.ticks[i] as number
      const code = batch.code[i] as number
      const at = batch.at[i] as number
      const words = batch.words.subarray(at, at + (batch.extra[i] as number))
      if (ns < this.#last) this.#law(ns, `time goes back from ${this.#last}`)
      this.#last = ns
      this.#mix(ns, code, batch.pcpu[i] as number, words)
      this.rows++
      for (const law of this.#pairs.see(batch, i)) this.#law(ns, law)
      if ((code & RUNSTATE_BITS) === RUNSTATE_CHANGE) {
        this.#runstate(ns, batch.pcpu[i] as number, code, words[0] as number)
      } else if (code >>> 16 === PV_CLASS) this.#ofGuest(ns, batch, i)
      else this.#other(ns, code, words)
    }
  }

  #mix(ns: number, code: number, pcpu: number, words: Uint32Array): void {
    let hash = this.#hash
    hash = Math.imul(hash ^ (ns % 2 ** 32), 0x01000193)
    hash = Math.imul(hash ^ code, 0x01000193)
    hash = Math.imul(hash ^ pcpu, 0x01000193)
    for (let w = 0; w < words.length; w++) hash = Math.imul(hash ^ (words[w] as number), 0x01000193)
    this.#hash = hash
  }

  /** What a guest makes the hypervisor do is of the vcpu that runs there. */
  #ofGuest(ns: number, { pcpu, domid, vcpu, code }: ObservationBatch, i: number): void {
    const runs = this.#runs.get(pcpu[i] as number)
    const key = (((domid[i] as number) << 16) | (vcpu[i] as number)) >>> 0
    if (runs === undefined || runs.key === key) return
    const running = `d${runs.key >>> 16}v${runs.key & 0xffff}`
    const what = (code[i] as number).toString(16)
    this.#law(ns, `${what} of d${domid[i]}v${vcpu[i]} on pcpu ${pcpu[i]}, where ${running} runs`)
  }

  #other(ns: number, code: number, words: Uint32Array): void {
    const first = words[0] as number
    switch (code) {
      case DOM_CREATE:
        if (this.#alive.has(first)) this.#law(ns, `domain ${first} is made while it is alive`)
        this.#alive.add(first)
        break
      case DOM_DESTROY:
        if (!this.#alive.delete(first)) this.#law(ns, `domain ${first} ends and was not alive`)
        this.#forget(first)
        break
      case DOM0_CALL_ENTRY:
        if (this.#calls.has(first)) this.#law(ns, `process ${first} calls in the middle of a call`)
        this.#calls.set(first, words.slice())
        break
      case DOM0_CALL_RETURN:
        this.#returned(ns, words)
        break
      case DOM0_MMAP_ENTRY:
        if (!this.#calls.has(first)) this.#law(ns, `process ${first} maps outside of a call`)
        break
    }
  }

  #returned(ns: number, words: Uint32Array): void {
    const pid = words[CALL_PID] as number
    const entry = this.#calls.get(pid)
    this.#calls.delete(pid)
    if (entry === undefined) {
      this.#law(ns, `process ${pid} returns from a call it did not make`)
      return
    }
    const kept = words.slice()
    kept.fill(0, CALL_RESULT_KNOWN, CALL_RESULT_KNOWN + 3)
    entry.fill(0, CALL_RESULT_KNOWN, CALL_RESULT_KNOWN + 3)
    const differs = kept.findIndex((word, i) => word !== entry[i])
    if (kept.length !== entry.length || differs >= 0) {
      const what = `call ${words[CALL_IOCTL]} of process ${pid}, name ${words[CALL_EXECNAME]}`
      this.#law(ns, `the return of ${what} does not repeat its entry (word ${differs})`)
    }
  }

  #forget(domid: number): void {
    for (const key of [...this.#vcpus.keys()]) {
      if (key >>> 16 === domid) this.#vcpus.delete(key)
    }
  }

  #runstate(ns: number, pcpu: number, code: number, key: number): void {
    const [from, to] = [(code >>> 8) & 3, (code >>> 4) & 3]
    const who = `d${key >>> 16}v${key & 0xffff}`
    const known = this.#vcpus.get(key)
    const seen = known ?? { key, state: from, pcpu: -1, since: ns, ns: [0, 0, 0, 0] }
    this.#vcpus.set(key, seen)
    if (seen.state !== from) this.#law(ns, `${who} leaves state ${from} and was in ${seen.state}`)
    if (from === to) this.#law(ns, `${who} changes from ${from} to the same`)
    seen.ns[from] = (seen.ns[from] as number) + ns - seen.since
    if (from === RUNNING && known !== undefined) this.#leaves(ns, pcpu, seen, who)
    if (to === RUNNING) this.#enters(ns, pcpu, seen, who)
    seen.state = to
    seen.since = ns
  }

  #leaves(ns: number, pcpu: number, seen: Seen, who: string): void {
    if (seen.pcpu >= 0 && seen.pcpu !== pcpu) {
      this.#law(ns, `${who} leaves pcpu ${pcpu} and ran on ${seen.pcpu}`)
    }
    if (this.#runs.get(pcpu) === seen) this.#runs.delete(pcpu)
    seen.pcpu = -1
  }

  #enters(ns: number, pcpu: number, seen: Seen, who: string): void {
    const other = this.#runs.get(pcpu)
    if (other !== undefined && other !== seen && this.#vcpus.get(other.key) === other) {
      const running = `d${other.key >>> 16}v${other.key & 0xffff}`
      this.#law(ns, `${who} begins on pcpu ${pcpu}, where ${running} runs`)
    }
    if (seen.pcpu >= 0) this.#law(ns, `${who} begins on pcpu ${pcpu} and runs on ${seen.pcpu}`)
    this.#runs.set(pcpu, seen)
    seen.pcpu = pcpu
  }
}
