// A storm of machine checks as /dev/mcelog gives it: the two real records of a Xen host, on many
// pcpus and at many addresses, in an order that a seed decides.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Prng } from '../../../src/base/prng.js'

const RECORD = 112
const ADDRESS = 16
const PCPUS = 32
const PAGES = 100

/** So many records, a multiple of what a read of the device gives or not. */
export function storm(records: number, seed: number): Uint8Array {
  const path = join(import.meta.dirname, '..', '..', 'sim', 'captures', 'mcelog-series.bin')
  const real = readFileSync(path)
  const random = new Prng(seed)
  const bytes = new Uint8Array(records * RECORD)
  for (let i = 0; i < records; i++) {
    const kind = random.below(2)
    bytes.set(real.subarray(kind * RECORD, (kind + 1) * RECORD), i * RECORD)
    const view = new DataView(bytes.buffer, i * RECORD, RECORD)
    const pcpu = random.below(PCPUS)
    view.setUint8(66, pcpu)
    view.setUint32(68, pcpu, true)
    view.setUint32(76, pcpu, true)
    if (kind === 1) view.setBigUint64(ADDRESS, BigInt(random.below(PAGES)) << 12n, true)
  }
  return bytes
}
