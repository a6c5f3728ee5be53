// Statistics: what fmstat prints: a line for each module, all that one counts, its SERD engines.
//
//   module             ev_recv ev_acpt wait  svc_t  %w  %b  open solve  memsz  bufsz
//   eft                      4       4  0.0    0.0   0   0     0     1      0   1.2K
//
// Holds: what fmd counts for a module begins with `fmd.`. A number that is too wide for its column
// pushes the rest aside. Source: illumos-gate usr/src/cmd/fm/fmstat/common/fmstat.c.
import type { SerdFacts } from '../fmd/module.js'
import { exactTime, shortSize } from './units.js'

/** One thing that is counted. */
export interface Statistic {
  readonly name: string
  readonly description: string
  readonly kind: 'count' | 'time' | 'size' | 'truth'
  readonly value: bigint
}

/** What one module, or fmd itself, counts. */
export interface CountedModule {
  readonly name: string
  readonly statistics: readonly Statistic[]
}

/** A line for each module, by name. `before`: what they had counted at the last look, for what came
 *  since then. */
export function printModuleStatistics(
  modules: readonly CountedModule[],
  before: readonly CountedModule[] = [],
): string {
  const rows = [...modules]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((module) => {
      const earlier = before.find(({ name }) => name === module.name)
      return moduleRow(module, earlier)
    })
  return `${HEADING}${rows.join('')}`
}

const WIDTHS = [7, 7, 4, 6, 3, 3, 5, 5, 6, 6]
const HEADING = row('module', 'ev_recv ev_acpt wait svc_t %w %b open solve memsz bufsz'.split(' '))

function row(name: string, cells: readonly string[]): string {
  const right = cells.map((cell, i) => cell.padStart(WIDTHS[i] ?? 0))
  return `${[name.padEnd(18), ...right].join(' ')}\n`
}

function moduleRow(module: CountedModule, earlier: CountedModule | undefined): string {
  const now = (name: string): bigint => countOf(module, name)
  const gain = (name: string): bigint => now(name) - (earlier ? countOf(earlier, name) : 0n)
  const since = earlier ? countOf(earlier, 'snaptime') : now('loadtime')
  const elapsed = Number(now('snaptime') - since) || 1e9
  const percent = (name: string): string => ((Number(gain(name)) / elapsed) * 100).toFixed(0)
  const average = (name: string, of: string): number => {
    const times = Number(gain(of))
    return times === 0 ? 0 : Number(gain(name)) / times
  }
  const serviceNs = average('wtime', 'dispatched') + average('dtime', 'dequeued')
  return row(module.name, [
    String(gain('prdequeued')),
    String(gain('accepted')),
    (Number(gain('wlentime')) / elapsed).toFixed(1),
    (serviceNs / 1e6).toFixed(1),
    percent('wtime'),
    percent('dtime'),
    String(now('caseopen')),
    String(now('casesolved')),
    shortSize(now('memtotal')),
    shortSize(now('buftotal')),
  ])
}

const countOf = ({ statistics }: CountedModule, name: string): bigint =>
  statistics.find((each) => each.name === `fmd.${name}`)?.value ?? 0n

/** All that one counts, by name: with -a also what fmd counts for it, with -z only what is not
 *  0. */
export function printStatistics(
  statistics: readonly Statistic[],
  { all, nonzero }: { readonly all: boolean; readonly nonzero: boolean },
): string {
  const shown = [...statistics]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .filter(({ name }) => all || !name.startsWith('fmd.'))
    .filter(({ kind, value }) => !nonzero || kind === 'truth' || value !== 0n)
  const lines = shown.map((each) => statisticRow(each.name, printValue(each), each.description))
  return [statisticRow('NAME', 'VALUE', 'DESCRIPTION'), ...lines].join('')
}

const statisticRow = (name: string, value: string, description: string): string =>
  `${name.padStart(20)} ${value.padEnd(16)} ${description}\n`

function printValue({ kind, value }: Statistic): string {
  switch (kind) {
    case 'count':
      return String(value)
    case 'time':
      return exactTime(value)
    case 'size':
      return shortSize(value)
    case 'truth':
      return value === 0n ? 'false' : 'true'
  }
}

/** The SERD engines of a module: how many within how long make one fire, what it holds, since
 *  when. */
export function printSerdEngines(engines: readonly SerdFacts[], nowNs: bigint): string {
  const rows = [...engines]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, n, tNs, ereports, fired }) => {
      const oldest = ereports[0]?.timeNs ?? nowNs
      const cells = [`>${n}`, exactTime(tNs), String(ereports.length), exactTime(nowNs - oldest)]
      return serdRow(name, cells, fired ? 'fire' : 'pend')
    })
  return [serdRow('NAME', ['>N', 'T', 'CNT', 'DELTA'], 'STAT'), ...rows].join('')
}

const SERD_WIDTHS = [3, 5, 3, 24]

function serdRow(name: string, cells: readonly string[], state: string): string {
  const right = cells.map((cell, i) => cell.padStart(SERD_WIDTHS[i] ?? 0))
  return `${[name.padEnd(36), ...right].join(' ')} ${state}\n`
}
