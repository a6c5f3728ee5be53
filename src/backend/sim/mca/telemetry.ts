// Telemetry: what software took out of the banks, waiting to be fetched.
//
//   reserve -> commit -> fetch (as often as one likes) -> ack
//
// Holds: 10 entries are kept for urgent records, the 20 others are for both; when there is none
// left a record is dropped and counted. What was fetched stays the oldest until it is acknowledged.
// Source: xen/arch/x86/cpu/mcheck/mctelem.c, xen/include/public/arch-x86/xen-mca.h.

/** One bank in a record. */
export interface TelemetryBank {
  readonly bank: number
  readonly status: bigint
  /** 0 where the status does not say that it is valid. */
  readonly addr: bigint
  readonly misc: bigint
  readonly ctl2: bigint
  readonly tsc: bigint
  /** Whose memory `addr` is; undefined where nobody asked. */
  readonly domid: number | undefined
}

/** What was done about an error. */
export interface TelemetryRecovery {
  readonly bank: number
  readonly action: 'page-offline'
  readonly mfn: number
  /** `offlined`; `pending` until its owner gives it back; `failed`. */
  readonly outcome: 'offlined' | 'pending' | 'failed'
}

/** One record: what one look at one pcpu's banks found. */
export interface TelemetryRecord {
  /** By which it is acknowledged; never 0. */
  readonly id: number
  readonly urgent: boolean
  readonly atNs: number
  readonly pcpu: number
  readonly socket: number
  readonly core: number
  readonly thread: number
  readonly apicId: number
  /** Who ran there. */
  readonly domid: number
  readonly vcpu: number
  /** MC_FLAG_*: 1 correctable, 2 uncorrectable, 4 recoverable, 8 polled, 0x20 CMCI, 0x40 MCE. */
  readonly flags: number
  readonly mcgStatus: bigint
  readonly mcgCap: bigint
  readonly banks: readonly TelemetryBank[]
  readonly recovery: readonly TelemetryRecovery[]
}

/** MC_FLAG_* of a record. */
export const MC_FLAG = {
  CORRECTABLE: 1,
  UNCORRECTABLE: 2,
  RECOVERABLE: 4,
  POLLED: 8,
  CMCI: 0x20,
  MCE: 0x40,
} as const

const URGENT_ENTRIES = 10
const ENTRIES = 30

/** An entry of the pool that holds a record. */
interface Held {
  readonly entry: number
  readonly record: TelemetryRecord
}

/** All of a pool, as plain data. */
export interface TelemetryState {
  readonly held: readonly Held[]
  readonly nextId: number
  readonly dropped: number
  readonly hollow: number
}

/** A hypervisor's pool of records. */
export class TelemetryPool {
  #held: Held[] = []
  readonly #reserved = new Set<number>()
  #nextId = 1
  #dropped = 0
  #hollow = 0

  /** Records that found no entry. */
  get dropped(): number {
    return this.#dropped
  }

  /** How often dom0 was told of a record while none waited. */
  get hollow(): number {
    return this.#hollow
  }

  /** Dom0 is told that there is a record. */
  announce(): void {
    if (this.#held.length === 0) this.#hollow += 1
  }

  /** Records that wait, oldest first. */
  get waiting(): readonly TelemetryRecord[] {
    return this.#held.map(({ record }) => record)
  }

  /** Takes the first free entry; undefined, and one more dropped, when there is none. */
  reserve(urgent: boolean): number | undefined {
    for (let entry = urgent ? 0 : URGENT_ENTRIES; entry < ENTRIES; entry++) {
      if (this.#reserved.has(entry) || this.#held.some((h) => h.entry === entry)) continue
      this.#reserved.add(entry)
      return entry
    }
    this.#dropped += 1
    return undefined
  }

  /** Gives an entry back. */
  dismiss(entry: number): void {
    this.#reserved.delete(entry)
  }

  /** Fills an entry that was reserved. */
  commit(entry: number, found: Omit<TelemetryRecord, 'id'>): TelemetryRecord {
    this.dismiss(entry)
    const record = { ...found, id: this.#nextId++ }
    this.#held.push({ entry, record })
    return record
  }

  /** The oldest record of a class; it stays until it is acknowledged. */
  fetch(urgent: boolean): TelemetryRecord | undefined {
    return this.waiting.find((r) => r.urgent === urgent)
  }

  /** Lets the oldest record of a class go, if that is its id. */
  ack(urgent: boolean, id: number): void {
    if (this.fetch(urgent)?.id !== id) return
    this.#held = this.#held.filter(({ record }) => record.id !== id)
  }

  save(): TelemetryState {
    const { dropped, hollow } = this
    return structuredClone({ held: this.#held, nextId: this.#nextId, dropped, hollow })
  }

  restore(saved: TelemetryState): void {
    const state = structuredClone(saved)
    this.#held = [...state.held]
    this.#nextId = state.nextId
    this.#dropped = state.dropped
    this.#hollow = state.hollow
    this.#reserved.clear()
  }
}
