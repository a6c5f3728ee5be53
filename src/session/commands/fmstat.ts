// The command `fmstat`: what the modules of fmd count.
//
//   fmstat              a line for each module     fmstat -a -m eft    all that one counts
//   fmstat -s -m eft    its SERD engines           fmstat 5 3          three times, 5 s between
//
// Holds: fmd works off what it is handed before any time passes, so that nothing waits (wait and %w
// are 0), and on a simulated host it takes no time either (svc_t, %b). Between two reports the time
// of the machine passes. Source: fmstat(8), illumos-gate usr/src/cmd/fm/fmstat/common/fmstat.c.
import type { ModuleStatistics } from '../../fma/fmd/module-facts.js'
import type { FaultManagement } from '../../fma/host/fault-management.js'
import {
  type CountedModule,
  printModuleStatistics,
  printSerdEngines,
  printStatistics,
  type Statistic,
} from '../../fma/view/statistics.js'
import type { Command, CommandIo } from '../command.js'
import { modulesOf } from './fmadm-completion.js'
import { type GivenWords, getopt, isGiven, wordsOf } from './getopt.js'

/** What fmstat needs of the session. */
export interface StatisticsHost {
  readonly fma: () => FaultManagement
  /** Lets so many seconds of the machine pass; false when somebody wants an end. Throws where time
   *  stands still. */
  readonly pass: (seconds: number, io: CommandIo) => Promise<boolean>
}

/** Makes it. */
export function fmstatCommand(host: StatisticsHost): Command {
  return {
    name: 'fmstat',
    summary: 'what the modules of fault management count, and their SERD engines',
    usage: '[-astTz] [-m MODULE] [-d d|u] [INTERVAL [COUNT]]',
    examples: ['fmstat', 'fmstat -s -m eft', 'fmstat -a -m eft', 'fmstat -z -m eft', 'fmstat 5 3'],
    where: {
      '-m': 'what one module counts; -a also what fmd counts for it, -z not 0',
      '-s': 'SERD engines of a module (-m); more than N within T make one fire',
      '-a': 'without -m: what fmd counts in all',
      '-t': 'transports, -T with whose they are: there are none here',
      '-d': 'd the date (UTC) above each report, u seconds since 1970',
      INTERVAL: 'seconds that pass on the machine; then what came since is counted',
    },
    complete: (words) => (words.at(-1) === '-m' ? modulesOf(host.fma()) : []),
    run: async (argv, io) => fmstat(argv, host, io),
  }
}

const DONE = 0
const FAILED = 1
const USAGE = 2

const USAGE_TEXT =
  'Usage: fmstat [-astTz] [-m module] [-P prog] [-d d|u] [interval [count]]\n\n' +
  '\t-a also what fmd itself counts\n' +
  '\t-d the date (d) or seconds since 1970 (u) above each report\n' +
  '\t-m what one module counts\n' +
  '\t-P another program than fmd\n' +
  '\t-s the SERD engines of a module\n' +
  '\t-t transports\n' +
  '\t-T transports and whose they are\n' +
  '\t-z leave out what is 0\n'

async function fmstat(
  argv: readonly string[],
  host: StatisticsHost,
  io: CommandIo,
): Promise<number> {
  const words = getopt(argv, 'ad:m:P:stTz')
  const mistake = mistakeIn(words)
  if (mistake !== undefined) {
    io.warn(mistake)
    return USAGE
  }
  const [interval, count] = words.operands.map(Number)
  let left = interval === undefined ? 1 : (count ?? Number.POSITIVE_INFINITY)
  let before: readonly CountedModule[] = []
  for (; left > 0; left--) {
    const now = countedModules(host.fma())
    const status = report(words, { before, now, management: host.fma(), io })
    if (status !== DONE) return status
    before = now
    if (left === 1) break
    if (!(await host.pass(interval ?? 0, io))) break
    io.write('\n')
  }
  return DONE
}

/** What is wrong with a command line, as it is told. */
function mistakeIn(words: GivenWords): string | undefined {
  const given = (letter: string): boolean => isGiven(words, letter)
  if (words.mistake !== undefined) return `fmstat: ${words.mistake}\n${USAGE_TEXT}`
  if (wordsOf(words, 'd').some((word) => !/^[du]/.test(word))) return USAGE_TEXT
  const names = ['interval', 'count']
  const wrong = words.operands.slice(0, 2).findIndex((word) => !/^\d{1,9}$/.test(word))
  if (wrong >= 0) return `fmstat: invalid ${names[wrong]} argument -- ${words.operands[wrong]}\n`
  if (words.operands.length > 2) return USAGE_TEXT
  if (given('t') && (given('m') || given('s'))) return 'fmstat: -t cannot be used with -m or -s\n'
  if (given('t') && given('T')) return 'fmstat: -t and -T are mutually exclusive options\n'
  return given('s') && !given('m') ? 'fmstat: -s requires -m <module>\n' : undefined
}

