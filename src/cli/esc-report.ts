// What `esc check` says after the mistakes: what the rules are made of, file by file and in all.
//
//   file       tokens  prop  event  engine  asru  fru  errors  warnings
//   ---------  ------  ----  -----  ------  ----  ---  ------  --------
//   gcpu.esc     5767    58     94      29     0    0       0         0
//   94 events: 64 ereport, 29 fault, 1 upset
import { type Cell, table } from '../base/table.js'
import { textTable } from '../chart/table.js'
import type { CompiledRules } from '../fma/eversholt/compile.js'
import type { RuleCounts } from '../fma/eversholt/count.js'

/** A file, what became of it, and what it is made of. */
export interface CompiledFile {
  readonly file: string
  readonly result: CompiledRules
  readonly counts: RuleCounts
}

const ALWAYS: readonly string[] = ['prop', 'event', 'engine', 'asru', 'fru']
const ENGINES: readonly string[] = ['serd', 'stat']

/** The whole report, with a newline at its end. Kinds of statements that no file has have no
 *  column. */
export async function escReport(files: readonly CompiledFile[]): Promise<string> {
  const { sumCounts } = await import('../fma/eversholt/count.js')
  const total = sumCounts(files.map(({ counts }) => counts))
  const kinds = Object.keys(total.statements).filter(
    (kind) => ALWAYS.includes(kind) || (total.statements[kind] ?? 0) > 0,
  )
  const rows = files.map(({ file, counts, result }) =>
    rowOf(file, counts, kinds, [result.diagnostics]),
  )
  const all = files.map(({ result }) => result.diagnostics)
  if (files.length > 1) rows.push(rowOf(`${files.length} files`, total, kinds, all))
  const heads = ['file', 'tokens', ...kinds, 'errors', 'warnings']
  return `${[textTable(table(heads, rows)), ...summary(total)].join('\n')}\n`
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

function summary({ statements, types, calls, arrowCounts }: RuleCounts): readonly string[] {
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
