// The command `fmdump`: the logs of fault management, of the machine that is open or in files.
//
//   fmdump            diagnoses         fmdump -e -u UUID      the ereports of one of them
//   fmdump -v -u UUID one with suspects fmdump -R FOLDER -V    what `xpv fmd -d FOLDER` wrote
//   fmdump -m         as people got it  fmdump -f              what is logged as time passes
//
// Holds: times are UTC. `Now`, by which a record is told with its year or not and from which
// `-t 1h` counts back, is the time of the machine, and of files their newest record: the same files
// yield the same bytes whenever they are read. Status: 1 a log cannot be read, 2 wrong usage, 3 a
// record was not shown. Source: fmdump(8), illumos-gate usr/src/cmd/fm/fmdump/common/fmdump.c.
import { XpvError } from '../../base/error.js'
import type { LogName, LogRecord } from '../../fma/fmd/input.js'
import type { FaultManagement } from '../../fma/host/fault-management.js'
import {
  type DumpOptions,
  dumpRecords,
  dumpTop,
  mergeLogs,
  referencedEreports,
} from '../../fma/view/dump.js'
import { passes } from '../../fma/view/log-filter.js'
import type { Command, CommandIo } from '../command.js'
import { uuidsOf } from './fmadm-completion.js'
import { type FmdumpOptions, filtersOf, isAboutWords, readFmdumpOptions } from './fmdump-options.js'
import { fileLog, folderLog, type LogSource, machineLog } from './log-sources.js'

/** What fmdump needs of the session. */
export interface DumpHost {
  readonly fma: () => FaultManagement
  /** Paths are meant from there. */
  readonly directory: () => string
  /** Lets a little time pass, on the machine or else by the clock; false when somebody wants an
   *  end. */
  readonly wait: (from: 'machine' | 'files', io: CommandIo) => Promise<boolean>
}

/** Makes it. */
export function fmdumpCommand(host: DumpHost): Command {
  return {
    name: 'fmdump',
    summary: 'the logs of fault management: diagnoses, ereports (-e), in files (-R)',
    usage: '[-e|-i|-A] [-afmvVpj] [-ctTun WORD] [-R FOLDER | FILE]',
    examples: [
      'fmdump',
      'fmdump -v',
      'fmdump -m',
      "fmdump -eV -c 'ereport.cpu.*'",
      'fmdump -e -t 1h',
      'fmdump -Vj',
      'fmdump -A',
    ],
    where: {
      '-e, -i': 'ereports; what people and the machine told fmd',
      '-A': 'all logs merged, or the FILEs',
      '-v, -V': 'more of each record, everything; -Vp FMRIs in a line, -Vj JSON',
      '-m': 'as people were told; -a also what they were not',
      '-c, -u': "of a class ('ereport.*.l1?cache'), of a diagnosis",
      '-n': 'with a member, of a value: -n de.mod-name=eft',
      '-t, -T': "since, until: '12/10/2007 12:00:05', 12:00, 10Dec07, 90min",
      '-R, FILE': 'a folder that xpv fmd -d wrote, or one log of it',
      '-f': 'goes on until Ctrl-C; time passes on a simulated machine',
      times: 'are UTC; 90min are before the time of the machine, of files before',
      '': 'their newest record',
    },
    complete: (words) => (words.at(-1) === '-u' ? uuidsOf(host.fma()) : []),
    run: async (argv, io) => {
      const words = readFmdumpOptions(argv)
      if (words.kind === 'right') return fmdump(words.options, host, io)
      io.warn(words.told)
      return USAGE
    },
  }
}

const DONE = 0
const FATAL = 1
const USAGE = 2
const INCOMPLETE = 3

async function fmdump(options: FmdumpOptions, host: DumpHost, io: CommandIo): Promise<number> {
  try {
    return await new Dumping(options, host, io).run()
  } catch (error) {
    const isOfFile = error instanceof XpvError && error.code === 'fma.no-log'
    if (!isOfFile && !isAboutWords(error)) throw error
    io.warn(`fmdump: ${error.message}\n`)
    return isOfFile ? FATAL : USAGE
  }
}

/** One run. */
class Dumping {
  readonly #options: FmdumpOptions
  readonly #host: DumpHost
  readonly #io: CommandIo
  #isIncomplete = false

  constructor(options: FmdumpOptions, host: DumpHost, io: CommandIo) {
    this.#options = options
    this.#host = host
    this.#io = io
  }

