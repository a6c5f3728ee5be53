// A folder of `xpv fmd` is read from where its checkpoint was written: however long the logs are
// before that, a start takes no longer; and what is behind it is there.
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { FmdFolder } from '../../src/cli/fmd-folder.js'
import { decodeCheckpoint, encodeCheckpoint } from '../../src/fma/fmd/checkpoint.js'
import { standardModules } from '../../src/fma/host/standard-modules.js'
import { readTelemetry } from '../../src/fma/telemetry/read.js'
import { xpv } from './xpv-process.js'

const SERIES = 'test/sim/captures/mcelog-series.bin'
const FOLDER = mkdtempSync(join(tmpdir(), 'xpv-place-'))
const HUGE = 3 * 2 ** 30

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

async function known(folder: string) {
  const { topology } = await readTelemetry(SERIES, readFileSync(SERIES), { everyNs: 19n })
  const opened = new FmdFolder(folder)
  const { manager } = opened.begin({ topology, modules: standardModules(), seed: 1 })
  opened.close()
  const codes = manager.cases().flatMap((each) => (each.state === 'unsolved' ? [] : each.code))
  return { codes, inputs: manager.inputs, ...opened.state }
}

it('a log of 3 GiB before the checkpoint is not read', async () => {
  const folder = join(FOLDER, 'huge')
  xpv(['fmd', '-d', folder, '--every', '19s', SERIES])
  const before = await known(folder)
  expect(before.codes.sort()).toEqual(['GMCA-8000-LF', 'GMCA-8000-WT'])
  const path = join(folder, 'checkpoint')
  const checkpoint = decodeCheckpoint(readFileSync(path))
  if (checkpoint?.places === undefined) throw new Error('it does not say where it belongs')
  const bytes = { ...checkpoint.places.bytes, error: HUGE }
  const places = { ...checkpoint.places, bytes }
  writeFileSync(path, encodeCheckpoint({ ...checkpoint, places }))
  truncateSync(join(folder, 'errlog'), HUGE)
  expect(await known(folder)).toEqual(before)
})

it.each([{ lacking: 'a checkpoint that says no place' }, { lacking: 'no checkpoint' }])(
  'with $lacking all of the logs is read',
  async ({ lacking }) => {
    const folder = join(FOLDER, lacking)
    xpv(['fmd', '-d', folder, '--every', '19s', SERIES])
    const before = await known(folder)
    const path = join(folder, 'checkpoint')
    if (lacking === 'no checkpoint') rmSync(path)
    else {
      const { places: _, ...state } = decodeCheckpoint(readFileSync(path)) ?? {}
      writeFileSync(path, encodeCheckpoint(state as Parameters<typeof encodeCheckpoint>[0]))
    }
    expect(await known(folder)).toEqual(before)
  },
)

it('a log that was rotated out is begun anew, and nothing is forgotten', () => {
  const folder = join(FOLDER, 'rotated')
  const words = ['fmd', '-d', folder, '--every', '19s', SERIES]
  xpv(words)
  const again = xpv(words).out
  const rotate = (log: string) => xpv(['fmadm', '-R', folder, 'rotate', log])
  expect(rotate('errlog').out).toBe('fmadm: errlog has been rotated out and can now be archived\n')
  expect(rotate('fltlog').status).toBe(0)
  expect(xpv(words).out).toBe(again)
  expect(readFileSync(join(folder, 'errlog')).length).toBeLessThan(100)
  expect(xpv(['fmdump', '-e', join(folder, 'errlog.0-')]).out.split('\n').length).toBe(16)
  expect(rotate('errlog').err).toBe(
    'fmadm: failed to rotate errlog: log file is too busy to rotate (try again later)\n',
  )
})
