// Generates large xentrace files: a host with four pcpus, up for 60 days (so that its time stamps
// do not fit a double), six domains of two vcpus that run, are preempted, block and wake, make
// hypercalls, fault.
//
// Holds: same size and seed, same bytes; every vcpu runs on one pcpu at a time, so that
// `xenalyze --summary` reads the file without a warning; memory does not depend on the size.
import { closeSync, openSync, writeSync } from 'node:fs'
import { prng } from '../src/base/prng.js'

const PCPUS = 4
const DOMAINS = 6
const VCPUS = 2
const IDLE_DOMAIN = 0x7fff
const HZ = 2.4e9
const UPTIME_DAYS = 60
/** A ring of 32 pages, read when half full. */
const RING_BYTES = 32 * 4096
const HALF_BYTES = RING_BYTES / 2
/** Longest burst of records of one step. */
const SLACK_BYTES = 1024

const RUNNING = 0
const RUNNABLE = 1
const BLOCKED = 2

interface Vcpu {
  readonly domid: number
  readonly vcpu: number
  /** When its last change was traced: it may be touched only later than that. */
  since: number
  wakeAt: number
}

/** Writes a trace of about `sizeBytes` (at least, by less than four rings) to `path`; yields its
 *  size. */
export function generateXentrace(
  path: string,
  options: { readonly sizeBytes: number; readonly seed: number },
): number {
  const file = openSync(path, 'w')
  try {
    const host = new Host(options.seed)
    let written = 0
    while (written < options.sizeBytes) {
      host.runUntilHalfFull()
      written += host.drain((bytes) => writeSync(file, bytes))
    }
    return written
  } finally {
    closeSync(file)
  }
}

/** One pcpu's ring, with the time of the pcpu in cycles since the trace began. */
class Ring {
  readonly pcpu: number
  readonly #words = new Uint32Array((RING_BYTES + SLACK_BYTES) / 4 + 3)
  #length = 3
  now: number
  vcpu: Vcpu
  /** Records until the running vcpu leaves. */
  left = 0

  constructor(pcpu: number, now: number) {
    this.pcpu = pcpu
    this.now = now
    this.vcpu = { domid: IDLE_DOMAIN, vcpu: pcpu, since: now, wakeAt: 0 }
  }

