// `xpv fmd` killed in the middle, again and again, until it gets to the end: what is in its folder
// then, against a folder that nobody disturbed.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Prng } from '../../../src/base/prng.js'
import { stringMember } from '../../../src/fma/event/nvlist.js'
import type { LogName } from '../../../src/fma/fmd/input.js'
import { readLog } from '../../../src/fma/fmd/log-format.js'
import { LOG_FILES } from '../../../src/fma/view/log-files.js'
import { storm } from './storm.js'

const RECORDS = 1500

/** What a folder knows in the end. */
export interface Known {
  /** Ereports, and each record of a diagnosis, as class and uuid. */
  readonly ereports: number
  readonly diagnoses: readonly string[]
  /** What was printed, but for how much was known before. */
  readonly printed: string
}

/** How often it was killed, and what was known of it in the end. */
export interface Rounds {
  readonly killed: number
  /** Faults that were in the log when it was killed, and were not there later. */
  readonly lost: readonly string[]
  readonly known: Known
}

/** The same storm without anybody who kills. */
export async function undisturbed(start: readonly string[], folder: string): Promise<Known> {
  const file = prepared(folder)
  const { out } = await run(start, { folder, file, killMs: undefined })
  return known(folder, out)
}

/** Kills `kills` times at moments that the seed decides, and lets it end then. */
export async function disturbed(
  start: readonly string[],
  of: {
    readonly folder: string
    readonly kills: number
    readonly seed: number
    readonly mostMs: number
  },
): Promise<Rounds> {
  const { folder, kills, seed, mostMs } = of
  const file = prepared(folder)
  const random = new Prng(seed)
  const lost: string[] = []
  let seen: readonly string[] = []
  let killed = 0
  for (let i = 0; i < kills; i++) {
    const { wasKilled } = await run(start, { folder, file, killMs: 20 + random.below(mostMs) })
    killed += Number(wasKilled)
    const now = diagnosesIn(folder)
    lost.push(...seen.filter((each) => !now.includes(each)))
    seen = now
  }
  const { out } = await run(start, { folder, file, killMs: undefined })
  const end = known(folder, out)
  lost.push(...seen.filter((each) => !end.diagnoses.includes(each)))
  return { killed, lost, known: end }
}

function prepared(folder: string): string {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const file = join(dirname(folder), 'storm.bin')
  writeFileSync(file, storm(RECORDS, 20071210))
  return file
}

async function run(
  start: readonly string[],
  of: { readonly folder: string; readonly file: string; readonly killMs: number | undefined },
): Promise<{ readonly out: string; readonly wasKilled: boolean }> {
  const { folder, file, killMs } = of
  const words = [...start, 'fmd', '-d', folder, '--every', '5s', file]
  const env = { ...process.env, XPV_AS_BUILT: '1' }
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'], env })
  const timer = killMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killMs)
  let out = ''
  child.stdout.on('data', (text) => {
    out += String(text)
  })
  const signal = await new Promise((done) => child.on('close', (_, how) => done(how)))
  clearTimeout(timer)
  return { out, wasKilled: signal === 'SIGKILL' }
}

function known(folder: string, out: string): Known {
  const ereports = recordsIn(folder, 'error').length
  const printed = out.replace(/, \d+ of them known before/, '')
  return { ereports, diagnoses: diagnosesIn(folder), printed }
}

const diagnosesIn = (folder: string): readonly string[] =>
  recordsIn(folder, 'fault').map(
    ({ event: list }) => `${stringMember(list, 'class')} ${stringMember(list, 'uuid')}`,
  )

function recordsIn(folder: string, name: LogName) {
  try {
    const bytes = readFileSync(join(folder, LOG_FILES[name]))
    return bytes.length === 0 ? [] : readLog(bytes).records
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
