// Recollection: what exercises of one tree came to, so that one like them need not be thought
// through again.
//
//   situation  what was seen, each by its signature; in any order
//   stand      what is known of arrows before; and after
//   way        what the world was asked on the way, by what it answered, down to a judgement
//
// Holds: what is kept of all trees together is bounded: when it is too much, all is forgotten.
// Nothing here changes what is judged, only how soon.
import type { Judgement } from './hypothesise.js'

/** How much is kept, in bytes or so. */
const MOST = 48 * 2 ** 20
const BYTES_OF_ONE = 256

/** What all trees may keep together. */
export class Room {
  /** Counts how often all was forgotten. */
  epoch = 0
  #left: number
  readonly #most: number

  constructor(most = MOST) {
    this.#most = most
    this.#left = most
  }

  take(bytes = BYTES_OF_ONE): void {
    this.#left -= bytes
    if (this.#left >= 0) return
    this.epoch += 1
    this.#left = this.#most
  }
}

/** What is known of arrows: by arrow, never changed; undefined: nothing. */
export interface Stand {
  readonly id: number
  readonly epoch: number
  readonly arrows: Uint8Array | undefined
}

/** Where judging goes on: one more thing is to be asked, or it is at its end. */
export type Way =
  | {
      readonly kind: 'ask'
      readonly arrow: number
      readonly isCredible: boolean
      /** By what is known of the arrow then. */
      readonly next: (Way | undefined)[]
    }
  | { readonly kind: 'end'; readonly judgement: Judgement; readonly stand: Stand }

/** One thing that was asked, and what is known of the arrow then. */
export interface Asked {
  readonly arrow: number
  readonly isCredible: boolean
  readonly state: number
}

/** What was seen. */
export interface Situation {
  readonly epoch: number
  readonly seen: ReadonlyMap<number, number>
  /** Situations with one more ereport, by event and signature. */
  readonly next: Map<number, Situation>
  /** By stand and time waited. */
  readonly ways: Map<number, Way>
}

/** What is remembered of one tree. */
export class Recollection {
  readonly #room: Room
  #epoch = -1
  #unknown: Stand = { id: 0, epoch: -1, arrows: undefined }
  readonly #situations = new Map<string, Situation>()
  readonly #stands = new Map<number, Stand[]>()
  readonly #times = new Map<number, number>()
  #nothing: Situation | undefined
  #nextStand = 1
  #nextTime = 0

  constructor(room: Room) {
    this.#room = room
  }

  /** Whether what was kept is still there. */
  isCurrent(of: Situation | Stand | undefined): boolean {
    return of !== undefined && of.epoch === this.#room.epoch
  }

  /** The situation with an ereport of a signature at an event, in place of any before. */
  with(before: Situation, event: number, signature: number): Situation {
    const key = event * 2 ** 27 + signature
    const known = before.next.get(key)
    if (known !== undefined) return known
    const made = this.situation(new Map(before.seen).set(event, signature))
    before.next.set(key, made)
    this.#room.take(64)
    return made
  }

  /** What is known of arrows now; the same for the same. */
  stand(arrows: Uint8Array | undefined): Stand {
    this.#refresh()
    if (arrows === undefined) return this.#unknown
    const hash = hashOf(arrows)
    const alike = this.#stands.get(hash) ?? []
    const known = alike.find((one) => isSame(one.arrows, arrows))
    if (known !== undefined) return known
    const made = { id: this.#nextStand++, epoch: this.#room.epoch, arrows }
    this.#stands.set(hash, [...alike, made])
    this.#room.take(BYTES_OF_ONE + arrows.length)
    return made
  }

  /** By what ways of a situation are found. */
  key(stand: Stand, waitedNs: number): number {
    let time = this.#times.get(waitedNs)
    if (time === undefined) {
      time = this.#nextTime++
      this.#times.set(waitedNs, time)
      this.#room.take()
    }
    return stand.id * 2 ** 26 + time
  }

  /** Remembers a judgement, and what was asked for it. */
  keep(at: Situation, key: number, asked: readonly Asked[], end: Way & { kind: 'end' }): void {
    this.#room.take(BYTES_OF_ONE * (asked.length + 1))
    const [first, ...more] = asked
    if (first === undefined) {
      at.ways.set(key, end)
      return
    }
    let way = at.ways.get(key)
    if (way?.kind !== 'ask') {
      way = ask(first)
      at.ways.set(key, way)
    }
    let { state } = first
    for (const one of more) {
      if (way.kind !== 'ask') return
      const next: Way = way.next[state] ?? ask(one)
      way.next[state] = next
      way = next
      state = one.state
    }
    if (way.kind === 'ask') way.next[state] = end
  }

  #refresh(): void {
    const { epoch } = this.#room
    if (epoch === this.#epoch) return
    this.#epoch = epoch
    this.#situations.clear()
    this.#stands.clear()
    this.#times.clear()
    this.#unknown = { id: 0, epoch, arrows: undefined }
  }

  /** The situation in which nothing was seen. */
  get nothing(): Situation {
    const { epoch } = this.#room
    if (this.#nothing?.epoch !== epoch) this.#nothing = this.situation(new Map())
    return this.#nothing
  }

  /** The situation in which something was seen: events, and their signatures. */
  situation(seen: ReadonlyMap<number, number>): Situation {
    this.#refresh()
    const key = [...seen].sort(([a], [b]) => a - b).join(' ')
    const known = this.#situations.get(key)
    if (known !== undefined) return known
    const { epoch } = this.#room
    const made: Situation = { epoch, seen, next: new Map(), ways: new Map() }
    this.#situations.set(key, made)
    this.#room.take(BYTES_OF_ONE + 64 * seen.size)
    return made
  }
}

const ask = ({ arrow, isCredible }: Asked): Way => ({ kind: 'ask', arrow, isCredible, next: [] })

function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c_9dc5
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x0100_0193)
  return hash >>> 0
}

function isSame(a: Uint8Array | undefined, b: Uint8Array): boolean {
  if (a === undefined || a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
