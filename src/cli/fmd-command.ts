// `xpv fmd`: diagnoses files of telemetry, of whatever host, and keeps what it knows in a folder.
//
//   xpv fmd --every 19s mcelog.bin
//   xpv fmd -d var/fmd --rules site.esc ras-mc_event.db       again, after a crash: goes on
//   xpv fmd --every 19s mcelog.bin dmesg.txt lspci.txt xl-info-n.txt    of one host, with its parts
//
// Holds: one host's telemetry is in one folder. What was taken is not taken again; what was logged
// is not lost. Printed is what is known at the end, the same whether it was killed in between.
import { readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileError } from '../backend/replay/file-source.js'
import { parseDuration } from '../base/duration.js'
import { XpvError } from '../base/error.js'
import { caseReport } from '../fma/explain/case-report.js'
import { unknownClasses } from '../fma/explain/unknown-classes.js'
import { notSeenLines } from '../fma/explain/unseen.js'
import type { Case } from '../fma/fmd/case.js'
import { FileSource, fileHost } from '../fma/host/diagnose.js'
import { FaultManagement } from '../fma/host/fault-management.js'
import type { FileReading } from '../fma/telemetry/file-order.js'
import { readTelemetryFiles } from '../fma/telemetry/read.js'
import { LOG_FILES } from '../fma/view/log-files.js'
import type { Context } from './context.js'
import { DONE } from './exit-status.js'
import { FmdFolder } from './fmd-folder.js'
import { LogCounts } from './log-counts.js'
import { progress, type Task } from './progress.js'
import { rulesOf } from './rules-of.js'

/** What a command line says. */
export interface FmdWords {
  readonly folder?: string | undefined
  readonly every?: string | undefined
  readonly rules: readonly string[]
  readonly files: readonly string[]
}

/** Runs it; yields the exit status. Throws `XpvError` `cli.usage`, `file.*`, `fma.*`. */
export async function fmd(words: FmdWords, context: Context): Promise<number> {
  const telemetry = await readAll(words)
  const folder = words.folder === undefined ? undefined : new FmdFolder(words.folder)
  try {
    const logs = folder ?? new LogCounts()
    const { management, unknown } = diagnosed(telemetry, words, logs)
    folder?.checkpoint(management.manager)
    const known = folder?.state.ereports ?? 0
    const count = { taken: logs.ereports, known }
    context.out.write(context.json ? jsonOf(management) : textOf(management, { ...count, unknown }))
    return DONE
  } finally {
    folder?.close()
  }
}

async function readAll({ every, files }: FmdWords): Promise<readonly FileReading[]> {
  const everyNs = every === undefined ? undefined : spanNs(every)
  const read = files.map((name) => ({ name, bytes: bytesOf(name) }))
  return readTelemetryFiles(read, { everyNs })
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw folderOfLogs(path) ?? fileError(path, error, 'xpv fmd mcelog.bin')
  }
}

/** What to read of a folder that `-d` wrote; undefined for anything else. */
function folderOfLogs(path: string): XpvError | undefined {
  const log = join(path, LOG_FILES.error)
  if (statSync(log, { throwIfNoEntry: false })?.isFile() !== true) return undefined
  const message = `${path} is a folder, of xpv fmd -d: its log of errors is telemetry`
  return new XpvError('file.unreadable', message, `xpv fmd ${log}`)
}

function spanNs(text: string): bigint {
  const ns = parseDuration(text)
  if (ns !== undefined) return BigInt(ns)
  throw new XpvError('cli.usage', `--every ${text} is not a time`, '--every 19s')
}

/** Takes all telemetry, file by file. */
function diagnosed(
  telemetry: readonly FileReading[],
  { rules }: FmdWords,
  logs: FmdFolder | LogCounts,
): { readonly management: FaultManagement; readonly unknown: string | undefined } {
  const [first] = telemetry
  if (first === undefined)
    throw new XpvError('cli.usage', 'it is not said which file', 'xpv fmd FILE')
  const source = new FileSource()
  const options = { rules: rules.length === 0 ? undefined : rulesOf(rules, process.cwd()) }
  const { topology } = first.reading
  const kept =
    logs instanceof FmdFolder
      ? {
          logs,
          begin: (parts: Parameters<FmdFolder['begin']>[0]) => logs.begin(parts),
          taken: (manager: Parameters<FmdFolder['taken']>[0]) => logs.taken(manager),
        }
      : { logs }
  const host = fileHost({ name: first.name, topology, source, options, kept })
  const management = new FaultManagement(host)
  for (const { name, bytes, reading } of telemetry) {
    source.add(followed(name, reading), logs instanceof FmdFolder ? logs.takenOf(name, bytes) : 0)
    management.wake()
  }
  const { rules: chosen } = options
  return { management, unknown: chosen && unknownClasses(chosen, source.classes) }
}

/** The same reading, which tells how many of its ereports are taken. */
function followed(name: string, reading: FileReading['reading']): FileReading['reading'] {
  const title = `diagnosing ${basename(name)}`
  const task = progress.begin({ title, unit: 'ereports', total: reading.account.ereports })
  return { ...reading, ereports: counted(reading.ereports, task) }
}

function* counted<T>(items: Iterable<T>, task: Task): Generator<T> {
  let taken = 0
  for (const item of items) {
    task.at(taken++)
    yield item
  }
  task.end()
}

const solved = (management: FaultManagement): readonly Case[] =>
  management.manager.cases().filter(({ state }) => state !== 'unsolved')

/** Ereports that were taken, now and before, and those before; that rules know none of them. */
interface Count {
  readonly unknown: string | undefined
  readonly taken: number
  readonly known: number
}

function textOf(management: FaultManagement, { taken, known, unknown }: Count): string {
  const cases = solved(management)
  const before = known === 0 ? '' : `, ${known} of them known before`
  const lines = [
    ...cases.map((each) => caseReport(each, management.topology)),
    `${taken} ereport${taken === 1 ? '' : 's'}${before}; ${countText(cases.length)}`,
    ...(unknown === undefined ? [] : [unknown]),
    ...notSeenLines(management),
  ]
  return `${lines.join('\n')}\n`
}

const countText = (count: number): string =>
  count === 0 ? 'no diagnosis' : `${count} diagnos${count === 1 ? 'is' : 'es'}`

function jsonOf(management: FaultManagement): string {
  const cases = solved(management).flatMap((each) => (each.state === 'unsolved' ? [] : each))
  const told = cases.map(({ uuid, code, severity, state, solvedNs, suspects }) => ({
    ...{ uuid, code, severity, state, solvedNs: String(solvedNs) },
    suspects: suspects.map(({ fault }) => ({ class: fault.class, certainty: fault.certainty })),
  }))
  const { account } = management
  return `${JSON.stringify({ cases: told, account })}\n`
}
