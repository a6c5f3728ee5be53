// Rule counts: what rules are made of, file by file and in all.
//
//   file       tokens  prop  event  engine  asru  fru  errors  warnings
//   ---------  ------  ----  -----  ------  ----  ---  ------  --------
//   gcpu.esc     5767    58     94      29     0    0       0         0
//   94 events: 64 ereport, 29 fault, 1 upset
import { type Cell, type Table, table } from '../../base/table.js'
import type { CompiledRules } from '../../fma/eversholt/compile.js'
import { countRules, type RuleCounts, sumCounts } from '../../fma/eversholt/count.js'

/** A file, and what became of it. */
export interface CompiledFile {
  readonly file: string
  readonly result: CompiledRules
}

const ALWAYS: readonly string[] = ['prop', 'event', 'engine', 'asru', 'fru']
const ENGINES: readonly string[] = ['serd', 'stat']

/** The counts of all files. */
export function countsOf(files: readonly CompiledFile[]): RuleCounts {
  return sumCounts(files.map(({ result }) => countRules(result)))
}

/** A row for each file, and one for all of several. Kinds of statements that no file has have no
 *  column. */
export function countsTable(files: readonly CompiledFile[]): Table {
  const total = countsOf(files)
  const kinds = Object.keys(total.statements).filter(
    (kind) => ALWAYS.includes(kind) || (total.statements[kind] ?? 0) > 0,
  )
  const rows = files.map(({ file, result }) =>
    rowOf(file, countRules(result), kinds, [result.diagnostics]),
  )
  const all = files.map(({ result }) => result.diagnostics)
  if (files.length > 1) rows.push(rowOf(`${files.length} files`, total, kinds, all))
  return table(['file', 'tokens', ...kinds, 'errors', 'warnings'], rows)
}

function rowOf(
  file: string,
  { tokens, statements }: RuleCounts,
  kinds: readonly string[],
  diagnostics: readonly CompiledRules['diagnostics'][],
): readonly Cell[] {
  const told = (which: 'error' | 'warning'): number =>
    diagnostics.flat().filter(({ severity }) => severity === which).length
  const counts = kinds.map((kind) => statements[kind] ?? 0)
  return [file, tokens, ...counts, told('error'), told('warning')]
}

/** What kinds of events, engines, calls and counts at arrows there are, a line each. */
export function countsLines({
  statements,
  types,
  calls,
  arrowCounts,
}: RuleCounts): readonly string[] {
  const isEngine = ([name]: readonly [string, number]): boolean => ENGINES.includes(name)
  const all = Object.entries(types)
  const counted = (entries: readonly (readonly [string, number])[]): string =>
    byFrequency(entries)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')
  const lines: readonly (readonly [string, string])[] = [
    [several(statements['event'], 'event'), counted(all.filter((entry) => !isEngine(entry)))],
    [several(statements['engine'], 'engine'), counted(all.filter(isEngine))],
    ['calls', counted(Object.entries(calls))],
    ['N and K', counted(Object.entries(arrowCounts).map(([n, count]) => [`of ${n}`, count]))],
  ]
  return lines.flatMap(([what, told]) => (told === '' ? [] : [`${what}: ${told}`]))
}

const several = (count = 0, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const byFrequency = (
  entries: readonly (readonly [string, number])[],
): readonly (readonly [string, number])[] => [...entries].sort((a, b) => b[1] - a[1])
