// Dom0Log: the machine checks that reached dom0, or on metal the operating system; and the file in
// which a Linux dom0 shows them.
//
//   records fetched from the hypervisor  ->  log  ->  /dev/mcelog: 112 bytes for each bank
//
// Holds: Linux keeps 32 banks' entries until somebody reads the file; the newest is lost when it is
// full. What the driver does not fill in (time, instruction, domain) is 0 in the file.
// Source: drivers/xen/mcelog.c; layout as captured.
import type { TelemetryBank, TelemetryRecord } from './telemetry.js'

/** Entries that Linux keeps. */
const ENTRIES = 32
const ENTRY_BYTES = 112
const FINISHED = 1

/** All of it, as plain data. */
export interface Dom0LogState {
  readonly records: readonly TelemetryRecord[]
  readonly unread: readonly McelogEntry[]
  readonly lost: number
}

/** One bank of one record. */
export interface McelogEntry {
  readonly record: TelemetryRecord
  readonly bank: TelemetryBank
}

/** What became known of machine checks in dom0. */
export class Dom0Log {
  readonly #hasFile: boolean
  #records: TelemetryRecord[] = []
  #unread: McelogEntry[] = []
  #lost = 0

  /** `hasFile`: there is a /dev/mcelog, with its limit. */
  constructor(hasFile: boolean) {
    this.#hasFile = hasFile
  }

  /** Oldest first. */
  get records(): readonly TelemetryRecord[] {
    return this.#records
  }

  /** Entries that found no room in the file. */
  get lost(): number {
    return this.#lost
  }

  keep(record: TelemetryRecord): void {
    this.#records.push(record)
    if (!this.#hasFile) return
    for (const bank of record.banks) {
      if (this.#unread.length < ENTRIES) this.#unread.push({ record, bank })
      else this.#lost += 1
    }
  }

  /** What a read of /dev/mcelog yields; the file is empty from then on. */
  takeMcelog(): Uint8Array {
    const bytes = new Uint8Array(this.#unread.length * ENTRY_BYTES)
    this.#unread.forEach((entry, n) => {
      writeEntry(new DataView(bytes.buffer, n * ENTRY_BYTES, ENTRY_BYTES), entry)
    })
    this.#unread = []
    return bytes
  }

  save(): Dom0LogState {
    return structuredClone({ records: this.#records, unread: this.#unread, lost: this.#lost })
  }

  restore(saved: Dom0LogState): void {
    const state = structuredClone(saved)
    this.#records = [...state.records]
    this.#unread = [...state.unread]
    this.#lost = state.lost
  }
}

function writeEntry(view: DataView, { record, bank }: McelogEntry): void {
  view.setBigUint64(0, bank.status, true)
  view.setBigUint64(8, bank.misc, true)
  view.setBigUint64(16, bank.addr, true)
  view.setBigUint64(24, record.mcgStatus, true)
  view.setBigUint64(40, bank.tsc, true)
  view.setUint8(65, bank.bank)
  view.setUint8(66, record.pcpu)
  view.setUint8(67, FINISHED)
  view.setUint32(68, record.pcpu, true)
  view.setUint32(72, record.socket, true)
  view.setUint32(76, record.apicId, true)
  view.setBigUint64(80, record.mcgCap, true)
}