interface Report {
  readonly before: readonly CountedModule[]
  readonly now: readonly CountedModule[]
  readonly management: FaultManagement
  readonly io: CommandIo
}

function report(words: GivenWords, { before, now, management, io }: Report): number {
  const given = (letter: string): boolean => isGiven(words, letter)
  const date = wordsOf(words, 'd').at(-1)
  if (date !== undefined) io.write(dateLine(date, management.nowNs))
  const module = wordsOf(words, 'm').at(-1)
  const counted = now.find(({ name }) => name === module)
  if (given('T')) io.write(' id state module              authority\n')
  else if (module !== undefined && counted === undefined) {
    const what = given('s') ? 'serd engines' : 'statistics'
    const why = 'specified module is not loaded in fault manager'
    io.warn(`fmstat: failed to retrieve ${what} for ${module}: ${why}\n`)
    return FAILED
  } else if (given('s') && module !== undefined) {
    io.write(printSerdEngines(management.manager.serdEngines(module), management.nowNs))
  } else if (counted !== undefined || given('a')) {
    const statistics = counted?.statistics ?? globalStatistics(management)
    io.write(printStatistics(statistics, { all: given('a'), nonzero: given('z') }))
  } else if (given('t')) {
    io.write(' id state ev_send ev_recv ev_drop ev_lost wait  svc_t  %w  %b module\n')
  } else io.write(printModuleStatistics(now, before))
  return DONE
}

function dateLine(form: string, nowNs: bigint): string {
  const seconds = nowNs / 1_000_000_000n
  if (form.startsWith('u')) return `${seconds}\n`
  const [weekday, day, month, year, clock] = new Date(Number(seconds) * 1000)
    .toUTCString()
    .replace(',', '')
    .split(' ')
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${clock} UTC ${year}\n`
}

function countedModules(management: FaultManagement): readonly CountedModule[] {
  const { manager, nowNs, host } = management
  const upNs = nowNs - (host.bootNs ?? 0n)
  return manager.moduleFacts().map(({ name }) => ({
    name,
    statistics: statisticsOf(manager.statistics(name), upNs),
  }))
}

function statisticsOf(counts: ModuleStatistics, upNs: bigint): readonly Statistic[] {
  const count = (name: string, value: number, description: string): Statistic => ({
    ...{ name: `fmd.${name}`, kind: 'count', value: BigInt(value), description },
  })
  const of = (
    kind: 'time' | 'size',
    name: string,
    value: bigint,
    description: string,
  ): Statistic => ({
    ...{ name: `fmd.${name}`, kind, value, description },
  })
  const served = BigInt(Math.round(counts.servedNs ?? 0))
  return [
    count('accepted', counts.accepted, 'ereports that the module took into a case'),
    of('size', 'buftotal', BigInt(counts.bufferBytes), 'what the module keeps itself'),
    count('caseclosed', counts.closed, 'cases that the module closed'),
    count('caseopen', counts.open, 'cases of the module that are open'),
    count('casesolved', counts.solved, 'cases that the module solved'),
    count('dequeued', counts.received, 'what the module was handed'),
    count('dispatched', counts.received + counts.dropped, 'what was meant for the module'),
    count('dropped', counts.dropped, 'what it was not handed, as it had failed'),
    of('time', 'dtime', served, 'how long the module worked'),
    of('size', 'memtotal', BigInt(counts.memoryBytes), 'all that is kept for the module'),
    count('prdequeued', counts.received, 'ereports and diagnoses that it was handed'),
    count('serdevicted', counts.evicted, 'SERD engines that had to make room for others'),
    of('time', 'snaptime', upNs, 'when this was counted, since the host started'),
    ...counts.own.map(
      ({ name, value, description }): Statistic => ({
        ...{ name, kind: 'count', value: BigInt(value), description },
      }),
    ),
  ]
}

/** What is counted of the host, not of a module. */
function globalStatistics(management: FaultManagement): readonly Statistic[] {
  const count = (name: string, value: number, description: string): Statistic => ({
    ...{ name, kind: 'count', value: BigInt(value), description },
  })
  const [error, fault, resource] = (['error', 'fault', 'resource'] as const).map(
    (name) => management.log(name).length,
  )
  return [
    count('errlog.records', error ?? 0, 'ereports in the error log'),
    count('fltlog.records', fault ?? 0, 'diagnoses, and what became of them, in the fault log'),
    count('rsrclog.records', resource ?? 0, 'changes of resources that were logged'),
    count('case.open', management.manager.cases().length, 'cases that are known'),
    count('act.asked', management.acts.length, 'acts that agents asked of the machine'),
  ]
}
