// Damaged files of the fuzz: telemetry that is diagnosed, events as text, logs and checkpoints that
// are recovered from. Refused with a code, or read as far as it goes; what goes on works.

import { XpvError } from '../../../src/base/error.js'
import { parseNvlistJson } from '../../../src/fma/event/nvlist-json.js'
import { parseNvlist } from '../../../src/fma/event/nvlist-text.js'
import { caseLines } from '../../../src/fma/explain/case-lines.js'
import { explainCase } from '../../../src/fma/explain/explain-case.js'
import { unseenLines } from '../../../src/fma/explain/unseen.js'
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/fma/fmd/checkpoint.js'
import type { LogName } from '../../../src/fma/fmd/input.js'
import { encodeLogRecord, logHeader, readLog } from '../../../src/fma/fmd/log-format.js'
import type { FaultManager } from '../../../src/fma/fmd/manager.js'
import { recover } from '../../../src/fma/fmd/recover.js'
import type { FmdState } from '../../../src/fma/fmd/state.js'
import { diagnose } from '../../../src/fma/host/diagnose.js'
import type { FaultManagement } from '../../../src/fma/host/fault-management.js'
import { standardModules } from '../../../src/fma/host/standard-modules.js'
import { loggedDiagnoses } from '../../../src/fma/view/logged-diagnoses.js'
import type { Dice } from '../../d/source-maker.js'
import { damaged, telemetrySamples } from './damage.js'
import { bytesOf } from './files.js'

const EVERY = { everyNs: 7_000_000_000n }
const LOGS: readonly LogName[] = ['error', 'fault', 'resource', 'info']

let samples: Promise<readonly Uint8Array[]> | undefined
let life: Promise<Life> | undefined

/** Says what is wrong with how damaged telemetry was read and diagnosed. */
export async function telemetryMistake(dice: Dice): Promise<string | undefined> {
  samples ??= telemetrySamples()
  const bytes = damaged(await samples, dice)
  const options = dice.below(3) === 0 ? {} : EVERY
  const management = await refusedOr(() => diagnose('fuzz', bytes, options))
  return management && (failureOf(management.manager) ?? shown(management))
}

/** The same of events as people or programs print them. */
export async function textMistake(dice: Dice): Promise<string | undefined> {
  samples ??= telemetrySamples()
  const text = new TextDecoder().decode(damaged((await samples).slice(-4), dice))
  for (const parse of [parseNvlist, parseNvlistJson]) await refusedOr(() => parse(text))
  return undefined
}

async function refusedOr<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof XpvError && error.code !== '' && error.message !== '') return undefined
    throw error
  }
}

const failureOf = (manager: FaultManager): string | undefined => {
  const failed = manager.moduleFacts().find((module) => module.failed !== undefined)
  return failed && `${failed.name} failed: ${failed.failed}`
}

/** Looks at all that people look at. */
function shown(management: FaultManagement): undefined {
  unseenLines(management)
  for (const one of management.manager.cases()) {
    caseLines(one)
    explainCase(management, one)
  }
  for (const name of LOGS) for (const one of management.log(name)) encodeLogRecord(one)
  loggedDiagnoses(management.log('fault'))
}

interface Life {
  readonly management: FaultManagement
  readonly logs: readonly Uint8Array[]
  readonly checkpoint: Uint8Array
}

/** Logs and a checkpoint of a real series of errors, taken twice. */
async function lived(): Promise<Life> {
  const series = bytesOf('test/sim/captures/mcelog-series.bin')
  const twice = new Uint8Array(Buffer.concat([series, series]))
  const management = await diagnose('series', twice, EVERY)
  const logs = LOGS.map((name) => {
    const records = management.log(name).map(encodeLogRecord)
    return new Uint8Array(Buffer.concat([logHeader(), ...records]))
  })
  return { management, logs, checkpoint: encodeCheckpoint(management.manager.save()) }
}

/** Says what is wrong with how damaged logs and checkpoints were recovered from. */
export async function folderMistake(dice: Dice): Promise<string | undefined> {
  life ??= lived()
  const { management, logs, checkpoint } = await life
  const files = logs.map((bytes) => (dice.below(2) === 0 ? bytes : damaged([bytes], dice)))
  const scans = await refusedOr(() => files.map((bytes) => readLog(bytes)))
  if (scans === undefined) return undefined
  for (const { losses, wholeBytes } of scans) {
    if (losses.some(({ bytes }) => !(bytes > 0)) || !(wholeBytes >= 0)) return 'a loss of nothing'
  }
  const records = scans.flatMap((scan) => scan.records)
  const state = checkpointOf(checkpoint, dice)
  const { topology } = management
  const parts = { topology, modules: standardModules(), seed: 1 }
  const recovery = await refusedOr(() => recover(parts, { checkpoint: state, records }))
  if (recovery === undefined) return undefined
  const known = new Set(recovery.manager.cases().map(({ uuid }) => uuid))
  const told = loggedDiagnoses(records).filter(({ change }) => change === 'suspect')
  const lost = told.find(({ uuid }) => !known.has(uuid))
  if (lost !== undefined) return `lost ${lost.uuid}, which is in the fault log`
  const failed = failureOf(recovery.manager)
  return failed ?? goesOn(recovery.manager)
}

/** None, the whole one, or one that is damaged; that one must be none. */
function checkpointOf(bytes: Uint8Array, dice: Dice): FmdState | undefined {
  if (dice.below(3) === 0) return undefined
  return decodeCheckpoint(dice.below(2) === 0 ? bytes : damaged([bytes], dice))
}

/** A checkpoint of what was recovered is whole, and the same. */
function goesOn(manager: FaultManager): string | undefined {
  const state = decodeCheckpoint(encodeCheckpoint(manager.save()))
  if (state === undefined) return 'a checkpoint that is not whole'
  manager.take({ kind: 'time', timeNs: state.nowNs + 86_400_000_000_000n })
  return failureOf(manager)
}
