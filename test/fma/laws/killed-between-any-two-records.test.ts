// Who manages faults is killed between any two records that it logs, or while it logs what one
// input made of it: whoever goes on gets to the same end, byte for byte. XPV_FUZZ sets how many
// places are tried, of all there are.
import { expect, it } from 'vitest'
import { readTelemetry } from '../../../src/fma/telemetry/read.js'
import { storm } from '../host/storm.js'
import { Disk, work } from './cut.js'

const COUNT = Number(process.env['XPV_FUZZ'] ?? 16)

it('killed around anything but an ereport, it gets to the same end', async () => {
  const reading = await readTelemetry('storm', storm(250, 4), { everyNs: 5_000_000_000n })
  const whole = new Disk()
  const end = work(reading, whole, 1_000)
  const places = whole.all.flatMap(({ log }, i) => (log === 'error' ? [] : [i, i + 1]))
  const all = [...new Set(places)]
  expect(all.length).toBeGreaterThan(40)
  const step = Math.max(1, Math.floor(all.length / COUNT))
  for (const [n, cut] of all.filter((_, i) => i % step === 0).entries()) {
    const disk = new Disk()
    disk.left = cut
    const every = [7, 20, 1_000][n % 3] ?? 1
    expect(work(reading, disk, every), `killed after ${cut}`).toBeUndefined()
    disk.left = Number.POSITIVE_INFINITY
    expect(work(reading, disk, every), `killed after ${cut}`).toBe(end)
    expect(disk.sums, `killed after ${cut}`).toEqual(whole.sums)
  }
})
