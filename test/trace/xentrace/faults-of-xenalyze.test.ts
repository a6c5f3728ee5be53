// Where we differ from xenalyze 4.17 on purpose: each fault by name, with its reason. Where it
// is installed, the fault is shown to be there; what we yield instead is checked in any case.
import { expect, it } from 'vitest'
import { tickToNs } from '../../../src/machine/clock.js'
import { bytesSource } from '../../../src/trace/byte-source.js'
import { encodeXentrace } from '../../../src/trace/xentrace/encode.js'
import { openXentrace } from '../../../src/trace/xentrace/xentrace-file.js'
import { open, rowsOf } from './rows.js'
import { hasXenalyze, xenalyze } from './xenalyze-run.js'
import { parseDump } from './xenalyze-text.js'

const wake = (n: number, tsc: number) => ({ code: 0x28004, tsc: BigInt(tsc), words: [n, 0] })

function theirs(bytes: Uint8Array): string[] | undefined {
  if (!hasXenalyze) return undefined
  return parseDump(xenalyze(bytes, '--cpu-hz', '2.4G', '--dump-all')).map((line) => line.text)
}

it('its clock runs fast: the rate is truncated to 1024ths of a GHz (cycles_to_time)', () => {
  const bytes = encodeXentrace([
    { pcpu: 0, records: [wake(1, 1000), wake(2, 1000 + 2_400_000_000)] },
  ])
  const stream = openXentrace(bytesSource('clock', bytes), { hz: 2.4e9 }).observe()
  expect(rowsOf(stream).map((row) => tickToNs(stream.clock)(row.ticks))).toEqual([0, 1e9])
  if (!hasXenalyze) return
  const times = parseDump(xenalyze(bytes, '--cpu-hz', '2.4G', '--dump-all')).map(
    (line) => line.time,
  )
  expect(times).toEqual(['', '1.000244200'])
})

it('it loses what follows the last whole round of a cut file (activate_early_eof)', () => {
  const bytes = encodeXentrace([
    { pcpu: 0, records: [wake(0, 100)] },
    { pcpu: 1, records: [wake(1, 110)] },
    { pcpu: 0, records: [wake(2, 120), wake(3, 130)] },
    { pcpu: 1, records: [wake(4, 140), wake(5, 150)] },
  ]).subarray(0, -4)
  expect(rowsOf(open(bytes).observe()).map((row) => row.words[0])).toEqual([0, 1, 2, 3, 4])
  const said = theirs(bytes)
  if (said !== undefined) expect(said).not.toContain('vcpu_wake d4v0')
})

it('it prints the first records of a late pcpu late (process_cpu_change)', () => {
  const bytes = encodeXentrace([
    { pcpu: 0, records: [wake(0, 100), wake(1, 300)] },
    { pcpu: 0, records: [wake(2, 400)] },
    { pcpu: 1, records: [wake(3, 200)] },
  ])
  expect(rowsOf(open(bytes).observe()).map((row) => row.words[0])).toEqual([0, 3, 1, 2])
  const order = [0, 1, 3, 2].map((n) => `vcpu_wake d${n}v0`)
  expect(theirs(bytes) ?? order).toEqual(order)
})

it('it reads irq and vector as one number (irq_process)', () => {
  const words = [24 | (0x51 << 16), 1, 0, 0, 0, 0, 0]
  const records = [wake(0, 90), { code: 0x802006, tsc: 100n, words }]
  const bytes = encodeXentrace([{ pcpu: 0, records }])
  expect(rowsOf(open(bytes).observe())[1]?.words).toEqual(words)
  const said = 'irq_assign_vector irq 510018 vec 1 mask 0000 0000 0000 0000'
  expect(theirs(bytes)?.[1] ?? said).toBe(said)
})

it('it stops at a pcpu beyond 255 (MAX_CPUS)', () => {
  const bytes = encodeXentrace([{ pcpu: 300, records: [wake(0, 90)] }])
  expect(rowsOf(open(bytes).observe()).length).toBe(1)
  expect(theirs(bytes) ?? []).toEqual([])
})
