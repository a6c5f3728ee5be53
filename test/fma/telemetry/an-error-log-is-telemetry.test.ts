// An error log that the fault manager wrote is read as telemetry, for other rules to go through.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { encodeLogRecord, logHeader } from '../../../src/fma/fmd/log-format.js'
import { diagnose } from '../../../src/fma/host/diagnose.js'
import type { FaultManagement } from '../../../src/fma/host/fault-management.js'
import { readTelemetry } from '../../../src/fma/telemetry/read.js'

const SERIES = readFileSync(
  join(import.meta.dirname, '..', '..', 'sim', 'captures', 'mcelog-series.bin'),
)
const EVERY = { everyNs: 19_000_000_000n }

/** The bytes of logs of a diagnosis. */
function logOf(management: FaultManagement, ...logs: readonly ('error' | 'fault')[]): Uint8Array {
  const records = logs.flatMap((log) => management.log(log))
  return Buffer.concat([logHeader(), ...records.map(encodeLogRecord)])
}

const diagnoses = ({ manager }: FaultManagement) =>
  manager
    .cases()
    .map((each) => (each.state === 'unsolved' ? each.state : [each.code, each.solvedNs]))

it('its ereports are those of the first time, and so is what comes of them', async () => {
  const first = await readTelemetry('series', SERIES, EVERY)
  const management = await diagnose('series', SERIES, EVERY)
  const again = await readTelemetry('errlog', logOf(management, 'error'))
  const [before, after] = [[...first.ereports], [...again.ereports]]
  expect(after).toHaveLength(14)
  for (const [i, { class: name, ena, detector, payload, timeNs }] of before.entries()) {
    expect(after[i]).toMatchObject({ class: name, ena, detector, timeNs })
    expect(after[i]?.payload).toEqual(payload)
  }
  const once = await diagnose('errlog', logOf(management, 'error'))
  expect(diagnoses(once).filter((each) => each !== 'unsolved')).toHaveLength(2)
  expect(diagnoses(once)).toEqual(diagnoses(management))
})

it('of other limits comes something else', async () => {
  const log = logOf(await diagnose('series', SERIES, EVERY), 'error')
  const serdOverrides = new Map([
    ['serd.cpu.generic-x86.l1dcache', { n: 7, tNs: 86_400n * 10n ** 9n }],
  ])
  const other = await diagnose('errlog', log, { serd: serdOverrides })
  expect(other.manager.cases().filter((each) => each.state !== 'unsolved')).toMatchObject([
    { code: 'GMCA-8000-WT' },
  ])
})

it('what is no ereport, or was not written whole, is counted and left out', async () => {
  const bytes = logOf(await diagnose('series', SERIES, EVERY), 'error', 'fault')
  const read = await readTelemetry('logs', bytes.subarray(0, bytes.length - 3))
  expect([...read.ereports]).toHaveLength(14)
  expect(read.account.unknown.map(({ what, count, reason }) => [what, count, reason])).toEqual(
    expect.arrayContaining([
      ['record', 1, 'its end is cut off'],
      ['record', 1, 'a record is a diagnosis or a note, no ereport: that is in errlog'],
    ]),
  )
})

it('a log of a later version is refused', async () => {
  const later = new TextEncoder().encode('xpv fmd log 2\n')
  await expect(readTelemetry('errlog', later)).rejects.toMatchObject({ code: 'fma.log' })
})
