// `xpv fmd` killed with SIGKILL during a storm of ereports: nothing that was logged is lost, no
// case is there twice, and in the end all is as if nobody had killed. `npm run kill` does more
// rounds.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { ROOT } from '../../cli/xpv-process.js'
import { disturbed, undisturbed } from './kill-rounds.js'

const FOLDER = mkdtempSync(join(tmpdir(), 'xpv-kill-'))
const START = ['--no-force-async-hooks-checks', join(ROOT, 'bin', 'xpv.mjs')]

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

it('killed at any moment, it loses no fault and doubles no case', { timeout: 60_000 }, async () => {
  const whole = await undisturbed(START, join(FOLDER, 'whole'))
  expect(whole.diagnoses.length).toBeGreaterThan(50)
  const rounds = await disturbed(START, {
    ...{ folder: join(FOLDER, 'killed'), kills: 3, seed: 7, mostMs: 500 },
  })
  expect(rounds.killed).toBeGreaterThan(0)
  expect(rounds.lost).toEqual([])
  expect(new Set(rounds.known.diagnoses).size).toBe(rounds.known.diagnoses.length)
  expect(rounds.known).toEqual(whole)
})