  get bytes(): number {
    return (this.#length - 3) * 4
  }

  /** Appends a record at the pcpu's time and moves that on by `cycles`. */
  trace(cycles: number, code: number, ...words: readonly number[]): void {
    const low = START_LOW + this.now
    this.#words[this.#length++] = 0x8000_0000 + words.length * 0x1000_0000 + code
    this.#words[this.#length++] = low % 2 ** 32
    this.#words[this.#length++] = START_HIGH + Math.floor(low / 2 ** 32)
    for (const word of words) this.#words[this.#length++] = word
    this.now += cycles
  }

  /** A record without a time stamp: what Xen leaves at the end of its ring. */
  wrap(): void {
    this.#words[this.#length++] = 0x2001_f002
    this.#words[this.#length++] = 0
    this.#words[this.#length++] = 0
  }

  /** The window of what was traced since the last one. */
  window(): Uint8Array {
    this.#words[0] = 0x2001_f003
    this.#words[1] = this.pcpu
    this.#words[2] = this.bytes
    const window = new Uint8Array(this.#words.buffer, 0, this.#length * 4)
    this.#length = 3
    return window
  }
}

const START = BigInt(UPTIME_DAYS * 86_400) * BigInt(HZ)
const START_LOW = Number(START & 0xffff_ffffn)
const START_HIGH = Number(START >> 32n)

/** All of the machine: who runs, who waits for a pcpu, who sleeps. */
class Host {
  readonly #random: () => number
  readonly #rings: readonly Ring[]
  readonly #idle: readonly Vcpu[]
  readonly #ready: Vcpu[] = []
  readonly #asleep: Vcpu[] = []
  #full = false

  constructor(seed: number) {
    this.#random = prng(seed)
    this.#rings = Array.from({ length: PCPUS }, (_, pcpu) => new Ring(pcpu, 1000 + pcpu * 300))
    this.#idle = this.#rings.map((ring) => ring.vcpu)
    for (const ring of this.#rings) this.#state(ring, ring.vcpu, RUNNABLE, RUNNING)
    for (let i = 0; i < DOMAINS * VCPUS; i++) {
      const domid = Math.floor(i / VCPUS)
      this.#ready.push({ domid, vcpu: i % VCPUS, since: 0, wakeAt: 0 })
    }
  }

  /** Steps the pcpu that is furthest behind, until one ring is due to be read. */
  runUntilHalfFull(): void {
    this.#full = false
    while (!this.#full) {
      const ring = this.#rings.reduce((a, b) => (b.now < a.now ? b : a))
      this.#step(ring)
      this.#full = ring.bytes >= HALF_BYTES
    }
  }

  /** Writes what all rings hold, as one round of xentrace does; yields how many bytes. */
  drain(write: (bytes: Uint8Array) => void): number {
    let written = 0
    for (const ring of this.#rings) {
      if (ring.bytes > 0 && this.#below(8) === 0) ring.wrap()
      const window = ring.window()
      written += window.length
      write(window)
    }
    return written
  }

  #step(ring: Ring): void {
    if (this.#wake(ring)) return
    if (ring.vcpu.domid !== IDLE_DOMAIN && ring.left > 0) {
      ring.left -= 1
      this.#guest(ring)
      return
    }
    const next = this.#ready.findIndex((v) => v.since < ring.now)
    if (next >= 0) this.#switch(ring, this.#ready.splice(next, 1)[0] as Vcpu)
    else if (ring.vcpu.domid !== IDLE_DOMAIN) this.#switch(ring, this.#idle[ring.pcpu] as Vcpu)
    else ring.now += 2000 + this.#below(20_000)
  }

  /** Wakes one vcpu whose time has come. */
  #wake(ring: Ring): boolean {
    const due = this.#asleep.findIndex((v) => v.wakeAt <= ring.now && v.since < ring.now)
    if (due < 0) return false
    const vcpu = this.#asleep.splice(due, 1)[0] as Vcpu
    ring.trace(150, 0x28004, vcpu.domid, vcpu.vcpu)
    this.#state(ring, vcpu, BLOCKED, RUNNABLE)
    this.#ready.push(vcpu)
    return true
  }

  #state(ring: Ring, vcpu: Vcpu, before: number, after: number): void {
    const code = 0x21001 | (before << 8) | (after << 4)
    ring.trace(120, code, vcpu.domid * 0x10000 + vcpu.vcpu)
    vcpu.since = ring.now
  }

  #switch(ring: Ring, next: Vcpu): void {
    const previous = ring.vcpu
    const isIdle = previous.domid === IDLE_DOMAIN
    const blocks = !isIdle && (next.domid === IDLE_DOMAIN || this.#below(2) === 0)
    if (blocks) ring.trace(200, 0x28006, previous.domid, previous.vcpu)
    const ran = 1000 + this.#below(1_000_000)
    ring.trace(90, 0x2800e, previous.domid, previous.vcpu, ran)
    ring.trace(90, 0x2800f, next.domid, next.vcpu, this.#below(90_000), 30_000_000)
    ring.trace(90, 0x2800a, previous.domid, previous.vcpu, next.domid, next.vcpu)
    this.#state(ring, previous, RUNNING, blocks ? BLOCKED : RUNNABLE)
    this.#state(ring, next, RUNNABLE, RUNNING)
    if (blocks) {
      previous.wakeAt = ring.now + 10_000 + this.#below(400_000)
      this.#asleep.push(previous)
    } else if (!isIdle) this.#ready.push(previous)
    ring.vcpu = next
    ring.left = this.#below(120)
  }

  /** One thing that a guest does. */
  #guest(ring: Ring): void {
    const cycles = 300 + this.#below(3000)
    const kind = this.#below(100)
    const address = this.#below(1 << 30)
    if (kind < 30) ring.trace(cycles, 0x20100d, 23)
    else if (kind < 45) ring.trace(cycles, 0x20100d, 1 | (1 << 22), 1 + this.#below(8))
    else if (kind < 52) ring.trace(cycles, 0x20100d, 29 | (1 << 20), this.#below(2))
    else if (kind < 60) ring.trace(cycles, 0x20100d, 24 | (5 << 20), 8, ring.vcpu.vcpu)
    else if (kind < 65) ring.trace(cycles, 0x20100d, [3, 17, 25, 32][kind & 3] as number)
    else if (kind < 85) ring.trace(cycles, 0x201104, address, 0xffff_ffff, address, 0x7f00, 6)
    else if (kind < 95) {
      ring.trace(cycles, 0x20110b, address, 0x8000_0000, address, 0xffff_8880, address, 0xffff_ffff)
    } else if (kind < 98) ring.trace(cycles, 0x201103, address, 0xffff_ffff, 13)
    else ring.trace(cycles, 0x802008, 24, address, address + 800)
  }

  #below(limit: number): number {
    return this.#random() % limit
  }
}