  async run(): Promise<number> {
    const sources = this.#sources()
    const log = this.#isReferring ? 'error' : (sources[0]?.log ?? 'error')
    const { form } = this.#options
    if (form === 'message' && log !== 'fault') {
      const what = `log of type ${log}: ${sources[0]?.path}`
      this.#io.warn(`fmdump: -m mode is not supported for ${what}\n`)
      return USAGE
    }
    const readings = this.#readAll(sources)
    if (!this.#has('A')) this.#print(dumpTop(log, form))
    let shown = this.#show(log, readings)
    const isEmpty = readings.every((records) => records.length === 0)
    if (isEmpty && !this.#has('f')) {
      this.#io.warn(sources.map(({ path }) => `fmdump: warning: ${path} is empty\n`).join(''))
    }
    while (this.#has('f') && (await this.#host.wait(this.#from, this.#io))) {
      shown = this.#show(log, this.#readAll(sources), shown)
    }
    return this.#isIncomplete ? INCOMPLETE : DONE
  }

  /** What is shown when it was not before: `shown` counts, and is counted anew. */
  #show(log: LogName, readings: readonly (readonly LogRecord[])[], shown = 0): number {
    const nowNs = this.#now(readings)
    const fresh = [...this.#chosen(readings, nowNs)].slice(shown)
    this.#print(dumpRecords(fresh, { ...this.#dumpOptions(log, nowNs) }))
    return shown + fresh.length
  }

  /** The records of all logs in order; with -e -u the ereports of the diagnoses that pass. */
  #chosen(readings: readonly (readonly LogRecord[])[], nowNs: bigint): Iterable<LogRecord> {
    if (!this.#isReferring) return readings.length === 1 ? (readings[0] ?? []) : mergeLogs(readings)
    const [faults = [], errors = []] = readings
    const filters = filtersOf(this.#filters('un'), nowNs)
    const diagnoses = faults.filter((record) => passes(record, filters))
    return referencedEreports(diagnoses, errors)
  }

  #dumpOptions(log: LogName, nowNs: bigint): DumpOptions {
    const { form } = this.#options
    const asked = filtersOf(this.#filters(this.#isReferring ? 'ctT' : 'ctTun'), nowNs)
    const isQuiet = !this.#has('a') && !this.#has('u') && (this.#has('A') || log === 'fault')
    const told = isQuiet ? [{ kind: 'told' as const, listsOnly: this.#has('A') }] : []
    return { form, nowNs, filters: [...asked, ...told] }
  }

  #filters(letters: string): FmdumpOptions['filters'] {
    return this.#options.filters.filter(({ letter }) => letters.includes(letter))
  }

  #sources(): readonly LogSource[] {
    const { files, root } = this.#options
    const directory = this.#host.directory()
    if (files.length > 0 && !this.#isReferring) return files.map((file) => fileLog(file, directory))
    return this.#logs().map((log) =>
      root === undefined ? machineLog(this.#host.fma(), log) : folderLog(root, log, directory),
    )
  }

  #logs(): readonly LogName[] {
    if (this.#has('A')) return ['error', 'fault', 'info']
    if (this.#isReferring) return ['fault', 'error']
    if (this.#has('u')) return ['fault']
    if (this.#has('e')) return ['error']
    return [this.#has('i') || this.#has('I') ? 'info' : 'fault']
  }

  /** -e -u: the ereports of a diagnosis. */
  get #isReferring(): boolean {
    return this.#has('e') && this.#has('u')
  }

  get #from(): 'machine' | 'files' {
    const { files, root } = this.#options
    return files.length > 0 || root !== undefined ? 'files' : 'machine'
  }

  #now(readings: readonly (readonly LogRecord[])[]): bigint {
    if (this.#from === 'machine') return this.#host.fma().nowNs
    const newest = readings.flatMap((records) => records.at(-1)?.timeNs ?? 0n)
    return newest.reduce((a, b) => (a > b ? a : b), 0n)
  }

  #readAll(sources: readonly LogSource[]): readonly (readonly LogRecord[])[] {
    return sources.map((source) => {
      try {
        return this.#read(source)
      } catch (error) {
        const isMissing = error instanceof XpvError && error.code === 'fma.no-log'
        if (!isMissing || !this.#has('A')) throw error
        this.#warn(error.message)
        return []
      }
    })
  }

  #read(source: LogSource): readonly LogRecord[] {
    const { records, losses } = source.read()
    for (const loss of losses) {
      this.#warn(`skipping record: log file corruption detected: ${loss}`)
    }
    return records
  }

  #warn(message: string): void {
    this.#io.warn(`fmdump: warning: ${message}\n`)
    this.#isIncomplete = true
  }

  #print(pieces: Iterable<{ readonly kind: 'text' | 'failed'; readonly text: string }>): void {
    for (const { kind, text } of pieces) {
      if (this.#io.signal.aborted) return
      if (kind === 'text') this.#io.write(text)
      else {
        this.#io.warn(`fmdump: ${text}`)
        this.#isIncomplete = true
      }
    }
  }

  #has(letter: string): boolean {
    return this.#options.letters.has(letter)
  }
}
