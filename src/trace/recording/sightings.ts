// Sightings: whom a recording saw: domains, vcpus and pcpus, when, how often; and which domains its
// calls name.
//
//   one pass over its observations  ->  { domains, vcpus, pcpus, lastTick }
//
// Holds: counts are exact. Of a vcpu rows come in time order, so its moves from pcpu to pcpu are
// those of the recording; idle and unknown vcpus are nobody.
import { callShape } from '../../machine/hypercall.js'
import {
  CALL_ARGS,
  CALL_IOCTL,
  CALL_KNOWN,
  CALL_OP,
  CALL_SUBOP,
  DOM0_CALL_ENTRY,
  DOM0_CODES,
  type ObservationBatch,
  type ObservationStream,
  PCPU_UNKNOWN,
} from '../../machine/observation.js'

/** When something was seen, in ticks since the recording began, and in how many rows. */
export interface Seen {
  firstTick: number
  lastTick: number
  rows: number
}

/** A vcpu that was seen. */
export interface SeenVcpu extends Seen {
  readonly domid: number
  readonly vcpu: number
  /** The last pcpu it was seen on; undefined where only dom0 itself was heard. */
  pcpu: number | undefined
  moves: number
}

/** A domain that was seen, or named. */
export interface SeenDomain extends Seen {
  readonly domid: number
  /** When the hypervisor said that it was made, that it is gone. */
  createdTick: number | undefined
  removedTick: number | undefined
}

/** Whom a recording saw. */
export interface Sightings {
  readonly domains: ReadonlyMap<number, SeenDomain>
  /** By `domid vcpu`. */
  readonly vcpus: ReadonlyMap<string, SeenVcpu>
  readonly pcpus: ReadonlyMap<number, Seen>
  readonly lastTick: number
}

/** First domain id that is nobody's: DOMID_SELF, idle and unknown are above. */
const RESERVED = 0x7ff0
const DOM_ADDED: ReadonlySet<number> = new Set([0x28001, 0x2f001])
const DOM_REMOVED: ReadonlySet<number> = new Set([0x28002, 0x2f002])

/** Reads a stream to its end; it comes in the order 'vcpu' or 'time'. */
export function sightingsIn(stream: ObservationStream): Sightings {
  const pass = new Pass()
  for (let batch = stream.next(); batch !== undefined; batch = stream.next()) pass.take(batch)
  return pass
}

class Pass implements Sightings {
  readonly domains = new Map<number, SeenDomain>()
  readonly vcpus = new Map<string, SeenVcpu>()
  readonly pcpus = new Map<number, Seen>()
  lastTick = 0
  readonly #vcpuOf = new Map<number, SeenVcpu>()

  take(batch: ObservationBatch): void {
    for (let row = 0; row < batch.length; row++) {
      const tick = batch.ticks[row] ?? 0
      const pcpu = batch.pcpu[row] ?? PCPU_UNKNOWN
      this.lastTick = Math.max(this.lastTick, tick)
      if (pcpu !== PCPU_UNKNOWN) note(this.#pcpu(pcpu, tick), tick)
      this.#takeVcpu(batch, row, pcpu)
      this.#takeNamed(batch, row, tick)
    }
  }

  #takeVcpu(batch: ObservationBatch, row: number, pcpu: number): void {
    const domid = batch.domid[row] ?? RESERVED
    if (domid >= RESERVED) return
    const tick = batch.ticks[row] ?? 0
    note(this.#domain(domid, tick), tick)
    const seen = this.#vcpu(domid, batch.vcpu[row] ?? 0, tick)
    note(seen, tick)
    if (pcpu === PCPU_UNKNOWN) return
    if (seen.pcpu !== undefined && seen.pcpu !== pcpu) seen.moves += 1
    seen.pcpu = pcpu
  }

  /** Domains that a record or a call is about. */
  #takeNamed(batch: ObservationBatch, row: number, tick: number): void {
    const code = batch.code[row] ?? 0
    const at = batch.at[row] ?? 0
    if (code === DOM0_CALL_ENTRY) {
      const domid = namedDomid(batch.words, at)
      if (domid !== undefined) note(this.#domain(domid, tick), tick)
    } else if (code < DOM0_CODES) {
      const isAdded = DOM_ADDED.has(code)
      if (!isAdded && !DOM_REMOVED.has(code)) return
      const domid = batch.words[at] ?? RESERVED
      if (domid >= RESERVED) return
      const domain = this.#domain(domid, tick)
      note(domain, tick)
      if (isAdded) domain.createdTick = tick
      else domain.removedTick = tick
    }
  }

  #domain(domid: number, tick: number): SeenDomain {
    const known = this.domains.get(domid)
    if (known !== undefined) return known
    const made = { ...unseen(tick), domid, createdTick: undefined, removedTick: undefined }
    this.domains.set(domid, made)
    return made
  }

  #vcpu(domid: number, vcpu: number, tick: number): SeenVcpu {
    const number = domid * 65536 + vcpu
    const known = this.#vcpuOf.get(number)
    if (known !== undefined) return known
    const made = { ...unseen(tick), domid, vcpu, pcpu: undefined, moves: 0 }
    this.#vcpuOf.set(number, made)
    this.vcpus.set(`${domid} ${vcpu}`, made)
    return made
  }

  #pcpu(pcpu: number, tick: number): Seen {
    const known = this.pcpus.get(pcpu)
    if (known !== undefined) return known
    const made = unseen(tick)
    this.pcpus.set(pcpu, made)
    return made
  }
}

const unseen = (tick: number): Seen => ({ firstTick: tick, lastTick: tick, rows: 0 })

function note(seen: Seen, tick: number): void {
  seen.rows += 1
  if (tick < seen.firstTick) seen.firstTick = tick
  if (tick > seen.lastTick) seen.lastTick = tick
}

const domidPlaces = new Map<string, number>()

/** The domain that a call of dom0 names; undefined when it names none. */
function namedDomid(words: Uint32Array, at: number): number | undefined {
  const place = domidPlace(
    words[at + CALL_IOCTL] ?? 0,
    words[at + CALL_OP] ?? 0,
    words[at + CALL_SUBOP] ?? 0,
  )
  const isKnown = place >= 0 && (((words[at + CALL_KNOWN] ?? 0) >>> place) & 1) === 1
  const domid = isKnown ? (words[at + CALL_ARGS + 2 * place] ?? RESERVED) : RESERVED
  return domid < RESERVED ? domid : undefined
}

/** Which argument of a call is `domid`; -1 when none is. */
function domidPlace(ioctl: number, op: number, subop: number): number {
  const key = `${ioctl} ${op} ${subop}`
  let place = domidPlaces.get(key)
  if (place === undefined) {
    place = callShape({ ioctl, op, subop }).args.findIndex(({ name }) => name === 'domid')
    domidPlaces.set(key, place)
  }
  return place
}
